"""How the program grows on PostgreSQL: a due feed from its call to done, and what more workers bring.

Prints three tables: claim-to-done of one due feed beside few and many feeds and items (paired runs), the
clock's look at what is due, and feeds polled a second by 1, 2 and 4 workers. A line is fitted to the clock's
looks and predicts one size that was held back.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random

from app.work.calls import Call, Name, due_calls
from app.work.queue import call, install, make_app
from cascade.feed import Answer, Feed, Fetched, Visit
from sources.poll import poll_some
from storage.postgres import Postgres, connect
from storage.store import Store
from tests.postgres import Server, running

NOW = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)
RUNS = 40
WORKERS = (1, 2, 4)


def filled(server: Server, feeds: int, items: int) -> str:
    """The URL of a database with so many feeds and items, none of them due."""
    url = server.new_database()
    store = Store(Postgres(url))
    install(url)
    store.add_feeds([Feed(url="http://host0.example/feed")], NOW)
    later, seen = (NOW + timedelta(days=1)).isoformat(), (NOW - timedelta(days=40)).isoformat()
    with connect(url) as connection:
        connection.execute("CREATE TEMP TABLE one AS SELECT * FROM feeds")
        connection.execute(
            """INSERT INTO feeds SELECT (json_populate_record(one, json_build_object(
                   'url', 'http://host' || n || '.example/feed', 'address', 'http://host' || n || '.example/feed'))).*
               FROM one, generate_series(1, %s) AS n""",
            (feeds - 1,),
        )
        connection.execute(
            """INSERT INTO items (feed, identity, story, link, link_hash, title, summary, digest, seen_at, told_at,
                                  source, fate, why, fated_at)
               SELECT 'http://host' || n %% %s || '.example/feed', 'id' || n, 'story' || n, 'http://x.example/' || n, n,
                      'Title ' || n, repeat('word ', 40), 'digest', %s, NULL, '', 'irrelevant', 'not about it', %s
               FROM generate_series(1, %s) AS n""",
            (feeds, seen, seen, items),
        )
        connection.execute("UPDATE feeds SET next_at = %s, succeeded_at = %s", (later, seen))
        connection.execute("VACUUM ANALYZE")
    store.close()
    return url


async def document(visit: Visit, now: datetime) -> Answer:
    """A feed of twenty entries of which one is new."""
    del now
    entries = "".join(
        f"<item><guid>g{n}</guid><title>Entry {n} {time.monotonic_ns()}</title></item>" for n in range(20)
    )
    body = f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>".encode()
    return Fetched(body=body, address=visit.address)


async def _once(store: Store, url: str) -> float:
    async def run(ask):  # type: ignore[no-untyped-def]
        return ask(store)

    async def no_wait(_: float) -> None:
        return

    feed = f"http://host{Random(time.monotonic_ns()).randrange(200)}.example/feed"
    with connect(url) as connection:
        connection.execute("UPDATE feeds SET next_at = %s WHERE url = %s", (NOW.isoformat(), feed))
    app, began = make_app(url, 1), 0.0
    works = {"done": 0}

    @app.task(name=Name.POLL.value)
    async def job(urls: list[str]) -> None:
        await poll_some(run, document, urls, NOW, sleep=no_wait, rng=Random(0))
        works["done"] += 1

    async with app.open_async():
        await app.run_worker_async(wait=False, install_signal_handlers=False, queues=["work"])  # connections are warm
        began = time.perf_counter()
        await call(app, [Call(name=Name.POLL, lock=feed, about={"urls": [feed]})])
        await app.run_worker_async(wait=False, install_signal_handlers=False, queues=["work"], delete_jobs="always")
        took = time.perf_counter() - began
    if works["done"] != 1:
        raise SystemExit("the job was not done")
    return took * 1000


def claim_to_done(small: str, large: str) -> None:
    """Paired: one run beside few, one beside many, in turn."""
    stores = {url: Store(Postgres(url)) for url in (small, large)}
    pairs = [[asyncio.run(_once(stores[url], url)) for url in (small, large)] for _ in range(RUNS + 2)][2:]
    for name, column in (("200 feeds, 10,000 items", 0), ("many feeds and items", 1)):
        values = sorted(pair[column] for pair in pairs)
        print(f"{name:26} median {statistics.median(values):6.1f} ms, from {values[0]:.1f} to {values[-1]:.1f}")
    ratios = sorted(pair[1] / pair[0] for pair in pairs)
    print(
        f"ratio of pairs: median {statistics.median(ratios):.2f}, quartiles {ratios[RUNS // 4]:.2f} to "
        f"{ratios[-RUNS // 4]:.2f}"
    )
    for store in stores.values():
        store.close()


def looks(server: Server, sizes: list[int]) -> None:
    """The clock's look at so many feeds, fitted on all sizes but the last but one, which is predicted."""
    took = {}
    for size in sizes:
        store = Store(Postgres(filled(server, size, 0)))
        samples = sorted(_timed(store) for _ in range(7))
        took[size] = samples[3]
        spread = f"from {samples[0]:.1f} to {samples[-1]:.1f}"
        print(f"clock's look at {size:6} feeds: median {samples[3]:7.1f} ms of CPU, {spread}")
        store.close()
    held = sizes[-2]
    known = [(size, took[size]) for size in sizes if size != held]
    slope, offset = statistics.linear_regression([x for x, _ in known], [y for _, y in known])
    said = slope * held + offset
    print(
        f"model: {offset:.1f} ms + {slope * 1000:.2f} ms for each 1,000 feeds; held back {held}: predicted {said:.1f}, "
        f"measured {took[held]:.1f} ({said / took[held] - 1:+.0%})"
    )


