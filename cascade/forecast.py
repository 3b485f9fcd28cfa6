"""When an open gap closes: for every cell that has not emerged, a distribution over the date.

The method, its sources and what did not help stand in `docs/forecasting.md`, how good it has
been in `docs/track-record.md`.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Cell

if TYPE_CHECKING:
    from cascade.forecasting.arrivals import Arrivals

MODEL = "tree-2"  # kept with every published forecast; a change of method changes it
STEP = 0.5  # months between two points of a curve
ENOUGH = 8  # dated emergences; below, it is too few to say
LATER = "later"  # a quantile beyond the 24 months that a forecast looks ahead
TOO_FEW = "too few to say"


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a forecast rests on."""

    emerged: int  # cells with a date
    open: int  # cells that were looked at and are not there: censored
    from_atlas: int  # of both, those that no person has confirmed


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The date at which a cell emerges, given that it has not by the day on which this was made."""

    cell: Cell
    made: date
    curve: tuple[float, ...]  # chance by half months after `made`, to 24 months; empty: too few to say
    basis: Basis
    unknown: bool = False  # nobody has looked whether it is there already
    upstream_since: date | None = None  # None when the stage before has not got it, or there is none
    due: date | None = None  # end of the 80 % range as forecast when upstream emerged; None: later, or not waited for
    overdue: bool = False  # `due` has passed

    @property
    def is_too_few(self) -> bool:
        """Whether there are too few dated emergences to say anything."""
        return not self.curve

    def chance(self, by: date) -> float | None:
        """The chance that it has emerged by that day, at most the one for 24 months; None when too few to say."""
        return self.within((by - self.made).days / DAYS_A_MONTH)

    def within(self, months: float) -> float | None:
        """The chance that it emerges within so many months; None when too few to say."""
        if not self.curve:
            return None
        place = min(max(months / STEP, 0.0), float(len(self.curve)))
        points = (0.0, *self.curve)
        before = min(int(place), len(self.curve) - 1)
        return points[before] + (place - before) * (points[before + 1] - points[before])

    def quantile(self, share: float) -> date | None:
        """The first day by which the chance is `share`; None when that is later than 24 months, or too few to say."""
        for number, (low, high) in enumerate(pairwise((0.0, *self.curve))):
            if high >= share and high > low:
                months = (number + max(share - low, 0.0) / (high - low)) * STEP
                return self.made + timedelta(days=math.ceil(months * DAYS_A_MONTH))
        return None

    @property
    def median(self) -> date | None:
        """The day that is as likely too early as too late; None when later, or too few to say."""
        return self.quantile(0.5)

    def range(self, percent: int) -> tuple[date | None, date | None]:
        """The middle range that holds the date so many times in a hundred, as `range(80)`."""
        tail = (100 - percent) / 200
        return self.quantile(tail), self.quantile(1 - tail)


def forecasts(
    arrivals: "Arrivals", cells: Collection[Cell] | None = None, *, with_due: bool = True
) -> dict[Cell, Forecast]:
    """A forecast for every cell that has not emerged, or for those of `cells` that have not.

    An unknown cell gets one, marked so, and tells the others nothing. The same input gives the
    same output: nothing is drawn at random. Without `with_due` nothing is overdue, and only one
    day is fitted instead of every day on which an upstream cell emerged.
    """
    missing = (cell for cell in arrivals.taxonomy.cells() if cell not in arrivals.days)
    wanted = [cell for cell in missing if cells is None or cell in cells]
    found = _curves(arrivals)
    due = _due(arrivals, wanted) if with_due else {}
    basis = _basis(arrivals)
    return {
        cell: Forecast(
            cell=cell,
            made=arrivals.known_on,
            curve=found.get(cell, ()),
            basis=basis,
            unknown=cell not in arrivals.open,
            upstream_since=arrivals.upstream_since(cell),
            due=due.get(cell),
            overdue=cell in due and arrivals.known_on > due[cell],
        )
        for cell in wanted
    }


def rows(made: Iterable[Forecast]) -> list[dict[str, object]]:
    """The forecasts as flat rows, ready for JSON or a table; a quantile that is not a date says why."""
    return [_row(forecast) for forecast in made]


def _row(forecast: Forecast) -> dict[str, object]:
    chances = {f"p{months}": _rounded(forecast.within(months)) for months in (3, 6, 12, 24)}
    quantiles = {f"q{share}": _told(forecast, forecast.quantile(share / 100)) for share in (10, 50, 90)}
    return {
        "capability": forecast.cell.capability,
        "stage": forecast.cell.stage,
        **chances,
        **quantiles,
        "unknown": forecast.unknown,
        "overdue": forecast.overdue,
    }


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 4)


def _told(forecast: Forecast, day: date | None) -> str:
    if day is not None:
        return day.isoformat()
    return TOO_FEW if forecast.is_too_few else LATER


def _curves(arrivals: "Arrivals") -> Mapping[Cell, tuple[float, ...]]:
    if len(arrivals.days) < ENOUGH:
        return {}
    from cascade.forecasting.fit import curves

    return curves(arrivals)


def _due(arrivals: "Arrivals", cells: Iterable[Cell]) -> dict[Cell, date]:
    """The end of the 80 % range of each cell that waits, as forecast on the day its upstream cell emerged."""
    by_day: dict[date, list[Cell]] = {}
    for cell in cells:
        since = arrivals.upstream_since(cell)
        if since is not None and arrivals.is_waited_for(cell):
            by_day.setdefault(since, []).append(cell)
    return {cell: end for day, waiting in by_day.items() for cell, end in _ends(arrivals.as_known_on(day), waiting)}


def _ends(then: "Arrivals", cells: Iterable[Cell]) -> Iterator[tuple[Cell, date]]:
    found, basis = _curves(then), _basis(then)
    for cell in cells:
        end = Forecast(cell=cell, made=then.known_on, curve=found.get(cell, ()), basis=basis).quantile(0.9)
        if end is not None:
            yield cell, end


def _basis(arrivals: "Arrivals") -> Basis:
    return Basis(emerged=len(arrivals.days), open=len(arrivals.open), from_atlas=len(arrivals.from_atlas))
