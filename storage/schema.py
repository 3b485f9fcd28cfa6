"""The schema: numbered SQL files, only ever added to, written in the words that both engines share."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cascade.errors import StoreError
from storage.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


Step = tuple[int, tuple[str, ...]]


def migrate(database: Database, spoken: Callable[[str], str] = str) -> None:
    """Bring the schema up to date in one transaction; refuse one that is newer.

    `spoken` turns a statement of the files into the engine's own words. Raises StoreError.
    """
    database.run(spoken("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)"))
    if _missing(database):
        with database.transaction("schema"):  # the lock: whoever comes second finds nothing left to do
            for number, statements in _missing(database):
                for statement in statements:
                    database.run(spoken(statement))
                database.run("INSERT INTO migrations (number) VALUES (:number)", number=number)


@cache
def steps() -> tuple[Step, ...]:
    """Every migration's number and statements, in order; they are read once."""
    files = sorted(_MIGRATIONS.glob("*.sql"))
    return tuple((int(path.name[:3]), _statements(path.read_text("utf8"))) for path in files)


def newest() -> int:
    """The number of the newest schema that this Cascade knows."""
    return max(number for number, _ in steps())


def _missing(database: Database) -> list[Step]:
    done = {int(row["number"]) for row in database.all("SELECT number FROM migrations")}
    known = {number for number, _ in steps()}
    if newer := done - known:
        raise StoreError(
            f"the database was written by a newer Cascade (its schema is {max(newer)}, this one "
            f"knows {max(known)}): update Cascade, or name another database"
        )
    return [step for step in steps() if step[0] not in done]


def _statements(script: str) -> tuple[str, ...]:
    bare = re.sub(r"--[^\n]*", "", script)
    return tuple(statement.strip() for statement in bare.split(";") if statement.strip())
