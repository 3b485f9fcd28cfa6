"""Cascade's side of the feed benchmark, a process of its own: `python -m benchmarks.feed_passes PORT FEEDS FOLDER`."""

import asyncio
import json
import resource
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult

from cascade.feed import Feed
from cascade.ports import FeedStore
from sources.fetch import Fetcher
from sources.keep import Pass
from sources.poll import Fetch, poll
from storage.database import SQLite
from storage.feeds import FeedRows

START = datetime(2026, 6, 19, 12, tzinfo=UTC)
T = TypeVar("T")


class Everywhere(AbstractResolver):
    """Every name leads to this machine, so that each feed has a host of its own."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Loopback."""
        del family
        found = ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        return [found]

    async def close(self) -> None:
        """Nothing to let go of."""


class Bench:
    """A store on disk, a fetcher, and a clock that jumps two days from pass to pass."""

    def __init__(self, folder: Path, feeds: Sequence[Feed], hosts: Sequence[str]) -> None:
        self._store: FeedStore = FeedRows(SQLite(folder / "feeds.db"))
        self._store.add_feeds(feeds, START)
        self._thread = ThreadPoolExecutor(1)
        self._hosts, self.turn = hosts, 0

    async def run(self, ask: Callable[[FeedStore], T]) -> T:
        """Ask the store on its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask, self._store)

    async def one_pass(self, fetch: Fetch) -> Pass:
        """Look at every feed once."""
        self.turn += 1
        now = START + timedelta(days=2 * self.turn)
        return await poll(self.run, fetch, now, sleep=asyncio.sleep, rng=Random(7))


async def passes(port: int, count: int, folder: Path) -> None:
    """First, unchanged, and one new entry in each; one line of JSON for each pass."""
    hosts = [f"f{number}.bench" for number in range(count)]
    feeds = [Feed(url=f"http://{host}:{port}/{number}", title=host) for number, host in enumerate(hosts)]
    bench = Bench(folder, feeds, hosts)
    async with Fetcher(hosts, resolver=Everywhere()) as fetch:
        for name in ("first poll", "all unchanged", "one new entry each"):
            if name == "one new entry each":
                urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/more", method="POST")).read()  # noqa: ASYNC210
            wall, cpu = time.perf_counter(), time.process_time()
            done = await bench.one_pass(fetch)
            told(name, wall, cpu, done.baseline + len(done.new), len(done.failures))


def told(name: str, wall: float, cpu: float, items: int, failures: int, note: str = "") -> None:
    """One measured pass as a line of JSON."""
    found = {
        "pass": name,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "items": items,
        "failures": failures,
        "note": note,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    asyncio.run(passes(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
