"""The fit: dates that were seen, cells still waited for, and from both the distribution of every missing date.

Three things are not fixed beforehand: how widely dates scatter (a factor on every spread), how large
a capability's own delay is against the rest (a factor on its spread), and how lasting it is. Each
triple on a small grid is fitted exactly and they are averaged by their evidence, so there is no
optimiser that could fail and nothing is random.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from cascade.forecasting import prior
from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.normal import Flags, Floats, log_cdf
from cascade.forecasting.truncation import Sites, Truncated, condition_on_positive
from cascade.taxonomy import Cell

HALF_MONTHS = 48  # how far a forecast looks: 24 months
GRID: Floats = np.arange(1, HALF_MONTHS + 1) / 2

_SCATTER: Floats = 2.0 ** np.arange(-2, 2.01, 0.25)  # a quarter to four times the prior's spreads
_DELAYS: tuple[float, ...] = (0.5, 1.0, 2.0)  # times the prior's spread of a capability's own delay
_LASTING: tuple[float, ...] = (0.4, 0.6, 0.8)
_FACTOR_SPREAD = 0.5  # of either factor's logarithm: beyond 2.7 times either way is a surprise
_OLDEST = -360.0  # months; a date before that is a slip of the pen, and would drown the arithmetic
_NEGLIGIBLE = math.log(1e-3)  # a triple this much less likely than the best does not matter


@dataclass(frozen=True, kw_only=True)
class _Given:
    """The missing dates of one `delay` and `lasting` given the dates seen, for a scatter of one."""

    mean: Floats
    covariance: Floats
    bounds: Floats  # by scatter: the evidence before what the open cells say, which only lowers it


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """One triple of the grid, fitted."""

    evidence: float
    left: Truncated


def curves(arrivals: Arrivals) -> dict[Cell, tuple[float, ...]]:
    """For every cell that has not emerged: the chance that it has by each half month of `GRID`.

    Given that it has not by `arrivals.known_on`. Unknown cells get a curve and tell the fit nothing.
    """
    seen = list(arrivals.days)
    missing = [cell for cell in arrivals.taxonomy.cells() if cell not in arrivals.days]
    if not seen or not missing:
        return {}
    waited = np.array([cell in arrivals.open for cell in missing])
    averaged = _average(_givens(arrivals, seen, missing), waited)
    return {cell: tuple(row) for cell, row in zip(missing, averaged.tolist(), strict=True)}


def _givens(arrivals: Arrivals, seen: Sequence[Cell], missing: Sequence[Cell]) -> list[_Given]:
    """Every `delay` and `lasting`, the likeliest first."""
    days = np.array([max(arrivals.months(arrivals.days[cell]), _OLDEST) for cell in seen])
    capabilities, stages = prior.cell_numbers(arrivals.taxonomy, [*seen, *missing])
    places = prior.tree(arrivals.taxonomy)
    expected = prior.expected(places, stages, start=0.0)
    expected += float(np.mean(days - expected[: len(seen)]))
    found = []
    for delay, lasting in product(_DELAYS, _LASTING):
        spread = prior.covariance(places, capabilities, stages, lasting=lasting, delay=delay)
        found.append(_given(days, expected, spread, _likely(delay)))
    return sorted(found, key=lambda one: -float(one.bounds.max()))


def _given(days: Floats, expected: Floats, covariance: Floats, likely: Floats) -> _Given:
    n = len(days)
    off = days - expected[:n]
    solved = np.linalg.solve(covariance[:n, :n], np.column_stack([off, covariance[:n, n:]]))
    log_size = 0.5 * float(np.linalg.slogdet(covariance[:n, :n])[1])
    misfit = float(off @ solved[:, 0])  # squared, in units of the spread
    seen = -0.5 * misfit / _SCATTER**2 - n * np.log(_SCATTER) - log_size
    return _Given(
        mean=expected[n:] + covariance[n:, :n] @ solved[:, 0],
        covariance=covariance[n:, n:] - covariance[n:, :n] @ solved[:, 1:],
        bounds=seen + _likely(_SCATTER) + likely,
    )


def _likely(factor: Floats | float) -> Floats:
    return np.asarray(-0.5 * (np.log(factor) / _FACTOR_SPREAD) ** 2, dtype=np.float64)


def _average(givens: Sequence[_Given], waited: Flags) -> Floats:
    fitted = _fitted(givens, waited)
    best = _best(fitted)
    likely = [one for one in fitted if one.evidence >= best + _NEGLIGIBLE]
    weights = np.exp(np.array([one.evidence for one in likely]) - best)
    rows = np.array([_curve(one.left.mean, np.sqrt(one.left.variance)) for one in likely])
    # Weights add up to 1 but for rounding, and a chance of 1.0000000000000002 is none.
    return np.minimum(np.tensordot(weights / weights.sum(), rows, axes=1), 1.0, dtype=np.float64)


def _fitted(givens: Iterable[_Given], waited: Flags) -> list[_Fit]:
    """Every triple that may matter: from a likely scatter the evidence is followed both ways until it has fallen."""
    found: list[_Fit] = []
    for given in givens:
        start = int(np.argmax(given.bounds))
        if found and given.bounds[start] < _best(found) + _NEGLIGIBLE:
            continue
        first = _fit(given, start, waited, found[0].left.sites if found else None)
        found.append(first)
        for way in (range(start + 1, len(_SCATTER)), range(start - 1, -1, -1)):
            found += _followed(given, way, waited, first, _best(found))
    return found


def _followed(given: _Given, way: Iterable[int], waited: Flags, before: _Fit, best: float) -> Iterator[_Fit]:
    for place in way:
        one = _fit(given, place, waited, before.left.sites)
        yield one
        if one.evidence < min(before.evidence, best + _NEGLIGIBLE):
            return
        before = one


def _best(found: Iterable[_Fit]) -> float:
    return max(one.evidence for one in found)


def _fit(given: _Given, place: int, waited: Flags, start: Sites | None) -> _Fit:
    scatter = float(_SCATTER[place])
    left = condition_on_positive(given.mean, scatter**2 * given.covariance, waited, start)
    return _Fit(evidence=float(given.bounds[place]) + left.log_chance, left=left)


def _curve(mean: Floats, deviation: Floats) -> Floats:
    still = log_cdf(mean / deviation)[:, None]
    later = log_cdf((mean[:, None] - GRID) / deviation[:, None])
    return np.clip(-np.expm1(later - still), 0.0, 1.0)
