"""One connection to a database: named parameters in, rows out, migrations first.

Above this file SQL is written once, with `:name` parameters and in the words that SQLite and
PostgreSQL share.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from cascade.errors import StoreError
from storage.file_troubles import trouble
from storage.together import names_in, together

Row = Mapping[str, Any]
BUSY_MILLISECONDS = 10_000
CACHE_KB = 4_000  # with the 2 MB that SQLite starts with, the indexes of a first poll are written several times
ROWS_AT_ONCE = 500
_PRAGMAS = (
    f"busy_timeout={BUSY_MILLISECONDS}",
    "synchronous=NORMAL",
    f"cache_size=-{CACHE_KB}",
    "foreign_keys=ON",
)
# What a statement can get wrong by itself: faults of this program, not of the file.
_OWN_FAULTS = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_MISUSE}
)


class Database(Protocol):
    """What the stores ask of an engine, from any number of threads: SQLite's serves one after the other."""

    is_read_only: bool  # it answers, and takes nothing in

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Every row of a query."""

    def pieces(self, sql: str, size: int) -> Iterator[list[Row]]:
        """The rows of a query, some at a time, however many there are."""

    def run(self, sql: str, **values: Any) -> int:
        """Execute one statement; the number of rows it changed."""

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute one statement for each row of values."""

    def insert(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute an `INSERT … VALUES (…) ON CONFLICT …` for many rows, several at once where that is faster."""

    def transaction(self, guard: str = "") -> AbstractContextManager[None]:
        """All or nothing; inside another transaction, a part of that one.

        Name a `guard` where what is written depends on what was read: of all transactions with the
        same guard, one runs at a time.
        """

    def close(self) -> None:
        """Let go of the file or the server."""


class SQLite:
    """A database file (or ":memory:"), in WAL mode, migrated to the newest schema.

    One that this user may only read is read, as it is.

    Raises StoreError when the file is no database, is damaged, or was written by a newer Cascade.
    """

    def __init__(self, path: Path | str) -> None:
        from sqlite_utils import Database as Utils

        from storage.schema import migrate

        self._path = path
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self.is_read_only = _may_only_read(Path(path))
            where = _read_only(Path(path)) if self.is_read_only else path
            connection = sqlite3.connect(where, uri=self.is_read_only, check_same_thread=False, isolation_level=None)
            self._db = Utils(connection)
            self._refuse_strangers()
            for pragma in _PRAGMAS if self.is_read_only else (*_PRAGMAS, "journal_mode=WAL"):
                connection.execute(f"PRAGMA {pragma}")
            self._depth = 0
            # One connection: a second thread waits until a statement, or a whole transaction, is over.
            self._turn = RLock()
            migrate(self)
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(trouble(path, error)) from error

    def _refuse_strangers(self) -> None:
        tables = set(self._db.table_names())
        if tables and "migrations" not in tables:
            raise StoreError(f"{self._path} is another program's database: name another file with --db")

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Every row of a query."""
        with self._alone():
            return list(self._db.query(sql, values))

    def pieces(self, sql: str, size: int) -> Iterator[list[Row]]:
        """The rows of a query, some at a time, however many there are."""
        with self._alone():
            rows = self._db.query(sql)
            while piece := list(islice(rows, size)):
                yield list(piece)

    def run(self, sql: str, **values: Any) -> int:
        """Execute one statement; the number of rows it changed."""
        with self._alone():
            return int(self._db.execute(sql, values).rowcount)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute one statement for each row of values."""
        with self.transaction(), self._alone():
            self._db.conn.executemany(sql, list(rows))

    def insert(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute an `INSERT … VALUES (…) ON CONFLICT …` for many rows, several at once."""
        names = names_in(sql)
        at_once = min(ROWS_AT_ONCE, self._db.conn.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // len(names))
        whole = len(rows) - len(rows) % at_once
        with self.transaction():
            for start in range(0, whole, at_once):
                values = list(chain.from_iterable(map(itemgetter(*names), rows[start : start + at_once])))
                with self._alone():
                    self._db.conn.execute(together(sql, at_once), values)
            self.many(sql, rows[whole:])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else's turn; what a disk, a lock or a damaged file can do is one line with its cure."""
        try:
            with self._turn:
                yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _OWN_FAULTS:
                raise
            raise StoreError(trouble(self._path, error)) from error

    @contextmanager
    def transaction(self, guard: str = "") -> Iterator[None]:
        """All or nothing. IMMEDIATE, so that a second writer waits at the door, whatever the guard."""
        del guard
        with self._turn:
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
                self._commit()

    def _commit(self) -> None:
        try:
            self.run("COMMIT")
        except StoreError:  # such as a full disk: what it could not keep is not half there
            if self._db.conn.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _may_only_read(path: Path) -> bool:
    """Whether the file is there, but it or its folder (where SQLite keeps what is in the works) takes no writing."""
    return path.is_file() and not all(
        os.access(one, os.W_OK, effective_ids=os.access in os.supports_effective_ids) for one in (path, path.parent)
    )


def _read_only(path: Path) -> str:
    """The address under which SQLite reads a file without writing anything beside it.

    That it does not change meanwhile may be promised only where nobody has it open: the last writer
    takes the -wal file away. https://sqlite.org/uri.html
    """
    is_open = path.with_name(f"{path.name}-wal").exists()
    return f"{path.resolve().as_uri()}?{'mode=ro' if is_open else 'immutable=1'}"
