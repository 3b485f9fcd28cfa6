"""Expectation propagation for normal variables of which some are only known to be positive.

Minka (2001), "Expectation Propagation for Approximate Bayesian Inference"; the sums are those of
Rasmussen and Williams (2006), "Gaussian Processes for Machine Learning", section 3.6. Every
condition is log-concave, so no site's precision ever turns negative.
"""

import math
from dataclasses import dataclass

import numpy as np

from cascade.forecasting.normal import Flags, Floats, positive_part

_ROUNDS = 40
_CLOSE_ENOUGH = 1e-3  # change of a site's precision, relative to the largest
_DAMPING = 0.9
_FLAT = 1e-9  # the precision of a site that says next to nothing


@dataclass(frozen=True, kw_only=True)
class Sites:
    """The normal factors that stand in for the conditions, one for each."""

    precision: Floats
    shift: Floats  # precision times mean


@dataclass(frozen=True, kw_only=True)
class Truncated:
    """Every variable's mean and variance given all conditions but its own."""

    mean: Floats
    variance: Floats
    log_chance: float  # of all the conditions together
    sites: Sites  # a good start for a neighbour


def condition_on_positive(
    mean: Floats, covariance: Floats, conditioned: Flags, start: Sites | None = None
) -> Truncated:
    """The variables given that those marked in `conditioned` are positive. A near `start` saves rounds."""
    inner = np.ix_(conditioned, conditioned)
    sites = _sites(mean[conditioned], covariance[inner], start)
    left = _without_own(mean, covariance, _among_all(sites, mean, conditioned))
    own = (left[0][conditioned], left[1][conditioned])
    chance = _log_chance(mean[conditioned], covariance[inner], sites, own)
    return Truncated(mean=left[0], variance=left[1], log_chance=chance, sites=sites)


def _sites(mean: Floats, covariance: Floats, start: Sites | None) -> Sites:
    """The sites of variables that are all conditioned: the others change nothing, and cost much."""
    flat = np.full(len(mean), _FLAT)
    sites = start or Sites(precision=flat, shift=flat * mean)
    for _ in range(_ROUNDS):
        fresh = _refined(sites, _without_own(mean, covariance, sites))
        change = np.abs(fresh.precision - sites.precision).max(initial=0.0)
        sites = fresh
        if change <= _CLOSE_ENOUGH * fresh.precision.max(initial=_FLAT):
            break
    return sites


def _among_all(sites: Sites, mean: Floats, conditioned: Flags) -> Sites:
    precision = np.full(len(mean), _FLAT)
    shift = precision * mean
    precision[conditioned], shift[conditioned] = sites.precision, sites.shift
    return Sites(precision=precision, shift=shift)


def _without_own(mean: Floats, covariance: Floats, sites: Sites) -> tuple[Floats, Floats]:
    root = np.sqrt(sites.precision)
    spread = np.eye(len(mean)) + root[:, None] * covariance * root
    scaled = root[:, None] * covariance
    solved = np.linalg.solve(spread, scaled)
    pull = sites.shift - sites.precision * mean
    centre = mean + covariance @ pull - scaled.T @ (solved @ pull)
    own = np.maximum(np.diag(covariance) - (scaled * solved).sum(axis=0), 1e-9)
    variance = 1 / np.maximum(1 / own - sites.precision, 1e-9)
    return variance * (centre / own - sites.shift), variance


def _refined(sites: Sites, left: tuple[Floats, Floats]) -> Sites:
    mean, variance = left
    _, lifted, narrowed = positive_part(mean, variance)
    precision = np.maximum(1 / narrowed - 1 / variance, _FLAT)
    shift = lifted / narrowed - mean / variance
    return Sites(
        precision=_DAMPING * precision + (1 - _DAMPING) * sites.precision,
        shift=_DAMPING * shift + (1 - _DAMPING) * sites.shift,
    )


def _log_chance(mean: Floats, covariance: Floats, sites: Sites, left: tuple[Floats, Floats]) -> float:
    own, variance = left
    centre = sites.shift / sites.precision
    width = variance + 1 / sites.precision
    each = positive_part(own, variance)[0] + 0.5 * np.log(width * sites.precision) + 0.5 * (own - centre) ** 2 / width
    root = np.sqrt(sites.precision)
    spread = np.eye(len(mean)) + root[:, None] * covariance * root
    off = root * (centre - mean)
    together = 0.5 * np.linalg.slogdet(spread)[1] + 0.5 * float(off @ np.linalg.solve(spread, off))
    total = float(each.sum()) - together
    return total if math.isfinite(total) else -math.inf
