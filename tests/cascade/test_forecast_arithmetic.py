"""The arithmetic below the forecast agrees with textbooks, sums over fine steps, and published answers."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cascade.forecasting.lags import log_normal
from cascade.forecasting.normal import log_cdf, positive_part
from cascade.forecasting.prior import INSIDE_A_MODALITY, covariance, tree
from cascade.forecasting.truncation import condition_on_positive
from tests.cascade.simulated import small_taxonomy

# Epoch AI, open-model-trends, benchmark_analysis.ipynb: months until an open model matched a closed one.
MATCHED = [25.4, 14.6, 16.6, 19.0, 16.3, 4.6, 4.6, 10.2, 9.3, 5.9, 20.4, 18.2, 5.6]
UNMATCHED = [4.5, 4.5, 1.7, 8.1, 5.7, 4.5]


def test_log_cdf_like_scipy() -> None:
    """The logarithm of the normal distribution function, from far left to far right."""
    from scipy.special import log_ndtr

    z = np.array([-200.0, -30.5, -29.5, -8.0, -1.0, 0.0, 3.0, 40.0])
    assert log_cdf(z) == pytest.approx(log_ndtr(z), rel=2e-3, abs=1e-12)


@pytest.mark.parametrize("mean", [-60.0, -9.0, -7.0, -1.0, 0.0, 2.0, 30.0])
def test_positive_part(mean: float) -> None:
    """Mean and variance of a normal variable that turned out positive, as a sum over fine steps finds them."""
    _, lifted, narrowed = positive_part(np.array([mean]), np.array([4.0]))
    at = np.linspace(0, max(mean, 0) + 20, 400_001)
    weight = _share(-((at - mean) ** 2) / 8)
    middle = (weight * at).sum()
    assert lifted[0] == pytest.approx(middle, rel=0.02)
    assert narrowed[0] == pytest.approx((weight * (at - middle) ** 2).sum(), rel=0.05)


def _share(log_weight: NDArray[np.float64]) -> NDArray[np.float64]:
    weight: NDArray[np.float64] = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    return weight


def test_conditions_together() -> None:
    """The chance that three correlated variables are positive, and what it does to a fourth that is free."""
    mean = np.array([1.0, -0.5, 0.3, 0.0])
    spread = np.full((4, 4), 0.6) + 0.9 * np.eye(4)
    left = condition_on_positive(mean, spread, np.array([True, True, True, False]))
    drawn = np.random.default_rng(1).multivariate_normal(mean, spread, size=400_000)
    kept = drawn[(drawn[:, :3] > 0).all(axis=1), 3]
    assert left.log_chance == pytest.approx(np.log(len(kept) / len(drawn)), abs=0.02)
    assert left.mean[3] == pytest.approx(kept.mean(), abs=0.03)
    assert left.variance[3] == pytest.approx(kept.var(), rel=0.03)


def test_log_normal_known_answer() -> None:
    """Epoch's lags with the six unmatched ones censored have a log-normal median of 11.7 months."""
    fit = log_normal([*MATCHED, *UNMATCHED], [True] * len(MATCHED) + [False] * len(UNMATCHED))
    assert fit.median == pytest.approx(11.7, abs=0.05)


def test_log_normal_without_censoring() -> None:
    """With every wait over it is mean and deviation of the logarithms: Epoch's median is then 11.3 months."""
    fit = log_normal(MATCHED, [True] * len(MATCHED))
    assert fit.median == pytest.approx(np.exp(np.log(MATCHED).mean()))
    assert fit.spread == pytest.approx(np.log(MATCHED).std(), abs=1e-4)


def test_distance_in_the_tree() -> None:
    """A step inside a modality is shorter than one between modalities; depth counts both."""
    places = tree(small_taxonomy(stages=4))
    assert places.apart[0].tolist() == [0, INSIDE_A_MODALITY, 1, 1 + INSIDE_A_MODALITY]
    assert places.depth.tolist() == [0, 1, 1, 2]


def test_covariance_is_one() -> None:
    """The prior is a covariance: symmetric, with no direction of negative variance."""
    found = covariance(tree(small_taxonomy()), [0, 0, 0, 1, 1, 1], [0, 3, 5, 0, 3, 5], lasting=0.8)
    assert np.allclose(found, found.T)
    assert np.linalg.eigvalsh(found).min() > 0
