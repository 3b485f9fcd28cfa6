"""How far a stage is behind the one before it, and whether that grows or shrinks.

A trend is claimed only when more than one window supports it. The other answer is "cannot tell
yet": with a dozen capabilities and a handful of releases it is the usual one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from cascade.board import Board
from cascade.gaps import DAYS_A_MONTH, Gap, GapKind, gaps

ESTIMATOR = "Akritas-Theil-Sen slope, open gaps censored, 90 % interval over resampled releases"
WINDOWS = (24, 48, None)  # months of upstream emergences back from the board's day; None for all
FEWEST_RELEASES = 4  # that ended a gap in the window; below, no slope is told


class Direction(StrEnum):
    """What the lags do."""

    GROWING = "growing"
    SHRINKING = "shrinking"
    CANNOT_TELL = "cannot tell yet"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The slope over the gaps that opened in one window."""

    months: int | None  # None for the whole history
    closed: int
    open: int
    releases: int  # that closed them
    slope: float | None = None  # months of lag per year; None when too few releases
    low: float | None = None
    high: float | None = None

    @property
    def direction(self) -> Direction:
        """What this window alone would say."""
        if self.low is not None and self.low > 0:
            return Direction.GROWING
        if self.high is not None and self.high < 0:
            return Direction.SHRINKING
        return Direction.CANNOT_TELL


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Whether lags grow or shrink, with what it rests on."""

    direction: Direction
    windows: tuple[Window, ...]  # those that hold different gaps, shortest first
    n: int  # closed gaps in all
    estimator: str = ESTIMATOR


@dataclass(frozen=True, kw_only=True)
class StageLag:
    """How far one stage is behind the stage before it."""

    stage: str
    latest: Gap | None  # the gap that the stage's latest emergence closed; None when none was
    open: int  # gaps still open
    trend: Trend


def stage_lag(board: Board, stage: str, rng: Random) -> StageLag:
    """The stage's lag, read off its latest emergence, and its trend."""
    mine = [gap for gap in gaps(board) if gap.cell.stage == stage]
    closed = [gap for gap in mine if gap.kind is GapKind.CLOSED]
    return StageLag(
        stage=stage,
        latest=max(closed, key=lambda gap: (_middle(board, gap), str(gap.cell)), default=None),
        open=sum(gap.kind is GapKind.OPEN and not gap.unknown for gap in mine),
        trend=trend(board, mine, rng),
    )


def trend(board: Board, found: Iterable[Gap], rng: Random) -> Trend:
    """The trend of these gaps, by the day on which each one's clock started.

    Closed gaps count with their sign; open ones as at least as long as they have lasted; those
    where an end is unknown, or only the later stage has it, are left out.
    """
    used = [gap for gap in found if not gap.unknown and gap.kind is not GapKind.AHEAD]
    windows = tuple(_windows(board, used, rng))
    closed = sum(gap.kind is GapKind.CLOSED for gap in used)
    return Trend(direction=_agreed(windows), windows=windows, n=closed)


def _agreed(windows: Sequence[Window]) -> Direction:
    said = [window.direction for window in windows if window.direction is not Direction.CANNOT_TELL]
    return said[0] if len(said) > 1 and len(set(said)) == 1 else Direction.CANNOT_TELL


def _windows(board: Board, found: Sequence[Gap], rng: Random) -> Iterator[Window]:
    before = 0
    for months in WINDOWS:
        inside = [gap for gap in found if months is None or _age(board, gap) <= months]
        # A longer window that holds the same gaps is the same evidence, not more of it.
        if len(inside) > before:
            before = len(inside)
            yield _window(board, inside, months, rng)


def _window(board: Board, inside: Sequence[Gap], months: int | None, rng: Random) -> Window:
    from cascade.forecasting.slope import Point, slope_with_range

    ends = {gap.cell: _release(board, gap) for gap in inside}
    points = [
        Point(
            year=-_age(board, gap) / 12,
            months=gap.months,
            closed=gap.kind is GapKind.CLOSED,
            release=ends[gap.cell],
        )
        for gap in inside
    ]
    closed = sum(point.closed for point in points)
    releases = len({point.release for point in points if point.closed})
    slope = slope_with_range(points, rng) if releases >= FEWEST_RELEASES else (None, None, None)
    return Window(
        months=months,
        closed=closed,
        open=len(points) - closed,
        releases=releases,
        slope=slope[0],
        low=slope[1],
        high=slope[2],
    )


def _release(board: Board, gap: Gap) -> str:
    """What ended the gap: cells that one model moved are one piece of evidence."""
    by = board[gap.cell].by
    return by.sighting.model if gap.kind is GapKind.CLOSED and by and by.sighting.model else str(gap.cell)


def _age(board: Board, gap: Gap) -> float:
    started = board.works(gap.upstream)
    return (board.as_of - started.middle).days / DAYS_A_MONTH if started else 0.0


def _middle(board: Board, gap: Gap) -> date:
    ended = board.works(gap.cell)
    return ended.middle if ended else date.min
