"""The Procfile's processes: `web`, `bot`, `worker`, `clock` and `release`, any number of each on one PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import clock
from app.build import House, kept_in, open_store
from app.discord import discord
from app.jobs import FORGOTTEN, Jobs
from app.platforms import Platform, introduce, start_all
from app.services import make_jobs, make_services
from app.settings import Settings, read_settings
from app.slack import slack
from app.start import stop_signal, tell, watch_listed
from app.threads import StoreThread, store_thread
from app.web import Pulse, Routed, page
from app.work.calls import SORT, Name, Queue, deliveries, due_calls
from app.work.queue import Rhythm, call, forever, give_up_dead, install, make_app, register, work
from bot.services import Services
from cascade.errors import BadInput
from cascade.ports import Place, Store
from sources.fetch import Fetcher
from storage.schema import newest

if TYPE_CHECKING:
    from procrastinate import App

POLLS_AT_ONCE, TALKS_AT_ONCE = 64, 32  # in one process: they wait for the network most of the time
NOT_ALONE = "this needs DATABASE_URL, a PostgreSQL that the processes share; on one machine `cascade run` does it all"

Connect = Callable[[Settings, Services], list[Platform]]


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process's hold on the house."""

    house: House
    store: StoreThread
    services: Services
    platforms: Sequence[Platform]
    jobs: Jobs
    queue: "App"
    rhythm: Rhythm

    @property
    def desks(self) -> list[Place]:
        """Where cards are reviewed."""
        return [one.desk.place for one in self.platforms if one.desk]


def release(db: Path | None) -> str:
    """Bring the database up to date, Procrastinate's tables too; that it is, in a line. Raises StoreError."""
    settings = read_settings(db)
    open_store(settings).close()
    if settings.database_url:
        install(settings.database_url)
    return f"{kept_in(settings)} is up to date (schema {newest()})"


def serve(role: Callable[[Process], Awaitable[None]]) -> None:
    """Be one process until SIGTERM. Raises BadInput without a PostgreSQL, StoreError when it cannot be used."""
    settings = read_settings()
    if not settings.database_url:
        raise BadInput(NOT_ALONE)
    asyncio.run(_until_stopped(settings, role))


async def _until_stopped(settings: Settings, role: Callable[[Process], Awaitable[None]]) -> None:
    stop = stop_signal()
    async with process(settings, Rhythm()) as one:
        ends: set[asyncio.Task[Any]] = {asyncio.create_task(stop.wait()), asyncio.create_task(_be(role, one))}
        done, left = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in done:
            task.result()


async def _be(role: Callable[[Process], Awaitable[None]], one: Process) -> None:
    await role(one)


def connected(settings: Settings, services: Services) -> list[Platform]:
    """The chat platforms that the settings name, not started yet."""
    return [*slack(settings, services), *discord(settings, services)]


@asynccontextmanager
async def process(settings: Settings, rhythm: Rhythm, connect: Connect = connected) -> AsyncIterator[Process]:
    """Everything that a process needs, let go of afterwards. Raises StoreError."""
    store = store_thread(settings, tell)
    try:
        install(settings.database_url)
        async with Fetcher(settings.private_hosts) as fetch:
            house = House(settings)
            services = make_services(house, store, fetch, tell)
            platforms = connect(settings, services)
            introduce([one.desk for one in platforms if one.desk])
            jobs = make_jobs(house, store, fetch, services, platforms)
            try:
                yield Process(
                    house=house,
                    store=store,
                    services=services,
                    platforms=platforms,
                    jobs=jobs,
                    queue=make_app(settings.database_url),
                    rhythm=rhythm,
                )
            finally:
                for platform in platforms:
                    await platform.stop()
    finally:
        store.close()


async def web(one: Process) -> None:
    """Serve the page, and Slack's requests where it comes by HTTP."""
    pulse = Pulse()
    for platform in one.platforms:
        if isinstance(platform, Routed) and platform.routes:
            await platform.take_requests()
    async with page(one.house, one.store, one.platforms, pulse, tell):
        while True:
            pulse.beat()
            await one.services.steady("The page", lambda: one.store(_answers))
            await asyncio.sleep(one.rhythm.beat)


def _answers(store: Store) -> None:
    """A page that nobody looks at learns, too, that the database is away."""
    store.note(FORGOTTEN)


async def bot(one: Process) -> None:
    """Listen and answer in chat, and do the jobs that speak there."""
    await start_all(one.platforms, one.services)
    await _do(one, Queue.CHAT, TALKS_AT_ONCE)


async def worker(one: Process) -> None:
    """Poll, sort, tag and forget."""
    await _do(one, Queue.WORK, POLLS_AT_ONCE)


async def ticks(one: Process) -> None:
    """Look at what is due, again and again; any number of clocks call a job once."""
    await one.store(lambda store: watch_listed(store, one.house.settings))

    async def tick() -> None:
        async with one.queue.open_async():
            await give_up_dead(one.queue, one.rhythm)
            now = clock.now()
            await call(one.queue, await one.store(lambda store: due_calls(store, one.desks, now)))

    rhythm = one.rhythm
    await forever(
        "Calling what is due", tick, one.services.steady, one.store.outage, pause=rhythm.tick, again=rhythm.again
    )


async def _do(one: Process, queue: Queue, at_once: int) -> None:
    register(one.queue, works(one), one.services.steady)
    await work(one.queue, queue, at_once, one.rhythm, one.services.steady, one.store.outage)


def works(one: Process) -> dict[Name, Callable[..., Awaitable[None]]]:
    """What each job does: the functions of the one-process Cascade."""
    jobs = one.jobs
    desks = {str(desk.place): desk for desk in jobs.desks}

    async def poll(urls: Sequence[str]) -> None:
        if await jobs.poll_some(urls):
            await call(one.queue, [SORT])

    async def cards(place: str) -> None:
        if place in desks:
            await desks[place].post_new(clock.now())

    async def claim() -> None:
        await jobs.claim()
        await call(one.queue, await one.store(deliveries))

    async def digests(place: str) -> None:
        await jobs.deliver_to(Place.parse(place))

    return {
        Name.POLL: poll,
        Name.SORT: jobs.sort,
        Name.CARDS: cards,
        Name.CLAIM: claim,
        Name.DIGESTS: digests,
        Name.FORGET: jobs.forget,
    }
