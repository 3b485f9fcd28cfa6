"""Forecasts: a dated distribution for every cell that has not emerged, or "too few to say"."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.board import board_at
from cascade.forecast import ENOUGH, LATER, TOO_FEW, Basis, Forecast, forecasts, rows
from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.fit import curves
from cascade.sighting import Verdict
from cascade.taxonomy import Cell
from tests.cascade.simulated import NOW, simulate, small_taxonomy
from tests.make import DAY, IMAGE, MONDAY, NEGATION, STYLE, TEXT, VIDEO, atlas, facts, sighting, taxonomy, vote

LAST = "m2/closed"


def arrivals(*, spared: frozenset[Cell] = frozenset(), **moved: int) -> Arrivals:
    """Five capabilities, each a month after the other, half a year per modality; the last modality is open.

    `moved` shifts a capability by so many months; a `spared` cell stays unknown.
    """
    taxonomy_ = small_taxonomy(capabilities=5)
    days = {}
    for cell in taxonomy_.cells():
        modality, number = int(cell.stage[1]), int(cell.capability[1:])
        months = 6 * modality + 3 * cell.stage.endswith("open") + number + moved.get(cell.capability, 0)
        days[cell] = NOW - timedelta(days=700) + timedelta(days=30 * months)
    seen = {cell: day for cell, day in days.items() if not cell.stage.startswith("m2")}
    missing = frozenset(cell for cell in days if cell not in seen) - spared
    return Arrivals(taxonomy=taxonomy_, known_on=NOW, days=seen, open=missing)


def told(known: Arrivals) -> dict[Cell, Forecast]:
    """The forecasts without the past days that only *overdue* needs."""
    return forecasts(known, with_due=False)


def test_every_missing_cell_gets_one() -> None:
    """Every cell that has not emerged is forecast, and only those."""
    known = arrivals()
    assert set(forecasts(known)) == set(known.taxonomy.cells()) - set(known.days)


def test_only_those_asked_for() -> None:
    """Asking for some cells gives just those, with the same curves."""
    known = arrivals()
    cell = Cell("c3", LAST)
    assert forecasts(known, [cell]) == {cell: forecasts(known)[cell]}


def test_nothing_is_random() -> None:
    """The same input gives the same output."""
    assert forecasts(arrivals()) == forecasts(arrivals())


def test_too_few_to_say() -> None:
    """Below the floor nothing is claimed, and the row says so."""
    known = arrivals()
    few = replace(known, days=dict(list(known.days.items())[: ENOUGH - 1]))
    found = forecasts(few)[Cell("c4", LAST)]
    assert (found.is_too_few, found.chance(NOW + timedelta(days=90)), found.median) == (True, None, None)
    assert rows([found])[0]["q50"] == TOO_FEW


def test_early_upstream_means_early() -> None:
    """A capability that was early in the stages before is expected early in the next."""
    found = told(arrivals(c2=-5, c3=5))
    assert _year(found[Cell("c2", LAST)]) > _year(found[Cell("c3", LAST)])


def test_waiting_moves_the_forecast_on() -> None:
    """A quarter without news makes the remaining wait more likely to end late than it seemed."""
    now = arrivals()
    cell = Cell("c0", LAST)
    later = replace(now, known_on=NOW + timedelta(days=180))
    assert _median(told(later)[cell]) > _median(told(now)[cell])


def test_unknown_is_marked_and_tells_nothing() -> None:
    """An unknown cell gets a forecast, and the others' forecasts are as if its capability were not tracked."""
    more = replace(arrivals(), taxonomy=small_taxonomy(capabilities=6))
    with_unknown, without = told(more), told(arrivals())
    assert with_unknown[Cell("c5", LAST)].unknown
    for cell, forecast in without.items():
        assert with_unknown[cell].curve == pytest.approx(forecast.curve, abs=1e-6)


def test_a_cell_that_still_fails_tells_something() -> None:
    """Knowing that the closed stage still fails makes the open one after it later than not knowing."""
    closed, after = Cell("c0", LAST), Cell("c0", "m2/open")
    looked, not_looked = told(arrivals())[after], told(arrivals(spared=frozenset({closed})))[after]
    assert _year(looked) < _year(not_looked)


def test_nothing_later_is_seen() -> None:
    """A forecast of an earlier day does not change with what came after it."""
    whole, origin = arrivals(), NOW - timedelta(days=500)
    moved = {cell: day if day <= origin else day + timedelta(days=90) for cell, day in whole.days.items()}
    assert moved != whole.days
    changed = replace(whole, days=moved)
    assert forecasts(whole.as_known_on(origin)) == forecasts(changed.as_known_on(origin))


def test_overdue() -> None:
    """A cell is overdue when today lies beyond the 80 % range that was forecast when its upstream cell emerged."""
    known = arrivals()
    cell = Cell("c4", LAST)
    due = forecasts(known, [cell])[cell].due
    assert due is not None
    before, after = known.as_known_on(due), known.as_known_on(due + DAY)
    assert not forecasts(before, [cell])[cell].overdue
    assert forecasts(after, [cell])[cell].overdue


def test_not_overdue_without_upstream() -> None:
    """A cell whose upstream cell has not emerged is not waited for, so never overdue."""
    found = forecasts(replace(arrivals(), known_on=NOW + timedelta(days=3000)))[Cell("c0", "m2/open")]
    assert (found.upstream_since, found.due, found.overdue) == (None, None, False)


