"""The schema grows from every earlier version, and what was kept then is still there."""

import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database, Row, SQLite
from storage.postgres import Postgres, connect, in_postgres
from storage.schema import newest, steps
from tests.postgres import Server

OLD_NOTE = "INSERT INTO migrations (number) VALUES ({})"
_VALUES = {"TEXT": "kept ✅", "INTEGER": 7, "REAL": 0.1}
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
        for table, row in _rows(version).items():
            old.execute(_insert(table, row, ":{}"), row)
    old.close()
    grown = SQLite(tmp_path / "old.db")
    assert _kept(grown, version) == _rows(version)
    assert _tables(grown) == _tables(SQLite(tmp_path / "new.db"))


@pytest.mark.parametrize("version", range(1, newest()))
def test_postgres_from_every_earlier_version(postgres: Server, shared: Postgres, version: int) -> None:
    """So does a database on a server."""
    url = postgres.new_schema()
    with connect(url) as old:
        for statement in _until(version):
            old.execute(in_postgres(statement).encode())
        old.execute("SET session_replication_role = replica")  # a row may refer to one that is not there
        for table, row in _rows(version).items():
            old.execute(_insert(table, row, "%({})s").encode(), row)
    grown = Postgres(url)
    assert _kept(grown, version) == _rows(version)
    assert grown.all(_SHAPE) == shared.all(_SHAPE)
    grown.close()


def _until(version: int) -> list[str]:
    first = ["CREATE TABLE migrations (number INTEGER PRIMARY KEY)"]
    for number, statements in steps():
        if number <= version:
            first += [*statements, OLD_NOTE.format(number)]
    return first


def _rows(version: int) -> dict[str, dict[str, Any]]:
    """A row for each table of a version, with a value for each of its columns."""
    tables = {}
    for statement in _until(version)[1:]:
        found = re.match(r"CREATE TABLE (\w+) \((.*)\)", statement, re.DOTALL)
        columns = re.findall(r"^\s*(\w+) (TEXT|INTEGER|REAL)\b", found[2], re.MULTILINE) if found else []
        if found:
            tables[found[1]] = {name: _VALUES[kind] for name, kind in columns}
    return tables


def _insert(table: str, row: Mapping[str, Any], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(mark.format, row))})"


def _kept(database: Database, version: int) -> dict[str, dict[str, Any]]:
    """What is in those tables and columns now."""
    return {
        table: dict(one)
        for table, row in _rows(version).items()
        for one in database.all(f"SELECT {', '.join(row)} FROM {table}")
    }


def _tables(database: Database) -> list[Row]:
    found = database.all("SELECT name, sql FROM sqlite_master ORDER BY name")
    database.close()
    return [row for row in found if row["name"] != "migrations"]
