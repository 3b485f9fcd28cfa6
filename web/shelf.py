"""The reading room: facts read from the store once per change, boards folded once per question.

An *edition* is everything that is true between two changes of the store. A request first asks
the store for its stamp, which is cheap; only when that differs are the facts read again. What is
dear happens on a worker thread, one piece at a time, so that a burst of odd dates cannot take
the machine away from those who read the present board.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from cascade.board import Facts
from cascade.errors import CascadeError
from cascade.taxonomy import Taxonomy
from cascade.view import View
from web.clocks import Clocks
from web.kept import Kept
from web.runner import Run
from web.snapshot import Deduced, Snapshot, deduce, deduced_key

T = TypeVar("T")
SNAPSHOTS, DEDUCED = 12, 24  # kept at most
WAITERS = 40  # requests that may wait for a board; the next one is told to come back
EVIDENCE_EVERY = timedelta(seconds=5)
BUSY = "too many boards of other days are being worked out: try again in a few seconds"


class BusyError(CascadeError):
    """Too many boards of other days are being worked out."""


@dataclass(frozen=True)
class Edition:
    """What a rendered page may be kept for: the store's stamps and the hour (candidates expire)."""

    stamp: str
    hour: datetime


class Shelf:
    """Hands out snapshots; every one is of the newest edition."""

    def __init__(self, taxonomy: Taxonomy, run: Run, clock: Callable[[], datetime], team: str) -> None:
        self._taxonomy, self._run, self._clock, self._team = taxonomy, run, clock, team
        self._facts: tuple[Edition, Facts] | None = None
        self._evidence: tuple[datetime, str] | None = None
        self._snapshots: Kept[Snapshot] = Kept(SNAPSHOTS)
        self._deduced: Kept[Deduced] = Kept(DEDUCED)
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def edition(self) -> Edition:
        """The edition of this moment."""
        now = self._clock()
        seen = self._evidence
        fresh = seen is not None and timedelta() <= now - seen[0] < EVIDENCE_EVERY
        stamp, evidence = await self._run(
            lambda store: (store.stamp(self._team), seen[1] if fresh and seen else store.evidence_stamp())
        )
        if not fresh:
            self._evidence = (now, evidence)
        return Edition(f"{stamp}.{evidence}", now.replace(minute=0, second=0, microsecond=0))

    async def snapshot(self, edition: Edition, clocks: Clocks) -> Snapshot:
        """The board by these clocks. Raises BusyError when too many wait."""
        key = (edition, clocks)
        if kept := self._snapshots.get(key):
            return kept

        async def fold() -> Snapshot:
            return self._snapshots.get(key) or self._snapshots.put(key, await self._fold(edition, clocks))

        return await self.in_turn(fold)

    async def facts(self, edition: Edition) -> Facts:
        """All that boards are folded from."""
        if self._facts is None or self._facts[0] != edition:
            self._facts = (edition, await self._run(lambda store: store.facts(self._team)))
        return self._facts[1]

    async def in_turn(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do dear work while nobody else does any. Raises BusyError when too many wait already."""
        if self._waiting >= WAITERS:
            raise BusyError(BUSY)
        self._waiting += 1
        try:
            async with self._turn:
                return await work()
        finally:
            self._waiting -= 1

    async def _fold(self, edition: Edition, clocks: Clocks) -> Snapshot:
        now = self._clock()
        day = clocks.as_of or now.date()
        facts = await self.facts(edition)
        view = View(taxonomy=self._taxonomy, facts=facts, now=clocks.moment(now), day=day)
        key = await asyncio.to_thread(lambda: deduced_key(view))
        known = self._deduced.get(key)
        if known is None:
            known = self._deduced.put(key, await asyncio.to_thread(deduce, view))
        return Snapshot(view=view, clocks=clocks, deduced=known)
