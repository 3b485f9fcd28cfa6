"""The desk: reads what a team knows, composes each digest once, and words it for each reader. Waits for nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cascade.delivery import Slot, Statement
from cascade.message import Message
from cascade.ports import Store
from cascade.subscription import EVERYTHING, Filter, Subscription
from cascade.taxonomy import Cell, Taxonomy
from cascade.week import UTC_ZONE, Period, Week
from digest.compose import compose, health_of, look_back
from digest.findings import NOTHING_FORESEEN, Digest, FeedHealth, Outlook, Stretch
from digest.marking import marks
from digest.schedule import moment_of
from digest.wording import details, say

_KEPT = 24  # stretches remembered: subscriptions of one hour share one


@dataclass(frozen=True, kw_only=True)
class Written:
    """A digest ready to be claimed: nothing to send when it is quiet and quiet weeks are off."""

    parts: tuple[Message, ...]
    told: Mapping[Cell, Statement]
    marks: Mapping[str, Sequence[str]]


@dataclass(kw_only=True)
class Desk:
    """Composes digests from a store. Made anew for each round, so that it never tells stale news."""

    taxonomy: Taxonomy
    store: Store
    foresee: Callable[[Stretch], Outlook] = lambda _: NOTHING_FORESEEN
    _stretches: dict[tuple[str, Period], tuple[Stretch, Outlook]] = field(default_factory=dict)

    def write(self, subscription: Subscription, slot: Slot) -> Written:
        """The slot's digest for this subscription, as known at the slot's own moment."""
        told = self.store.told(subscription.id)
        digest = self.digest(
            subscription.team,
            slot.period,
            only=subscription.only,
            weeks=slot.covers,
            zone_of=subscription,
            told={cell: said for cell, (_, said) in told.items()},
            health=health_of(self.store.visits()),
        )
        silent = digest.is_quiet and not subscription.tells_quiet and not digest.matches_nothing
        parts = () if silent else (say(digest), *details(digest))
        return Written(parts=parts, told=digest.told, marks=marks(digest, told))

    def digest(
        self,
        team: str,
        period: Period,
        *,
        only: Filter = EVERYTHING,
        weeks: tuple[str, ...] = (),
        zone_of: Subscription | None = None,
        told: Mapping[Cell, Statement] | None = None,
        health: FeedHealth | None = None,
    ) -> Digest:
        """Any stretch of time, as it was known at its end: dry runs of past weeks too."""
        stretch, outlook = self._look_back(team, period)
        zone = zone_of.zone if zone_of else UTC_ZONE
        return compose(stretch, zone=zone, weeks=weeks, only=only, told=told, health=health, outlook=outlook)

    def preview(self, subscription: Subscription, now: datetime) -> tuple[Message, ...]:
        """What would be posted if the subscription's hour were now. Nothing is claimed."""
        last = self.store.last_slots().get(subscription.id)
        week = Week.of(now, subscription.zone)
        start = last.period.end if last else moment_of(subscription, week.before)
        slot = Slot(
            owner=subscription.id,
            name=str(week),
            place=subscription.place,
            period=Period(min(start, now), now),
            covers=(str(week),),
        )
        return self.write(subscription, slot).parts

    def _look_back(self, team: str, period: Period) -> tuple[Stretch, Outlook]:
        key = (team, period)
        if key not in self._stretches:
            while len(self._stretches) >= _KEPT:
                del self._stretches[next(iter(self._stretches))]
            stretch = look_back(self.taxonomy, self.store.facts(team), period)
            self._stretches[key] = (stretch, self.foresee(stretch))
        return self._stretches[key]
