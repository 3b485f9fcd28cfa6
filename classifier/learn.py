"""Learning from decisions: a small logistic model trained anew, adopted only when held-out decisions favour it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from classifier.model import Linear, Model, log_odds, logistic

FOLDS = 5
MOVE_STRENGTH = 0.05  # of what decisions change in a model that was trained on labels
PATIENCE = 100  # decisions after which what was learned counts as much as what was known before
_BEFORE, _LARGE = "@before", 10.0
RELEVANCE_STRENGTH, CLAIM_STRENGTH = 0.5, 0.46  # scikit-learn's C: larger trusts the examples more
ENOUGH = 40  # decisions of both kinds below which nothing is learned
_BINS = 5


@dataclass(frozen=True)
class Example:
    """What the model saw once, and what people said."""

    features: Mapping[str, float]
    right: bool
    weight: float = 1.0
    group: str = ""  # examples of one item are never split between training and testing


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How good probabilities were on examples that were not trained on."""

    examples: int
    log_loss: float
    brier: float
    calibration_error: float  # five equal bins, weighted by their size


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """The outcome of one training: the candidate model, both qualities, and whether it is adopted."""

    model: Model
    new: Quality
    old: Quality
    adopted: bool


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How often a rule or a source was right, as people decided."""

    name: str
    right: int
    wrong: int

    @property
    def share(self) -> float:
        """Right ones among the decided, with one imagined decision of each kind, so that 1 of 1 is not 100 %."""
        return (self.right + 1) / (self.right + self.wrong + 2)


def train(
    relevance: Sequence[Example], claims: Sequence[Example], *, version: str, report: Mapping[str, Any] | None = None
) -> Model:
    """A model of both kinds of example. Deterministic: the same examples give the same weights."""
    return Model(
        version=version,
        relevance=fit(relevance, strength=RELEVANCE_STRENGTH),
        claim=fit(claims, strength=CLAIM_STRENGTH),
        report=dict(report or {}),
    )


def fit(examples: Sequence[Example], *, strength: float) -> Linear:
    """A calibrated logistic model; `strength` is scikit-learn's C: larger trusts the examples more."""
    bare = _fit(examples, strength)
    return replace(bare, curve=_platt(_out_of_fold(examples, strength), examples))


def fit_on(before: Linear, examples: Sequence[Example]) -> Linear:
    """A model that starts from an earlier one and moves as far as the examples warrant, calibrated anew.

    The earlier log-odds enter as one more feature, written large so that the penalty hardly touches its weight;
    the sum of both is linear again.
    """
    raised = [replace(one, features={**one.features, _BEFORE: _LARGE * before.raw(one.features)}) for one in examples]
    moved, start = settled(fit(raised, strength=MOVE_STRENGTH)), settled(before)
    trust = moved.weights[_BEFORE] * _LARGE
    say = len(examples) / (len(examples) + PATIENCE)  # of what was learned; the rest stays with what was known
    names = {*before.weights, *moved.weights} - {_BEFORE}
    weights = {
        name: say * (trust * before.weights.get(name, 0.0) + moved.weights.get(name, 0.0))
        + (1 - say) * start.weights.get(name, 0.0)
        for name in names
    }
    return Linear(bias=say * (moved.bias + trust * before.bias) + (1 - say) * start.bias, weights=weights)


