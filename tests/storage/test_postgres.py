"""PostgreSQL keeps the files' schema, refuses what it must, and says in one line what is wrong."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from cascade.errors import StoreError
from cascade.ports import HOME
from cascade.sighting import Evidence
from storage.postgres import Postgres
from storage.schema import newest
from storage.store import Store
from tests.make import ADA, sighting, vote
from tests.postgres import Server


def test_many_start_at_once(postgres: Server) -> None:
    """Ten processes that start on an empty database migrate it once between them."""
    url = postgres.new_schema()
    with ThreadPoolExecutor(10) as starts:
        opened = list(starts.map(lambda _: Postgres(url, connections=1), range(10)))
    assert [row["number"] for row in opened[0].all("SELECT number FROM migrations ORDER BY number")][-1] == newest()
    for one in opened:
        one.close()


def test_a_newer_schema_is_refused(postgres: Server) -> None:
    """What a newer Cascade wrote is left alone."""
    url = postgres.new_schema()
    first = Postgres(url)
    first.run("INSERT INTO migrations (number) VALUES (999)")
    first.close()
    with pytest.raises(StoreError, match="newer Cascade"):
        Postgres(url)


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("postgresql://127.0.0.1:1/cascade", "check that the server runs"),
        ("postgresql://127.0.0.1:nonsense/cascade", "write DATABASE_URL like"),
        ("mysql://somewhere", "write DATABASE_URL like"),
    ],
)
def test_a_wrong_url(url: str, cure: str) -> None:
    """One line says what to do, and shows no password."""
    with pytest.raises(StoreError, match=cure) as refused:
        Postgres(url.replace("//", "//ada:secret@"))
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_database_that_is_not_there(postgres: Server) -> None:
    """It is to be created, or another named."""
    with pytest.raises(StoreError, match="create that database"):
        Postgres(postgres.url("nowhere"))


def test_no_rights(postgres: Server) -> None:
    """A user who may not create tables is told which right is missing."""
    url = postgres.new_schema()
    postgres.execute("CREATE ROLE reader LOGIN")
    postgres.execute(f"GRANT USAGE ON SCHEMA {url.rpartition('%3D')[2]} TO reader")
    with pytest.raises(StoreError, match="give the user of DATABASE_URL the right"):
        Postgres(url.replace("postgres:@", "reader:@"))


def test_two_sources_at_once(postgres: Server) -> None:
    """Of two workers that bring evidence for one sighting, neither's is lost."""
    store = Store(Postgres(postgres.new_schema()))
    store.save_sighting(sighting())
    more = [Evidence(url=f"https://tester.example/{n}", title="A test", says="Yes.", kind="tester") for n in range(20)]
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda one: store.save_sighting(replace(sighting(), evidence=(one,))), more))
    assert len(store.sightings()[0].evidence) == 21
    store.close()


def test_votes_from_two_bots_at_once(postgres: Server) -> None:
    """The same reaction seen by several bots is one vote."""
    store = Store(Postgres(postgres.new_schema()))
    store.save_sighting(sighting())
    with ThreadPoolExecutor(4) as bots:
        list(bots.map(lambda _: store.add_votes(HOME, [vote(sighting(), ADA)]), range(8)))
    assert store.facts(HOME).votes == (vote(sighting(), ADA),)
    store.close()


def test_a_nul_is_no_trouble(postgres: Server) -> None:
    """Text that PostgreSQL cannot hold loses that character, not the row."""
    database = Postgres(postgres.new_schema())
    Store(database).set_note("odd", "a\0b")
    assert Store(database).note("odd") == "a\N{REPLACEMENT CHARACTER}b"
    database.close()
