"""The digest archive: every week can be told again, as it was known then and with people as counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cascade.delivery import Slot
from cascade.errors import BadInput
from cascade.message import Message
from cascade.subscription import EVERYTHING, Filter, Subscription
from cascade.week import UTC_ZONE, Period, Week
from web.shows.page import MissingError, Page, Way

LISTED = 52  # weeks on the archive's page
FIRST_YEAR = 2000


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A digest: the whole week's, or one that was sent to a place, whose name stays in the chat."""

    week: str
    owner: str  # the subscription's id; "" for the whole week's
    platform: str
    period: Period
    covers: tuple[str, ...]
    only: Filter
    zone: ZoneInfo

    @property
    def href(self) -> str:
        """Its page."""
        return f"/digests/{self.week}/{self.owner}" if self.owner else f"/digests/{self.week}"


def posted(subscriptions: Iterable[Subscription], slots: Iterable[Slot]) -> list[Posted]:
    """What these subscriptions were sent, the newest first; copies are the same digest again."""
    by_id = {one.id: one for one in subscriptions}
    found = [_posted(slot, by_id[slot.owner]) for slot in slots if slot.copy == 0 and slot.owner in by_id]
    return sorted(found, key=lambda one: (one.week, one.owner), reverse=True)


def chosen(sent: Sequence[Posted], week: str, owner: str, now: datetime) -> Posted:
    """The digest that an address names. Raises MissingError."""
    try:
        whole = Week.parse(week)
    except BadInput as error:
        raise MissingError(f"There is no digest {week[:20]!r}: write a week, as 2026-W20.") from error
    if owner:
        return _sent_to(sent, str(whole), owner)
    if whole.year < FIRST_YEAR or whole.period.end > now:
        raise MissingError(f"There is no digest of {whole}: the week is not over.", [Way("The archive", "/digests")])
    return Posted(
        week=str(whole),
        owner="",
        platform="",
        period=whole.period,
        covers=(str(whole),),
        only=EVERYTHING,
        zone=UTC_ZONE,
    )


def archive_page(sent: Sequence[Posted], now: datetime) -> Page:
    """The weeks up to now, and what was posted in each."""
    weeks, week = [], Week.of(now).before
    for _ in range(LISTED):
        weeks.append((week, [one for one in sent if one.week == str(week)]))
        week = week.before
    return Page(template="digests.html", title="Digests", words={"weeks": weeks})


def digest_page(messages: Sequence[Message], which: Posted, sent: Sequence[Posted], now: datetime) -> Page:
    """One digest, and the ways to its neighbours."""
    week = Week.parse(which.week)
    later = Week.of(week.period.end)
    return Page(
        template="digest.html",
        title=f"Digest {week}",
        words={
            "message": messages[0],
            "details": messages[1:],
            "which": which,
            "before": str(week.before),
            "later": str(later) if later.period.end <= now else "",
            "posted": [one for one in sent if one.week == which.week],
        },
    )


def digest_facts(messages: Sequence[Message], which: Posted) -> dict[str, object]:
    """The same for programs."""
    return {"id": which.week, "headline": messages[0].headline, "html": which.href, **messages[0].facts}


def _sent_to(sent: Sequence[Posted], week: str, owner: str) -> Posted:
    found = next((one for one in sent if one.week == week and one.owner == owner), None)
    if found is None:
        raise MissingError("No such digest was posted.", [Way(f"All of {week}", f"/digests/{week}")])
    return found


def _posted(slot: Slot, subscription: Subscription) -> Posted:
    return Posted(
        week=slot.name,
        owner=slot.owner,
        platform=subscription.place.platform,
        period=slot.period,
        covers=slot.covers,
        only=subscription.only,
        zone=subscription.zone,
    )
