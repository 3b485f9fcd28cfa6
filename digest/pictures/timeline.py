"""Time across a picture, rows down it: what the way down a cascade and a pair's lags are drawn on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from digest.pictures.paper import MARGIN, TOP, WIDTH, Paper

ROW = 0.3  # inches
_APART = 0.35  # inches: a year this near to today has no room for its name
AXIS = 0.3  # inches for the years above the rows
_DAYS_A_YEAR = 365.25
_MOST_YEARS = 7  # labels: with more, every other year gets one


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Where a day lies between the names on the left and the words on the right."""

    first: date
    last: date
    left: float  # inches
    right: float

    def x(self, day: date) -> float:
        """A day's place; one outside the range lies on its edge."""
        span = max((self.last - self.first).days, 1)
        share = min(max((day - self.first).days / span, 0.0), 1.0)
        return self.left + share * (self.right - self.left)

    def y(self, row: int) -> float:
        """The middle of a row."""
        return TOP + AXIS + ROW * (row + 0.5)


def timeline(days: Iterable[date], *, names: float, words: float) -> Timeline:
    """One that holds all the days and a little more, whole years at its ends where the range is long."""
    known = sorted(days)
    first, last = known[0], known[-1]
    pad = max((last - first).days // 30, 20)
    return Timeline(
        first=date.fromordinal(first.toordinal() - pad),
        last=date.fromordinal(last.toordinal() + pad),
        left=MARGIN + names,
        right=WIDTH - MARGIN - words,
    )


def draw_years(paper: Paper, line: Timeline, rows: int, today: date) -> None:
    """The years as thin upright lines with their names on top, and today."""
    bottom = TOP + AXIS + ROW * rows
    years = range(line.first.year + 1, line.last.year + 1)
    step = 1 if len(years) <= _MOST_YEARS else 2
    for year in years:
        x = line.x(date(year, 1, 1))
        paper.line((x, x), (TOP + AXIS - 0.04, bottom), paper.palette.grid)
        if (year - years[0]) % step == 0 and abs(x - line.x(today)) > _APART:
            paper.write(x, TOP + 0.14, str(year), side="center", colour=paper.palette.faint)
    x = line.x(today)
    paper.line((x, x), (TOP + AXIS - 0.04, bottom), paper.palette.rule, dashed=True)
    paper.write(x, TOP + 0.14, "today", side="center")
