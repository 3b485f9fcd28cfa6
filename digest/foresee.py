"""The forecasts and trends that a digest tells of. Loads numpy: called only where they are wanted."""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from cascade.board import Board, State
from cascade.forecast import Forecast, forecasts
from cascade.taxonomy import Cell
from cascade.trend import Direction, stage_lag
from digest.findings import Outlook, Stretch

if TYPE_CHECKING:
    from cascade.forecasting.arrivals import Arrivals

Chance = Callable[[], Random]  # a new generator for each question, so that an answer does not depend on the one before


def foresee(stretch: Stretch, chance: Chance, record: tuple[int, int] = (0, 0)) -> Outlook:
    """Forecasts at both ends, those told of what moved, and the trend of every stage that moved.

    `record` is how many of the forecasts that came due so far held, and how many there were.
    """
    from cascade.forecasting.arrivals import Arrivals

    before, after = Arrivals.of(stretch.before), Arrivals.of(stretch.after)
    moved = [cell for cell in stretch.after.standings if _moved(stretch, cell)]
    return Outlook(
        before=forecasts(before),
        after=forecasts(after),
        published=_told(before, moved),
        held=record[0],
        scored=record[1],
        trends=_trends(stretch.after, {cell.stage for cell in moved}, chance),
    )


def _moved(stretch: Stretch, cell: Cell) -> bool:
    return stretch.after[cell].state is State.WORKS and stretch.before[cell].state is not State.WORKS


def _told(before: "Arrivals", moved: list[Cell]) -> Mapping[Cell, Forecast]:
    """What was foreseen of each when the stage before it emerged: the forecast that it is held to."""
    days: dict[date, list[Cell]] = {}
    for cell in moved:
        upstream = before.taxonomy.upstream(cell)
        if upstream and upstream in before.days:
            days.setdefault(before.days[upstream], []).append(cell)
    found: dict[Cell, Forecast] = {}
    for day, cells in days.items():
        found |= forecasts(before.as_known_on(day), cells)
    return found


def _trends(board: Board, stages: set[str], chance: Chance) -> Mapping[str, Direction]:
    return {stage: stage_lag(board, stage, chance()).trend.direction for stage in stages}
