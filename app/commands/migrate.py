"""`cascade migrate`: the Procfile's release step."""

import typer

from app.commands.printing import Db


def migrate(db: Db = None) -> None:
    """Bring the database up to date; every start does the same."""
    from app.processes import release

    typer.echo(release(db))
