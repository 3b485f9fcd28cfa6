"""The trend of lags of which some still last, and how sure it is.

Akritas, Murphy and LaValley (1995), "The Theil-Sen Estimator With Doubly Censored Data and
Applications to Astronomy": the slope at which lags, corrected for it, no longer rise or fall with
the date. Pairs that an open gap leaves undecided count for neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from cascade.forecasting.normal import Floats

_SLOPES: Floats = np.arange(-36.0, 36.01, 0.5)  # months of lag per year
_RESAMPLES = 500


@dataclass(frozen=True, kw_only=True)
class Point:
    """One lag: the year its clock started, its months (at least, while open), and the release that ended it."""

    year: float
    months: float
    closed: bool
    release: str


def slope_with_range(points: Sequence[Point], rng: Random) -> tuple[float, float, float]:
    """The slope in months per year, and the middle 90 % of it over resampled releases."""
    votes, firsts, seconds = _votes(points)
    releases = sorted({point.release for point in points})
    number = {name: place for place, name in enumerate(releases)}
    of = np.array([number[point.release] for point in points])
    counts = np.array([_resample(len(releases), rng) for _ in range(_RESAMPLES)])
    weights = counts[:, of]
    found = _crossing((weights[:, firsts] * weights[:, seconds]) @ votes)
    whole = _crossing(votes.sum(axis=0)[None, :])[0]
    low, high = np.quantile(found, [0.05, 0.95]).tolist()
    return float(whole), low, high


def _votes(points: Sequence[Point]) -> tuple[Floats, list[int], list[int]]:
    """For every pair and every slope: whether the corrected lag rises (1) or falls (-1) with the date."""
    year = np.array([point.year for point in points])
    months = np.array([point.months for point in points])
    closed = np.array([point.closed for point in points])
    pairs = [(a, b) for a in range(len(points)) for b in range(a + 1, len(points))]
    firsts, seconds = [a for a, _ in pairs], [b for _, b in pairs]
    apart = (year[seconds] - year[firsts])[:, None]
    rise = (months[seconds] - months[firsts])[:, None] - _SLOPES * apart
    # An open lag may still grow: it is surely the longer one, or nothing is sure.
    sure = np.where(rise > 0, closed[firsts][:, None], closed[seconds][:, None])
    return np.sign(apart) * np.sign(rise) * sure, firsts, seconds


def _resample(size: int, rng: Random) -> list[int]:
    counts = [0] * size
    for drawn in rng.choices(range(size), k=size):
        counts[drawn] += 1
    return counts


def _crossing(sums: Floats) -> Floats:
    """Where each row, which falls along the slopes, passes zero; 0 for a row that is zero throughout."""
    above = (sums > 0).sum(axis=1)
    below = (sums < 0).sum(axis=1)
    last = len(_SLOPES) - 1
    lower = _SLOPES[np.clip(above - 1, 0, last)]
    upper = _SLOPES[np.clip(last + 1 - below, 0, last)]
    return np.asarray((lower + upper) / 2, dtype=np.float64)
