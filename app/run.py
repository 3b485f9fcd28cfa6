"""`cascade run`: everything in one process, until it is told to stop."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from random import SystemRandom

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app import clock
from app.build import House, open_store
from app.discord import discord
from app.jobs import Jobs
from app.platforms import Platform, Terminal, introduce, start_all
from app.services import make_services
from app.settings import Settings, read_settings
from app.threads import StoreThread
from bot.answers.board import summary
from bot.asked import asked
from bot.services import Services
from bot.terminal.chat import HERE
from bot.terminal.render import clean
from cascade.errors import CascadeError
from cascade.phrases import counted
from cascade.ports import HOME, Store
from cascade.subscription import Subscription, Weekday, subscription_id
from sources.fetch import Fetcher
from storage.feedlist import DEFAULT, read_feed_list
from storage.lock import OneRun

SOON = 60  # seconds between two looks at what is due; each feed and digest has its own time
BREATH = 2.0  # seconds that running work gets when Cascade is stopped


def run(db: Path | None) -> None:
    """Start everything and serve until Ctrl-C or SIGTERM. Raises StoreError or BadInput when it cannot start."""
    settings = read_settings(db)
    settings.db.parent.mkdir(parents=True, exist_ok=True)
    lock = OneRun(settings.db)
    try:
        asyncio.run(_serve(settings))
    finally:
        lock.release()


async def _serve(settings: Settings) -> None:
    house, store = House(settings), StoreThread(open_store(settings))
    stop = _stop_signal()
    try:
        async with Fetcher(settings.private_hosts) as fetch:
            services = make_services(house, store, _tell)
            terminal = Terminal(services) if sys.stdin.isatty() else None
            chats = discord(settings, services)
            platforms: list[Platform] = [*([terminal] if terminal else []), *chats]
            introduce([one.desk for one in platforms if one.desk])
            await store(lambda kept: _furnish(kept, settings, with_terminal=terminal is not None))
            _say(await store(lambda kept: _welcome(house, kept, settings, talks=terminal is not None, chats=len(chats))))
            jobs = Jobs(
                house=house,
                run=store,
                fetch=fetch,
                clock=clock.now,
                rng=SystemRandom(),
                chats={one.chat.platform: one.chat for one in platforms},
                desks=[one.desk for one in platforms if one.desk],
                tell=_tell,
            )
            await _work(jobs, platforms, services, [stop, *([terminal.left] if terminal else [])])
    finally:
        store.close()


async def _work(jobs: Jobs, platforms: Sequence[Platform], services: Services, ends: Sequence[asyncio.Event]) -> None:
    """Wake the jobs on time and keep the platforms talking, until one of `ends` is set."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in (jobs.look, jobs.digests):
        # The scheduler only wakes; what is due is asked of the store. So a missed wake-up costs nothing.
        scheduler.add_job(
            _steady(job), "interval", seconds=SOON, next_run_time=clock.now(), coalesce=True, misfire_grace_time=None
        )
    await start_all(platforms, services)
    scheduler.start()
    await asyncio.wait([asyncio.create_task(end.wait()) for end in ends], return_when=asyncio.FIRST_COMPLETED)
    scheduler.shutdown(wait=False)
    for platform in platforms:
        await platform.stop()
    await _let_go()


def _steady(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """The job, to be tried again at the next wake-up when the store or a platform is away; told once."""
    told: set[str] = set()

    async def steady() -> None:
        try:
            await job()
            told.clear()
        except CascadeError as error:
            if str(error) not in told:
                told.add(str(error))
                _tell(str(error))
        except asyncio.CancelledError:
            return  # Cascade is stopping; what was half done is taken up at the next start

    return steady


async def _let_go() -> None:
    """Give running work a breath to end, then cancel it."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=BREATH)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _furnish(store: Store, settings: Settings, *, with_terminal: bool) -> None:
    """Watch the feeds of the list, and give the terminal its weekly digest."""
    listed = read_feed_list(settings.feeds or DEFAULT)
    for line in listed.refused:
        _tell(line)
    store.add_feeds(listed.feeds, clock.now())
    mine = subscription_id(HOME, HERE)
    if with_terminal and all(one.id != mine for one in store.subscriptions()):
        store.save_subscription(
            Subscription(
                id=mine, team=HOME, place=HERE, weekday=Weekday.MONDAY, hour=9, zone=settings.tz, since=clock.now()
            )
        )


def _welcome(house: House, store: Store, settings: Settings, *, talks: bool, chats: int) -> str:
    view = asked(house.taxonomy, store, clock.now())
    lines = [
        f"Cascade watches {counted(sum(not visit.feed.paused for visit in store.visits()), 'feed')}. {summary(view)}.",
        f"Everything is kept in {settings.db}.",
        *([] if chats else [_AT_TERMINAL if talks else _SILENT]),
    ]
    return "\n".join([*lines, "Type a question, such as `negation`, or `help`; Ctrl-C stops."] if talks else lines)


_AT_TERMINAL = "No Slack or Discord token is set: Cascade talks at this terminal."
_SILENT = (
    "There is no terminal to talk at: it polls, tags and keeps; ask with `cascade ask`, decide with `cascade review`."
)


def _tell(line: str) -> None:
    print(f"cascade: {clean(line)}", file=sys.stderr, flush=True)  # noqa: T201


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
