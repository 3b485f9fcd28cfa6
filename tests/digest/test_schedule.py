"""Which digest is owed when: every week once, whatever clocks and people do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.delivery import Slot
from cascade.errors import BadInput
from cascade.ports import HOME, Place
from cascade.subscription import Subscription, Weekday, parse_hour, parse_zone, subscription_id
from cascade.week import Week
from digest.schedule import due, moment_of, owed, upcoming

HOUR, A_WEEK = timedelta(hours=1), timedelta(days=7)
GENERAL = Place("fake", "general")
MADE = datetime(2026, 1, 1, 12, tzinfo=UTC)  # a Thursday
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "Africa/Casablanca",
)  # fmt: skip


def weekly(weekday: Weekday = Weekday.MONDAY, hour: int = 9, zone: str = "Europe/Berlin") -> Subscription:
    """A subscription that was made on New Year's Day at noon UTC."""
    return Subscription(
        id=subscription_id(HOME, GENERAL),
        team=HOME,
        place=GENERAL,
        weekday=weekday,
        hour=hour,
        zone=ZoneInfo(zone),
        since=MADE,
    )


def delivered(subscription: Subscription, moments: list[datetime]) -> list[Slot]:
    """What is claimed when the code is woken at these moments."""
    slots: list[Slot] = []
    for now in moments:
        slot = owed(subscription, slots[-1] if slots else None, now)
        if slot:
            slots.append(slot)
    return slots


def hourly(start: datetime, hours: int) -> list[datetime]:
    """A moment every hour."""
    return [start + HOUR * number for number in range(hours)]


def test_every_monday_at_nine() -> None:
    """The first slot is the first Monday after it was made, nine o'clock in Berlin; it tells of the week before."""
    first, second = delivered(weekly(), hourly(MADE, 24 * 12))
    assert first.period.end == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert first.period.start == datetime(2025, 12, 29, 8, tzinfo=UTC)
    assert (first.name, first.covers) == ("2026-W02", ("2026-W02",))
    assert second.period.start == first.period.end


def test_a_repeated_hour_is_one_slot() -> None:
    """On 25 October 2026 there are two half past twos in Berlin; the digest comes at the first."""
    subscription = replace(weekly(Weekday.SUNDAY, 2), since=datetime(2026, 10, 20, tzinfo=UTC))
    (slot,) = delivered(subscription, hourly(datetime(2026, 10, 24, tzinfo=UTC), 48))
    assert slot.period.end == datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_a_skipped_hour_is_one_slot() -> None:
    """On 29 March 2026 there is no two o'clock in Berlin; the digest comes when it would have been."""
    subscription = replace(weekly(Weekday.SUNDAY, 2), since=datetime(2026, 3, 24, tzinfo=UTC))
    (slot,) = delivered(subscription, hourly(datetime(2026, 3, 28, tzinfo=UTC), 48))
    assert slot.period.end == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_laptop_asleep_for_months() -> None:
    """What was missed comes in one digest that names the weeks."""
    before = delivered(weekly(), hourly(MADE, 24 * 7))[-1]
    slot = owed(weekly(), before, datetime(2026, 4, 1, tzinfo=UTC))
    assert slot is not None
    assert slot.covers == tuple(f"2026-W{number:02}" for number in range(3, 15))
    assert slot.period.start == before.period.end
    assert owed(weekly(), slot, datetime(2026, 4, 1, tzinfo=UTC)) is None


def test_made_in_the_middle_of_a_week() -> None:
    """A Wednesday's subscription for Mondays waits for Monday."""
    assert owed(weekly(), None, MADE + timedelta(days=1)) is None


def test_a_changed_weekday_leaves_no_day_untold() -> None:
    """From Fridays to Mondays on a Wednesday: the next digest begins where the last one ended."""
    friday = delivered(weekly(Weekday.FRIDAY), hourly(MADE, 24 * 7))[-1]
    moved = replace(weekly(Weekday.MONDAY), since=datetime(2026, 1, 7, 12, tzinfo=UTC))
    slot = owed(moved, friday, datetime(2026, 1, 12, 9, tzinfo=UTC))
    assert slot is not None
    assert slot.period.start == friday.period.end
    assert slot.covers == ("2026-W02", "2026-W03")


def test_a_changed_zone_gives_no_second_digest() -> None:
    """Monday in Tokyo was told: Monday in Los Angeles, the same week and later, is not."""
    tokyo = delivered(weekly(zone="Asia/Tokyo"), hourly(MADE, 24 * 5))[-1]
    moved = replace(weekly(zone="America/Los_Angeles"), since=tokyo.period.end + HOUR)
    assert owed(moved, tokyo, tokyo.period.end + timedelta(days=2)) is None
    assert owed(moved, tokyo, tokyo.period.end + timedelta(days=8)) is not None


