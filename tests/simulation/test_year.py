"""A simulated year: every week reaches every room once, whatever breaks."""

from itertools import pairwise
from pathlib import Path

import pytest

from cascade.week import Week
from digest.schedule import moment_of
from tests.simulation.year import START, Year, left_over, told_stretches, told_weeks


def check(year: Year) -> None:
    """What the rooms saw, and what the store says, after a year was lived."""
    store = year.open_store()
    assert left_over(store) == []
    for subscription in store.subscriptions():
        posted = year.chat.posted.get(subscription.place, [])
        markers = [one.marker for one in posted]
        assert len(markers) == len(set(markers)), "a message was posted twice"
        told, stretches = told_weeks(year, subscription.place), told_stretches(year, subscription.place)
        assert told == sorted(set(told)), "a week was told twice, or out of order"
        first = {one.marker.rsplit(".", 1)[0]: one.ref for one in posted if not one.thread}
        assert all(one.thread == first[one.marker.rsplit(".", 1)[0]] for one in posted if one.thread)
        if subscription.tells_quiet:
            assert told == [str(week) for week in due_weeks(year, subscription)], "a week was not told"
            assert all(earlier[1] == later[0] for earlier, later in pairwise(stretches))
        else:
            assert set(told) <= {str(week) for week in due_weeks(year, subscription)}
    store.close()


def due_weeks(year: Year, subscription) -> list[Week]:  # type: ignore[no-untyped-def]
    """Every week whose slot lies in the year, counted without asking the scheduler what is owed."""
    week, found = Week.of(START, subscription.zone), []
    while moment_of(subscription, week) <= year.now:
        if moment_of(subscription, week) > START:
            found.append(week)
        week = Week.of(week.period.end, subscription.zone)
    return found


def test_a_month(tmp_path: Path) -> None:
    """Five rooms, four weeks, a crash at every step in turn: each week once."""
    year = Year(path=tmp_path / "year.db", weeks=4, subscriptions=5, seed=2)
    year.live()
    assert year.restarts > 20
    check(year)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_year(tmp_path: Path, seed: int) -> None:
    """Forty rooms in twelve time zones, 52 weeks, a crash at every step in turn: each week once."""
    year = Year(path=tmp_path / "year.db", seed=seed)
    year.live()
    assert year.restarts > 400
    check(year)
