"""How long each capability took from one stage to another, in the order in which it began: lags over time."""

from datetime import date
from random import Random

from cascade.gaps import Gap, GapKind, between
from cascade.taxonomy import Stage
from cascade.trend import Direction, trend
from cascade.view import View
from digest.pictures.paper import MARGIN, TOP, WIDTH, Paper
from digest.pictures.theme import Palette
from digest.pictures.timeline import AXIS, ROW, Timeline, draw_years, timeline

TITLE = "From {earlier} to {later}"
BELOW = "As of {day}. {n} closed gaps. {trend}"
TRENDS = {
    Direction.GROWING: "Later gaps are longer.",
    Direction.SHRINKING: "Later gaps are shorter.",
    Direction.CANNOT_TELL: "Longer or shorter over time: cannot tell yet.",
}
SMALL_PRINT = "○ the earlier stage had it, ■ the later one; ▶ open, so at least this long."
MONTHS = "months"
AGAINST = "Orange: the later stage had it first."
NOTHING = "Neither stage has any capability with a date yet."
SEED = 0  # of the trend's resampling: the same picture every time

_NAMES, _WORDS = 1.5, 0.62  # inches


def lags(view: View, earlier: Stage, later: Stage, palette: Palette) -> Paper:
    """One row for each capability that either stage has, the first to begin on top."""
    found = sorted(between(view.board, earlier.id, later.id), key=lambda gap: (_ends(view, gap)[0], gap.cell))
    paper = Paper(
        TOP + AXIS + ROW * max(len(found), 1) + 0.62,
        palette,
        TITLE.format(earlier=earlier.name, later=later.name),
        _below(view, found),
    )
    if not found:
        paper.write(MARGIN, TOP + AXIS, NOTHING)
        return paper
    line = timeline([view.board.as_of, *(day for gap in found for day in _ends(view, gap))], names=_NAMES, words=_WORDS)
    draw_years(paper, line, len(found), view.board.as_of)
    paper.write(WIDTH - MARGIN, TOP + 0.14, MONTHS, side="right", colour=palette.faint)
    for row, gap in enumerate(found):
        paper.write(MARGIN, line.y(row), view.taxonomy.capability(gap.cell.capability).name)
        _row(paper, line, row, gap, _ends(view, gap))
    bottom = line.y(len(found))
    paper.write(MARGIN, bottom + 0.06, SMALL_PRINT, colour=palette.faint)
    paper.write(MARGIN, bottom + 0.26, AGAINST, colour=palette.faint)
    return paper


def _below(view: View, found: list[Gap]) -> str:
    closed = sum(gap.kind is GapKind.CLOSED for gap in found)
    seen = trend(view.board, found, Random(SEED))  # noqa: S311  a bootstrap
    return BELOW.format(day=view.board.as_of, n=closed, trend=TRENDS[seen.direction])


def _ends(view: View, gap: Gap) -> tuple[date, date]:
    """When the earlier and the later stage had it; the board's day for the one that has not."""
    first, last = view.board.works(gap.upstream), view.board.works(gap.cell)
    return (first.middle if first else view.board.as_of, last.middle if last else view.board.as_of)


def _row(paper: Paper, line: Timeline, row: int, gap: Gap, ends: tuple[date, date]) -> None:
    palette, y = paper.palette, line.y(row)
    start, end = map(line.x, ends)
    against = ends[1] < ends[0]
    colour = palette.ahead if against else palette.accent
    paper.line((start, end), (y, y), colour, width=2.0, dashed=gap.kind is not GapKind.CLOSED)
    if gap.kind is not GapKind.AHEAD:
        paper.mark(start, y, "o", colour, hollow=True)
    if gap.kind is GapKind.OPEN:
        paper.mark(end, y, ">", colour, size=6.0)
    else:
        paper.mark(end, y, "s", colour, size=6.0)
    paper.write(line.right + 0.08, y, length_words(gap))


def length_words(gap: Gap) -> str:
    """`5.2`, `−2.1`, or `9.1+` while it is open; in months."""
    value = f"{gap.months:.1f}".replace("-", "−")
    return f"{value}+" if gap.kind is GapKind.OPEN else value
