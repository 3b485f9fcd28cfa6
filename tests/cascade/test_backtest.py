"""The backtest: what would have been said then, against what came, without looking ahead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp

import pytest

from cascade.backtest import Score, backtest, model, origins, replay, rows, score, without_each
from cascade.baselines import BASELINES, constant_hazard, kaplan_meier, pair_log_normal, same_lag
from cascade.board import board_at
from cascade.errors import BadInput
from cascade.forecasting.arrivals import Arrivals
from cascade.gaps import DAYS_A_MONTH
from cascade.outcome import Outcome
from cascade.taxonomy import Cell
from storage.atlas import read_atlas, read_taxonomy
from tests.cascade.simulated import NOW, small_taxonomy
from tests.make import facts

ATLAS_ENDS = datetime(2026, 8, 21, 12, tzinfo=UTC)
CELL = Cell("c0", "m0/open")


@pytest.fixture(scope="module")
def atlas() -> Arrivals:
    """The history that ships with Cascade."""
    return Arrivals.of(board_at(read_taxonomy(), facts(*read_atlas()), ATLAS_ENDS))


@pytest.fixture(scope="module")
def scores(atlas: Arrivals) -> dict[str, Score]:
    """Every method's score on it, at one origin a year."""
    return {one.method: one for one in backtest(atlas, origins()[::4])}


@pytest.mark.slow
def test_the_bars_on_the_atlas(atlas: Arrivals) -> None:
    """On the shipped history and all origins the 80 % ranges hold 75 to 85 % of the time, and every score is met."""
    ours = backtest(atlas)[0]
    assert ours.n == 226
    assert ours.crps <= 0.160
    assert all((ours.brier[months] or 1) <= bar for months, bar in ((3, 0.165), (6, 0.225), (12, 0.185)))
    assert 0.75 <= ours.held <= 0.85


@pytest.mark.slow
def test_the_gain_holds_without_any_one_capability(atlas: Arrivals) -> None:
    """Whichever capability is left out, the model stays well ahead of a constant hazard."""
    ours = without_each(atlas, model, origins())
    theirs = without_each(atlas, constant_hazard, origins())
    assert len(ours) == 12
    assert all(one.crps < 0.85 * theirs[name].crps for name, one in ours.items())


@pytest.mark.slow
def test_the_gain_holds_at_other_origins(atlas: Arrivals) -> None:
    """The origins moved by one and by two months tell the same: the gain does not rest on the choice of days."""
    for months in (1, 2):
        at = [day.replace(month=day.month + months) for day in origins()[:-1]]
        ours, theirs = (score("", replay(atlas, method, at)) for method in (model, constant_hazard))
        assert ours.crps < 0.8 * theirs.crps
        assert 0.75 <= ours.held <= 0.86
        assert all((ours.brier[horizon] or 1) < 0.95 * (theirs.brier[horizon] or 0) for horizon in (3, 6, 12))


def test_the_model_beats_every_baseline(scores: Mapping[str, Score]) -> None:
    """At one origin a year already the model is the best by CRPS and by Brier at each horizon."""
    ours = scores["this model"]
    for name in BASELINES:
        assert ours.crps < scores[name].crps
        assert all((ours.brier[months] or 1) < (scores[name].brier[months] or 0) for months in (3, 6, 12))


def test_every_method_answers_the_same_cells(scores: Mapping[str, Score]) -> None:
    """All five are scored on the same outcomes; each horizon's fifths add up to those old enough."""
    assert {one.n for one in scores.values()} == {scores["this model"].n}
    for one in scores.values():
        assert sum(fifth.n for fifth in one.fifths if fifth.months == 3) == one.n


def test_no_look_ahead(atlas: Arrivals) -> None:
    """No method's forecast changes when what came after the origin came otherwise."""
    origin = date(2024, 4, 15)
    otherwise = replace(atlas, days={c: d if d <= origin else d + timedelta(days=50) for c, d in atlas.days.items()})
    for method in (model, *BASELINES.values()):
        told = {one.cell: one.curve for one in replay(atlas, method, [origin])}
        assert told == {one.cell: one.curve for one in replay(otherwise, method, [origin])}


def test_score_by_hand() -> None:
    """CRPS is the mean squared distance over the half months; Brier the one at the horizon."""
    sure = Outcome(cell=CELL, origin=NOW, curve=(1.0,) * 48, months=0.2, watched=30)
    never = Outcome(cell=CELL, origin=NOW, curve=(0.5,) * 48, months=None, watched=6)
    found = score("m", [sure, never])
    assert found.crps == pytest.approx((0 + 0.25) / 2)
    assert found.brier == {3: pytest.approx(0.125), 6: pytest.approx(0.125), 12: pytest.approx(0.0)}
    assert rows([found])[0]["brier3"] == 0.125