def test_the_next_one_is_told() -> None:
    """People are told when the next digest comes."""
    assert upcoming(weekly(), None, MADE) == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_the_longest_overdue_comes_first() -> None:
    """Of several that are due, the one that waits longest is first."""
    tokyo, berlin = weekly(zone="Asia/Tokyo"), replace(weekly(), id="other")
    found = due([berlin, tokyo], {}, datetime(2026, 1, 6, tzinfo=UTC))
    assert [one.zone.key for one, _ in found] == ["Asia/Tokyo", "Europe/Berlin"]


@given(
    weekday=st.sampled_from(Weekday),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
    naps=st.lists(st.integers(1, 24 * 40), min_size=1, max_size=40),
)
def test_every_week_is_told_once(weekday: Weekday, hour: int, zone: str, naps: list[int]) -> None:
    """Whenever the code is awake: no week twice, none left out, each stretch begins where the last one ended."""
    subscription, now, moments = weekly(weekday, hour, zone), MADE, []
    for nap in naps:
        now += HOUR * nap
        moments.append(now)
    slots = delivered(subscription, moments)
    told = [week for slot in slots for week in slot.covers]
    assert told == sorted(set(told))
    if slots:
        first = moment_of(subscription, Week.parse(slots[0].covers[0], ZoneInfo(zone)))
        assert MADE < first <= MADE + A_WEEK
        assert all(earlier.period.end == later.period.start for earlier, later in pairwise(slots))
        weeks = [Week.parse(week, ZoneInfo(zone)) for week in told]
        assert all(str(later.before) == str(earlier) for earlier, later in pairwise(weeks))
        assert (
            moment_of(subscription, weeks[-1]) <= moments[-1] < moment_of(subscription, weeks[-1]) + A_WEEK + 2 * HOUR
        )


@given(changes=st.lists(st.tuples(st.integers(1, 400), st.sampled_from(Weekday), st.sampled_from(ZONES)), max_size=12))
def test_no_week_twice_however_often_it_is_changed(changes: list[tuple[int, Weekday, str]]) -> None:
    """People move the digest between days and zones as they like: no week is told twice, no moment left out."""
    subscription, now, slots = weekly(), MADE, list[Slot]()
    for hours, weekday, zone in changes:
        for _ in range(hours // 6):
            now += HOUR * 6
            slot = owed(subscription, slots[-1] if slots else None, now)
            if slot:
                slots.append(slot)
        subscription = replace(subscription, weekday=weekday, zone=ZoneInfo(zone), since=now)
    told = [week for slot in slots for week in slot.covers]
    assert told == sorted(set(told))
    assert all(earlier.period.end == later.period.start for earlier, later in pairwise(slots))
    assert all(slot.period.start < slot.period.end for slot in slots)


@pytest.mark.parametrize("text", ["1", "0", "* * 1", "0 9 * * 1", "someday", "", "m", "mo"])
def test_weekdays_are_named(text: str) -> None:
    """Crontab numbers mean another day elsewhere: they are refused with the names."""
    with pytest.raises(BadInput, match="monday, tuesday"):
        Weekday.parse(text)


def test_weekdays_hours_and_zones_are_forgiving() -> None:
    """Short forms, capitals and a city's bare name are understood."""
    assert {Weekday.parse(text) for text in ("Monday", "mon", "mondays")} == {Weekday.MONDAY}
    assert Weekday.parse("Wednes") is Weekday.WEDNESDAY
    assert [parse_hour(text) for text in ("9", "09:00", "9h", "12am", "12pm", "5PM", "23")] == [9, 9, 9, 0, 12, 17, 23]
    assert [parse_zone(text).key for text in ("europe/berlin", "Tokyo", "new york", "utc")] == [
        "Europe/Berlin", "Asia/Tokyo", "America/New_York", "UTC",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["24", "9:30", "-1", "25:00", "noon", "13pm", "9 9"])
def test_no_hour(text: str) -> None:
    """An hour that is none is refused with the cure."""
    with pytest.raises(BadInput, match="full hour"):
        parse_hour(text)


@pytest.mark.parametrize("text", ["Europe/Berln", "../../etc/passwd", "", "Europe", "x" * 500])
def test_no_zone(text: str) -> None:
    """A zone that is none is refused with the nearest ones."""
    with pytest.raises(BadInput, match=r"write one as .*/"):
        parse_zone(text)
