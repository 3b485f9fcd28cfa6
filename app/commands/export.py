"""`cascade export`: all the data in files that other programs read."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.commands.printing import Db


class Format(StrEnum):
    """How tables are written."""

    CSV = "csv"
    JSON = "json"
    SQLITE = "sqlite"


def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")],
    formats: Annotated[
        list[Format] | None, typer.Option("--as", help="Repeat it for several; csv unless given.")
    ] = None,
    db: Db = None,
) -> None:
    """Write everything with schema, licence and hashes: sightings, votes, items, board, forecasts, digests."""
    from app.export import write_all

    rows = write_all(db, folder, [one.value for one in formats or [Format.CSV]])
    typer.echo(f"{rows} rows in {folder}; datapackage.json there tells what each file holds.")
