"""The honest score: what would have been forecast then, against what came.

Rolling origins; at each, everything that emerged later is hidden and every cell that waits is
forecast. An atlas row's date is taken as the day it was known, so this is a retrospective test:
it hides later emergences, not later judgement. Cells and upstream cells that are unknown are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cascade.baselines import BASELINES, Method
from cascade.errors import BadInput
from cascade.forecast import ENOUGH
from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.fit import curves
from cascade.outcome import HORIZONS, Outcome
from cascade.taxonomy import Cell

THIS_MODEL = "this model"


@dataclass(frozen=True, kw_only=True)
class Fifth:
    """All forecasts whose chance lay in one fifth of the scale, and how often it came."""

    months: int  # how far ahead
    low: float  # the fifth's lower end
    n: int
    said: float | None  # mean chance; None when n is 0
    came: float | None  # share that came


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good one method was, over all outcomes."""

    method: str
    n: int
    crps: float
    brier: Mapping[int, float | None]  # by horizon; None when none is old enough
    held: float  # share of outcomes inside the 80 % range, an open one counting while it may still fall inside
    early: float  # share before the range
    late: float  # share after it
    fifths: tuple[Fifth, ...]


def origins(first: date = date(2023, 1, 15), last: date = date(2026, 1, 15)) -> list[date]:
    """Quarterly origins: the 15th of January, April, July and October."""
    every = (date(year, month, 15) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10))
    return [day for day in every if first <= day <= last]


def replay(arrivals: Arrivals, method: Method, at: Iterable[date]) -> list[Outcome]:
    """What a method would have said at each origin about every cell that waited, and what came."""
    return [outcome for origin in at if origin < arrivals.known_on for outcome in _at(arrivals, method, origin)]


def score(method: str, outcomes: Sequence[Outcome]) -> Score:
    """The scores of these outcomes; raises BadInput when there are none."""
    if not outcomes:
        raise BadInput("nothing to score: no cell waited at any origin with enough known to forecast it")
    early = sum(one.is_early for one in outcomes) / len(outcomes)
    late = sum(one.is_late for one in outcomes) / len(outcomes)
    return Score(
        method=method,
        n=len(outcomes),
        crps=sum(one.crps for one in outcomes) / len(outcomes),
        brier={months: _brier(outcomes, months) for months in HORIZONS},
        held=1 - early - late,
        early=early,
        late=late,
        fifths=tuple(fifth for months in HORIZONS for fifth in _fifths(outcomes, months)),
    )


def backtest(arrivals: Arrivals, at: Sequence[date] | None = None) -> list[Score]:
    """The model and the four baselines, scored on the same cells at the same origins; [] when there are too few."""
    days = origins() if at is None else at
    ours = replay(arrivals, model, days)
    # Where the model says "too few to say", the others are not scored either.
    asked = {(one.cell, one.origin) for one in ours}
    found = {name: replay(arrivals, method, days) for name, method in BASELINES.items()}
    theirs = {name: [one for one in every if (one.cell, one.origin) in asked] for name, every in found.items()}
    return [score(name, outcomes) for name, outcomes in ({THIS_MODEL: ours} | theirs).items() if outcomes]


def without_each(arrivals: Arrivals, method: Method, at: Sequence[date]) -> dict[str, Score]:
    """The method's scores when one capability at a time is forgotten by the fit and by the score."""
    names = [one.id for one in arrivals.taxonomy.capabilities]
    found = {name: replay(arrivals.without(name), method, at) for name in names}
    return {name: score(name, outcomes) for name, outcomes in found.items() if outcomes}


def model(arrivals: Arrivals, cells: Sequence[Cell]) -> Mapping[Cell, tuple[float, ...]]:
    """The model of `cascade.forecast` in the form of a baseline."""
    found = curves(arrivals) if len(arrivals.days) >= ENOUGH else {}
    return {cell: found[cell] for cell in cells if cell in found}


def rows(scores: Iterable[Score]) -> list[dict[str, object]]:
    """The scores as rows, ready for JSON or a table."""
    return [_row(one) for one in scores]


def fifths_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Fifth, ...]:
    """The fifths that `rows` wrote."""
    return tuple(Fifth(months=f["months"], low=f["from"], n=f["n"], said=f["said"], came=f["came"]) for f in rows)


def _row(one: Score) -> dict[str, object]:
    brier = {f"brier{months}": _rounded(value) for months, value in one.brier.items()}
    return {
        "method": one.method,
        "n": one.n,
        "crps": _rounded(one.crps),
        **brier,
        "held80": _rounded(one.held),
        "early": _rounded(one.early),
        "late": _rounded(one.late),
        "fifths": [
            {"months": f.months, "from": f.low, "n": f.n, "said": _rounded(f.said), "came": _rounded(f.came)}
            for f in one.fifths
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _at(arrivals: Arrivals, method: Method, origin: date) -> Iterator[Outcome]:
    then = arrivals.as_known_on(origin)
    waiting = [cell for cell in arrivals.taxonomy.cells() if then.is_waited_for(cell)]
    watched = then.months(arrivals.known_on)
    for cell, curve in method(then, waiting).items() if waiting else ():
        came = arrivals.days.get(cell)
        months = None if came is None else then.months(came)
        yield Outcome(cell=cell, origin=origin, curve=curve, months=months, watched=watched)


def _brier(outcomes: Iterable[Outcome], months: int) -> float | None:
    old = [one.brier(months) for one in outcomes if one.watched >= months]
    return sum(old) / len(old) if old else None


def _fifths(outcomes: Iterable[Outcome], months: int) -> Iterator[Fifth]:
    pairs = [(one.chance(months), one.came_by(months)) for one in outcomes if one.watched >= months]
    for number in range(5):
        inside = [(chance, came) for chance, came in pairs if min(int(chance * 5), 4) == number]
        n = len(inside)
        said = sum(chance for chance, _ in inside) / n if n else None
        came_share = sum(came for _, came in inside) / n if n else None
        yield Fifth(months=months, low=number / 5, n=n, said=said, came=came_share)
