"""Jobs on PostgreSQL: called once, done one at a time for each host or channel, and again if need be."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate import App

from app import clock, processes
from app.outage import Outage
from app.settings import read_settings
from app.work.calls import CLAIM, SORT, Call, Name, Queue, due_calls
from app.work.queue import Rhythm, call, forever, give_up_dead, install, make_app, register, work
from bot.steady import Steady
from cascade.errors import StoreError
from cascade.feed import Feed, Record
from cascade.ports import HOME, Place
from cascade.sighting import Person
from cascade.subscription import EVERYTHING, Watch, Weekday
from cascade.taxonomy import Cell
from digest.watches import place_of
from storage.atlas import read_atlas, read_taxonomy
from storage.database import SQLite
from storage.postgres import Postgres, connect
from storage.store import Store
from tests.contracts.digests import LEAD, SLOT, SUBSCRIPTION
from tests.fakes_chat import FakeChat
from tests.make import DAY, GRACE, MONDAY, NEGATION, sighting, vote
from tests.postgres import Server

RHYTHM = Rhythm(beat=0.2, tick=0.1, look=0.05, again=0.05)  # whoever is only slow is not dead
DESK = Place("slack", "T1/C1")
WATCHER = Person("fake", "ada", "Ada")


@pytest.fixture
def url(postgres: Server) -> str:
    """A database with Procrastinate's tables."""
    found = postgres.new_schema()
    install(found)
    return found


def poll(host: str, *urls: str) -> Call:
    """A call to look at some feeds of a host."""
    return Call(name=Name.POLL, lock=f"host {host}", about={"urls": list(urls)})


@dataclass
class Diary:
    """What the jobs of some workers did, and what their operators heard."""

    running: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)  # of one host at a time
    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self, urls: list[str]) -> None:
        """A poll that takes a moment."""
        host = urls[0].split("/")[0]
        self.running[host] = self.running.get(host, 0) + 1
        self.begun += urls
        self.moved.set()
        self.most[host] = max(self.most.get(host, 0), self.running[host])
        await asyncio.sleep(0.02)
        self.running[host] -= 1
        self.note(*urls)

    def note(self, *done: str) -> None:
        """Something was done."""
        self.done += done
        self.moved.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what a job notes."""
        async with asyncio.timeout(30):
            while not is_so():
                self.moved.clear()
                await self.moved.wait()


@asynccontextmanager
async def at_work(url: str, diary: Diary, works: dict[Name, Any], workers: int = 1) -> AsyncIterator[App]:
    """So many workers; the queue to call them by."""
    tasks = []
    for _ in range(workers):
        app, steady = make_app(url), Steady(diary.told.append)
        register(app, works, steady)
        tasks.append(asyncio.create_task(work(app, Queue.WORK, 4, RHYTHM, steady, Outage(diary.told.append))))
    caller = make_app(url)
    async with caller.open_async():
        yield caller
    await _ended(tasks)


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    """Told to stop, and waited for: what is still closing its connections must not be told twice."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def queue(url: str) -> AsyncIterator[App]:
    """The queue with nobody at work."""
    app = make_app(url)
    async with app.open_async():
        yield app


async def test_of_the_same_call_one_waits(url: str) -> None:
    """However often and from wherever it is made; the next one may wait while the first is being done."""
    calls = [poll(f"h{number}", f"h{number}/feed") for number in range(700)]
    async with queue(url) as one, queue(url) as other:
        assert sum(await asyncio.gather(call(one, calls), call(other, calls), call(other, calls[::-1]))) == 700
        assert await call(one, calls[:3]) == 0
        assert await call(one, [poll("new", "new/feed")] * 2) == 1
        worker = await one.job_manager.register_worker()
        taken = await one.job_manager.fetch_job(queues=None, worker_id=worker)
        assert taken is not None
        assert await call(one, calls) == 1


async def test_one_at_a_time_for_each_host(url: str) -> None:
    """Whoever works; each called feed is looked at once."""
    diary = Diary()
    async with at_work(url, diary, {Name.POLL: diary.look}, workers=3) as caller:
        for turn in range(3):
            await diary.until(lambda turn=turn: len(diary.begun) >= 3 * turn)  # type: ignore[misc]
            assert await call(caller, [poll(host, f"{host}/{turn}") for host in ("a", "b", "c")]) == 3
        await diary.until(lambda: len(diary.done) == 9)
    assert sorted(diary.done) == sorted(f"{host}/{turn}" for host in "abc" for turn in range(3))
    assert diary.most == {"a": 1, "b": 1, "c": 1}


async def test_sorting_goes_first(url: str) -> None:
    """It does not wait behind every feed that is due."""
    diary = Diary()

    async def sort() -> None:
        diary.note("sorted")

    async with queue(url) as caller:
        await call(caller, [poll(str(number), f"{number}/feed") for number in range(8)])
        await call(caller, [SORT])
    async with at_work(url, diary, {Name.POLL: diary.look, Name.SORT: sort}):
        await diary.until(lambda: len(diary.done) == 9)
    assert "sorted" in diary.done[:4]


