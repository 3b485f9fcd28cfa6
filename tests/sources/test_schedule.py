"""When a feed is asked again, and how it fares: all decided from values."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.feed import Failed, Feed, Health, Reason, Visit
from sources import schedule
from tests.sources.documents import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DOWN = Failed(reason=Reason.STATUS, text="it answers with status 500")


def visit(url: str = "https://brush.example/feed", **changes: object) -> Visit:
    """A live feed that was asked an hour ago."""
    plain = Visit(feed=Feed(url=url), address=url, next_at=NOW, since=NOW - DAY, polled_at=NOW - HOUR)
    return replace(plain, health=Health.LIVE, succeeded_at=NOW - HOUR, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rhythm", "interval"),
    [
        (None, timedelta(hours=1)),
        (timedelta(minutes=10), timedelta(minutes=5)),
        (timedelta(hours=12), timedelta(hours=1)),
        (timedelta(days=7), timedelta(hours=14)),
        (timedelta(days=90), timedelta(hours=24)),
    ],
)
def test_a_feed_is_asked_in_its_own_rhythm(rhythm: timedelta | None, interval: timedelta) -> None:
    """Twelve times between two entries, from five minutes to a day."""
    assert schedule.interval_of(rhythm) == interval


def test_the_rhythm_is_the_mean_of_the_newest_entries() -> None:
    """Old gaps do not count, and two dates tell nothing."""
    weekly = [NOW - timedelta(weeks=week) for week in range(20)]
    assert schedule.rhythm_of([*weekly, NOW - timedelta(days=3000)]) == timedelta(weeks=1)
    assert schedule.rhythm_of(weekly[:2]) is None


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_back_off_grows_to_a_day_with_jitter(seed: int, failures: int) -> None:
    """Never sooner than ten minutes after the first failure, never later than a day."""
    after = schedule.failed(visit(failures=failures - 1), DOWN, NOW, Random(seed))
    wait = after.next_at - NOW
    full = min(schedule.LATEST, schedule.FIRST_RETRY * 2 ** min(failures, 10))
    assert full / 2 <= wait <= full


def test_two_feeds_that_fail_together_come_back_apart() -> None:
    """Jitter spreads them."""
    rng = Random(7)
    assert len({schedule.failed(visit(), DOWN, NOW, rng).next_at for _ in range(10)}) == 10


def test_retry_after_is_kept() -> None:
    """A feed that names a time is not asked before it."""
    limited = Failed(reason=Reason.LIMITED, text="later", retry_after=timedelta(hours=7))
    assert schedule.failed(visit(), limited, NOW, Random(7)).next_at == NOW + timedelta(hours=7)


def test_freshness_puts_a_look_off_by_an_hour_at_most() -> None:
    """Cache-Control is heard, and cannot silence a feed."""
    lively = visit(rhythm=timedelta(minutes=10))
    for fresh, least in ((timedelta(minutes=30), 27), (DAY, 54)):
        wait = schedule.answered(lively, NOW, Random(7), max_age=fresh).next_at - NOW
        assert timedelta(minutes=least) <= wait <= timedelta(minutes=60)


def test_failing_after_three_in_a_row_and_live_again_after_one() -> None:
    """One bad answer changes no health; YouTube answers 404 for hours and comes back."""
    one = schedule.failed(visit(), DOWN, NOW, Random(7))
    two = schedule.failed(one, DOWN, NOW, Random(7))
    three = schedule.failed(two, DOWN, NOW + HOUR, Random(7))
    assert [one.health, two.health, three.health] == [Health.LIVE, Health.LIVE, Health.FAILING]
    assert (three.reason, three.since) == (DOWN.text, NOW + HOUR)
    back = schedule.answered(three, NOW + DAY, Random(7))
    assert (back.health, back.reason, back.failures, back.since) == (Health.LIVE, "", 0, NOW + DAY)


def test_gone_is_not_asked_again() -> None:
    """410 stops a feed at once; nothing else does."""
    gone = schedule.failed(visit(), Failed(reason=Reason.GONE, text="gone"), NOW, Random(7))
    assert gone.health is Health.GONE
    assert schedule.due([gone], NOW + 10_000 * DAY) == []
    failing = visit()
    for _ in range(1000):
        failing = schedule.failed(failing, DOWN, NOW, Random(7))
    assert schedule.due([failing], NOW + DAY) == [failing]


@pytest.mark.parametrize(
    ("rhythm", "silent", "health"),
    [
        (timedelta(hours=6), timedelta(days=6), Health.LIVE),
        (timedelta(hours=6), timedelta(days=8), Health.QUIET),
        (timedelta(days=7), timedelta(days=30), Health.LIVE),
        (timedelta(days=7), timedelta(days=50), Health.QUIET),
        (None, timedelta(days=80), Health.LIVE),
        (None, timedelta(days=100), Health.QUIET),
    ],
)
def test_silence_is_judged_by_the_feeds_own_rhythm(rhythm: timedelta | None, silent: timedelta, health: Health) -> None:
    """A daily feed is quiet after a week, a weekly one after seven."""
    after = schedule.answered(visit(rhythm=rhythm, newest_at=NOW - silent), NOW, Random(7))
    assert after.health is health
    assert ("nothing new since" in after.reason) == (health is Health.QUIET)


def test_the_most_overdue_come_first_and_paused_ones_never() -> None:
    """What waits longest is asked first."""
    late, soon = visit("https://a.example/", next_at=NOW - HOUR), visit("https://b.example/", next_at=NOW)
    early = visit("https://c.example/", next_at=NOW + HOUR)
    paused = replace(visit("https://d.example/"), feed=Feed(url="https://d.example/", paused=True))
    assert schedule.due([soon, early, paused, late], NOW) == [late, soon]


def test_of_a_host_that_wants_long_waits_only_one_is_asked() -> None:
    """Reddit gets one request a minute, however many of its feeds are due, and none sooner."""
    feeds = [visit(f"https://www.reddit.com/r/{name}/.rss", polled_at=None) for name in "abc"]
    assert len(schedule.due(feeds, NOW)) == 1
    just_now = replace(feeds[0], polled_at=NOW, next_at=NOW + HOUR)
    assert schedule.due([just_now, *feeds[1:]], NOW + timedelta(seconds=30)) == []
    assert len(schedule.due([just_now, *feeds[1:]], NOW + timedelta(seconds=61))) == 1


@pytest.mark.parametrize(
    ("address", "pace"),
    [
        ("https://old.reddit.com/r/a/.rss", 60.0),
        ("https://rss.arxiv.org/rss/cs.CL", 3.0),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=1", 2.0),
        ("https://github.com/a/b/commits/main.atom", 2.0),
        ("https://notreddit.com/", 1.0),
        ("https://brush.example/feed", 1.0),
    ],
)
def test_each_host_has_its_pace(address: str, pace: float) -> None:
    """Known hosts have their own; everybody else a second."""
    assert schedule.pace(schedule.host_of(address)) == pace


@given(st.lists(st.timedeltas(timedelta(), 13_000 * DAY), max_size=30))
def test_the_interval_is_always_between_five_minutes_and_a_day(ages: list[timedelta]) -> None:
    """Whatever dates a feed makes up."""
    assert schedule.SOONEST <= schedule.interval_of(schedule.rhythm_of([NOW - age for age in ages])) <= schedule.LATEST
