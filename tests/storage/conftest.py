"""Both engines, each with an empty database for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database, SQLite
from storage.postgres import Postgres
from storage.store import Store
from tests.postgres import Server


@pytest.fixture(scope="session")
def shared(postgres: Server) -> Iterator[Postgres]:
    """One migrated database, used by one test after the other."""
    opened = Postgres(postgres.new_schema())
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each engine in turn."""
    if request.param == "sqlite":
        opened = SQLite(tmp_path / "cascade.db")
        yield opened
        opened.close()
    else:
        emptied = request.getfixturevalue("shared")
        yield emptied
        empty(emptied)


@pytest.fixture
def store(database: Database) -> Store:
    """A store with nothing in it."""
    return Store(database)


def empty(database: Postgres) -> None:
    """Forget every row, all but which migrations ran."""
    tables = database.all("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    with database.transaction():
        database.run("SET LOCAL session_replication_role = replica")  # foreign keys may wait
        for row in tables:
            if row["tablename"] != "migrations":
                database.run(f"DELETE FROM {row['tablename']}")
