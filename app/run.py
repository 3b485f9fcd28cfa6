"""`cascade run`: everything in one process, until it is told to stop."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app import clock
from app.build import House, kept_in, one_run
from app.discord import discord
from app.jobs import Jobs
from app.platforms import Platform, Terminal, introduce, start_all
from app.services import make_jobs, make_services
from app.settings import Settings, read_settings
from app.slack import slack
from app.start import let_go, stop_signal, told, watch_listed
from app.threads import store_thread
from app.web import Pulse, page
from bot.answers.board import summary
from bot.asked import asked
from bot.services import Services
from bot.steady import Steady
from bot.terminal.chat import HERE
from bot.terminal.screen import Screen
from cascade.phrases import counted
from cascade.ports import HOME, Store
from cascade.subscription import Subscription, Weekday, subscription_id
from sources.fetch import Fetcher

Works = Mapping[str, Callable[[], Awaitable[None]]]  # by what the operator calls them

SUBSCRIBED = "the terminal was subscribed"  # a note: when
SOON = 60  # seconds between two looks at what is due; each feed and digest has its own time


def run(db: Path | None) -> None:
    """Start everything and serve until Ctrl-C or SIGTERM. Raises StoreError or BadInput when it cannot start."""
    settings = read_settings(db)
    with one_run(settings) as lock:
        asyncio.run(_serve(settings, lock.keep))


async def _serve(settings: Settings, keep_lock: Callable[[], None]) -> None:
    screen = Screen(sys.stdin, sys.stdout)

    def tell(line: str) -> None:
        screen.say(told(line), to=sys.stderr)

    house, store = House(settings), store_thread(settings, tell)
    stop = stop_signal()
    try:
        async with Fetcher(settings.private_hosts) as fetch:
            services = make_services(house, store, fetch, tell)
            terminal = Terminal(services, screen) if screen.has_keys else None
            chats = [*slack(settings, services), *discord(settings, services)]
            platforms: list[Platform] = [*([terminal] if terminal else []), *chats]
            introduce([one.desk for one in platforms if one.desk])
            await store(lambda kept: _furnish(kept, settings, with_terminal=terminal is not None))
            jobs = make_jobs(house, store, fetch, services, platforms)
            pulse, ends = Pulse(), [stop, *([terminal.left] if terminal else [])]
            async with page(house, store, platforms, pulse, tell) as address:
                hint = "" if chats else _AT_TERMINAL if terminal else _SILENT
                screen.say(await store(lambda kept: _welcome(house, kept, address, hint)))
                if terminal:
                    screen.say(_TYPE)
                alone: Works = {"Being the only one": partial(asyncio.to_thread, keep_lock)}
                await _work([alone, *_woken_together(jobs)], platforms, services, pulse, ends)
    finally:
        store.close()


async def _work(
    groups: Sequence[Works],
    platforms: Sequence[Platform],
    services: Services,
    pulse: Pulse,
    ends: Sequence[asyncio.Event],
) -> None:
    """Wake the jobs on time and keep the platforms talking, until one of `ends` is set."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a round still runs at the next is no news
    scheduler = AsyncIOScheduler(timezone="UTC")
    for works in groups:
        # The scheduler only wakes; what is due is asked of the store. So a missed wake-up costs nothing.
        scheduler.add_job(
            partial(_beat, works, services.steady, pulse),
            "interval",
            seconds=SOON,
            next_run_time=clock.now(),
            coalesce=True,
            misfire_grace_time=None,
        )
    await start_all(platforms, services)
    scheduler.start()
    await asyncio.wait([asyncio.create_task(end.wait()) for end in ends], return_when=asyncio.FIRST_COMPLETED)
    scheduler.shutdown(wait=False)
    for platform in platforms:
        await platform.stop()
    await let_go()


def _woken_together(jobs: Jobs) -> Sequence[Works]:
    """What a wake-up does: the works of a group one after the other, the groups side by side."""
    cards = {f"Cards in {desk.place}": partial(jobs.cards, desk) for desk in jobs.desks}
    return {"Feeds": jobs.look, **cards}, {"Digests": jobs.digests}, {"Old text": jobs.forget}


async def _beat(works: Works, steady: Steady, pulse: Pulse) -> None:
    """Do each, whatever becomes of the others; what failed is tried again at the next wake-up."""
    pulse.beat()
    try:
        for what, work in works.items():
            await steady(what, work)
    except asyncio.CancelledError:
        return  # Cascade is stopping; what was half done is taken up at the next start


def _furnish(store: Store, settings: Settings, *, with_terminal: bool) -> None:
    """Watch the feeds of the list, and give the terminal its weekly digest."""
    watch_listed(store, settings)
    if with_terminal and store.note(SUBSCRIBED) is None:  # once: whoever ends it has ended it
        store.set_note(SUBSCRIBED, clock.now().isoformat())
        mine = subscription_id(HOME, HERE)
        if all(one.id != mine for one in store.subscriptions()):
            store.save_subscription(_weekly(mine, settings))


def _weekly(mine: str, settings: Settings) -> Subscription:
    return Subscription(
        id=mine, team=HOME, place=HERE, weekday=Weekday.MONDAY, hour=9, zone=settings.tz, since=clock.now()
    )


def _welcome(house: House, store: Store, address: str, hint: str) -> str:
    view = asked(house.taxonomy, store, clock.now())
    lines = [
        f"Cascade watches {counted(sum(not visit.feed.paused for visit in store.visits()), 'feed')}. {summary(view)}.",
        f"Everything is kept in {kept_in(house.settings)}.",
        *([f"The board is at {address}"] if address else []),
        *([hint] if hint else []),
    ]
    return "\n".join(lines)


_TYPE = "Type a question, such as `negation`, or `help`; Ctrl-C stops.\n"
_AT_TERMINAL = "No Slack or Discord token is set: Cascade talks at this terminal."
_SILENT = (
    "There is no terminal to talk at: it polls, tags and keeps; ask with `cascade ask`, decide with `cascade review`."
)
