"""`cascade copy`: a whole installation from one database to another."""

import typer


def copy(source: str, target: str) -> None:
    """Copy everything to an empty database: `cascade copy sqlite:cascade.db postgresql://…`, or back."""
    from app.copying import copy_database

    typer.echo(copy_database(source, target))
