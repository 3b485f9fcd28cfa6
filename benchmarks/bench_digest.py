"""Digests: composing over a large store, drawing, claiming ten thousand at once, and what it takes in memory.

Times are processor time, so that a busy machine does not blur them.
"""

import asyncio
import os
import resource
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import process_time
from typing import TypeVar

from cascade.board import Facts
from cascade.message import Chart, Picture
from cascade.ports import HOME, Place, Store
from cascade.sighting import ATLAS, Choice, Sighting, Verdict, Vote
from cascade.subscription import Subscription, Weekday, subscription_id
from cascade.view import View
from cascade.week import UTC_ZONE, Period
from digest.claim import claim, owed_now
from digest.compose import compose, look_back
from digest.edit import Desk
from digest.foresee import foresee, usual_chance
from digest.pace import LIMITS, plan
from digest.send import Courier
from digest.wording import details, say
from storage.atlas import read_atlas, read_taxonomy
from storage.database import SQLite
from storage.store import Store as RealStore
from tests.fakes_chat import FakeChat
from tests.make import ADA, GRACE, sighting, vote

T = TypeVar("T")
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
SIGHTINGS, ITEMS, SUBSCRIPTIONS = 5_000, 100_000, 10_000
TAXONOMY = read_taxonomy()


def main() -> None:
    """Print every figure with its bar."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program itself does
    facts = large()
    compose_times(facts)
    chart_times()
    asyncio.run(ten_thousand())
    print(f"peak memory of all of this: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def large() -> Facts:
    """The atlas and 5,000 sightings of two years, most of them decided by two people, who agree with it."""
    rng, cells = Random(1), list(TAXONOMY.cells())
    told, votes = list[Sighting](read_atlas()), list[Vote]()
    works = {one.cell for one in told if one.verdict is Verdict.WORKS}
    votes += [vote(one, ATLAS, at=one.seen_at) for one in told]
    for number in range(SIGHTINGS):
        cell, at = rng.choice(cells), NOW - timedelta(hours=rng.randrange(2 * 365 * 24))
        one = sighting(cell.stage, at.date().isoformat(), capability=cell.capability, story=f"s{number}", seen_at=at)
        told.append(one)
        choice = Choice.CONFIRM if one.cell in works else Choice.REJECT
        people = [person for person in (ADA, GRACE) if rng.random() < 0.6]
        votes += [vote(one, person, choice, at=at + timedelta(hours=3)) for person in people]
    return Facts(sightings=tuple(told), votes=tuple(votes))


def compose_times(facts: Facts) -> None:
    """Facts in memory, as a round of digests has them; items play no part in it, so 100,000 cost nothing."""
    period = Period(NOW - WEEK, NOW)

    def whole() -> None:
        stretch = look_back(TAXONOMY, facts, period)
        found = compose(stretch, outlook=foresee(stretch, usual_chance))
        say(found)
        details(found)

    print(f"compose and word one digest, {len(facts.sightings)} sightings: {best(whole):.0f} ms (bar 300)")
    with tempfile.TemporaryDirectory() as folder:
        store = RealStore(SQLite(Path(folder) / "large.db"))
        with store._db.transaction():
            for one in facts.sightings:
                store.save_sighting(one)
            store.add_votes(HOME, facts.votes)
        print(f"read all of it, once for a round: {best(lambda: store.facts(HOME)):.0f} ms")
        store.close()


def chart_times() -> None:
    """Each picture of the full board, matplotlib and numpy loaded, forecasts included."""
    from cascade.backtest import Fifth
    from digest.pictures.draw import draw

    shipped = read_atlas()
    facts = Facts(sightings=shipped, votes=tuple(vote(one, ATLAS, at=one.seen_at) for one in shipped))
    fifths = [Fifth(months=3, low=0.0, n=50, said=0.1, came=0.12)]
    for chart, subject in (
        (Chart.BOARD, ()),
        (Chart.CAPABILITY, ("negation",)),
        (Chart.GAP, ("image/closed", "video/closed-offline")),
        (Chart.CALIBRATION, ()),
    ):
        picture = Picture(chart, subject, "")
        took = best(lambda p=picture: draw(p, View(taxonomy=TAXONOMY, facts=facts, now=NOW), fifths=fifths))  # type: ignore[misc]
        print(f"draw {chart}: {took:.0f} ms (bar 700)")


async def ten_thousand() -> None:
    """All due in one minute: claimed, then sent to a platform that answers at once, without the paced waiting."""
    with tempfile.TemporaryDirectory() as folder:
        store = RealStore(SQLite(Path(folder) / "many.db"))
        subscribe(store)
        start = process_time()
        owed = owed_now(store, NOW)
        print(f"find what is owed among {SUBSCRIPTIONS}: {1000 * (process_time() - start):.0f} ms")
        desk, start = Desk(taxonomy=TAXONOMY, store=store), process_time()
        for one in owed:
            claim(desk, one, NOW)
        print(f"claim and freeze {len(owed)}: {process_time() - start:.1f} s")
        chat, start = FakeChat(platform="slack"), process_time()
        await Courier(run=here(store), chats={"slack": chat}, clock=lambda: NOW, sleep=no_wait).deliver()
        sent = sum(map(len, chat.posted.values()))
        print(f"send {sent} and record each: {process_time() - start:.1f} s of work beside the paced waiting")
        later = NOW + WEEK - timedelta(minutes=1)
        print(f"look for what is owed where nothing is: {best(lambda: owed_now(store, later)):.0f} ms a minute")
        store.close()
    for platform in LIMITS:
        last = plan([Place(platform, str(number)) for number in range(SUBSCRIPTIONS)], NOW) - NOW
        print(f"paced on {platform}: the last of {SUBSCRIPTIONS} goes out after {last.total_seconds() / 60:.1f} min")


def subscribe(store: RealStore) -> None:
    """Ten thousand rooms whose hour is now, in one transaction."""
    rows = []
    for number in range(SUBSCRIPTIONS):
        place = Place("slack", f"C{number}")
        rows.append(
            Subscription(
                id=subscription_id(HOME, place), team=HOME, place=place, weekday=Weekday.MONDAY, hour=9,
                zone=UTC_ZONE, since=NOW - timedelta(days=3),
            )
        )  # fmt: skip
    with store._db.transaction():
        for one in rows:
            store.save_subscription(one)


def here(store: Store) -> Callable[[Callable[[Store], T]], Awaitable[T]]:
    """Works with the store on this thread."""

    async def run(work: Callable[[Store], T]) -> T:
        return work(store)

    return run


async def no_wait(seconds: float) -> None:
    """Waiting is planned above, and not lived through here."""
    del seconds
    await asyncio.sleep(0)


def best(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of a few runs after one to warm up, in milliseconds of processor time."""
    work()
    took: Sequence[float] = [_timed(work) for _ in range(times)]
    return 1000 * min(took)


def _timed(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


if __name__ == "__main__":
    main()
