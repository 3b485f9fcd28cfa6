"""The fit: dates that were seen, cells still waited for, and from both the distribution of every missing date.

Two things are not fixed beforehand: how widely dates scatter (a factor on every spread) and how
lasting a capability's own delay is. Each pair on a small grid is fitted exactly and they are
averaged by their evidence, so there is no optimiser that could fail and nothing is random.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cascade.forecasting import prior
from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.normal import Flags, Floats, log_cdf
from cascade.forecasting.truncation import condition_on_positive
from cascade.taxonomy import Cell

HALF_MONTHS = 48  # how far a forecast looks: 24 months
GRID: Floats = np.arange(1, HALF_MONTHS + 1) / 2

_SCATTER: Floats = 2.0 ** np.arange(-2, 2.01, 0.25)  # a quarter to four times the prior's spreads
_SCATTER_SPREAD = 0.5  # of the factor's logarithm: beyond 2.7 times either way is a surprise
_LASTING: tuple[float, ...] = (0.4, 0.6, 0.8)
_OLDEST = -360.0  # months; a date before that is a slip of the pen, and would drown the arithmetic
_NEGLIGIBLE = math.log(1e-4)  # a pair this much less likely than the best is left out


@dataclass(frozen=True, kw_only=True)
class _Given:
    """The missing dates of one `lasting` given the dates seen, for a scatter of one."""

    mean: Floats
    covariance: Floats
    misfit: float  # squared, in units of the spread
    log_size: float  # half the log determinant
    seen: int


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """One pair of the grid: `bound` is its evidence before what the open cells say, which only lowers it."""

    bound: float
    scatter: float
    given: _Given


def curves(arrivals: Arrivals) -> dict[Cell, tuple[float, ...]]:
    """For every cell that has not emerged: the chance that it has by each half month of `GRID`.

    Given that it has not by `arrivals.known_on`. Unknown cells get a curve and tell the fit nothing.
    """
    seen = list(arrivals.days)
    missing = [cell for cell in arrivals.taxonomy.cells() if cell not in arrivals.days]
    if not seen or not missing:
        return {}
    waited = np.array([cell in arrivals.open for cell in missing])
    averaged = _average(_candidates(arrivals, seen, missing), waited)
    return {cell: tuple(row) for cell, row in zip(missing, averaged.tolist(), strict=True)}


def _candidates(arrivals: Arrivals, seen: Sequence[Cell], missing: Sequence[Cell]) -> list[_Candidate]:
    days = np.array([max(arrivals.months(arrivals.days[cell]), _OLDEST) for cell in seen])
    capabilities, stages = prior.cell_numbers(arrivals.taxonomy, [*seen, *missing])
    places = prior.tree(arrivals.taxonomy)
    expected = prior.expected(places, stages, start=0.0)
    expected += float(np.mean(days - expected[: len(seen)]))
    found = []
    for lasting in _LASTING:
        given = _given(days, expected, prior.covariance(places, capabilities, stages, lasting))
        found += [_Candidate(bound=_bound(given, factor), scatter=factor, given=given) for factor in _SCATTER.tolist()]
    return sorted(found, key=lambda one: -one.bound)


def _given(days: Floats, expected: Floats, covariance: Floats) -> _Given:
    n = len(days)
    off = days - expected[:n]
    solved = np.linalg.solve(covariance[:n, :n], np.column_stack([off, covariance[:n, n:]]))
    return _Given(
        mean=expected[n:] + covariance[n:, :n] @ solved[:, 0],
        covariance=covariance[n:, n:] - covariance[n:, :n] @ solved[:, 1:],
        misfit=float(off @ solved[:, 0]),
        log_size=0.5 * float(np.linalg.slogdet(covariance[:n, :n])[1]),
        seen=n,
    )


def _bound(given: _Given, scatter: float) -> float:
    seen = -0.5 * given.misfit / scatter**2 - given.seen * math.log(scatter) - given.log_size
    return seen - 0.5 * (math.log(scatter) / _SCATTER_SPREAD) ** 2


def _average(candidates: Sequence[_Candidate], waited: Flags) -> Floats:
    fitted = list(_fitted(candidates, waited))
    best = max(evidence for evidence, _ in fitted)
    weights = np.array([math.exp(evidence - best) for evidence, _ in fitted])
    rows = np.array([curve for _, curve in fitted])
    return np.asarray(np.tensordot(weights / weights.sum(), rows, axes=1), dtype=np.float64)


def _fitted(candidates: Sequence[_Candidate], waited: Flags) -> Iterator[tuple[float, Floats]]:
    best, sites = -math.inf, None
    for one in candidates:
        if one.bound < best + _NEGLIGIBLE:
            return
        left = condition_on_positive(one.given.mean, one.scatter**2 * one.given.covariance, waited, sites)
        evidence = one.bound + left.log_chance
        best, sites = max(best, evidence), left.sites
        yield evidence, _curve(left.mean, np.sqrt(left.variance))


def _curve(mean: Floats, deviation: Floats) -> Floats:
    still = log_cdf(mean / deviation)[:, None]
    later = log_cdf((mean[:, None] - GRID) / deviation[:, None])
    return np.clip(-np.expm1(later - still), 0.0, 1.0)
