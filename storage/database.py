"""One connection to a database: named parameters in, rows out, migrations first.

Above this file SQL is written once, with `:name` parameters and in the words that SQLite and
PostgreSQL share.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from cascade.errors import StoreError

Row = Mapping[str, Any]
BUSY_MILLISECONDS = 10_000
# What a statement can get wrong by itself: faults of this program, not of the file.
_OWN_FAULTS = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_MISUSE}
)
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database(Protocol):
    """What the stores ask of an engine. Not for two threads at once."""

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Every row of a query."""

    def run(self, sql: str, **values: Any) -> int:
        """Execute one statement; the number of rows it changed."""

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute one statement for each row of values."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; inside another transaction, a part of that one."""

    def close(self) -> None:
        """Let go of the file or the server."""


class SQLite:
    """A database file (or ":memory:"), in WAL mode, migrated to the newest schema.

    Raises StoreError when the file is no database, is damaged, or was written by a newer Cascade.
    """

    def __init__(self, path: Path | str) -> None:
        from sqlite_utils import Database as Utils

        self._path = path
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db = Utils(connection)
            for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "journal_mode=WAL", "synchronous=NORMAL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA foreign_keys=ON")
            self._depth = 0
            migrate(self)
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(f"{path}: {error}. {_cure(error)}") from error

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Every row of a query."""
        with self._cured():
            return list(self._db.query(sql, values))

    def run(self, sql: str, **values: Any) -> int:
        """Execute one statement; the number of rows it changed."""
        with self._cured():
            return int(self._db.execute(sql, values).rowcount)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute one statement for each row of values."""
        with self.transaction(), self._cured():
            self._db.conn.executemany(sql, list(rows))

    @contextmanager
    def _cured(self) -> Iterator[None]:
        """Turn what a disk, a lock or a damaged file can do at any time into one line with its cure."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _OWN_FAULTS:
                raise
            raise StoreError(f"{self._path}: {error}. {_cure(error)}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. IMMEDIATE, so that a second writer waits at the door, not half-way in."""
        if self._depth == 0:
            self.run("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0 and self._db.conn.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self.run("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def migrate(database: Database) -> None:
    """Bring the schema up to date, each step in a transaction; refuse one that is newer."""
    database.run("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)")
    if _missing(database):
        with database.transaction():  # the lock: whoever comes second finds nothing left to do
            for number, script in _missing(database):
                for statement in _statements(script.read_text(encoding="utf8")):
                    database.run(statement)
                database.run("INSERT INTO migrations (number) VALUES (:number)", number=number)


def _missing(database: Database) -> list[tuple[int, Path]]:
    known = {int(script.name[:3]): script for script in sorted(_MIGRATIONS.glob("*.sql"))}
    done = {int(row["number"]) for row in database.all("SELECT number FROM migrations")}
    if newer := done - known.keys():
        raise StoreError(
            f"the database was written by a newer Cascade (its schema is {max(newer)}, this one "
            f"knows {max(known)}): update Cascade, or name another database with --db"
        )
    return [(number, script) for number, script in known.items() if number not in done]


def _statements(script: str) -> list[str]:
    bare = re.sub(r"--[^\n]*", "", script)
    return [statement.strip() for statement in bare.split(";") if statement.strip()]


def _cure(error: Exception) -> str:
    if "locked" in str(error):
        return "Another command is writing: try again in a moment"
    if "full" in str(error):
        return "Make room on the disk; what was stored is safe"
    if isinstance(error, OSError) or "unable to open" in str(error) or "readonly" in str(error):
        return "Check the path and its rights, or name another file with --db"
    return "It is damaged or no database: restore a copy, or name another file with --db; nothing was changed"
