"""What has to be done again and again. Each job takes up where the store says the last one stopped."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from random import Random

from app.build import House
from app.clock import Clock
from app.tag import tag_waiting
from app.threads import StoreThread
from bot.cards import Choose, Desk
from cascade.board import Judged
from cascade.feed import HealthChange
from cascade.phrases import counted
from cascade.ports import Card, Chat
from digest.claim import claim, owed_now
from digest.edit import Desk as DigestDesk
from digest.send import Courier
from sources.keep import Pass
from sources.poll import Fetch, poll

A_DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Jobs:
    """The jobs of one process, over one store."""

    house: House
    run: StoreThread
    fetch: Fetch
    clock: Clock
    rng: Random
    chats: Mapping[str, Chat]
    desks: Sequence[Desk]
    tell: Callable[[str], None]  # the operator's ear: one line for each change of state
    _offline: bool = field(default=False, init=False)

    async def look(self) -> None:
        """Poll the feeds that are due, tag what came, post the cards whose turn it is."""
        now = self.clock()
        brought = await poll(self.run, self.fetch, now, sleep=asyncio.sleep, rng=self.rng)
        self._report(brought)
        await self.run(lambda store: tag_waiting(store, self.house.reader.read, now))
        for desk in self.desks:
            await desk.post_new(self.clock())

    async def digests(self) -> None:
        """Claim the digests that are owed, then bring every open part on its way."""
        for subscription in await self.run(lambda store: owed_now(store, self.clock())):
            await self.run(
                lambda store, one=subscription: claim(  # type: ignore[misc]
                    DigestDesk(taxonomy=self.house.taxonomy, store=store), one, self.clock()
                )
            )
        await self._courier.deliver()

    @cached_property
    def _courier(self) -> Courier:
        """One for the process: it remembers how fast each place was written to."""
        return Courier(run=self.run, chats=self.chats, clock=self.clock)

    def _report(self, brought: Pass) -> None:
        if brought.offline and not self._offline:
            self.tell(
                f"{counted(brought.looked, 'feed')} could not be reached: is there a network? "
                "Cascade goes on with what it has and tries again."
            )
        self._offline = brought.offline if brought.looked else self._offline
        for change in brought.health:
            self.tell(_health_line(change))


def budget(most: int, per: timedelta, clock: Clock) -> Choose:
    """Chooses the strongest of the waiting while the budget lasts; the others wait in the queue."""

    def choose(waiting: Sequence[Judged], cards: Sequence[Card]) -> Sequence[Judged]:
        spent = sum(clock() - card.claimed_at < per for card in cards)
        return waiting[: max(most - spent, 0)]

    return choose


def _health_line(change: HealthChange) -> str:
    name = change.feed.title or change.feed.url
    return f"feed {name}: {change.was} → {change.now}{f' ({change.reason})' if change.reason else ''}"
