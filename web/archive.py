"""The digests that people can read again: composed once, kept as long as what they rest on stays the same."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from cascade.board import Facts
from cascade.message import Message
from cascade.taxonomy import Taxonomy
from cascade.week import Period, Week
from digest.compose import compose, look_back
from digest.foresee import foresee
from digest.wording import BELOW, details, say
from web.atom import MOST_DIGESTS, Entry, digest_entry
from web.kept import Kept
from web.runner import Readable, Run
from web.shelf import Edition, Shelf
from web.shows.digests import Posted, chosen, posted
from web.snapshot import SEED

KEPT = 80


@dataclass(frozen=True)
class Archive:
    """Reads what was posted, and tells any week as it was known at its end, with people as counts."""

    taxonomy: Taxonomy
    run: Run
    shelf: Shelf
    team: str
    kept: Kept[tuple[Message, ...]]

    async def sent(self) -> list[Posted]:
        """Every digest that one of the team's places was sent, newest first."""
        return await self.run(self._sent)

    async def messages(self, edition: Edition, which: Posted) -> tuple[Message, ...]:
        """A digest, and after it what it had to leave out. Raises BusyError."""
        facts = await self.shelf.facts(edition)
        key = (which, _known_by(facts, which.period.end))

        async def write() -> tuple[Message, ...]:
            if (known := self.kept.get(key)) is not None:
                return known
            return self.kept.put(key, await asyncio.to_thread(tell, self.taxonomy, facts, which))

        known = self.kept.get(key)
        return known if known is not None else await self.shelf.in_turn(write)

    async def entries(self, edition: Edition, now: datetime) -> list[Entry]:
        """The newest weeks for the feed."""
        found, week = [], Week.of(now).before
        for _ in range(MOST_DIGESTS):
            whole = chosen((), str(week), "", now)
            found.append(digest_entry(str(week), whole.period.end, await self.messages(edition, whole)))
            week = week.before
        return found

    def _sent(self, store: Readable) -> list[Posted]:
        mine = [one for one in store.subscriptions() if one.team == self.team]
        return posted(mine, (slot for one in mine for slot in store.slots(one.id)))


def tell(taxonomy: Taxonomy, facts: Facts, which: Posted) -> tuple[Message, ...]:
    """The digest's messages, nobody named; about two seconds, for its forecasts."""
    stretch = look_back(taxonomy, facts, Period(which.period.start, which.period.end))
    outlook = foresee(stretch, lambda: Random(SEED))  # noqa: S311  resampling, not secrets
    digest = compose(stretch, zone=which.zone, weeks=which.covers, only=which.only, outlook=outlook)
    return (say(digest, names=False, rest=BELOW), *details(digest, names=False))


def _known_by(facts: Facts, moment: datetime) -> Hashable:
    """Changes when anything changes that was known by then: what comes later leaves old digests alone."""
    return (
        sum(one.seen_at <= moment for one in facts.sightings),
        sum(vote.at <= moment for vote in facts.votes),
        sum(fix.at <= moment for fix in facts.corrections),
        sum(one.at <= moment for one in facts.joined.values()),
        facts.quorum,
    )
