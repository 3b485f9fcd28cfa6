"""Learning: deterministic, versioned, adopted only when held-out decisions favour it."""

import json
from random import Random

import pytest

from cascade.errors import BadInput
from classifier.learn import Example, fit_on, quality, relearn
from classifier.model import Linear, Model
from classifier.read import shipped_model

START = Model(
    version="1", relevance=Linear(bias=0, weights={}), claim=Linear(bias=0.0, weights={"rule:a": 1.0, "rule:b": 1.0})
)


def decisions(number: int, right_a: float, right_b: float) -> list[Example]:
    """Claims by two rules, of which people confirm these shares."""
    chance = Random(7)
    rows = []
    for at in range(number):
        rule, share = (("rule:a", right_a), ("rule:b", right_b))[at % 2]
        rows.append(Example({rule: 1.0}, chance.random() < share, group=f"story {at}"))
    return rows


def test_what_people_reject_loses() -> None:
    """A rule that is mostly wrong gets a lower probability, and the better model is adopted."""
    lesson = relearn(START, decisions(200, 0.9, 0.1), version="1+200")
    assert lesson is not None
    assert lesson.adopted
    assert lesson.model.claim.probability({"rule:b": 1}) < 0.3 < 0.7 < lesson.model.claim.probability({"rule:a": 1})


def test_noise_is_not_adopted() -> None:
    """Where the old model is right already, coin flips do not replace it."""
    old = Model(version="1", relevance=START.relevance, claim=Linear(bias=0.0, weights={}))
    lesson = relearn(old, decisions(60, 0.5, 0.5), version="1+60")
    assert lesson is not None
    assert lesson.adopted == (lesson.new.log_loss < lesson.old.log_loss)
    assert abs(lesson.model.claim.probability({"rule:a": 1}) - 0.5) < 0.2


def test_too_little_to_learn_from() -> None:
    """A handful of decisions, or only one kind, teaches nothing."""
    assert relearn(START, decisions(20, 0.9, 0.1), version="2") is None
    assert relearn(START, decisions(200, 1.0, 1.0), version="2") is None


def test_the_same_decisions_teach_the_same() -> None:
    """Training is deterministic."""
    rows = decisions(120, 0.8, 0.3)
    assert fit_on(START.claim, rows) == fit_on(START.claim, rows)


def test_quality_of_a_sure_and_right_model() -> None:
    """Log loss falls as the right answer gains probability."""
    rows = [Example({"x": 1.0}, True)]
    sure, unsure = Linear(bias=3, weights={}), Linear(bias=0, weights={})
    assert quality(sure, rows).log_loss < quality(unsure, rows).log_loss


def test_a_model_comes_back_from_json() -> None:
    """What is kept predicts as what was trained."""
    model = shipped_model()
    again = Model.parse(json.loads(json.dumps(model.as_json())))
    assert again.claim.probability({"prior": 1.0}) == pytest.approx(model.claim.probability({"prior": 1.0}), abs=0.01)


def test_a_broken_model_says_so() -> None:
    """One line, with what is missing."""
    with pytest.raises(BadInput, match="no classifier model"):
        Model.parse({"version": "x"})