def test_range_by_hand() -> None:
    """An outcome before the range is early, after it late; an open one counts as held while it still may be."""
    curve = tuple(n / 50 for n in range(1, 49))
    at = [Outcome(cell=CELL, origin=NOW, curve=curve, months=m, watched=w) for m, w in ((1, 24), (12, 24), (23, 24))]
    waiting = [Outcome(cell=CELL, origin=NOW, curve=curve, months=None, watched=w) for w in (2, 24)]
    found = score("m", [*at, *waiting])
    assert [found.early, found.held, found.late] == pytest.approx([0.2, 0.4, 0.4])


def test_nothing_to_score() -> None:
    """An empty history gives no scores; scoring nothing is refused with a line that says why."""
    empty = Arrivals(taxonomy=small_taxonomy(), known_on=NOW, days={}, open=frozenset())
    assert backtest(empty) == []
    with pytest.raises(BadInput, match="nothing to score"):
        score("m", [])


def test_without_each() -> None:
    """Leaving a capability out leaves its cells out of the fit and of the score."""
    whole = _history(lag_months=5)
    found = without_each(whole, constant_hazard, [NOW - timedelta(days=120)])
    assert set(found) == {"c0", "c1"}
    assert all(
        one.n < score("all", replay(whole, constant_hazard, [NOW - timedelta(days=120)])).n for one in found.values()
    )


def test_constant_hazard_by_hand() -> None:
    """The rate is emergences over months waited, with half an emergence in ten months added."""
    known = _history(lag_months=5).as_known_on(NOW - timedelta(days=120))
    # Four waits of five months are over, two have lasted 4.2 months.
    rate = (4 + 0.5) / (4 * 5 + 2 * 4.2 + 10)
    assert constant_hazard(known, [CELL])[CELL][1] == pytest.approx(1 - exp(-rate), rel=0.01)


def test_same_lag_by_hand() -> None:
    """The next one takes as long as the last one did: nothing before that day, certainty after."""
    known = _waiting(last_lag=10, waited=6)
    curve = same_lag(known, [Cell("c1", "m0/open")])[Cell("c1", "m0/open")]
    assert [curve[6], curve[8]] == [0.0, 1.0]


def test_kaplan_meier_by_hand() -> None:
    """Of two waits, one over after ten months and one at six so far, plus one that never ends: a half is left."""
    known = _waiting(last_lag=10, waited=6)
    curve = kaplan_meier(known, [Cell("c1", "m0/open")])[Cell("c1", "m0/open")]
    assert [curve[0], curve[-1]] == pytest.approx([0.0, 0.5])


def test_log_normal_counts_own_stage_most() -> None:
    """A stage with short waits expects the next one sooner than a stage with long ones."""
    tracked = small_taxonomy()
    start = NOW - timedelta(days=900)
    days = {Cell(f"c{n}", "m0/closed"): start for n in range(8)}
    days |= {Cell(f"c{n}", "m0/open"): start + timedelta(days=60 + n) for n in range(7)}
    days |= {Cell(f"c{n}", "m1/closed"): start + timedelta(days=700 + n) for n in range(7)}
    short, long = Cell("c7", "m0/open"), Cell("c7", "m1/closed")
    known = Arrivals(taxonomy=tracked, known_on=start + timedelta(days=30), days=days, open=frozenset({short, long}))
    curves = pair_log_normal(known, [short, long])
    assert curves[short][6] > curves[long][6]


def _history(lag_months: int) -> Arrivals:
    tracked = small_taxonomy(stages=4, capabilities=2)
    depth = {"m0/closed": 0, "m0/open": 1, "m1/closed": 1, "m1/open": 2}
    first = NOW - timedelta(days=400)
    days = {c: first + timedelta(days=round(depth[c.stage] * lag_months * DAYS_A_MONTH)) for c in tracked.cells()}
    return Arrivals(taxonomy=tracked, known_on=NOW, days=days, open=frozenset())


def _waiting(last_lag: float, waited: float) -> Arrivals:
    tracked = small_taxonomy(stages=2, capabilities=2)
    ended = NOW - timedelta(days=30)
    days = {
        Cell("c0", "m0/closed"): ended - timedelta(days=round(last_lag * DAYS_A_MONTH)),
        Cell("c0", "m0/open"): ended,
        Cell("c1", "m0/closed"): NOW - timedelta(days=round(waited * DAYS_A_MONTH)),
    }
    return Arrivals(taxonomy=tracked, known_on=NOW, days=days, open=frozenset({Cell("c1", "m0/open")}))
