"""A year of digests, lived through in seconds: generated weeks, failing platforms, machines that stop.

The year is seeded: the same seed gives the same year. What came out is read off the chat, as the
people in the channels would.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from cascade.delivery import Part, Progress
from cascade.ports import HOME, Place, Store
from cascade.sighting import Choice, Sighting, Vote
from cascade.subscription import Subscription, Weekday, subscription_id
from cascade.taxonomy import Cell
from digest.claim import claim, owed_now
from digest.deliver import SETTLES
from digest.edit import Desk
from digest.send import Courier
from storage.database import SQLite
from storage.store import Store as RealStore
from tests.fakes_chat import Crash, FakeChat, Fuse, Mood, breakable
from tests.make import ADA, GRACE, LINUS, sighting, taxonomy, vote

T = TypeVar("T")

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
)  # fmt: skip
LONGEST_FUSE = 40  # steps: longer than the way from a claim to its last part


@dataclass(kw_only=True)
class Year:
    """The world: a clock, a platform with moods, a machine that stops, and the store that survives it."""

    path: Path
    seed: int = 1
    weeks: int = 52
    subscriptions: int = 40
    crashing: bool = True
    now: datetime = START
    rng: Random = field(init=False)
    fuse: Fuse = field(init=False)
    chat: FakeChat = field(init=False)
    dead_until: datetime = START
    gone: dict[Place, datetime] = field(default_factory=dict)
    restarts: int = 0
    beside: RealStore = field(init=False)  # another program on the file: a crashed one leaves its WAL as it is
    news: list["News"] = field(init=False)  # what is yet to come, the next last

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        lengths: Iterator[int] = cycle(range(LONGEST_FUSE)) if self.crashing else cycle([1 << 60])
        self.fuse = Fuse(lengths)
        self.chat = FakeChat(mood=self._mood, step=self.fuse.step)
        self.beside = self._open()
        for number in range(self.subscriptions):
            self.beside.save_subscription(self._subscription(number))
        self.news = sorted(self._news(), key=lambda one: one.at)[::-1]

    @property
    def end(self) -> datetime:
        """The moment at which the year is over."""
        return START + timedelta(weeks=self.weeks)

    def live(self) -> None:
        """Woken every few hours or when a part's turn comes, asleep for days now and then; until all is quiet."""
        store = self._open()
        while self.now < self.end:
            store = self._round(store)
            self.now += self._nap(store)
        self.now, self.dead_until, self.gone = self.end, START, {}
        for _ in range(60):
            store = self._round(store)
            self.now += 30 * MINUTE
        store.close()
        self.beside.close()

    def open_store(self) -> RealStore:
        """What is left behind."""
        return self._open()

    def _round(self, store: RealStore) -> RealStore:
        """What the running program does each time it wakes; after a crash it starts anew."""
        while self.news and self.news[-1].at <= self.now:
            self.news.pop().tell(self.beside)
        try:
            asyncio.run(self._wake(breakable(store, self.fuse.step)))
        except (Crash, BaseExceptionGroup) as error:
            if not _is_crash(error):
                raise
            store.close()
            self.restarts += 1
            return self._open()
        return store

    async def _wake(self, store: Store) -> None:
        desk = Desk(taxonomy=taxonomy(), store=store)
        for subscription in owed_now(store, self.now):
            claim(desk, subscription, self.now)
        courier = Courier(run=_here(store), chats={"fake": self.chat}, clock=lambda: self.now, sleep=_no_sleep)
        await courier.deliver()

    def _nap(self, store: RealStore) -> timedelta:
        if parts := store.open_parts():
            first = {part.slot.owner: part for part in reversed(parts)}  # the others wait for it
            return min(max(min(map(_turn, first.values())) - self.now, MINUTE), 3 * HOUR)
        if self.rng.random() < 0.004:
            return timedelta(days=self.rng.choice((3, 10, 40)))  # the laptop is closed
        return 3 * HOUR

    def _mood(self, place: Place) -> Mood:
        if self.now >= self.end:
            return Mood.FINE  # the platform has mended; the machine still stops
        if self.now < self.dead_until:
            return Mood.DEAD
        if self.now < self.gone.get(place, START):
            return Mood.GONE
        chance = self.rng.random()
        if chance < 0.001:
            self.dead_until = self.now + timedelta(hours=self.rng.choice((1, 9, 50)))
            return Mood.DEAD
        if chance < 0.003:
            self.gone[place] = self.now + timedelta(days=self.rng.choice((1, 9, 40)))
            return Mood.GONE
        return self.rng.choices((Mood.FINE, Mood.LIMITED, Mood.LOST, Mood.SWALLOWED), (90, 4, 4, 2))[0]

    def _open(self) -> RealStore:
        return RealStore(SQLite(self.path))

    def _subscription(self, number: int) -> Subscription:
        place = Place("fake", f"room-{number}")
        return Subscription(
            id=subscription_id(HOME, place),
            team=HOME,
            place=place,
            weekday=self.rng.choice(list(Weekday)),
            hour=self.rng.choice((0, 2, 9, 17)),
            zone=ZoneInfo(ZONES[number % len(ZONES)]),
            tells_quiet=number % 4 != 3,
            since=START,
        )

    def _news(self) -> Iterator["News"]:
        """Weeks with news and without, and votes that are taken back later."""
        cells = list(taxonomy().cells())
        for number in range(3 * self.weeks):
            at = START + timedelta(hours=self.rng.randrange(self.weeks * 168))
            cell: Cell = self.rng.choice(cells)
            told = sighting(
                cell.stage,
                at.date().isoformat(),
                capability=cell.capability,
                story=f"story-{number}",
                seen_at=at,
                model=f"Brush {number}",
            )
            yield News(at, told)
            if self.rng.random() < 0.6:  # the others wait for review: long digests have parts
                yield News(at + HOUR, vote(told, ADA, at=at + HOUR))
            if self.rng.random() < 0.7:
                later = at + timedelta(days=self.rng.randrange(1, 30))
                yield News(later, vote(told, ADA, Choice.NONE, at=later))
            if self.rng.random() < 0.3:
                later = at + timedelta(days=self.rng.randrange(1, 30))
                yield News(later, vote(told, GRACE, Choice.REJECT, at=later))
            yield News(at + 2 * HOUR, vote(told, LINUS, Choice.UNSURE, at=at + 2 * HOUR))


