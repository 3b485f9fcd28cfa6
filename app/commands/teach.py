"""`cascade teach`: train the model that ships, from labelled items."""

import json
from pathlib import Path
from typing import Annotated

import typer

MODEL = Path(__file__).parent.parent.parent / "classifier" / "data" / "model.json"


def teach(
    labelled: Annotated[list[Path], typer.Argument(help="Labelled sets: JSON lines.")],
    version: Annotated[str, typer.Option(help="The new model's version, without a plus sign.")],
    out: Annotated[Path, typer.Option(help="Where to write it.")] = MODEL,
) -> None:
    """Train the small model anew from labelled items and write it as the one that ships."""
    from app.build import House
    from app.evaluate import read_file
    from app.settings import read_settings
    from classifier.teach import teach as train

    items = [one for path in labelled for one in read_file(path)]
    days = sorted(one.item.published.date().isoformat() for one in items if one.item.published)
    report = {"items": len(items), "from": days[0], "to": days[-1]} if days else {"items": len(items)}
    model = train(House(read_settings()).reader, items, version=version, report=report)
    out.write_text(json.dumps(model.as_json(), ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")
    typer.echo(f"{out}: version {version}, from {len(items)} items")
