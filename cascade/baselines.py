"""The four simple forecasts that the model has to beat, each as known on one day.

Each takes arrivals and cells that wait (open, with the stage before there), and answers with a
curve per cell like `Forecast.curve`: the chance of emergence by half months, to 24 months.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.fit import GRID
from cascade.forecasting.lags import LogNormal, Wait, log_normal, waits
from cascade.forecasting.normal import Flags, Floats, log_cdf
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Cell

Curves = Mapping[Cell, tuple[float, ...]]
Method = Callable[[Arrivals, Sequence[Cell]], Curves]

_FIRST_GUESS = 0.05  # emergences per waiting month, held with the weight of half an emergence
_NO_LAG_YET = 12.0  # months, said of a stage that has had none
_OWN_WEIGHT = 10.0  # of a wait at the same stage, against one anywhere else


def constant_hazard(arrivals: Arrivals, cells: Sequence[Cell]) -> Curves:
    """Every waiting cell emerges at the same rate: emergences over months waited, so far."""
    past = waits(arrivals)
    rate = (sum(one.over for one in past) + 0.5) / (sum(one.months for one in past) + 0.5 / _FIRST_GUESS)
    return {cell: _curve(1 - np.exp(-rate * GRID)) for cell in cells}


def same_lag(arrivals: Arrivals, cells: Sequence[Cell]) -> Curves:
    """The essay's rule of thumb: it takes as long as the last capability that came to the stage, to the day."""
    return {cell: _curve(_waited(arrivals, cell) + GRID >= _last_lag(arrivals, cell.stage)) for cell in cells}


def pair_log_normal(arrivals: Arrivals, cells: Sequence[Cell]) -> Curves:
    """A censored log-normal of waits for each pair of stages, in which its own waits count tenfold."""
    past = waits(arrivals)
    if not past:
        return constant_hazard(arrivals, cells)
    fits = {stage: _pair(past, stage) for stage in {cell.stage for cell in cells}}
    return {cell: _curve(_given_wait(fits[cell.stage], _waited(arrivals, cell))) for cell in cells}


def kaplan_meier(arrivals: Arrivals, cells: Sequence[Cell]) -> Curves:
    """Kaplan and Meier's (1958) curve of all waits together, given the time waited.

    One wait that never ends is added, so that the curve never reaches zero and can be conditioned on.
    """
    past = waits(arrivals)
    return {cell: _curve(_km_given_wait(past, _waited(arrivals, cell))) for cell in cells}


BASELINES: dict[str, Method] = {
    "constant hazard": constant_hazard,
    "same lag as last time": same_lag,
    "per-pair log-normal, censored": pair_log_normal,
    "Kaplan-Meier": kaplan_meier,
}


def _curve(chances: Floats | Flags) -> tuple[float, ...]:
    return tuple(np.clip(chances.astype(np.float64), 0.0, 1.0).tolist())


def _waited(arrivals: Arrivals, cell: Cell) -> float:
    since = arrivals.upstream_since(cell)
    return -arrivals.months(since) if since else 0.0


def _last_lag(arrivals: Arrivals, stage: str) -> float:
    both = [
        (day, (day - since).days / DAYS_A_MONTH)
        for cell, day in arrivals.days.items()
        if cell.stage == stage and (since := arrivals.upstream_since(cell))
    ]
    return max(both)[1] if both else _NO_LAG_YET


def _pair(past: Sequence[Wait], stage: str) -> LogNormal:
    weights = [_OWN_WEIGHT if one.stage == stage else 1.0 for one in past]
    return log_normal([one.months for one in past], [one.over for one in past], weights)


def _given_wait(fit: LogNormal, waited: float) -> Floats:
    ages = np.concatenate([[max(waited, 1e-3)], waited + GRID])
    still = log_cdf((fit.centre - np.log(ages)) / fit.spread)
    return np.asarray(-np.expm1(still[1:] - still[0]), dtype=np.float64)


def _km_given_wait(past: Sequence[Wait], waited: float) -> Floats:
    survival = np.ones(len(GRID))
    for end in sorted({one.months for one in past if one.over and one.months > waited}):
        ended = sum(one.over and one.months == end for one in past)
        at_risk = 1 + sum(one.months >= end for one in past)
        survival = np.where(waited + GRID >= end, survival * (1 - ended / at_risk), survival)
    return 1 - survival
