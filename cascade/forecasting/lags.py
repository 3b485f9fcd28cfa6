"""Lags as survival times: how long cells have waited since the cell upstream of them emerged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.normal import Flags, Floats, positive_part

_ROUNDS = 500
_CLOSE_ENOUGH = 1e-6
_LEAST_SPREAD = 0.1  # of a logarithm; the same lag everywhere is no certainty


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One cell's wait since its upstream cell emerged, in months; still waiting: a lower bound."""

    stage: str
    months: float
    over: bool


def waits(arrivals: Arrivals) -> list[Wait]:
    """Every wait that began with an emergence upstream. An inversion never waited and is left out."""
    found = []
    for cell in arrivals.taxonomy.cells():
        since = arrivals.upstream_since(cell)
        if since is None or not (cell in arrivals.days or cell in arrivals.open):
            continue
        until = arrivals.days.get(cell, arrivals.known_on)
        months = arrivals.months(until) - arrivals.months(since)
        if months > 0:
            found.append(Wait(stage=cell.stage, months=months, over=cell in arrivals.days))
    return found


@dataclass(frozen=True)
class LogNormal:
    """A log-normal distribution of lags."""

    centre: float  # mean of the logarithm of months
    spread: float

    @property
    def median(self) -> float:
        """The lag, in months, that half of the cases exceed."""
        return math.exp(self.centre)


def log_normal(months: Sequence[float], over: Sequence[bool], weights: Sequence[float] | None = None) -> LogNormal:
    """The likeliest log-normal for waits of which some still last (right-censored), found by EM.

    Known answer: Epoch AI's 13 observed and 6 unmatched lags of open behind closed models
    (open-model-trends, `benchmark_analysis.ipynb`) have a median of 11.7 months.
    """
    logs = np.log(np.asarray(months, dtype=np.float64))
    ended = np.asarray(over, dtype=np.bool_)
    share = np.ones(len(logs)) if weights is None else np.asarray(weights, dtype=np.float64)
    share = share / share.sum()
    fit = LogNormal(float(share @ logs), max(float(np.sqrt(share @ (logs - share @ logs) ** 2)), _LEAST_SPREAD))
    for _ in range(_ROUNDS):
        before, fit = fit, _better(fit, logs, ended, share)
        if abs(fit.centre - before.centre) + abs(fit.spread - before.spread) < _CLOSE_ENOUGH:
            break
    return fit


def _better(fit: LogNormal, logs: Floats, ended: Flags, share: Floats) -> LogNormal:
    variance = np.full(len(logs), fit.spread**2)
    _, beyond, left = positive_part(fit.centre - logs, variance)
    mean = np.where(ended, logs, logs + beyond)
    centre = float(share @ mean)
    spread = float(np.sqrt(share @ (np.where(ended, 0.0, left) + (mean - centre) ** 2)))
    return LogNormal(centre, max(spread, _LEAST_SPREAD))
