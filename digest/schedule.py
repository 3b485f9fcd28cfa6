"""Which digest is owed to whom. Pure: a slot is computed from the calendar, never fired by a timer.

Every ISO week has one slot in a subscription's own zone, so a repeated hour, a changed zone or a
changed weekday cannot give a week two. What was missed is caught up in the newest slot.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from cascade.delivery import Slot
from cascade.subscription import Subscription
from cascade.week import Period, Week


def due(
    subscriptions: Sequence[Subscription], last: Mapping[str, Slot], now: datetime
) -> list[tuple[Subscription, Slot]]:
    """The slots that are owed by now, the longest overdue first; `last` holds each owner's newest claimed slot."""
    found = [(one, slot) for one in subscriptions if (slot := owed(one, last.get(one.id), now))]
    return sorted(found, key=lambda pair: pair[1].period.end)


def owed(subscription: Subscription, last: Slot | None, now: datetime) -> Slot | None:
    """The one slot that is owed by now, covering every week since the last one; None when none is.

    The first slot tells of the week before it.
    """
    newest = Week.of(now, subscription.zone)
    if moment_of(subscription, newest) > now:
        newest = newest.before
    covered = list(_uncovered(subscription, newest, last))[::-1]
    if not covered:
        return None
    start = last.period.end if last else moment_of(subscription, covered[0].before)
    return Slot(
        owner=subscription.id,
        name=str(newest),
        place=subscription.place,
        period=Period(start, moment_of(subscription, newest)),
        covers=tuple(map(str, covered)),
    )


def upcoming(subscription: Subscription, last: Slot | None, now: datetime) -> datetime:
    """When the next digest comes, UTC."""
    week = Week.of(now, subscription.zone)
    while not _is_open(subscription, week, last) or moment_of(subscription, week) <= now:
        week = _after(week)
    return moment_of(subscription, week)


def moment_of(subscription: Subscription, week: Week) -> datetime:
    """The week's slot, UTC. A repeated hour means its first pass; a skipped one the first moment after it."""
    day = date.fromisocalendar(week.year, week.number, subscription.weekday.number)
    # fold=0 reads a repeated hour as its first pass, and a skipped one by the offset before the change.
    return datetime.combine(day, time(subscription.hour), subscription.zone).astimezone(UTC)


def _uncovered(subscription: Subscription, newest: Week, last: Slot | None) -> Iterator[Week]:
    """The weeks to tell of, newest first: back to the last slot, or to where the subscription began."""
    week = newest
    if not _is_open(subscription, week, last):
        return
    while str(week) > last.name if last else moment_of(subscription, week) > subscription.since:
        yield week
        week = week.before


def _is_open(subscription: Subscription, week: Week, last: Slot | None) -> bool:
    if last and str(week) <= last.name:
        return False
    moment = moment_of(subscription, week)
    return moment > subscription.since and not (last and moment <= last.period.end)


def _after(week: Week) -> Week:
    return Week.of(week.period.end + timedelta(days=1), week.zone)
