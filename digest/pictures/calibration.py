"""The calibration plot: of the forecasts that said so much, how many came true."""

from collections.abc import Sequence
from itertools import groupby

from cascade.backtest import Fifth
from digest.pictures.paper import MARGIN, NORMAL, TOP, Paper
from digest.pictures.theme import Palette

TITLE = "Said and came: how good the forecasts were"
BELOW = "Each dot: the forecasts of one fifth of the scale, replayed as known then."
SMALL_PRINT = "On the line, what was said came as often as said. Below it we promised too much."
COUNTS = "Bigger dots rest on more forecasts; hollow ones on fewer than {few}."
WITHIN = "within {months} months"
SAID, CAME = "chance that was told", "share that came"
NOTHING = "No forecast has come due yet."
FEW = 10
SIGNS = ("o", "s", "^")

_LEFT, _SIDE = 0.62, 3.6  # inches: of the square that the dots lie in
_TOP = TOP + 0.12


def calibration(fifths: Sequence[Fifth], palette: Palette) -> Paper:
    """Chances told against shares that came, by how many months ahead."""
    paper = Paper(_TOP + _SIDE + 1.1, palette, TITLE, BELOW)
    told = [one for one in fifths if one.n]
    if not told:
        paper.write(MARGIN, _TOP + 0.2, NOTHING)
        return paper
    _square(paper)
    by_months = groupby(sorted(told, key=lambda one: one.months), key=lambda one: one.months)
    for number, (months, group) in enumerate(by_months):
        found = list(group)
        _dots(paper, found, SIGNS[number % len(SIGNS)], _colours(palette)[number % len(SIGNS)])
        _legend(paper, number, months, sum(one.n for one in found))
    paper.write(MARGIN, _TOP + _SIDE + 0.72, SMALL_PRINT, colour=palette.faint)
    paper.write(MARGIN, _TOP + _SIDE + 0.92, COUNTS.format(few=FEW), colour=palette.faint)
    return paper


def _square(paper: Paper) -> None:
    palette, tenths = paper.palette, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    for share in tenths:
        x, y = _at(share, share)
        paper.line((_LEFT, _LEFT + _SIDE), (y, y), palette.grid)
        paper.line((x, x), (_TOP, _TOP + _SIDE), palette.grid)
        paper.write(x, _TOP + _SIDE + 0.14, f"{share:.0%}", side="center", colour=palette.faint)
        paper.write(_LEFT - 0.08, y, f"{share:.0%}", side="right", colour=palette.faint)
    (left, bottom), (right, top) = _at(0, 0), _at(1, 1)
    paper.line((left, right), (bottom, top), palette.rule, dashed=True)
    paper.write(_LEFT + _SIDE / 2, _TOP + _SIDE + 0.36, SAID, side="center")
    paper.write(_LEFT + _SIDE + 0.16, _TOP + 0.1, CAME + " ↑", side="left")


def _dots(paper: Paper, fifths: Sequence[Fifth], sign: str, colour: str) -> None:
    for one in fifths:
        x, y = _at(one.said or 0.0, one.came or 0.0)
        paper.mark(x, y, sign, colour, size=min(4.0 + one.n**0.5, 12.0), hollow=one.n < FEW)


def _legend(paper: Paper, number: int, months: int, n: int) -> None:
    x, y = _LEFT + _SIDE + 0.24, _TOP + 0.5 + number * 0.44
    paper.mark(x, y, SIGNS[number % len(SIGNS)], _colours(paper.palette)[number % len(SIGNS)], size=8.0)
    paper.write(x + 0.16, y, WITHIN.format(months=months), size=NORMAL)
    paper.write(x + 0.16, y + 0.17, f"n={n}", colour=paper.palette.faint)


def _at(said: float, came: float) -> tuple[float, float]:
    return _LEFT + said * _SIDE, _TOP + (1 - came) * _SIDE


def _colours(palette: Palette) -> tuple[str, str, str]:
    return palette.accent, palette.ahead, palette.ink
