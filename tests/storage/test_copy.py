"""A live installation moves from a file to a server and back without loss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.copying import copy_database
from cascade.errors import BadInput, StoreError
from cascade.ports import HOME
from cascade.sighting import Choice
from storage.copy import copy, fingerprint
from storage.database import Row, SQLite
from storage.postgres import Postgres
from storage.store import Store
from tests.contracts.digests import HERE, LEAD, SAID, SLOT, SUBSCRIPTION
from tests.contracts.ledger import published
from tests.make import ADA, DAY, GRACE, MONDAY, atlas, sighting, vote
from tests.postgres import Server


def lived_in(path: Path) -> SQLite:
    """A file with something in most tables."""
    database = SQLite(path)
    store = Store(database)
    store.save_atlas([atlas("text/closed", "2023-03-14")])
    store.save_sighting(sighting(quote="ünïcode ✅ 'quoted'\n", probability=0.1 + 0.2))
    store.publish([published()])
    store.add_votes(HOME, [vote(sighting(), ADA), vote(sighting(), GRACE, Choice.REJECT)])
    store.save_subscription(SUBSCRIPTION)
    store.claim(SLOT, [LEAD], {HERE: SAID}, {}, MONDAY)
    store.set_note("atlas", "one")
    store.set_note("odd", "a\0b")  # which a server cannot hold
    return database


def test_there_and_back(postgres: Server, tmp_path: Path) -> None:
    """Counts and content are equal on the file, the server and the second file; new votes get new numbers."""
    first, server, second = lived_in(tmp_path / "a.db"), Postgres(postgres.new_schema()), SQLite(tmp_path / "b.db")
    there = copy(first, server)
    assert there.rows["votes"] == 2
    assert there == fingerprint(first) == copy(server, second) == fingerprint(second)
    for database in (server, second):
        Store(database).add_votes(HOME, [vote(sighting(), ADA, Choice.NONE, MONDAY + DAY)])
    assert Store(server).facts(HOME) == Store(second).facts(HOME)
    for opened in (first, server, second):
        opened.close()


def test_a_target_in_use_is_refused(postgres: Server, tmp_path: Path) -> None:
    """One line, and nothing is changed."""
    first, server = lived_in(tmp_path / "a.db"), Postgres(postgres.new_schema())
    copy(first, server)
    before = fingerprint(server)
    with pytest.raises(StoreError, match="the target is not empty"):
        copy(first, server)
    assert fingerprint(server) == before
    first.close()
    server.close()


class Living(SQLite):
    """A file that somebody writes to before each of its tables is read."""

    looks = 0

    def pieces(self, sql: str, size: int) -> Iterator[list[Row]]:
        """The rows of a query, some at a time."""
        self.looks += 1
        Store(self).set_note("looks", str(self.looks))
        yield from super().pieces(sql, size)


def test_what_is_still_written_to_is_not_moved_by_halves(postgres: Server, tmp_path: Path) -> None:
    """What came in meanwhile would be left behind: it says what to stop, and the target stays empty."""
    first, server = lived_in(tmp_path / "a.db"), Postgres(postgres.new_schema())
    living = Living(tmp_path / "a.db")
    with pytest.raises(StoreError, match="Stop it first"):
        copy(living, server)
    assert set(fingerprint(server).rows.values()) == {0}
    assert copy(first, server) == fingerprint(first)
    for opened in (living, first, server):
        opened.close()


@pytest.mark.parametrize(
    ("source", "target", "cure"),
    [
        ("mysql:x", "sqlite:y", "write sqlite:PATH"),
        ("sqlite:nowhere.db", "sqlite:y", "is no file"),
        ("sqlite:x", "sqlite:x", "the same database"),
    ],
)
def test_bad_addresses(source: str, target: str, cure: str) -> None:
    """Each gets one line with its cure."""
    with pytest.raises(BadInput, match=cure):
        copy_database(source, target)


def test_the_command_tells_what_it_did(postgres: Server, tmp_path: Path) -> None:
    """Rows, tables and a fingerprint."""
    lived_in(tmp_path / "a.db").close()
    said = copy_database(f"sqlite:{tmp_path / 'a.db'}", postgres.new_schema())
    assert "copied and compared" in said
