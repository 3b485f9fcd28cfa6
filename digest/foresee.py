"""The forecasts and trends that a digest tells of. Loads numpy: called only where they are wanted."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from cascade.board import Board, State
from cascade.forecast import Forecast, forecasts
from cascade.ledger import Entry, Published, Result, first_told, publish, record
from cascade.taxonomy import Cell
from cascade.trend import Direction, stage_lag
from digest.findings import Outlook, Stretch

if TYPE_CHECKING:
    from cascade.forecasting.arrivals import Arrivals

Chance = Callable[[], Random]  # a new generator for each question, so that an answer does not depend on the one before
SEED = 0  # of the resampling behind a trend: the same stretch reads the same


def foresee(stretch: Stretch, chance: Chance, ledger: Sequence[Entry] = ()) -> Outlook:
    """Forecasts at both ends, those told of what moved, the running score, and the trend of every stage that moved.

    Of the ledger counts what was known at the stretch's end.
    """
    from cascade.forecasting.arrivals import Arrivals

    before, after = Arrivals.of(stretch.before), Arrivals.of(stretch.after)
    moved = [cell for cell in stretch.after.standings if _moved(stretch, cell)]
    known = [entry for entry in ledger if entry.published.known_by <= stretch.period.end]
    told = {cell: entry.published.forecast for cell, entry in first_told(known).items() if cell in moved}
    scored = record([entry for entry in known if entry.scored and entry.scored.at <= stretch.period.end])
    return Outlook(
        before=forecasts(before, with_due=False),  # what is due when, the end of the stretch tells
        after=forecasts(after),
        published=told,
        hindsight=_hindsight(before, [cell for cell in moved if cell not in told]),
        expired=_expired(stretch, known),
        held=scored.held,
        scored=scored.scored,
        trends=_trends(stretch.after, {cell.stage for cell in moved}, chance),
    )


def usual_chance() -> Random:
    """The generator that every digest's trends are resampled with."""
    return Random(SEED)  # noqa: S311  a bootstrap, not a secret


def published(team: str, stretch: Stretch, shown: Sequence[Forecast], shown_in: str) -> tuple[Published, ...]:
    """The ledger's rows for the forecasts that a digest of this stretch shows."""
    from cascade.forecasting.arrivals import Arrivals

    return publish(team, stretch.after, Arrivals.of(stretch.after), shown, shown_in) if shown else ()


def _moved(stretch: Stretch, cell: Cell) -> bool:
    return stretch.after[cell].state is State.WORKS and stretch.before[cell].state is not State.WORKS


def _hindsight(before: "Arrivals", moved: list[Cell]) -> Mapping[Cell, Forecast]:
    """What would have been told of each when the stage before it emerged."""
    days: dict[date, list[Cell]] = {}
    for cell in moved:
        upstream = before.taxonomy.upstream(cell)
        if upstream and upstream in before.days:
            days.setdefault(before.days[upstream], []).append(cell)
    found: dict[Cell, Forecast] = {}
    for day, cells in days.items():
        found |= forecasts(before.as_known_on(day), cells, with_due=False)
    return found


def _expired(stretch: Stretch, known: Sequence[Entry]) -> tuple[Forecast, ...]:
    """The first forecasts told of cells whose 24 months ended in the stretch without them."""
    return tuple(
        entry.published.forecast
        for entry in first_told(known).values()
        if entry.scored
        and entry.scored.result is Result.LATE
        and entry.scored.emerged is None
        and entry.scored.at in stretch.period
    )


def _trends(board: Board, stages: set[str], chance: Chance) -> Mapping[str, Direction]:
    return {stage: stage_lag(board, stage, chance()).trend.direction for stage in stages}
