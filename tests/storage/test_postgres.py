"""PostgreSQL keeps the files' schema, and loses nothing that several processes write at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from cascade.errors import StoreAway, StoreError
from cascade.ports import HOME
from cascade.sighting import Evidence
from storage.postgres import OneRunOnServer, Postgres
from storage.schema import newest
from storage.store import Store
from tests.make import ADA, sighting, vote
from tests.postgres import Server

# Waits until whoever holds a lock is gone, and the lock with it.
LOSE = "SELECT pg_terminate_backend(pid, 30000) FROM pg_locks WHERE locktype = 'advisory'"


def test_many_start_at_once(postgres: Server) -> None:
    """Ten processes that start on an empty database migrate it once between them."""
    url = postgres.new_schema()
    with ThreadPoolExecutor(10) as starts:
        opened = list(starts.map(lambda _: Postgres(url, connections=1), range(10)))
    assert [row["number"] for row in opened[0].all("SELECT number FROM migrations ORDER BY number")][-1] == newest()
    for one in opened:
        one.close()


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


def test_one_run_at_a_time_after_the_server_lost_it(postgres: Server) -> None:
    """The lock ends with its connection, and is taken again unless another run was quicker."""
    url = postgres.new_database()
    first = OneRunOnServer(url)
    with pytest.raises(StoreError, match="another `cascade run`"):
        OneRunOnServer(url)
    postgres.execute(LOSE)
    first.keep()
    with pytest.raises(StoreError, match="another `cascade run`"):
        OneRunOnServer(url)
    postgres.execute(LOSE)
    second = OneRunOnServer(url)
    with pytest.raises(StoreError, match="another `cascade run`"):
        first.keep()
    second.release()
    first.keep()
    first.release()


def test_a_connection_that_breaks_half_way(postgres: Server) -> None:
    """What was half done is not there; whoever did it hears that the server is away, whoever comes next does not."""
    database = Postgres(postgres.new_schema(), connections=1)
    store = Store(database)
    store.set_note("before", "kept")
    with pytest.raises(StoreAway, match="The database is away"):
        _break_half_way(store, database)
    assert (store.note("before"), store.note("half")) == ("kept", None)
    database.close()


def _break_half_way(store: Store, database: Postgres) -> None:
    with database.transaction():
        store.set_note("half", "done")
        database.run("SELECT pg_terminate_backend(pg_backend_pid())")