def settled(linear: Linear) -> Linear:
    """The same model with its calibration folded into the weights: Platt's is a straight line in log-odds."""
    if not linear.curve:
        return linear
    (low, low_is), (high, high_is) = linear.curve[len(linear.curve) // 3], linear.curve[2 * len(linear.curve) // 3]
    slope = (log_odds(high_is) - log_odds(low_is)) / (log_odds(high) - log_odds(low))
    shift = log_odds(low_is) - slope * log_odds(low)
    weights = {name: slope * weight for name, weight in linear.weights.items()}
    return Linear(bias=slope * linear.bias + shift, weights=weights)


def relearn(current: Model, claims: Sequence[Example], *, version: str) -> Lesson | None:
    """Train the claim half anew; every fifth group is held out and decides. None when there is too little to learn."""
    held = [one for one in claims if fold_of(one.group) == 0]
    rest = [one for one in claims if fold_of(one.group) != 0]
    if min(Counter(one.right for one in rest).get(kind, 0) for kind in (True, False)) * 2 < ENOUGH or not held:
        return None
    candidate = replace(current, version=version, claim=fit_on(current.claim, rest))
    new, old = quality(candidate.claim, held), quality(current.claim, held)
    report = {"decisions": len(claims), "held_out": len(held), "log_loss": round(new.log_loss, 4)}
    return Lesson(model=replace(candidate, report=report), new=new, old=old, adopted=new.log_loss < old.log_loss)


def quality(linear: Linear, examples: Sequence[Example]) -> Quality:
    """Scores of a model on examples that it was not trained on."""
    pairs = [(linear.probability(one.features), one.right) for one in examples]
    return Quality(
        examples=len(pairs),
        log_loss=-sum(math.log(max(1e-6, p if right else 1 - p)) for p, right in pairs) / max(1, len(pairs)),
        brier=sum((p - right) ** 2 for p, right in pairs) / max(1, len(pairs)),
        calibration_error=calibration_error(pairs),
    )


def reliability(pairs: Iterable[tuple[float, bool]], bins: int = _BINS) -> list[tuple[int, float, float]]:
    """Per equal bin of probability: how many, their mean probability, the share that was right."""
    table: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, right in pairs:
        table[min(bins - 1, int(probability * bins))].append((probability, right))
    return [(len(row), _mean([p for p, _ in row]), _mean([float(right) for _, right in row])) for row in table]


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over five equal bins (Naeini, Cooper and Hauskrecht 2015, AAAI, section 3)."""
    total = max(1, len(pairs))
    return sum(count / total * abs(said - was) for count, said, was in reliability(pairs))


def precisions(decided: Iterable[tuple[str, bool]]) -> tuple[Precision, ...]:
    """Per rule, or per source: how many of its decided claims were right. Most decided first."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name, was_right in decided:
        total[name] += 1
        right[name] += was_right
    return tuple(
        Precision(name=name, right=right[name], wrong=count - right[name]) for name, count in total.most_common()
    )


def _fit(examples: Sequence[Example], strength: float) -> Linear:
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    names = sorted({name for one in examples for name in one.features})
    column = {name: index for index, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, one in enumerate(examples):
        for name, value in one.features.items():
            rows.append(row)
            columns.append(column[name])
            values.append(value)
    seen = csr_matrix((values, (rows, columns)), shape=(len(examples), len(names)))
    model = LogisticRegression(C=strength, max_iter=3000)
    model.fit(seen, np.array([one.right for one in examples]), sample_weight=np.array([one.weight for one in examples]))
    return Linear(bias=float(model.intercept_[0]), weights=dict(zip(names, map(float, model.coef_[0]), strict=True)))


def _out_of_fold(examples: Sequence[Example], strength: float) -> list[float]:
    raws = [0.0] * len(examples)
    for fold in range(FOLDS):
        rest = [one for one in examples if fold_of(one.group) != fold]
        if len({one.right for one in rest}) < 2:
            continue
        linear = _fit(rest, strength)
        for index, one in enumerate(examples):
            if fold_of(one.group) == fold:
                raws[index] = linear.raw(one.features)
    return raws


def _platt(raws: Sequence[float], examples: Sequence[Example]) -> tuple[tuple[float, float], ...]:
    """Platt's sigmoid (1999) through the out-of-fold scores, kept as points of a curve.

    As he advises, each example counts as a little less than certain, so that few examples do not make the curve steep.
    """
    from sklearn.linear_model import LogisticRegression

    right = sum(one.right for one in examples)
    surest, least = (right + 1) / (right + 2), 1 / (len(examples) - right + 2)
    sure = [surest if one.right else least for one in examples]
    model = LogisticRegression(C=10.0)
    model.fit(
        [[raw] for raw in (*raws, *raws)],
        [True] * len(raws) + [False] * len(raws),
        sample_weight=[one.weight * p for one, p in zip(examples, sure, strict=True)]
        + [one.weight * (1 - p) for one, p in zip(examples, sure, strict=True)],
    )
    slope, shift = max(0.2, float(model.coef_[0][0])), float(model.intercept_[0])
    points = [at / 4 for at in range(-24, 25)]
    return tuple((logistic(raw), logistic(slope * raw + shift)) for raw in points)


def fold_of(group: str) -> int:
    """The fold that a group of examples always falls into."""
    import zlib

    return zlib.crc32(group.encode()) % FOLDS


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
