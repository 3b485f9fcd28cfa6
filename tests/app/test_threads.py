"""The store's thread: what its process says of a database that is away."""

import asyncio
from threading import Event

import pytest

from app.outage import BACK
from app.threads import StoreThread
from cascade.errors import StoreAway, StoreError
from storage.database import SQLite
from storage.store import Store


def gone(_: Store) -> None:
    """A question to a server that does not answer."""
    raise StoreAway("the database is away")


def full(_: Store) -> None:
    """Another trouble."""
    raise StoreError("the disk is full")


async def test_away_and_back_are_told_once_each() -> None:
    """However many ask meanwhile and afterwards; what asked hears of it each time."""
    told = list[str]()
    run = StoreThread(Store(SQLite(":memory:")), tell=told.append)
    for _ in range(2):
        for _ in range(3):
            with pytest.raises(StoreAway):
                await run(gone)
        with pytest.raises(StoreError, match="full"):
            await run(full)  # no sign that it is back
        assert told[-1] == "the database is away"
        assert [await run(lambda store: store.note("none")) for _ in range(3)] == [None] * 3
    assert told == ["the database is away", BACK] * 2
    run.close()


async def test_who_waited_in_vain_brings_no_news() -> None:
    """Of two that ask at once one is answered first: the other, who asked before that, tells of no new trouble."""
    told, begun, answered = list[str](), Event(), Event()
    run = StoreThread(Store(SQLite(":memory:")), threads=2, tell=told.append)

    def late(_: Store) -> None:
        begun.set()
        answered.wait(30)
        raise StoreAway("the database is away")

    waiting = asyncio.create_task(run(late))
    await asyncio.to_thread(begun.wait, 30)
    await run(lambda store: store.note("none"))
    answered.set()
    with pytest.raises(StoreAway):
        await waiting
    assert told == []
    run.close()
