"""A due feed from its call to done, beside few and beside many feeds and items: for `bench_scale.py`."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from procrastinate import App

from app.threads import StoreThread
from app.work.calls import Call, Name
from app.work.queue import call, make_app
from benchmarks.scale_data import NOW, document
from sources.poll import poll_some
from storage.postgres import Postgres, connect
from storage.store import Store

FEEDS = 200  # as many as the smaller side has: each is polled in turn on both
WARM = 10  # pairs that do not count


@dataclass
class Side:
    """One database, with what its runs took."""

    url: str
    app: App
    run: StoreThread
    wall: list[float] = field(default_factory=list)  # milliseconds
    cpu: list[float] = field(default_factory=list)

    async def once(self, feed: str) -> None:
        """Make a feed due, call it, and do the job."""
        with connect(self.url) as connection:
            connection.execute("UPDATE feeds SET next_at = %s WHERE url = %s", (NOW.isoformat(), feed))
        wall, cpu = time.perf_counter(), time.process_time()
        await call(self.app, [Call(name=Name.POLL, lock=feed, about={"urls": [feed]})])
        await self.app.run_worker_async(
            wait=False, install_signal_handlers=False, queues=["work"], delete_jobs="always", listen_notify=False
        )
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)


def claim_to_done(small: str, large: str, pairs: int) -> None:
    """One run beside few and one beside many, in turn, each first in every other pair."""
    few, many = asyncio.run(_measured(small, large, pairs))
    for what, a, b in (("wall clock", few.wall, many.wall), ("own CPU time", few.cpu, many.cpu)):
        ratios = [y / x for x, y in zip(a, b, strict=True)]
        low, high = _bounds(ratios)
        quarter, _, last = statistics.quantiles(ratios, n=4)
        print(
            f"{what:13} few {_told(a)}, many {_told(b)}; ratio of {len(ratios)} pairs: median "
            f"{statistics.median(ratios):.2f} (95 % of it within {low:.2f} to {high:.2f}), "
            f"quartiles {quarter:.2f} to {last:.2f}"
        )


async def _measured(small: str, large: str, pairs: int) -> tuple[Side, Side]:
    sides = [Side(url, make_app(url), StoreThread(Store(Postgres(url)), threads=4)) for url in (small, large)]
    for side in sides:
        side.app.task(name=Name.POLL.value)(_poll(side))
        await side.app.open_async()
    for pair in range(pairs + WARM):
        feed = f"http://host{pair % FEEDS}.example/feed"
        for side in sides if pair % 2 else reversed(sides):
            await side.once(feed)
    for side in sides:
        side.wall, side.cpu = side.wall[WARM:], side.cpu[WARM:]
        await side.app.close_async()
        side.run.close()
    return sides[0], sides[1]


def _poll(side: Side) -> Callable[[list[str]], Awaitable[None]]:
    async def job(urls: list[str]) -> None:
        brought = await poll_some(side.run, document, urls, NOW, sleep=asyncio.sleep, rng=Random(0))
        if brought.looked != 1:
            raise SystemExit("the feed was not polled")

    return job


def _told(values: list[float]) -> str:
    quarter, middle, last = statistics.quantiles(values, n=4)
    return f"{middle:.1f} ms ({quarter:.1f} to {last:.1f})"


def _bounds(ratios: list[float]) -> tuple[float, float]:
    """Where the median of such pairs lies in 95 of 100 samples drawn from them."""
    rng = Random(0)
    medians = sorted(statistics.median(rng.choices(ratios, k=len(ratios))) for _ in range(1000))
    return medians[24], medians[974]
