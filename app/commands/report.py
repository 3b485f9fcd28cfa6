"""`cascade report`: a person's own sighting."""

from typing import Annotated

import typer

from app.commands.printing import Db, Json, show


def report(
    url: Annotated[str, typer.Argument(help="The page that shows it.")], db: Db = None, as_json: Json = False
) -> None:
    """Read a page, tag it, and put what it claims up for review."""
    from app.report import report_once

    show(report_once(db, url), as_json=as_json)
