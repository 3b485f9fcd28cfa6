"""One pass over all feeds that are due: ask, read, and hand over to the store's side as answers come in."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from random import Random
from typing import Protocol, TypeVar

from cascade.feed import Answer, Failed, Fetched, Reason, Visit
from cascade.ports import FeedStore
from sources import keep, schedule
from sources.keep import Look, Pass
from sources.parse import parse
from sources.raw import Origin, fingerprint_bytes

HOSTS_AT_ONCE = 64
WAITING_LOOKS = 32  # read but not recorded yet
ITEMS_IN_A_BATCH = 5000

T = TypeVar("T")
Fetch = Callable[[Visit, datetime], Awaitable[Answer]]
Sleep = Callable[[float], Awaitable[None]]


class Run(Protocol):
    """How the store is asked from async code: the function runs on the store's own thread."""

    def __call__(self, ask: Callable[[FeedStore], T], /) -> Awaitable[T]:
        """What `ask` answers."""


async def poll(run: Run, fetch: Fetch, now: datetime, *, sleep: Sleep, rng: Random) -> Pass:
    """Look once at every feed that is due, as of `now`. One bad feed never stops the pass."""
    visits = schedule.due(await run(lambda store: store.visits()), now)
    return await _look_at(visits, _Keeper(run=run, now=now, rng=rng), fetch, sleep)


async def poll_some(run: Run, fetch: Fetch, urls: Sequence[str], now: datetime, *, sleep: Sleep, rng: Random) -> Pass:
    """Look once at those of these feeds that are due; what comes is not joined into stories yet."""
    visits = await run(lambda store: store.visits_of(urls))
    due = [visit for visit in visits if schedule.is_due(visit, now)]
    return await _look_at(due, _Keeper(run=run, now=now, rng=rng, folds=False), fetch, sleep)


async def _look_at(visits: list[Visit], keeper: "_Keeper", fetch: Fetch, sleep: Sleep) -> Pass:
    if not visits:
        return Pass()
    queues = deque(schedule.by_host(visits))
    looks = keeper.looks
    with ThreadPoolExecutor(1, thread_name_prefix="parse") as reader:
        walker = _Walker(fetch=fetch, sleep=sleep, now=keeper.now, reader=reader, queues=queues, looks=looks)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keeper.work())
                await asyncio.gather(*(walker.work() for _ in range(min(HOSTS_AT_ONCE, len(queues)))))
                await looks.put(None)
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
    return await keeper.summary()


def read(visit: Visit, answer: Fetched, now: datetime) -> Look:
    """What an answer holds. The bytes that were read last are not read again."""
    digest = fingerprint_bytes(answer.body)
    origin = Origin(feed=visit.feed.url, address=answer.address, source=visit.feed.title, now=now)
    document = None if digest == visit.digest else parse(answer.body, answer.content_type, origin)
    return Look(visit=visit, answer=replace(answer, body=b""), document=document, digest=digest)


@dataclass(frozen=True, kw_only=True)
class _Walker:
    """Takes one host's queue after another; within a queue it keeps the host's pace."""

    fetch: Fetch
    sleep: Sleep
    now: datetime
    reader: ThreadPoolExecutor
    queues: deque[list[Visit]]
    looks: asyncio.Queue[Look | None]

    async def work(self) -> None:
        while self.queues:
            queue = self.queues.popleft()
            burdened = False
            for visit in queue:
                if burdened:
                    await self.sleep(schedule.pace(schedule.host_of(visit.address)))
                look = await self._look(visit)
                # Without a network nobody is burdened, and it is told at once.
                burdened = not (isinstance(look.answer, Failed) and look.answer.reason is Reason.UNREACHABLE)
                await self.looks.put(look)
                if look.wait:
                    break  # the host's other feeds are not asked; the keeper puts them off

    async def _look(self, visit: Visit) -> Look:
        """One look; a page that was never a feed is left for the first feed that it names."""
        look = await self._read(visit, visit.address)
        page = look.document
        if visit.succeeded_at or not isinstance(page, Failed) or not page.instead:
            return look
        await self.sleep(schedule.pace(schedule.host_of(page.instead[0])))
        other = await self._read(visit, page.instead[0])
        return look if other.failure else other

    async def _read(self, visit: Visit, address: str) -> Look:
        asked = replace(visit, address=address)
        answer = await self.fetch(asked, self.now)
        if not isinstance(answer, Fetched):
            return Look(visit=asked, answer=answer)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.reader, read, asked, answer, self.now)


@dataclass(kw_only=True)
class _Keeper:
    """Records looks as they come in; holds those back that our own connection may be to blame for."""

    run: Run
    now: datetime
    rng: Random
    folds: bool = True  # whether new items are joined into stories at the end
    looks: asyncio.Queue[Look | None] = field(default_factory=lambda: asyncio.Queue(WAITING_LOOKS))
    held: list[Look] = field(default_factory=list)
    parts: list[Pass] = field(default_factory=list)

    async def work(self) -> None:
        more = True
        while more:
            batch, more = await self._batch()
            self.held += [look for look in batch if look.is_unreached]
            await self._keep([look for look in batch if not look.is_unreached])

    async def summary(self) -> Pass:
        offline = (
            not self.parts and len({schedule.host_of(look.visit.address) for look in self.held}) >= keep.HOSTS_TO_TELL
        )
        if offline:
            return await self.run(partial(keep.keep_offline, looks=self.held, now=self.now))
        await self._keep(self.held)
        news = self.folds and any(part.new for part in self.parts)
        merged = await self.run(partial(keep.fold, now=self.now)) if news else {}
        return keep.total(self.parts, merged)

    async def _keep(self, looks: list[Look]) -> None:
        if looks:
            self.parts.append(await self.run(partial(keep.keep, looks=looks, now=self.now, rng=self.rng)))

    async def _batch(self) -> tuple[list[Look], bool]:
        """What has come in by now, at least one look; whether more may come."""
        batch: list[Look] = []
        size = 0
        while not batch or (not self.looks.empty() and size < ITEMS_IN_A_BATCH):
            look = await self.looks.get()
            if look is None:
                return batch, False
            batch.append(look)
            size += look.size
        return batch, True
