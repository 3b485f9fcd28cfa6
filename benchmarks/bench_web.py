"""The page over loopback with 100,000 items and 2,000 sightings: latency, size, and 300 requests a second for 30 s.

The server runs on one core, the client on another, so that latencies hold the way over loopback and the client's
own work too: the server's share is less. Needs Linux (cores are set, memory is read from /proc).
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession, TCPConnector

from app import clock
from cascade.dates import DateRange
from cascade.feed import Entry, Feed, Health, Record, Visit
from cascade.item import Fate, Item, Tier
from cascade.links import link_key
from cascade.ports import HOME
from cascade.sighting import Choice, Evidence, Person, Sighting, Verdict, Vote, sighting_id
from storage.atlas import read_atlas, read_taxonomy
from storage.database import SQLite
from storage.store import Store

ITEMS, FEEDS, SIGHTINGS, VOTERS = 100_000, 100, 2_000, 9
RATE, SECONDS = 300, 30
PATHS = ("/",) * 5 + ("/capability/negation", "/stage/image/closed", "/forecasts", "/api/board", "/feed.atom")
GZIP = {"Accept-Encoding": "gzip"}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "cascade.db"
        fill(database)
        with server(database) as (process, base):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
            asyncio.run(measure(process.pid, base, database))


async def measure(pid: int, base: str, database: Path) -> None:
    """Every figure, a line each."""
    async with ClientSession(base, connector=TCPConnector(limit=32), headers=GZIP) as client:
        print(f"first board after the start  {1000 * await timed(client, '/'):7.1f} ms")
        for path in sorted(set(PATHS)):
            await timed(client, path)
        await tell_sizes(client)
        tell("board, one after the other", [await timed(client, "/") for _ in range(2000)])
        print(f"first board after a vote     {1000 * await after_a_vote(client, database):7.1f} ms")
        for path in PATHS:
            await timed(client, path)
        await tell_load(client, pid)
        started, many = time.perf_counter(), 6000
        await asyncio.gather(*(in_line(client, many // 16) for _ in range(16)))
        print(f"as fast as it can            {many / (time.perf_counter() - started):7.0f} requests a second")


async def tell_sizes(client: ClientSession) -> None:
    """How large the board is."""
    async with client.get("/", headers={"Accept-Encoding": "identity"}) as answer:
        plain = len(await answer.read())
    async with client.get("/") as answer:
        packed = int(answer.headers["Content-Length"])
    print(f"board                        {plain:,} bytes, packed {packed:,}")


async def tell_load(client: ClientSession, pid: int) -> None:
    """A fixed rate, whether or not answers come in time."""
    loop, found = asyncio.get_running_loop(), []
    before, cpu, start = memory(pid), cpu_of(pid), loop.time()
    tasks: list[asyncio.Task[float]] = []
    halfway = before
    for n in range(RATE * SECONDS):
        await asyncio.sleep(max(start + n / RATE - loop.time(), 0))
        tasks.append(asyncio.create_task(timed(client, PATHS[n % len(PATHS)])))
        halfway = memory(pid) if n == RATE * SECONDS // 2 else halfway
    found = list(await asyncio.gather(*tasks))
    took = loop.time() - start
    tell(f"{RATE} a second for {SECONDS} s", found)
    print(
        f"  done at                    {len(found) / took:7.1f} a second, {(cpu_of(pid) - cpu) / took:.0%} of one core"
    )
    print(f"  memory before, half, after {before:.1f}, {halfway:.1f}, {memory(pid):.1f} MB")


async def after_a_vote(client: ClientSession, database: Path) -> float:
    """Another process votes; then the page has to be folded anew."""
    store = Store(SQLite(database))
    target = next(one for one in store.sightings() if not one.from_atlas)
    store.add_votes(HOME, [Vote(sighting=target.id, person=voter(0), choice=Choice.UNSURE, at=clock.now())])
    store.close()
    return await timed(client, "/")


async def in_line(client: ClientSession, times: int) -> None:
    """One visitor who asks again as soon as the answer is there."""
    for _ in range(times):
        await timed(client, "/")


async def timed(client: ClientSession, path: str) -> float:
    """Seconds until the whole answer is there. Raises for any answer but 200."""
    started = time.perf_counter()
    async with client.get(path) as answer:
        answer.raise_for_status()
        await answer.read()
    return time.perf_counter() - started


def tell(name: str, found: list[float]) -> None:
    """One distribution in a line."""
    ordered = sorted(found)
    p50, p99, most = (1000 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99, 1))
    print(f"{name:28} p50 {p50:5.1f} ms  p99 {p99:5.1f} ms  most {most:5.1f} ms  n={len(ordered)}")


def memory(pid: int) -> float:
    """Resident megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_of(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(database: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The page in a process on one core, and its address."""
    command = [sys.executable, "-m", "benchmarks.bench_web", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.terminate()


async def serve(database: str) -> None:
    """Be the server until told to stop."""
    from aiohttp import web

    from app.threads import StoreThread
    from web.pages import Pages
    from web.site import make_app

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pages = Pages(taxonomy=read_taxonomy(), run=StoreThread(Store(SQLite(Path(database)))), clock=clock.now)
    runner = web.AppRunner(make_app(pages), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


def fill(database: Path) -> None:
    """Write the store: the atlas, feeds and their items, sightings and votes."""
    rng, now = random.Random(20260821), clock.now()
    store = Store(SQLite(database))
    store.save_atlas(read_atlas())
    feeds = [Feed(url=f"https://feed{n}.example/rss", title=f"Feed {n}", tier=Tier.PRESS) for n in range(FEEDS)]
    store.add_feeds(feeds, now)
    for feed in feeds:
        store.record_looks([_look(feed, now, rng)], now)
    made = [_sighting(n, now, rng) for n in range(SIGHTINGS)]
    for one in made:
        store.save_sighting(one)
    store.add_votes(HOME, [_vote(one, now, rng) for one in made for _ in range(rng.randrange(4))])
    store.close()


def _look(feed: Feed, now: datetime, rng: random.Random) -> Record:
    visit = Visit(
        feed=feed, address=feed.url, next_at=now, polled_at=now, succeeded_at=now, health=Health.LIVE, since=now
    )
    return Record(visit=visit, new=tuple(_entry(feed, n, now, rng) for n in range(ITEMS // FEEDS)))


def _entry(feed: Feed, n: int, now: datetime, rng: random.Random) -> Entry:
    url = f"https://{urlsplit(feed.url).hostname}/{n}"
    seen = now - timedelta(minutes=rng.randrange(1_000_000))
    item = Item(feed=feed.url, identity=f"{n}", url=url, title=f"News {n}", summary="words " * 60, seen_at=seen)
    return Entry(item=item, digest=f"{n}", link_key=link_key(url), story=url, fate=rng.choice(list(Fate)))


def _sighting(n: int, now: datetime, rng: random.Random) -> Sighting:
    cell = rng.choice(CELLS)
    seen = now - timedelta(days=rng.randrange(700), minutes=n)
    verdict = rng.choice((Verdict.WORKS, Verdict.WORKS, Verdict.STILL_FAILS))
    return Sighting(
        id=sighting_id(f"story-{n}", cell, verdict),
        cell=cell,
        model=f"Model {n}",
        org=f"Lab {n % 40}",
        verdict=verdict,
        happened=DateRange.day(seen.date()),
        evidence=(Evidence(url=f"https://lab.example/{n}", title=f"Model {n}", says="It does it.", kind="maker"),),
        quote="It does what was asked of it.",
        probability=rng.random(),
        story=f"story-{n}",
        seen_at=seen,
    )


def _vote(one: Sighting, now: datetime, rng: random.Random) -> Vote:
    choice = rng.choice((Choice.CONFIRM, Choice.REJECT, Choice.UNSURE))
    return Vote(
        sighting=one.id, person=voter(rng.randrange(VOTERS)), choice=choice, at=min(one.seen_at + timedelta(1), now)
    )


def voter(n: int) -> Person:
    """One of the reviewers."""
    return Person("slack", f"T1/U{n}", f"Reviewer {n}")


CELLS = tuple(read_taxonomy().cells())

if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(serve(sys.argv[1]))
    else:
        main()
