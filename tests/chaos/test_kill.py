"""Workers and bots are killed every two seconds: nothing is lost, and nothing is done twice."""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.processes import process
from app.settings import read_settings
from cascade.feed import Feed
from cascade.ports import HOME
from cascade.taxonomy import Cell
from storage.atlas import read_atlas, read_taxonomy
from storage.postgres import Postgres
from storage.store import Store
from tests.chaos.member import CHANNELS, QUICK, connect
from tests.chaos.world import HOSTS, World
from tests.make import ADA, sighting, weekly
from tests.postgres import Server

SECONDS = float(os.environ.get("CHAOS_SECONDS", "20"))
EVERY, PATIENCE = 2.0, 60.0
FEEDS_OF_A_HOST, SIGHTINGS = 3, 16  # each in a cell of its own: of two about one cell only one is asked
ROLES = (*("worker", "bot") * 4, "ticks", "ticks")
KILLED = 8  # the first so many, in turn: each lives for sixteen seconds, of which it needs some to start
pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS + 180)]
LATER = timedelta(minutes=10)  # by then whatever was in a killed process's hands counts as unclear


def furnished(url: str, world: World) -> Store:
    """Feeds to poll, candidates to ask about, and a digest owed to each channel."""
    store, now = Store(Postgres(url)), clock.now()
    store.add_feeds([Feed(url=one) for one in world.feeds(FEEDS_OF_A_HOST)], now)
    for cell in open_cells()[:SIGHTINGS]:
        store.save_sighting(
            sighting(cell.stage, now.date().isoformat(), capability=cell.capability, story=str(cell), seen_at=now)
        )
    for place in CHANNELS:
        store.save_subscription(weekly(place, now - timedelta(days=8), hour=0))
    return store


def open_cells() -> list[Cell]:
    """The cells of which the atlas knows nothing."""
    taxonomy, known = read_taxonomy(), {row.cell for row in read_atlas()}
    every = (Cell(capability.id, stage.id) for stage in taxonomy.stages for capability in taxonomy.capabilities)
    return [cell for cell in every if cell not in known]


class Crowd:
    """Processes of the house that can be killed."""

    def __init__(self, world: World, folder: Path) -> None:
        nothing = folder / "feeds.toml"
        nothing.write_text("")
        self._world, self._env = f"http://127.0.0.1:{world.port}", {**os.environ, "CASCADE_FEEDS": str(nothing)}
        self._members = [self._start(role) for role in ROLES]

    def kill(self, number: int) -> None:
        """Kill one with SIGKILL and start another in its place."""
        at = number % KILLED
        self._members[at].kill()
        self._members[at].wait()
        self._members[at] = self._start(ROLES[at])

    def end(self) -> None:
        """Kill them all."""
        for one in self._members:
            one.kill()
            one.wait()

    def _start(self, role: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "tests.chaos.member", role, self._world], env=self._env)


@contextmanager
def crowd(world: World, folder: Path) -> Iterator[Crowd]:
    """Everybody, ended at the end."""
    members = Crowd(world, folder)
    try:
        yield members
    finally:
        members.end()


async def settled(world: World) -> None:
    """What the next start does, ten minutes later, with whatever the killed ones had in their hands."""
    later = clock.now() + LATER
    url = f"http://127.0.0.1:{world.port}"
    async with process(read_settings(), QUICK, lambda *both: connect(url, *both)) as one:
        one.jobs.clock = lambda: later
        urls = world.feeds(FEEDS_OF_A_HOST)
        await one.store(_all_due)
        await one.jobs.poll_some(urls)
        await one.jobs.sort()
        await one.jobs.claim()
        for desk in one.jobs.desks:
            while await desk.post_new(later):
                pass
            await desk.read_back(later)
            await one.jobs.deliver_to(desk.place)


def _all_due(store: Store) -> None:
    store._db.run("UPDATE feeds SET next_at = :now", now="2000-01-01T00:00:00.000000+00:00")


def test_nothing_is_lost_and_nothing_doubled(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every item, card, vote and digest is there once, whatever was killed at whatever moment."""
    url, world = postgres.new_database(), World()
    world.start()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CASCADE_QUORUM", "2")  # Ada alone decides nothing: both channels are asked
    monkeypatch.setenv("CASCADE_ALLOW_PRIVATE_HOSTS", ",".join(HOSTS))
    store = furnished(url, world)
    with crowd(world, tmp_path) as members:
        begun = time.monotonic()
        while not world.posted and time.monotonic() < begun + PATIENCE:
            time.sleep(0.1)
        until, kills = time.monotonic() + SECONDS, 0
        while time.monotonic() < until:
            world.step += 1
            _all_due(store)  # an hour passes
            members.kill(kills)
            kills += 1
            time.sleep(EVERY)
    working = (sum(world.asked.values()), len(world.posted))
    asyncio.run(settled(world))
    urls = world.feeds(FEEDS_OF_A_HOST)
    identities = {f"{url}/{n}" for url in urls for n in range(world.step + 1)}
    assert {one.identity for url in urls for one in store.known_items(url)} == identities
    assert store.count_items().get("waiting", 0) == 0
    assert not [one for one, times in Counter(world.posted).items() if times > 1]
    cards = store.cards(HOME)
    assert Counter(card.place for card in cards) == dict.fromkeys(CHANNELS, SIGHTINGS)
    assert all(card.ref for card in cards)
    votes = [(vote.sighting, vote.place) for vote in store.facts(HOME).votes if vote.person == ADA]
    assert sorted(votes) == sorted({(card.sighting, str(card.place)) for card in cards})
    assert store.open_parts() == ()
    assert kills > SECONDS // 4
    assert working[0] > len(urls)  # it did work meanwhile
    assert working[1] > 0
    store.close()
