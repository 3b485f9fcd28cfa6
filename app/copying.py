"""`cascade copy`: between a file and a server, in either direction."""

from pathlib import Path

from cascade.errors import BadInput
from cascade.phrases import counted
from storage.database import Database, SQLite


def copy_database(source: str, target: str) -> str:
    """Copy everything; what was copied, in a line. Raises BadInput for a bad address, StoreError when it cannot be."""
    from storage.copy import copy

    if source == target:
        raise BadInput("the source and the target are the same database: name another target")
    first = _open(source, must_exist=True)
    try:
        second = _open(target, must_exist=False)
        try:
            copied = copy(first, second)
        finally:
            second.close()
    finally:
        first.close()
    total = sum(copied.rows.values())
    return f"{counted(total, 'row')} of {len(copied.rows)} tables copied and compared (content {copied.fingerprint})"


def _open(address: str, *, must_exist: bool) -> Database:
    if address.startswith(("postgresql://", "postgres://")):
        from storage.postgres import Postgres

        return Postgres(address)
    kind, _, path = address.partition(":")
    if kind != "sqlite" or not path:
        raise BadInput(f"{address!r} names no database: write sqlite:PATH or postgresql://user:password@host/name")
    if must_exist and not Path(path).is_file():
        raise BadInput(f"{path} is no file: name the database to copy")
    return SQLite(Path(path))
