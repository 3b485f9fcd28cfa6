"""The small learned model: weights as plain numbers, so that predicting needs neither scikit-learn nor pickle."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cascade.errors import BadInput

Features = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A logistic model with its calibration: the curve from raw to honest probability."""

    bias: float
    weights: Mapping[str, float]
    curve: tuple[tuple[float, float], ...] = ()  # (raw, honest) ascending; empty: raw is used as it is

    def probability(self, features: Features) -> float:
        """The calibrated probability, strictly between 0 and 1."""
        return calibrated(self.curve, logistic(self.raw(features)))

    def raw(self, features: Features) -> float:
        """The log-odds before calibration."""
        return self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())


@dataclass(frozen=True, kw_only=True)
class Model:
    """What was learned: whether an item is relevant, and whether a claim that the rules found is right."""

    version: str
    relevance: Linear
    claim: Linear
    report: Mapping[str, Any] = field(default_factory=dict)  # what it was trained on and how good it was

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Model":
        """Read what `as_json` wrote; raises BadInput."""
        try:
            return cls(
                version=str(data["version"]),
                relevance=_linear(data["relevance"]),
                claim=_linear(data["claim"]),
                report=dict(data.get("report", {})),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(f"this is no classifier model: {error!r}; train a new one from the decisions") from error

    def as_json(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return {
            "version": self.version,
            "relevance": _plain(self.relevance),
            "claim": _plain(self.claim),
            "report": dict(self.report),
        }


def logistic(odds: float) -> float:
    """From log-odds to probability, without overflow."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def log_odds(probability: float) -> float:
    """From probability to log-odds; 0 and 1 are taken as almost so."""
    bounded = max(0.001, min(0.999, probability))
    return math.log(bounded / (1.0 - bounded))


def calibrated(curve: Sequence[tuple[float, float]], raw: float) -> float:
    """The point on a piecewise straight curve; flat beyond its ends."""
    if not curve:
        return raw
    at = bisect_right([point[0] for point in curve], raw)
    if at == 0:
        return curve[0][1]
    if at == len(curve):
        return curve[-1][1]
    (left, low), (right, high) = curve[at - 1], curve[at]
    return low + (high - low) * (raw - left) / (right - left) if right > left else high


def _linear(data: Mapping[str, Any]) -> Linear:
    curve = tuple((float(raw), float(honest)) for raw, honest in data.get("curve", ()))
    weights = {str(name): float(weight) for name, weight in data["weights"].items()}
    return Linear(bias=float(data["bias"]), weights=weights, curve=curve)


def _plain(linear: Linear) -> dict[str, Any]:
    weights = {name: round(weight, 4) for name, weight in sorted(linear.weights.items()) if abs(weight) >= 0.0005}
    curve = [[round(raw, 4), round(honest, 4)] for raw, honest in linear.curve]
    return {"bias": round(linear.bias, 4), "weights": weights, "curve": curve}