def _timed(store: Store) -> float:
    began = time.process_time()  # nearly all of it is our own work: what else the machine does is left out
    due_calls(store, [], NOW)
    return (time.process_time() - began) * 1000


def throughput(server: Server, feeds: int) -> None:
    """So many due feeds on as many hosts, polled by 1, 2 and 4 worker processes; each exactly once."""
    for workers in WORKERS:
        url = filled(server, feeds, 0)
        with connect(url) as connection:
            connection.execute("UPDATE feeds SET next_at = %s", (NOW.isoformat(),))
        store = Store(Postgres(url))
        asyncio.run(_call_all(url, due_calls(store, [], NOW)))
        began = time.perf_counter()
        command = [sys.executable, __file__, "--worker", url]
        running_ = [
            subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, text=True) for _ in range(workers)
        ]
        asked = [line for one in running_ for line in one.communicate()[0].split()]
        took = max(float(line.removeprefix("took=")) for line in asked if line.startswith("took="))
        polled = [line for line in asked if not line.startswith("took=")]
        twice = len(polled) - len(set(polled))
        print(
            f"{workers} workers: {len(set(polled)):5} feeds in {took:5.1f} s = {len(polled) / took:6.1f} a second; "
            f"polled twice: {twice}; with start {time.perf_counter() - began:.1f} s"
        )
        store.close()


async def _call_all(url: str, calls: list[Call]) -> None:
    app = make_app(url, 1)
    async with app.open_async():
        await call(app, calls)


def be_worker(url: str) -> None:
    """Do what is called until nothing is left; print every feed that was asked."""
    store, polled = Store(Postgres(url)), list[str]()

    async def fetch(visit: Visit, now: datetime) -> Answer:
        polled.append(visit.feed.url)
        await asyncio.sleep(0.05)  # the network
        return await document(visit, now)

    async def run(ask):  # type: ignore[no-untyped-def]
        return await asyncio.to_thread(ask, store)

    async def main() -> None:
        app = make_app(url, 8)

        @app.task(name=Name.POLL.value)
        async def job(urls: list[str]) -> None:
            await poll_some(run, fetch, urls, NOW, sleep=asyncio.sleep, rng=Random(0))

        async with app.open_async():
            await app.run_worker_async(
                wait=False, concurrency=8, install_signal_handlers=False, queues=["work"], delete_jobs="always"
            )

    began = time.perf_counter()
    asyncio.run(main())
    print("\n".join([*polled, f"took={time.perf_counter() - began:.3f}"]))
    store.close()


def main() -> None:
    """Everything, in the sizes of docs/scaling.md unless told otherwise."""
    options = argparse.ArgumentParser()
    options.add_argument("--feeds", type=int, default=20_000)
    options.add_argument("--items", type=int, default=1_000_000)
    options.add_argument("--polled", type=int, default=400)
    options.add_argument("--parts", nargs="+", default=["claim", "clock", "workers"])
    options.add_argument("--worker", default="")
    told = options.parse_args()
    if told.worker:
        be_worker(told.worker)
        return
    with running() as server:
        if "claim" in told.parts:
            claim_to_done(filled(server, 200, 10_000), filled(server, told.feeds, told.items))
        if "clock" in told.parts:
            looks(server, [200, 2_000, 5_000, 10_000, told.feeds])
        if "workers" in told.parts:
            throughput(server, told.polled)


if __name__ == "__main__":
    main()