def test_curve_reads_as_chances_and_dates() -> None:
    """Chances interpolate between half months; a quantile is the first day that reaches it."""
    curve = tuple(min((n + 1) * 0.02, 1.0) for n in range(48))
    one = Forecast(cell=Cell("c", "s"), made=NOW, curve=curve, basis=Basis(emerged=9, open=1, from_atlas=0))
    assert one.within(3) == pytest.approx(0.12)
    assert one.within(3.25) == pytest.approx(0.13)
    assert one.within(-1) == 0
    assert one.within(99) == pytest.approx(0.96)
    assert one.median == NOW + timedelta(days=381)  # 12.5 months
    assert one.range(50) == (one.quantile(0.25), one.quantile(0.75))
    assert rows([replace(one, curve=tuple(p / 2 for p in curve))])[0]["q90"] == LATER


def test_from_a_board() -> None:
    """A board's works are dates, its failures are open, the rest is unknown; a month is its 15th."""
    fails = sighting(VIDEO, "2026-02-01", verdict=Verdict.STILL_FAILS)
    board = board_at(
        taxonomy(), facts(atlas(TEXT, "2024-03"), atlas(IMAGE, "2025-01-09"), fails, votes=(vote(fails),)), MONDAY + DAY
    )
    found = Arrivals.of(board)
    assert found.days == {Cell(NEGATION, TEXT): date(2024, 3, 15), Cell(NEGATION, IMAGE): date(2025, 1, 9)}
    assert found.open == {Cell(NEGATION, VIDEO)}
    assert len(found.from_atlas) == 2
    assert Cell(STYLE, TEXT) not in found.open


def test_simulated_cascades_are_covered() -> None:
    """The 80 % ranges hold about 80 % of the time when the law is known (benchmarks/bench_forecast.py: 78 to 82 %)."""
    rng = np.random.default_rng(7)
    inside = [
        0.1 <= _place(curve, cascade.comes[cell]) <= 0.9
        for number in range(16)
        for cascade in [simulate(small_taxonomy(), rng, scatter=0.6, lasting=0.6, share=(0.5, 0.7)[number % 2])]
        for cell, curve in curves(cascade.arrivals).items()
        if cascade.arrivals.is_waited_for(cell)
    ]
    assert len(inside) > 120
    assert 0.74 < sum(inside) / len(inside) < 0.86


DAYS = st.one_of(
    st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 1, 1)),
    st.just(date(2024, 6, 1)),
    st.sampled_from([date.min, date.max, NOW]),
)


@given(
    size=st.tuples(st.integers(1, 5), st.integers(1, 4)),
    data=st.data(),
)
def test_any_atlas_is_answered(size: tuple[int, int], data: st.DataObject) -> None:
    """One stage, one capability, no dates, dates in the future or the same day: chances in order, or too few to say."""
    tracked = small_taxonomy(*size)
    cells = list(tracked.cells())
    days = data.draw(st.dictionaries(st.sampled_from(cells), DAYS))
    open_ = frozenset(data.draw(st.sets(st.sampled_from(cells)))) - set(days)
    known = Arrivals(taxonomy=tracked, known_on=NOW, days=days, open=open_).as_known_on(NOW)
    _sound(forecasts(known))
    for curve in curves(known).values():
        assert all(0 <= chance <= 1 for chance in curve)


@pytest.mark.parametrize("day_of", [lambda _: NOW, lambda n: NOW - timedelta(days=n), lambda n: date(1, 1, 1 + n % 28)])
def test_odd_histories(day_of: object) -> None:
    """The same day everywhere, every pair inverted, and the dawn of time are answered."""
    tracked = small_taxonomy()
    cells = list(tracked.cells())
    days = {cell: day_of(number * 40) for number, cell in enumerate(cells[:-9])}  # type: ignore[operator]
    known = Arrivals(taxonomy=tracked, known_on=NOW, days=days, open=frozenset(cells[-9:-4]))
    found = forecasts(known)
    assert len(found) == 9
    _sound(found)


def test_a_certainty_is_no_more_than_one() -> None:
    """Rounding lifts no chance above 1: with these cells it would, by two in the sixteenth place."""
    tracked = small_taxonomy(stages=4, capabilities=12)
    days = {cell: NOW for number, cell in enumerate(tracked.cells()) if number % 5}
    missing = frozenset(tracked.cells()) - set(days)
    _sound(forecasts(Arrivals(taxonomy=tracked, known_on=NOW, days=days, open=missing)))


def _sound(found: Mapping[Cell, Forecast]) -> None:
    for forecast in found.values():
        assert list(forecast.curve) == sorted(forecast.curve)
        assert all(0 <= chance <= 1 for chance in forecast.curve)
        dates = [day for share in (0.1, 0.5, 0.9) if (day := forecast.quantile(share))]
        assert dates == sorted(dates)
    assert len(rows(found.values())) == len(found)


def _place(curve: tuple[float, ...], months: float) -> float:
    return float(np.interp(months, np.arange(len(curve) + 1) / 2, (0.0, *curve)))


def _year(forecast: Forecast) -> float:
    chance = forecast.within(12)
    assert chance is not None
    return chance


def _median(forecast: Forecast) -> date:
    assert forecast.median is not None
    return forecast.median
