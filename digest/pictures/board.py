"""The board: how long each capability has worked in each stage, and when the open cells may follow."""

from collections.abc import Mapping
from itertools import groupby
from textwrap import fill

from cascade.board import State
from cascade.forecast import Forecast
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Cell
from cascade.view import View
from digest.pictures.alt import age_words, quarter_words
from digest.pictures.paper import MARGIN, NORMAL, TOP, WIDTH, Paper
from digest.pictures.theme import Palette, ink_on

TITLE = "What works where"
BELOW = "As of {day}. In blue: it works, and for how long. ✕: it still fails. ?: nobody looked."
SMALL_PRINT = "Below ✕ and ?: the quarter by which it is as likely there as not; 2y+: later than in two years."
AGES = (6, 12, 24)  # months: where a works cell takes the next colour
STEPS = ("under 6 months", "6 to 12", "1 to 2 years", "longer")

_NAMES = 1.2  # inches for the capabilities' names
_HEADS = 1.2  # inches for the stages' names
_ROW = 0.335
_LEGEND = 0.66
_THIN = "\u202f"  # a narrow space


def board(view: View, palette: Palette) -> Paper:
    """Capabilities down, stages across."""
    capabilities, stages = view.taxonomy.capabilities, view.taxonomy.stages
    height = TOP + _HEADS + _ROW * len(capabilities) + _LEGEND
    paper = Paper(height, palette, TITLE, BELOW.format(day=view.board.as_of))
    column = (WIDTH - _NAMES - 2 * MARGIN) / len(stages)
    forecasts = view.forecasts()
    _heads(paper, view, column)
    for row, capability in enumerate(capabilities):
        y = TOP + _HEADS + row * _ROW
        paper.write(MARGIN, y + _ROW / 2, fill(capability.name, 17))
        for number, stage in enumerate(stages):
            x = MARGIN + _NAMES + number * column
            _cell(paper, view, Cell(capability.id, stage.id), forecasts, (x, y, column))
    _legend(paper, TOP + _HEADS + _ROW * len(capabilities) + 0.2)
    return paper


def _heads(paper: Paper, view: View, column: float) -> None:
    x = MARGIN + _NAMES
    for modality, stages in groupby(view.taxonomy.stages, key=lambda stage: stage.modality):
        names = [stage.id.partition("/")[2].replace("-", " ") for stage in stages]
        middle = x + len(names) * column / 2
        paper.write(
            middle,
            TOP + 0.06,
            modality.upper() if modality == "3d" else modality,
            size=NORMAL,
            side="center",
            bold=True,
        )
        paper.line((x + 0.03, x + len(names) * column - 0.03), (TOP + 0.17, TOP + 0.17), paper.palette.rule)
        for name in names:
            paper.write(x + column / 2, TOP + _HEADS - 0.05, name, side="center", upright=True)
            x += column


def _cell(
    paper: Paper, view: View, cell: Cell, forecasts: Mapping[Cell, Forecast], at: tuple[float, float, float]
) -> None:
    x, y, width = at
    standing, palette = view.board[cell], paper.palette
    middle = (x + width / 2, y + _ROW / 2)
    if standing.state is State.WORKS and standing.when:
        months = (view.board.as_of - standing.when.middle).days / DAYS_A_MONTH
        ground = palette.works[sum(months >= age for age in AGES)]
        paper.box(x + 0.012, y + 0.012, width - 0.024, _ROW - 0.024, fill=ground, edge=palette.rule)
        paper.write(*middle, age_words(months).replace(" ", _THIN), side="center", colour=ink_on(ground, palette))
        return
    paper.box(x + 0.012, y + 0.012, width - 0.024, _ROW - 0.024, edge=palette.grid)
    sign = "✕" if standing.state is State.STILL_FAILS else "?"
    coming = quarter_words(forecasts.get(cell))
    paper.write(*middle, f"{sign}\n{coming}" if coming else sign, side="center", colour=palette.faint)


def _legend(paper: Paper, y: float) -> None:
    x = MARGIN
    paper.write(x, y, "Works for")
    x += 0.72
    for ground, words in zip(paper.palette.works, STEPS, strict=True):
        paper.box(x, y - 0.07, 0.2, 0.14, fill=ground, edge=paper.palette.rule)
        x += 0.26
        x += paper.width_of(paper.write(x, y, words)) + 0.16
    paper.write(MARGIN, y + 0.24, SMALL_PRINT, colour=paper.palette.faint)
