"""The board: every capability in every stage."""

from dataclasses import dataclass
from itertools import groupby

from cascade.board import State
from cascade.gaps import DAYS_A_MONTH, order
from cascade.phrases import behind_words, is_no_lag, months
from cascade.taxonomy import Cell, Stage
from cascade.trend import Direction
from web.shows.cells import CellShow, scale_of, show_cell
from web.shows.page import Page
from web.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Row:
    """A capability and its cells."""

    id: str
    name: str
    means: str
    working: int
    cells: tuple[CellShow, ...]


@dataclass(frozen=True, kw_only=True)
class LagShow:
    """How far a stage is behind the stage before it, in a line."""

    stage: Stage
    before: Stage
    length: str  # `4.2 months`, `35 days ahead`, `none`; "" when nothing has come here from the stage before
    words: str  # `4.2 months behind`, `35 days ahead of`, `level with`
    trend: Direction
    n: int


def board_page(snapshot: Snapshot) -> Page:
    """The whole board as a table."""
    taxonomy = snapshot.taxonomy
    rows = [_row(snapshot, capability.id) for capability in taxonomy.capabilities]
    held = order(snapshot.gaps.values())
    states = [standing.state for standing in snapshot.board.standings.values()]
    return Page(
        template="board.html",
        title="The board",
        words={
            "rows": rows,
            "stages": taxonomy.stages,
            "groups": [(name, len(list(found))) for name, found in groupby(s.modality for s in taxonomy.stages)],
            "lags": [lag_show(snapshot, stage) for stage in taxonomy.stages],
            "counts": {state.value: states.count(state) for state in State},
            "came_later": len(snapshot.deduced.came_later),
            "order": held,
            "newest": _newest(rows),
        },
    )


def lag_show(snapshot: Snapshot, stage: Stage) -> LagShow | None:
    """The stage's lag; None for the first stage."""
    lag = snapshot.lags.get(stage.id)
    if lag is None or stage.after is None:
        return None
    days = lag.latest.months * DAYS_A_MONTH if lag.latest else None
    return LagShow(
        stage=stage,
        before=snapshot.taxonomy.stage(stage.after),
        length=_length(days) if days is not None else "",
        words=behind_words(days) if days is not None else "",
        trend=lag.trend.direction,
        n=lag.trend.n,
    )


def _length(days: float) -> str:
    if is_no_lag(days):
        return "none"
    return months(days) if days > 0 else f"{months(-days)} ahead"


def _row(snapshot: Snapshot, capability: str) -> Row:
    cells = [Cell(capability, stage.id) for stage in snapshot.taxonomy.stages]
    scale = scale_of(snapshot, cells)
    known = snapshot.taxonomy.capability(capability)
    return Row(
        id=capability,
        name=known.name,
        means=known.means,
        working=snapshot.working(capability=capability),
        cells=tuple(show_cell(snapshot, cell, scale) for cell in cells),
    )


def _newest(rows: list[Row], most: int = 5) -> list[CellShow]:
    """The latest emergences, newest first."""
    working = [cell for row in rows for cell in row.cells if cell.state is State.WORKS and cell.by]
    return sorted(working, key=lambda one: one.by.sighting.happened.middle, reverse=True)[:most]  # type: ignore[union-attr]
