"""The schema grows from every earlier version, and what was kept then is still there."""

import sqlite3
from pathlib import Path

import pytest

from storage.database import Database, Row, SQLite
from storage.postgres import Postgres, connect, in_postgres
from storage.schema import newest, steps
from tests.postgres import Server

OLD_NOTE = "INSERT INTO migrations (number) VALUES ({})"
_SHAPE = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() ORDER BY table_name, column_name
"""


@pytest.mark.parametrize("version", range(1, newest()))
def test_sqlite_from_every_earlier_version(tmp_path: Path, version: int) -> None:
    """A file that stopped at an earlier version ends up with the newest schema."""
    with sqlite3.connect(tmp_path / "old.db") as old:
        for statement in _until(version):
            old.execute(statement)
    old.close()
    assert _tables(SQLite(tmp_path / "old.db")) == _tables(SQLite(tmp_path / "new.db"))


@pytest.mark.parametrize("version", range(1, newest()))
def test_postgres_from_every_earlier_version(postgres: Server, shared: Postgres, version: int) -> None:
    """So does a database on a server."""
    url = postgres.new_schema()
    with connect(url) as old:
        for statement in _until(version):
            old.execute(in_postgres(statement).encode())
    grown = Postgres(url)
    assert grown.all(_SHAPE) == shared.all(_SHAPE)
    grown.close()


def _until(version: int) -> list[str]:
    first = ["CREATE TABLE migrations (number INTEGER PRIMARY KEY)"]
    for number, statements in steps():
        if number <= version:
            first += [*statements, OLD_NOTE.format(number)]
    return first


def _tables(database: Database) -> list[Row]:
    found = database.all("SELECT name, sql FROM sqlite_master ORDER BY name")
    database.close()
    return [row for row in found if row["name"] != "migrations"]
