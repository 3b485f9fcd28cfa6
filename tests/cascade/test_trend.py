"""Trends: growing or shrinking only when more than one window agrees, else "cannot tell yet"."""

from datetime import date, timedelta
from random import Random

import pytest

from cascade.board import Board, State, board_at
from cascade.gaps import gaps
from cascade.sighting import Sighting, Verdict
from cascade.taxonomy import Capability, Taxonomy
from cascade.trend import ESTIMATOR, FEWEST_RELEASES, Direction, StageLag, stage_lag, trend
from tests.make import DAY, IMAGE, MONDAY, NEGATION, STYLE, TEXT, atlas, facts, sighting, taxonomy, vote

TODAY = date(2026, 5, 19)


def many(count: int) -> Taxonomy:
    """The test taxonomy with so many capabilities, named c0, c1, ..."""
    small = taxonomy()
    capabilities = tuple(Capability(id=f"c{n}", name=f"c {n}", means="It works.") for n in range(count))
    return Taxonomy(stages=small.stages, capabilities=capabilities, modalities=small.modalities)


def board_of(lags: list[int], *, first: int = 1600, step: int = 100, one_release: bool = False) -> Board:
    """Text got capability after capability, `step` days apart; image each one so many days later."""
    rows: list[Sighting] = []
    for number, lag in enumerate(lags):
        start = TODAY - timedelta(days=first - step * number)
        model = "Brush" if one_release else f"Brush {number}"
        rows.append(atlas(TEXT, start.isoformat(), capability=f"c{number}"))
        if start + timedelta(days=lag) <= TODAY:
            end = start + timedelta(days=lag)
            rows.append(atlas(IMAGE, end.isoformat(), capability=f"c{number}", model=model))
    return board_at(many(len(lags)), facts(*rows), MONDAY + DAY)


def image_lag(board: Board) -> StageLag:
    """The image stage's lag, with a fixed seed."""
    return stage_lag(board, IMAGE, Random(1))


@pytest.mark.parametrize(
    ("a_step", "direction"), [(-30, Direction.SHRINKING), (30, Direction.GROWING), (0, Direction.CANNOT_TELL)]
)
def test_direction(a_step: int, direction: Direction) -> None:
    """Lags that fall capability by capability shrink, those that rise grow, equal ones do neither."""
    noise = (7, -4, 0, 5, -6, 3, -2, 6, -5, 1, 4, -3, 2)
    board = board_of([(390 if a_step < 0 else 30) + a_step * n + noise[n] * 3 for n in range(13)], first=1500)
    assert image_lag(board).trend.direction is direction


def test_one_window_is_not_enough() -> None:
    """When all gaps lie within the shortest window, longer ones hold the same evidence and add no support."""
    found = image_lag(board_of([300 - 40 * n for n in range(7)], first=600, step=40)).trend
    assert [window.direction for window in found.windows] == [Direction.SHRINKING]
    assert found.direction is Direction.CANNOT_TELL


def test_one_release_is_one_piece_of_evidence() -> None:
    """A single model that closes every gap says nothing about a trend, however many cells it moves."""
    lags = [900 - 70 * n for n in range(12)]
    found = image_lag(board_of(lags, one_release=True)).trend
    assert found.direction is Direction.CANNOT_TELL
    assert all(window.releases < FEWEST_RELEASES and window.slope is None for window in found.windows)


def test_says_what_it_rests_on() -> None:
    """The trend names its estimator and how many gaps it has seen."""
    found = image_lag(board_of([100, 120, 90, 110, 5000])).trend
    assert (found.n, found.estimator, found.windows[-1].open) == (4, ESTIMATOR, 0)


def test_open_gap_counts_when_it_was_looked_at() -> None:
    """A gap that still fails counts as at least as long as it has lasted; one nobody looked at does not count."""
    fails = sighting(IMAGE, "2026-05-01", capability=NEGATION, verdict=Verdict.STILL_FAILS)
    rows = (atlas(TEXT, "2024-01-01"), atlas(TEXT, "2024-01-01", capability=STYLE), fails)
    board = board_at(taxonomy(), facts(*rows, votes=(vote(fails),)), MONDAY + DAY)
    assert [standing.state for standing in board.standings.values()].count(State.STILL_FAILS) == 1
    found = image_lag(board)
    assert (found.open, found.latest, found.trend.windows[0].open) == (1, None, 1)


def test_lag_is_read_off_the_latest_emergence() -> None:
    """The stage's lag is the gap that its latest emergence closed, not the longest."""
    rows = (
        atlas(TEXT, "2023-01-01"),
        atlas(IMAGE, "2025-01-01"),
        atlas(TEXT, "2026-02-01", capability=STYLE),
        atlas(IMAGE, "2026-03-01", capability=STYLE),
    )
    latest = image_lag(board_at(taxonomy(), facts(*rows), MONDAY + DAY)).latest
    assert latest is not None
    assert (latest.cell.capability, latest.least) == (STYLE, 28)


def test_nothing_there() -> None:
    """An empty board, and the head of the cascade, have no lag and no trend."""
    board = board_at(taxonomy(), facts(), MONDAY)
    for stage in (TEXT, IMAGE):
        found = stage_lag(board, stage, Random(1))
        assert (found.latest, found.trend.n, found.trend.direction) == (None, 0, Direction.CANNOT_TELL)


def test_same_seed_same_answer() -> None:
    """The resampling depends on the chance that is handed in, on nothing else."""
    board = board_of([300, 20, 250, 60, 180, 90, 40, 10])
    found = gaps(board)
    assert trend(board, found, Random(5)) == trend(board, found, Random(5))


def test_same_day_everywhere() -> None:
    """With every date the same no slope can be read, and none is claimed."""
    board = board_of([0] * 8, step=0)
    assert image_lag(board).trend.direction is Direction.CANNOT_TELL
