"""Due feeds polled by 1, 2 and 4 worker processes: for `bench_scale.py`, and each of those workers."""

import asyncio
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from random import Random

from app.processes import POLLS_AT_ONCE
from app.threads import StoreThread
from app.work.calls import Call, Name, due_calls
from app.work.queue import call, make_app
from benchmarks.scale_data import NOW, document, filled, server_seconds
from cascade.feed import Answer, Visit
from sources.poll import poll_some, read
from storage.postgres import Postgres, connect
from storage.store import Store
from tests.postgres import Server

WORKERS = (1, 2, 4)
NETWORK = 0.05  # seconds that a feed's host takes
THREADS = 4  # as CASCADE_CONNECTIONS is
GO = "go\n"


def throughput(server: Server, feeds: int, rounds: int) -> None:
    """So many due feeds on as many hosts, each polled exactly once whoever takes it; the counts of workers in turn."""
    for _ in range(rounds):
        for workers in WORKERS:
            print(_round(server, feeds, workers))


def _round(server: Server, feeds: int, workers: int) -> str:
    url = filled(server, feeds, 0)
    with connect(url) as connection:
        connection.execute("UPDATE feeds SET next_at = %s", (NOW.isoformat(),))
    store = Store(Postgres(url))
    asyncio.run(_call_all(url, due_calls(store, [], NOW)))
    store.close()
    members = [_start(url) for _ in range(workers)]
    for one in members:
        _hear(one)  # it is connected
    busy, began = server_seconds(server), time.perf_counter()
    for one in members:
        _say(one, GO)
    said = "".join(one.communicate()[0] for one in members).split()
    took, busy = time.perf_counter() - began, server_seconds(server) - busy
    polled = [word for word in said if word.startswith("http")]
    own = sum(float(word.removeprefix("cpu=")) for word in said if word.startswith("cpu="))
    twice = len(polled) - len(set(polled))
    return (
        f"{workers} workers: {len(set(polled)):5} feeds in {took:5.1f} s = {len(polled) / took:6.1f} a second; polled "
        f"twice: {twice}; CPU for each: {own / len(polled) * 1000:.1f} ms of the workers, "
        f"{busy / len(polled) * 1000:.1f} ms of the server"
    )


def _start(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.scale_workers", url]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.Popen(command, env=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _hear(one: "subprocess.Popen[str]") -> str:
    assert one.stdout is not None
    return one.stdout.readline()


def _say(one: "subprocess.Popen[str]", word: str) -> None:
    assert one.stdin is not None
    one.stdin.write(word)
    one.stdin.flush()


async def _call_all(url: str, calls: list[Call]) -> None:
    app = make_app(url)
    async with app.open_async():
        await call(app, calls)


async def be_worker(url: str) -> None:
    """Once told to, do what is called until nothing is left; print every feed that was asked, and the time."""
    app, run, polled = make_app(url), StoreThread(Store(Postgres(url)), threads=THREADS), list[str]()

    async def fetch(visit: Visit, now: datetime) -> Answer:
        polled.append(visit.feed.url)
        await asyncio.sleep(NETWORK)
        return await document(visit, now)

    @app.task(name=Name.POLL.value)
    async def job(urls: list[str]) -> None:
        await poll_some(run, fetch, urls, NOW, sleep=asyncio.sleep, rng=Random(0))

    async with app.open_async():
        await _warm_up(run)
        print("ready", flush=True)
        sys.stdin.readline()
        began = time.process_time()
        await app.run_worker_async(
            wait=False, concurrency=POLLS_AT_ONCE, install_signal_handlers=False, queues=["work"], delete_jobs="always"
        )
        print("\n".join([*polled, f"cpu={time.process_time() - began:.3f}"]))
    run.close()


async def _warm_up(run: StoreThread) -> None:
    """A worker lives for weeks: what it loads for its first feed is not what a feed costs."""
    (visit, *_), *_ = await asyncio.gather(*(run(lambda store: store.visits()) for _ in range(THREADS)))
    read(visit, await document(visit, NOW), NOW)


if __name__ == "__main__":
    asyncio.run(be_worker(sys.argv[1]))
