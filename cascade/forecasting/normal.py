"""The normal distribution without scipy, whose import alone would take longer than the answer."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

_FAR = -8.0  # below this the textbook formulas lose their digits and the asymptotic ones are good to 1e-3
_erfc = np.frompyfunc(math.erfc, 1, 1)


def log_cdf(z: Floats) -> Floats:
    """The logarithm of the standard normal distribution function, also far out on the left."""
    near = np.maximum(z, -30.0)
    far = np.minimum(z, -30.0)
    close = np.log(0.5 * np.asarray(_erfc(-near / math.sqrt(2)), dtype=np.float64))
    tail = -0.5 * far * far - np.log(-far) - 0.5 * math.log(2 * math.pi)
    return np.where(z < -30.0, tail, close)


def positive_part(mean: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Of normal variables that turned out positive: the log chance of that, the mean and the variance."""
    deviation = np.sqrt(variance)
    z = mean / deviation
    log_chance = log_cdf(z)
    ratio = np.exp(-0.5 * z * z - 0.5 * math.log(2 * math.pi) - log_chance)
    shrink = np.where(z < _FAR, 1 / (z * z + 6), 1 - ratio * (z + ratio))
    lifted = np.where(z < _FAR, -deviation / np.minimum(z, _FAR), mean + deviation * ratio)
    return log_chance, lifted, variance * shrink
