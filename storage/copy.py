"""A whole installation from one database to another: every row, counted and compared afterwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from cascade.errors import StoreError
from storage.database import Database, Row, SQLite
from storage.rows import without_nul
from storage.schema import steps

AT_ONCE = 2000
# A fresh database holds the atlas and a note of it before anybody used it: that is replaced, not mixed.
_LIVED_IN = ("votes", "corrections", "cards", "items", "subscriptions", "watches", "digests", "ledger", "installations")


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What was copied, and what tells that nothing is missing or different."""

    rows: Mapping[str, int]  # by table
    fingerprint: str  # of every row's content, the same on both sides


def copy(source: Database, target: Database) -> Copied:
    """Copy everything into an empty database, all or nothing, and compare.

    Raises StoreError when the target is not empty, or when what arrived is not what was sent.
    """
    with target.transaction("copy"):
        _refuse_unless_empty(target)
        tables = _tables()
        for table in reversed(tables):
            target.run(f"DELETE FROM {table}")  # noqa: S608  a name from our own schema
        for table in tables:
            _copy_table(source, target, table)
        sent, arrived = fingerprint(source), fingerprint(target)
        if sent != arrived:
            raise StoreError("what arrived is not what was sent: is the source still being written to? Stop it first")
    return arrived


def fingerprint(database: Database) -> Copied:
    """The number of rows by table, and a hash of all their content, the same on either engine."""
    digest, rows = blake2b(digest_size=16), {}
    for table in _tables():
        lines = sorted(_line(row) for batch in _batches(database, table) for row in batch)
        rows[table] = len(lines)
        digest.update(f"{table} {len(lines)}".encode())
        for line in lines:
            digest.update(line)
    return Copied(rows=rows, fingerprint=digest.hexdigest())


def _line(row: Row) -> bytes:
    """A row's content, hashed: order and column order do not matter, and a million fit in memory."""
    return blake2b(repr(sorted(without_nul(row).items())).encode("utf8", "replace"), digest_size=16).digest()


def _tables() -> list[str]:
    """Every table, those that others refer to first."""
    words = [statement.split() for _, statements in steps() for statement in statements]
    return [found[2] for found in words if [word.upper() for word in found[:2]] == ["CREATE", "TABLE"]]


def _refuse_unless_empty(target: Database) -> None:
    used = [table for table in _LIVED_IN if target.all(f"SELECT 1 AS one FROM {table} LIMIT 1")]  # noqa: S608  constants
    if used:
        raise StoreError(f"the target is not empty (it has {used[0]}): name a new database; nothing was changed")


def _copy_table(source: Database, target: Database, table: str) -> None:
    for batch in _batches(source, table):
        names = list(batch[0])
        values = ", ".join(f":{name}" for name in names)
        target.many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})", batch)  # noqa: S608  our own names
    if not isinstance(target, SQLite) and _is_numbered(table):
        target.all(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), "  # noqa: S608  a name from our own schema
            f"GREATEST((SELECT COALESCE(MAX(number), 0) FROM {table}), 1))"
        )


def _is_numbered(table: str) -> bool:
    """Whether its rows get their number from the database."""
    created = (" ".join(statement.split()) for _, statements in steps() for statement in statements)
    return any(one.startswith(f"CREATE TABLE {table} ( number INTEGER PRIMARY KEY") for one in created)


def _batches(database: Database, table: str) -> Iterator[list[dict[str, Any]]]:
    """The table's rows in pieces, so that ten million need no more memory than two thousand."""
    for batch in database.pieces(f"SELECT * FROM {table}", AT_ONCE):  # noqa: S608  a name from our own schema
        yield [dict(row) for row in batch]