@pytest.mark.parametrize("error", [StoreError("the disk is full"), KeyError("a bug")])
async def test_what_failed_is_told_with_its_reason_and_done_again(url: str, error: Exception) -> None:
    """The operator hears why once, and that it works again; nothing is left in the queue that could hold it up."""
    diary, failures = Diary(), 2

    async def sort() -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            diary.note("failed")
            raise error
        diary.note("sorted")

    async with at_work(url, diary, {Name.SORT: sort}) as caller:
        while "sorted" not in diary.done:  # as the clock does, look by look
            before = len(diary.done)
            await call(caller, [SORT])
            await diary.until(lambda before=before: len(diary.done) > before)  # type: ignore[misc]
    reason = str(error) if isinstance(error, StoreError) else type(error).__name__
    assert diary.done == ["failed", "failed", "sorted"]
    assert [reason in line for line in diary.told] == [True, False]
    assert diary.told[1].endswith("works again")
    with connect(url) as connection:
        assert connection.execute("SELECT * FROM procrastinate_jobs").fetchall() == []


async def test_stopping_ends_it_whatever_the_step_makes_of_that() -> None:
    """A worker that is told to stop may fail over its last words; it is not begun anew."""
    began, told = asyncio.Event(), list[str]()

    async def step() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as stopped:
            raise StoreError("the connection is closed") from stopped

    task = asyncio.create_task(forever("Jobs", step, Steady(told.append), Outage(told.append), pause=0, again=0))
    await began.wait()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=30)
    assert done == {task}


async def test_what_a_killed_worker_had_in_its_hands_is_called_again(url: str) -> None:
    """Its call and lock are dropped after its silence, by one of two clocks; then the host may be called again."""
    diary = Diary()
    async with queue(url) as one, queue(url) as other:
        await call(one, [poll("a", "a/feed")])
        dead = await one.job_manager.register_worker()
        assert await one.job_manager.fetch_job(queues=None, worker_id=dead) is not None
        assert await give_up_dead(one, RHYTHM) == 0  # it may well be alive
        with connect(url) as connection:
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        await asyncio.gather(give_up_dead(one, RHYTHM), give_up_dead(other, RHYTHM))
    async with at_work(url, diary, {Name.POLL: diary.look}) as caller:
        await call(caller, [poll("a", "a/feed")])
        await diary.until(lambda: diary.done == ["a/feed"])


def test_what_is_due_is_read_off_the_store() -> None:
    """A call for each host with feeds that are due, one for each channel, and none for what is not due."""
    store = Store(SQLite(":memory:"))
    urls = ("https://a.example/1", "https://www.a.example/2", "https://b.example/1", "https://c.example/1")
    store.add_feeds([Feed(url=url) for url in urls], MONDAY)
    (late,) = store.visits_of(urls[3:])
    store.record_looks([Record(visit=replace(late, next_at=MONDAY + timedelta(days=30)))], MONDAY)
    store.save_subscription(SUBSCRIPTION)
    calls = due_calls(store, [DESK], MONDAY + 7 * DAY)
    polls = {one.lock: one.about["urls"] for one in calls if one.name is Name.POLL}
    assert polls == {"host a.example": list(urls[:2]), "host b.example": [urls[2]]}
    at_desk = [one for one in calls if one.lock == f"channel {DESK}"]
    assert [one.name for one in at_desk] == [Name.CARDS]
    assert [one.queue for one in at_desk] == [Queue.CHAT]
    assert CLAIM in calls
    assert SORT not in calls
    assert not [one for one in calls if one.name is Name.DIGESTS]
    store.claim(SLOT, [LEAD], {}, {}, MONDAY)
    assert [one.lock for one in due_calls(store, [], MONDAY) if one.name is Name.DIGESTS] == [f"channel {SLOT.place}"]
    store.close()


@dataclass
class Room:
    """A chat platform that all processes share."""

    chat: FakeChat
    desk: None = None

    async def start(self) -> None:
        """Nothing comes in."""

    async def stop(self) -> None:
        """Nothing is held."""


async def test_a_digest_and_a_watch_are_sent_once_by_many(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clocks, two workers and two bots: the channel reads its digest, and the watcher what moved, each once."""
    url, moved, now = postgres.new_database(), asyncio.Event(), clock.now()
    chat, ones = FakeChat(step=moved.set), list[processes.Process]()
    (tmp_path / "feeds.toml").write_text("")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CASCADE_FEEDS", str(tmp_path / "feeds.toml"))
    store = Store(Postgres(url))
    channel, news = Place("fake", "models"), sighting(_unknown().stage, now.date().isoformat(), seen_at=now - DAY)
    store.save_sighting(news)
    store.add_votes(HOME, [vote(news, GRACE, at=now - DAY)])
    store.save_subscription(replace(SUBSCRIPTION, place=channel, weekday=Weekday.MONDAY, since=now - 9 * DAY))
    store.save_watch(Watch(team=HOME, person=WATCHER, about=EVERYTHING, since=now - 2 * DAY))
    async with AsyncExitStack() as house:
        for role in (processes.ticks, processes.worker, processes.bot) * 2:
            ones.append(
                await house.enter_async_context(
                    processes.process(read_settings(), RHYTHM, lambda *_: [Room(chat)]),
                )
            )
            house.push_async_callback(_ended, [asyncio.create_task(role(ones[-1]))])
        async with asyncio.timeout(45):
            while len(chat.posted) < 2:
                moved.clear()
                await moved.wait()
        for _ in range(2):  # everybody looks again
            await asyncio.gather(*(one.jobs.claim() for one in ones))
            await asyncio.gather(*(one.jobs.deliver_to(place) for one in ones for place in chat.posted))
    assert {place: len(said) for place, said in chat.posted.items()} == {channel: 1, place_of(WATCHER): 1}
    store.close()


def _unknown() -> Cell:
    """A cell of which the atlas knows nothing."""
    taxonomy, known = read_taxonomy(), {row.cell for row in read_atlas()}
    return next(cell for stage in taxonomy.stages if (cell := Cell(NEGATION, stage.id)) not in known)
