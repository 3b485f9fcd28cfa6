"""Build now, build around, or wait: with the chance, the reasons and the signs to watch."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cascade.advice import HAS_TO_LAST, LIKELY, NOT_LOOKED, NOT_SURE, UNLIKELY, Kind, Plan, Why, plan
from cascade.forecast import Basis, Forecast
from cascade.forecasting.arrivals import Arrivals
from cascade.taxonomy import Cell
from tests.make import IMAGE, NEGATION, OPEN_IMAGE, TEXT, VIDEO, taxonomy

NOW = date(2026, 5, 19)
BY = NOW + timedelta(days=365)
CELL = Cell(NEGATION, OPEN_IMAGE)


def known(*stages: str) -> Arrivals:
    """Negation works in these stages since 2024; everywhere else people looked in vain."""
    tracked = taxonomy()
    days = {Cell(NEGATION, stage): date(2024, 1, 1) for stage in stages}
    return Arrivals(taxonomy=tracked, known_on=NOW, days=days, open=frozenset(set(tracked.cells()) - set(days)))


def forecast(cell: Cell = CELL, *, year: float = 0.5) -> Forecast:
    """A forecast that reaches this chance within a year, in a straight line."""
    curve = tuple(min(year * (n + 1) / 24, 1.0) for n in range(48))
    return Forecast(cell=cell, made=NOW, curve=curve, basis=Basis(emerged=40, open=8, from_atlas=48))


def advise(one: Forecast, *stages: str, by: date = BY) -> Plan:
    """The plan for the forecast's cell when negation works in these stages."""
    return plan(known(*stages), {one.cell: one}, one.cell, by)


def test_works_already() -> None:
    """What works is built on now, whatever the day."""
    found = advise(forecast(), TEXT, IMAGE, OPEN_IMAGE)
    assert (found.kind, found.chance) == (Kind.BUILD_NOW, 1.0)
    assert "2024-01-01" in found.reasons[0]


@pytest.mark.parametrize(
    ("year", "kind"),
    [
        (0.9, Kind.WAIT),
        (LIKELY + 0.01, Kind.WAIT),
        (LIKELY - 0.01, Kind.BUILD_AROUND),
        (UNLIKELY + 0.01, Kind.BUILD_AROUND),
        (0.05, Kind.BUILD_AROUND),
    ],
)
def test_chance_decides(year: float, kind: Kind) -> None:
    """A likely cell is waited for, any other is built around."""
    assert advise(forecast(year=year), TEXT, IMAGE).kind is kind


def test_how_long_the_way_around_has_to_last() -> None:
    """In between it should come out easily; when unlikely it has to last."""
    assert NOT_SURE in advise(forecast(year=0.5), TEXT, IMAGE).reasons
    assert HAS_TO_LAST in advise(forecast(year=0.1), TEXT, IMAGE).reasons


def test_too_few_to_say() -> None:
    """Without a curve there is no advice, and none is made up."""
    found = advise(replace(forecast(), curve=()), TEXT, IMAGE)
    assert (found.kind, found.chance) == (Kind.CANNOT_SAY, None)


def test_a_day_that_has_passed() -> None:
    """For a day in the past the chance is nil."""
    found = advise(forecast(year=1.0), TEXT, IMAGE, by=NOW - timedelta(days=9))
    assert (found.kind, found.chance) == (Kind.BUILD_AROUND, 0.0)
    assert "name a day to come" in found.reasons[0]
    assert HAS_TO_LAST not in found.reasons


def test_beyond_the_forecast() -> None:
    """A day beyond 24 months gets the chance by then, and a reason says so."""
    found = advise(forecast(year=0.2), TEXT, IMAGE, by=NOW + timedelta(days=2000))
    assert found.chance == pytest.approx(0.4)
    assert any("24 months" in reason for reason in found.reasons)


def test_nobody_looked() -> None:
    """For an unknown cell the first thing to do is to try."""
    assert NOT_LOOKED in advise(replace(forecast(), unknown=True), TEXT, IMAGE).reasons


def test_overdue_is_told() -> None:
    """An overdue cell is told with the stage before it and the end of its range."""
    late = replace(forecast(), overdue=True, due=date(2026, 3, 3))
    assert any("closed image models" in reason and "2026-03-03" in reason for reason in advise(late, IMAGE).reasons)


def test_signs_upstream_first() -> None:
    """The nearest missing stage before it is the first sign, then what comes after the same stage."""
    found = advise(forecast())
    assert [(sign.cell.stage, sign.why) for sign in found.signs] == [
        (IMAGE, Why.UPSTREAM),
        (TEXT, Why.UPSTREAM),
        (VIDEO, Why.BESIDE),
    ]


def test_a_sign_has_its_own_date() -> None:
    """A sign carries its own median where there is a forecast of it."""
    beside = forecast(Cell(NEGATION, VIDEO), year=1.0)
    found = plan(known(TEXT, IMAGE), {CELL: forecast(), beside.cell: beside}, CELL, BY)
    assert [(sign.cell, sign.median) for sign in found.signs] == [(beside.cell, beside.median)]
    assert beside.median is not None


def test_head_of_the_cascade() -> None:
    """The first stage has no stage before it, and so no upstream sign."""
    assert advise(forecast(Cell(NEGATION, TEXT))).signs == ()