@dataclass(frozen=True)
class News:
    """Something that another program brings while this one runs, stops and starts."""

    at: datetime
    what: Sighting | Vote

    def tell(self, store: RealStore) -> None:
        """Write it down."""
        if isinstance(self.what, Vote):
            store.add_votes(HOME, [self.what])
        else:
            store.save_sighting(self.what)


def told_weeks(year: Year, place: Place) -> list[str]:
    """The weeks that the people in one room were told of, in the order of telling."""
    return [week for one in year.chat.posted.get(place, []) if not one.thread for week in one.message.facts["weeks"]]


def told_stretches(year: Year, place: Place) -> list[tuple[str, str]]:
    """From when until when each digest in a room told."""
    heads = [one.message.facts for one in year.chat.posted.get(place, []) if not one.thread]
    return [(facts["from"], facts["until"]) for facts in heads]


def left_over(store: RealStore) -> list[Progress]:
    """The parts that are neither sent nor dropped."""
    return [part.progress for part in store.open_parts()]


def _here(store: Store) -> "Run":
    return Run(store)


@dataclass
class Run:
    """Works with the store where it stands: one thread, so that a year is the same each time."""

    store: Store

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        """What `work` returns."""
        return work(self.store)


def _turn(part: Part) -> datetime:
    """When there is something to do for an open part."""
    return part.next_at or (part.tried_at + SETTLES if part.tried_at else START)


async def _no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


def _is_crash(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_crash(one) for one in error.exceptions)
    return isinstance(error, Crash | asyncio.CancelledError)
