"""A capability's way down the cascade: when each stage got it, and the range in which the open ones may."""

from collections.abc import Iterator
from datetime import date, timedelta

from cascade.board import Standing, State
from cascade.forecast import Forecast
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Capability, Cell, Stage
from cascade.view import View
from digest.pictures.alt import quarter_words
from digest.pictures.paper import MARGIN, TOP, Paper
from digest.pictures.theme import Palette
from digest.pictures.timeline import AXIS, ROW, Timeline, draw_years, timeline

TITLE = "{capability}: the way down the cascade"
BELOW = "As of {day}. ● works since; ◆ forecast, the line holds 80 % of it."
SMALL_PRINT = "✕ still fails (last tested); ? nobody looked; ▶ it goes on beyond two years."
NOBODY = "?"

_NAMES, _WORDS = 1.55, 0.72  # inches


def way_down(view: View, capability: Capability, palette: Palette) -> Paper:
    """One row for each stage, in the cascade's order."""
    stages = view.taxonomy.stages
    cells = [Cell(capability.id, stage.id) for stage in stages]
    forecasts = view.forecasts(cells)
    today = view.board.as_of
    line = timeline([today, *_days(view, cells, forecasts)], names=_NAMES, words=_WORDS)
    paper = Paper(
        TOP + AXIS + ROW * len(stages) + 0.4,
        palette,
        TITLE.format(capability=capability.name.capitalize()),
        BELOW.format(day=today),
    )
    draw_years(paper, line, len(stages), today)
    for row, (stage, cell) in enumerate(zip(stages, cells, strict=True)):
        paper.write(MARGIN, line.y(row), stage.name)
        _row(paper, line, row, view.board[cell], forecasts.get(cell))
        _follows(paper, line, view, row, stage, capability)
    paper.write(MARGIN, line.y(len(stages)) + 0.06, SMALL_PRINT, colour=palette.faint)
    return paper


def _days(view: View, cells: list[Cell], forecasts: dict[Cell, Forecast]) -> Iterator[date]:
    for cell in cells:
        when, forecast = view.board[cell].when, forecasts.get(cell)
        if when:
            yield from (when.first, when.last)
        if forecast and not forecast.is_too_few:
            yield from (_end(forecast), forecast.median or _end(forecast))


def _row(paper: Paper, line: Timeline, row: int, standing: Standing, forecast: Forecast | None) -> None:
    palette, y = paper.palette, line.y(row)
    end = line.right + 0.08
    if standing.state is State.WORKS and standing.when:
        since = standing.when
        paper.line((line.x(since.first), line.x(since.last)), (y, y), palette.accent, width=3.0)
        paper.mark(line.x(since.middle), y, "o", palette.accent)
        paper.write(end, y, f"{since.middle:%b %Y}")
        return
    if standing.state is State.STILL_FAILS and standing.when:
        paper.mark(line.x(standing.when.middle), y, "x", palette.rule)
    if forecast and not forecast.is_too_few:
        _ahead(paper, line, y, forecast)
    sign = "✕" if standing.state is State.STILL_FAILS else NOBODY
    paper.write(end, y, f"{sign} {quarter_words(forecast)}".rstrip(), colour=palette.faint)


def _ahead(paper: Paper, line: Timeline, y: float, forecast: Forecast) -> None:
    low, high = forecast.range(80)
    start, colour = line.x(low or _end(forecast)), paper.palette.ahead
    paper.line((start, line.x(high or _end(forecast))), (y, y), colour, width=2.2)
    if high is None:
        paper.mark(line.x(_end(forecast)), y, ">", colour, size=5.0)
    if forecast.median:
        paper.mark(line.x(forecast.median), y, "D", colour, size=5.0, hollow=True)


def _follows(paper: Paper, line: Timeline, view: View, row: int, stage: Stage, capability: Capability) -> None:
    """A thin line from the stage before, when both have it."""
    if stage.after is None:
        return
    mine = view.board.works(Cell(capability.id, stage.id))
    before = view.board.works(Cell(capability.id, stage.after))
    above = [one.id for one in view.taxonomy.stages].index(stage.after)
    if mine and before:
        inverted = mine.middle < before.middle
        paper.line(
            (line.x(before.middle), line.x(mine.middle)),
            (line.y(above), line.y(row)),
            paper.palette.ahead if inverted else paper.palette.rule,
            width=0.7,
        )


def _end(forecast: Forecast) -> date:
    """The last day that a forecast looks ahead to."""
    return forecast.made + timedelta(days=24 * DAYS_A_MONTH)
