"""The desk: reads what a team knows, composes each digest once, and words it for each reader. Waits for nothing."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from cascade.board import Facts
from cascade.delivery import Slot, Statement
from cascade.ledger import Entry, Published
from cascade.message import Message
from cascade.ports import Store
from cascade.subscription import EVERYTHING, Filter, Subscription
from cascade.taxonomy import Cell, Taxonomy
from cascade.week import UTC_ZONE, Period
from digest.compose import compose, health_of, look_back
from digest.findings import NOTHING_FORESEEN, Digest, FeedHealth, Outlook, Stretch
from digest.foresee import published
from digest.marking import marks
from digest.schedule import owed, upcoming
from digest.wording import details, say

Foresee = Callable[[Stretch, Sequence[Entry]], Outlook]
_KEPT = 24  # stretches and drafts remembered: subscriptions of one hour share them


@dataclass(frozen=True, kw_only=True)
class Written:
    """A digest ready to be claimed: nothing to send when it is quiet and quiet weeks are off."""

    parts: tuple[Message, ...]
    told: Mapping[Cell, Statement]
    marks: Mapping[str, Sequence[str]]
    forecasts: Sequence[Published] = ()  # those that it shows, for the ledger


@dataclass(kw_only=True)
class Desk:
    """Composes digests from a store. Made anew for each round: it knows what was known when it was first asked."""

    taxonomy: Taxonomy
    store: Store
    foresee: Foresee = lambda _stretch, _ledger: NOTHING_FORESEEN
    _facts: dict[str, Facts] = field(default_factory=dict)
    _stretches: dict[tuple[str, Period], tuple[Stretch, Outlook]] = field(default_factory=dict)
    _drafts: dict[Hashable, tuple[Digest, tuple[Message, ...]]] = field(default_factory=dict)

    def write(self, subscription: Subscription, slot: Slot) -> Written:
        """The slot's digest for this subscription, as known at the slot's own moment."""
        told = self.store.told(subscription.id)
        digest, worded = self._draft(subscription, slot, {cell: said for cell, (_, said) in told.items()})
        silent = digest.is_quiet and not subscription.tells_quiet and not digest.matches_nothing
        parts = () if silent else worded
        return Written(
            parts=parts,
            told=digest.told,
            marks=marks(digest, told),
            forecasts=self._published(subscription.team, slot, digest) if parts else (),
        )

    def digest(
        self,
        team: str,
        period: Period,
        *,
        only: Filter = EVERYTHING,
        weeks: tuple[str, ...] = (),
        zone: ZoneInfo = UTC_ZONE,
        told: Mapping[Cell, Statement] | None = None,
        health: FeedHealth | None = None,
    ) -> Digest:
        """Any stretch of time, as it was known at its end: dry runs of past weeks too."""
        stretch, outlook = self._look_back(team, period)
        return compose(stretch, zone=zone, weeks=weeks, only=only, told=told, health=health, outlook=outlook)

    def preview(self, subscription: Subscription, now: datetime) -> tuple[Message, ...]:
        """What the next digest would tell if its hour were now. Nothing is claimed."""
        last = self.store.last_slot(subscription.id)
        slot = owed(subscription, last, upcoming(subscription, last, now))
        if slot is None:
            return ()
        return self.write(subscription, replace(slot, period=Period(min(slot.period.start, now), now))).parts

    def _draft(
        self, one: Subscription, slot: Slot, told: Mapping[Cell, Statement]
    ) -> tuple[Digest, tuple[Message, ...]]:
        """The digest in words; composed once for all subscriptions that it reads the same for."""
        key = (one.team, slot.period, one.only, one.zone.key, slot.covers, frozenset(told.items()))
        if key not in self._drafts:
            while len(self._drafts) >= _KEPT:
                del self._drafts[next(iter(self._drafts))]
            digest = self.digest(
                one.team,
                slot.period,
                only=one.only,
                weeks=slot.covers,
                zone=one.zone,
                told=told,
                health=self._health,
            )
            self._drafts[key] = (digest, (say(digest), *details(digest)))
        return self._drafts[key]

    @cached_property
    def _health(self) -> FeedHealth | None:
        return health_of(self.store.visits())

    def _published(self, team: str, slot: Slot, digest: Digest) -> Sequence[Published]:
        stretch, _ = self._look_back(team, slot.period)
        return published(team, stretch, digest.shown, f"{slot.owner} {slot.name}")

    def _known(self, team: str) -> Facts:
        """Read once: no stretch of a round ends after the round began."""
        if team not in self._facts:
            self._facts[team] = self.store.facts(team)
        return self._facts[team]

    def _look_back(self, team: str, period: Period) -> tuple[Stretch, Outlook]:
        key = (team, period)
        if key not in self._stretches:
            while len(self._stretches) >= _KEPT:
                del self._stretches[next(iter(self._stretches))]
            stretch = look_back(self.taxonomy, self._known(team), period)
            self._stretches[key] = (stretch, self.foresee(stretch, self.store.ledger(team)))
        return self._stretches[key]
