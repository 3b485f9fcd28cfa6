"""Thousands of feeds, some broken, slow or silent: `python -m benchmarks.feed_passes_hard PORT FEEDS FOLDER TURNS`.

Every fiftieth feed answers with an error, every fiftieth takes ten seconds, five never answer. The first pass is
compared with one over the same number of feeds that all are well; then passes follow for the memory's sake.
"""

import asyncio
import resource
import sys
import time
from datetime import datetime
from pathlib import Path

from benchmarks.feed_passes import Bench, Everywhere, told
from cascade.feed import Answer, Feed, Visit
from sources.fetch import Fetcher

SILENT = 5


class Watch:
    """Passes questions on, and remembers when the last feed that is well was answered."""

    def __init__(self, fetch: Fetcher) -> None:
        self._fetch, self.last = fetch, 0.0

    async def __call__(self, visit: Visit, now: datetime) -> Answer:
        """The feed's answer."""
        answer = await self._fetch(visit, now)
        if "?" not in visit.address:
            self.last = time.perf_counter()
        return answer


async def passes(port: int, count: int, folder: Path, turns: int) -> None:
    """All well, then with trouble, then again and again; one line of JSON for each."""
    hosts = [f"f{number}.bench" for number in range(count)]
    async with Fetcher(hosts, resolver=Everywhere()) as fetch:
        watch = Watch(fetch)
        for name, trouble in (("5,000, all well", False), ("5,000, some not", True)):
            (folder / name).mkdir()
            bench = Bench(folder / name, [_feed(host, port, n, trouble=trouble) for n, host in enumerate(hosts)], hosts)
            wall, cpu = time.perf_counter(), time.process_time()
            done = await bench.one_pass(watch)
            note = f"the well ones were answered within {watch.last - wall:.1f} s"
            told(name, wall, cpu, done.baseline, len(done.failures), note)
        (folder / "again").mkdir()
        bench = Bench(
            folder / "again",
            [_feed(host, port, n, trouble=n % 50 == 0 and n >= SILENT) for n, host in enumerate(hosts)],
            hosts,
        )
        await _again(bench, watch, turns)


async def _again(bench: Bench, watch: Watch, turns: int) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    sizes = []
    for _ in range(turns):
        done = await bench.one_pass(watch)
        sizes.append(_resident())
    note = (
        f"resident after 2, {turns // 2} and {turns}: {sizes[1]:.0f}, {sizes[turns // 2 - 1]:.0f}, {sizes[-1]:.0f} MB"
    )
    told(f"{turns} passes", wall, cpu, done.baseline, len(done.failures), note)


def _feed(host: str, port: int, number: int, *, trouble: bool) -> Feed:
    how = ""
    if trouble and number < SILENT:
        how = "?never"
    elif trouble and number % 50 == 10:
        how = "?slow"
    elif trouble and number % 50 == 0:
        how = "?error"
    return Feed(url=f"http://{host}:{port}/{number}{how}", title=host)


def _resident() -> float:
    """What this process holds in memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_048_576


if __name__ == "__main__":
    asyncio.run(passes(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
