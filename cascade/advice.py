"""Build now, build around today's models, or wait for the next: a rule, with its reasons and the signs to watch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cascade.forecast import STEP, Forecast
from cascade.forecasting.arrivals import Arrivals
from cascade.gaps import DAYS_A_MONTH
from cascade.phrases import odds
from cascade.taxonomy import Cell

LIKELY = 0.75  # from this chance on, waiting is the better bet
UNLIKELY = 0.35  # up to this chance, the workaround has to last
MOST_SIGNS = 3

WORKS = "It works since {since}."
CHANCE = "The chance that it works by {by} is {chance}."
PASSED = "{by} has passed without it: name a day to come. The chance within the next 12 months is {chance}."
HAS_TO_LAST = "A way around has to last."
NOT_SURE = "That is too likely for a way around that lasts, and too unsure to wait: keep it easy to take out."
NOT_LOOKED = "Nobody has looked whether it works already: try today's models first."
OVERDUE = "It is overdue: when {stage} got it, the 80 % range ended on {due}."
UPSTREAM_MISSING = "It has not come to {stage} yet, which usually comes first."
BEYOND = "Forecasts end 24 months ahead; this is the chance by then."
TOO_FEW = "There are too few dated emergences to say."


class Kind(StrEnum):
    """What to do about a capability in a stage."""

    BUILD_NOW = "build now"
    BUILD_AROUND = "build around"
    WAIT = "wait"
    CANNOT_SAY = "cannot say"


class Why(StrEnum):
    """Why a sign is worth watching."""

    UPSTREAM = "usually comes first"
    BESIDE = "comes after the same stage"


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A cell whose emergence would bring this one nearer."""

    cell: Cell
    why: Why
    median: date | None  # None when later than its forecast looks, or too few to say


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The advice for one cell by one day."""

    cell: Cell
    by: date
    kind: Kind
    chance: float | None  # None when too few to say
    reasons: tuple[str, ...]
    signs: tuple[Sign, ...] = ()


def plan(arrivals: Arrivals, forecasts: Mapping[Cell, Forecast], cell: Cell, by: date) -> Plan:
    """What to do about this cell by that day.

    `forecasts` holds at least the capability's own cells. A cell that works is built on now,
    whatever the day; the chance for a day that has passed is nil.
    """
    since = arrivals.days.get(cell)
    if since is not None:
        return Plan(cell=cell, by=by, kind=Kind.BUILD_NOW, chance=1.0, reasons=(WORKS.format(since=since),))
    forecast = forecasts.get(cell)
    chance = forecast.chance(by) if forecast else None
    if forecast is None or chance is None:
        return Plan(cell=cell, by=by, kind=Kind.CANNOT_SAY, chance=None, reasons=(TOO_FEW,))
    return Plan(
        cell=cell,
        by=by,
        kind=Kind.WAIT if chance >= LIKELY else Kind.BUILD_AROUND,
        chance=chance,
        reasons=tuple(_reasons(arrivals, forecast, by, chance)),
        signs=tuple(_signs(arrivals, forecasts, cell))[:MOST_SIGNS],
    )


def _reasons(arrivals: Arrivals, forecast: Forecast, by: date, chance: float) -> Iterator[str]:
    yield from _odds(forecast, by, chance)
    if forecast.unknown:
        yield NOT_LOOKED
    upstream = arrivals.taxonomy.upstream(forecast.cell)
    if upstream is None:
        return
    stage = arrivals.taxonomy.stage(upstream.stage).name
    if upstream not in arrivals.days:
        yield UPSTREAM_MISSING.format(stage=stage)
    if forecast.overdue:
        yield OVERDUE.format(stage=stage, due=forecast.due)


def _odds(forecast: Forecast, by: date, chance: float) -> Iterator[str]:
    if by < forecast.made:
        yield PASSED.format(by=by, chance=odds(forecast.within(12) or 0))
        return
    yield CHANCE.format(by=by, chance=odds(chance))
    if (by - forecast.made).days / DAYS_A_MONTH > len(forecast.curve) * STEP:
        yield BEYOND
    if chance < LIKELY:
        yield HAS_TO_LAST if chance <= UNLIKELY else NOT_SURE


def _signs(arrivals: Arrivals, forecasts: Mapping[Cell, Forecast], cell: Cell) -> Iterator[Sign]:
    above = arrivals.taxonomy.upstream(cell)
    while above is not None and above not in arrivals.days:
        yield _sign(forecasts, above, Why.UPSTREAM)
        above = arrivals.taxonomy.upstream(above)
    after = arrivals.taxonomy.stage(cell.stage).after
    for stage in arrivals.taxonomy.downstream(after) if after else ():
        beside = Cell(cell.capability, stage.id)
        if beside != cell and beside not in arrivals.days:
            yield _sign(forecasts, beside, Why.BESIDE)


def _sign(forecasts: Mapping[Cell, Forecast], cell: Cell, why: Why) -> Sign:
    return Sign(cell=cell, why=why, median=forecasts[cell].median if cell in forecasts else None)
