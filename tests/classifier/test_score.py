"""Scores are what their definitions say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.learn import calibration_error, precisions, reliability
from classifier.score import Score, average_precision


def test_precision_recall_and_f1() -> None:
    """Three right, one wrong, two missed."""
    score = Score(right=3, wrong=1, missed=2)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert score.f1 == pytest.approx(2 / 3)
    assert Score().f1 == 0


def test_average_precision_by_hand() -> None:
    """Right at ranks one and three: (1/1 + 2/3) / 2; equals count together."""
    assert average_precision([(0.9, True), (0.8, False), (0.7, True)]) == pytest.approx(5 / 6)
    assert average_precision([(0.5, True), (0.5, False)]) == 0.5


def test_calibration_by_hand() -> None:
    """Two bins: said 0.9 and was 0.5, said 0.1 and was 0."""
    pairs = [(0.9, True), (0.9, False), (0.1, False), (0.1, False)]
    assert calibration_error(pairs) == pytest.approx(0.5 * 0.4 + 0.5 * 0.1)
    assert [row[0] for row in reliability(pairs)] == [2, 0, 0, 0, 2]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_scores_stay_between_nought_and_one(pairs: list[tuple[float, bool]]) -> None:
    """Whatever is scored."""
    assert 0 <= average_precision(pairs) <= 1
    assert 0 <= calibration_error(pairs) <= 1


def test_one_right_of_one_is_not_certain() -> None:
    """A rule's share starts in the middle."""
    only = precisions([("rule", True)])[0]
    assert (only.right, only.wrong) == (1, 0)
    assert only.share == pytest.approx(2 / 3)
