"""`cascade eval`: how good the classifier is on labelled items that its model did not see."""

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    labelled: Annotated[Path, typer.Argument(help="A labelled set: JSON lines.")],
    split: Annotated[
        str | None, typer.Option(help="Train on the items before this day, test on the rest; folds unless given.")
    ] = None,
    floor: Annotated[Path | None, typer.Option(help="A TOML file of least values; fails under any of them.")] = None,
) -> None:
    """Print precision, recall, F1, average precision and reliability on items that were held out."""
    from app.evaluate import measure, under_floor
    from app.evaluate import words as told

    report = measure(labelled, split)
    typer.echo(told(report))
    failures = under_floor(report, floor) if floor else []
    for line in failures:
        typer.echo(f"cascade: {line}", err=True)
    if failures:
        raise typer.Exit(1)
