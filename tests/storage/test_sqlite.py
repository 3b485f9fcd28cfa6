"""SQLite keeps what it is given, and refuses files it must not touch."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from cascade.errors import StoreError
from storage.database import SQLite
from storage.lock import OneRun
from storage.store import Store
from tests.make import sighting


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    """Closing and opening loses nothing, and migrates nothing twice."""
    first = Store(SQLite(tmp_path / "cascade.db"))
    first.save_sighting(sighting())
    first.close()
    second = Store(SQLite(tmp_path / "cascade.db"))
    assert second.sightings() == (sighting(),)
    second.close()


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A file written by a newer Cascade is not touched."""
    path = tmp_path / "cascade.db"
    SQLite(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO migrations VALUES (999)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer Cascade"):
        SQLite(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all, just some text that is long enough", b"\x00" * 8192])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    """What is no database is named with its cure, and not overwritten."""
    path = tmp_path / "cascade.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="another file with --db"):
        SQLite(path)
    assert path.read_bytes() == content


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    """A folder in place of a file gets one clear line."""
    with pytest.raises(StoreError, match="Check the path"):
        SQLite(tmp_path)


def test_one_run_at_a_time(tmp_path: Path) -> None:
    """The second run is refused, and may start when the first has ended."""
    first = OneRun(tmp_path / "cascade.db")
    with pytest.raises(StoreError, match="another `cascade run`"):
        OneRun(tmp_path / "cascade.db")
    first.release()
    OneRun(tmp_path / "cascade.db").release()


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """A failure half-way leaves nothing behind."""
    database = SQLite(tmp_path / "cascade.db")
    rows = iter([{"name": "a"}])  # the second look at it fails
    with pytest.raises(StopIteration):
        _write_and_fail(database, rows)
    assert database.all("SELECT * FROM notes") == []
    database.close()


def _write_and_fail(database: SQLite, rows: Iterator[dict[str, str]]) -> None:
    with database.transaction():
        database.run("INSERT INTO notes VALUES (:name, 'b')", **next(rows))
        database.run("INSERT INTO notes VALUES (:name, 'b')", **next(rows))
