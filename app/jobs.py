"""What has to be done again and again. Each job takes up where the store says the last one stopped."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from random import Random

from app.build import House
from app.clock import Clock
from app.digests import Digests
from app.learning import Learner
from app.opinions import Opinions, endpoint
from app.tag import tag_waiting
from app.threads import StoreThread
from bot.cards import Choose, Desk
from cascade.board import Judged
from cascade.feed import HealthChange
from cascade.phrases import counted
from cascade.ports import Card, Chat, Place
from sources.keep import Pass, fold
from sources.poll import Fetch, poll, poll_some

A_DAY = timedelta(days=1)
FORGOTTEN = "text forgotten"  # the note that tells on which day this was done last


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
        """Poll the feeds that are due, and tag what came."""
        now = self.clock()
        brought = await poll(self.run, self.fetch, now, sleep=asyncio.sleep, rng=self.rng)
        self._report(brought)
        await self._tag()

    async def cards(self, desk: Desk) -> None:
        """Post the cards whose turn it is in one channel."""
        await desk.post_new(self.clock())

    async def poll_some(self, urls: Sequence[str]) -> bool:
        """Poll those of these feeds that are due; whether they brought anything to sort."""
        now = self.clock()
        brought = await poll_some(self.run, self.fetch, urls, now, sleep=asyncio.sleep, rng=self.rng)
        self._report(brought)
        return bool(brought.new or brought.changed)

    async def sort(self) -> None:
        """Join what came into stories, and tag it."""
        now = self.clock()
        await self.run(lambda store: fold(store, now))
        await self._tag()

    async def _tag(self) -> None:
        await self._learner.learn()
        now = self.clock()
        await self.run(lambda store: tag_waiting(store, self.house.reader.read, now))
        if self._opinions is not None:
            await self._opinions.ask()

    @cached_property
    def _learner(self) -> Learner:
        """One for the process: it hands the reader a better model as soon as there is one."""
        return Learner(house=self.house, run=self.run, clock=self.clock, tell=self.tell)

    @cached_property
    def _opinions(self) -> Opinions | None:
        where = endpoint(self.house.settings)
        if where is None:
            return None
        return Opinions(house=self.house, run=self.run, clock=self.clock, tell=self.tell, where=where)

    async def forget(self) -> None:
        """Once a day, drop the text of items that are older than the retention."""
        now, days = self.clock(), self.house.settings.keep_text_days
        today = now.date().isoformat()
        if days and await self.run(lambda store: store.note(FORGOTTEN)) != today:
            await self.run(lambda store: store.drop_old_text(now - timedelta(days=days)))
            await self.run(lambda store: store.set_note(FORGOTTEN, today))

    async def claim(self) -> None:
        """Claim the digests and direct messages that are owed."""
        await self._digests.claim()

    async def deliver_to(self, place: Place) -> None:
        """Bring what was claimed for one place on its way."""
        await self._digests.deliver_to(place)

    async def digests(self) -> None:
        """Claim the digests and direct messages that are owed, then bring every open part on its way."""
        await self._digests.send()

    @cached_property
    def _digests(self) -> Digests:
        """One for the process: it remembers how fast each place was written to."""
        return Digests(taxonomy=self.house.taxonomy, run=self.run, clock=self.clock, chats=self.chats, tell=self.tell)

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
