"""`cascade migrate`: the Procfile's release step."""

from app.commands.printing import Db


def migrate(db: Db = None) -> None:
    """Bring the database up to date; every start does the same."""
    from app.processes import release

    release(db)
