"""Procrastinate's side: calls in, jobs out, and what a killed worker left is given up so that it is called again."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager

from app.outage import Outage
from app.work.calls import Call, Name, Queue
from bot.steady import Steady
from cascade.errors import StoreAway, StoreError
from storage.postgres import LINE, connect, reach
from storage.server_troubles import lost, told

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from psycopg_pool import AsyncConnectionPool

Work = Callable[..., Awaitable[None]]
JOBS = "Taking jobs"
CONNECTIONS = 3  # a job needs one when it is taken and when it ends; with one more to listen they are four
AT_ONCE = 500  # calls in one statement
GRACE_SECONDS = 2.0  # that running jobs get when the process is stopped
# Procrastinate tells of every lost connection with a traceback; the loop below says it once.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How long a process waits for what. Seconds."""

    beat: float = 5  # between two signs of a worker's life
    dead: float = 20  # the silence after which it counts as dead
    tick: float = 60  # between two looks at what is due
    look: float = 1  # between two at the jobs: nobody announces one that waited for another's lock
    again: float = 2  # between two tries of what failed, such as reaching a server that is away


def install(url: str) -> None:
    """Create Procrastinate's tables where they are missing. Raises StoreError."""
    try:
        with connect(url) as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('cascade jobs', 0))")
            there = connection.execute("SELECT to_regclass('procrastinate_jobs') AS name").fetchone()
            if there is None or there["name"] is None:
                connection.execute(SchemaManager.get_schema().encode())
    except psycopg.Error as error:
        raise StoreError(told(error)) from error


class _Connector(PsycopgConnector):
    """Learns at once that a server is away: the library's pool would wait for half a minute."""

    async def open_async(self, pool: "AsyncConnectionPool | None" = None) -> None:
        """Connect. Raises StoreError."""
        await asyncio.to_thread(reach, self._pool_args["conninfo"])
        await super().open_async(pool)


def make_app(url: str) -> App:
    """Procrastinate on this database; not yet open."""
    return App(connector=_Connector(conninfo=url, kwargs=LINE, min_size=1, max_size=CONNECTIONS, timeout=10.0))


async def call(app: App, calls: Sequence[Call]) -> int:
    """Queue calls; how many were not waiting already."""
    waiting, each = await _waiting(app, calls), {one.queueing_lock: one for one in calls}
    # In one order whoever calls: two clocks wait for each other, and neither for ever.
    new = [each[lock] for lock in sorted(each.keys() - waiting)]
    return sum([await _queue(app, new[at : at + AT_ONCE]) for at in range(0, len(new), AT_ONCE)])


async def _waiting(app: App, calls: Sequence[Call]) -> set[str]:
    rows = await app.connector.execute_query_all_async(
        "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%(locks)s)",
        locks=[one.queueing_lock for one in calls],
    )
    return {row["queueing_lock"] for row in rows}


async def _queue(app: App, calls: Sequence[Call]) -> int:
    """All of them in one statement, or what another clock left of them that queued some at this moment."""
    try:
        await app.job_manager.batch_defer_jobs_async([_job(app, one) for one in calls])
    except AlreadyEnqueued:
        return await call(app, calls)
    return len(calls)


def _job(app: App, one: Call) -> "Job":
    task = app.configure_task(
        one.name.value, queue=one.queue.value, lock=one.lock, queueing_lock=one.queueing_lock, priority=one.priority
    )
    return task.make_new_job(**one.about)


async def give_up_dead(app: App, rhythm: Rhythm) -> int:
    """Forget the jobs of workers that died, with their locks; what they were about is called again if it is due."""
    await app.job_manager.prune_stalled_workers(rhythm.dead)
    dead = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=rhythm.dead))
    for job in dead:
        await _give_up(app, job)
    return len(dead)


async def _give_up(app: App, job: "Job") -> None:
    try:
        await app.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=True)
    except ConnectorException:
        return  # another clock was quicker


def register(app: App, works: Mapping[Name, Work], steady: Steady) -> None:
    """Teach the app what each job does. One that fails is told of, and called again while it is due."""
    for name, work in works.items():
        app.task(name=name.value)(_steadily(name, work, steady))


def _steadily(name: Name, work: Work, steady: Steady) -> Work:
    async def job(**about: Any) -> None:
        place = about.get("place")
        await steady(f"Job {name} in {place}" if place else f"Job {name}", partial(work, **about))

    return job


async def work(app: App, queue: Queue, concurrency: int, rhythm: Rhythm, steady: Steady, outage: Outage) -> None:
    """Do jobs until cancelled; a server that is away is waited for, and told of once."""

    async def once() -> None:
        async with app.open_async():
            outage.end()  # it let us in
            # The work ends by failing alone: that it goes well is known when its signs of life were taken.
            well = asyncio.get_running_loop().call_later(2 * rhythm.beat, steady.worked, JOBS)
            try:
                await app.run_worker_async(
                    queues=[queue.value],
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=rhythm.look,
                    delete_jobs="always",  # what is due is read off the store, and why something failed stands there
                    update_heartbeat_interval=rhythm.beat,
                    stalled_worker_timeout=rhythm.dead,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                )
            finally:
                well.cancel()

    await forever(JOBS, once, steady, outage, pause=0, again=rhythm.again)


async def forever(
    what: str, step: Callable[[], Awaitable[None]], steady: Steady, outage: Outage, *, pause: float, again: float
) -> None:
    """Repeat a step until cancelled, with a pause in between. What goes wrong is told once and tried again."""

    async def plainly() -> None:
        asked = time.monotonic()
        try:
            await step()
        except StoreAway as error:
            outage.begin(error, asked)
            raise
        except (ConnectorException, psycopg.Error) as error:  # a connection that broke: is the server away, too?
            raise _plain(error) from error

    me = asyncio.current_task()
    # A step that is cut off may end in an error of its own, such as a connection that is closed already.
    while me is None or not me.cancelling():
        worked = await steady(what, plainly)
        await asyncio.sleep(pause if worked else again)


def _plain(error: Exception) -> StoreError:
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return lost(cause) if isinstance(cause, psycopg.Error) else StoreError(str(error))
