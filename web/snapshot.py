"""One board with all that a page tells of it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from cascade.board import Board, Judged, State, fold
from cascade.forecasting.arrivals import Arrivals
from cascade.gaps import Gap
from cascade.taxonomy import Cell, Taxonomy
from cascade.trend import StageLag, stage_lag
from cascade.view import View
from web.clocks import Clocks

if TYPE_CHECKING:
    from cascade.forecast import Forecast

SEED = 20260821  # of the resampling behind trends: the same board tells the same trend


@dataclass(frozen=True, kw_only=True)
class Deduced:
    """What is dear to work out from a board: forecasts by cell, lags by stage (the first stage has none)."""

    forecasts: Mapping[Cell, "Forecast"]
    lags: Mapping[str, StageLag]
    came_later: frozenset[Cell]  # as is known by now: on the board's day they were not there


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A view of the board and what was deduced from it."""

    view: View
    clocks: Clocks
    deduced: Deduced

    @property
    def taxonomy(self) -> Taxonomy:
        """Stages and capabilities."""
        return self.view.taxonomy

    @property
    def board(self) -> Board:
        """The state of every cell."""
        return self.view.board

    @property
    def gaps(self) -> Mapping[Cell, Gap]:
        """Every gap by its later cell."""
        return self.view.gaps

    @property
    def forecasts(self) -> Mapping[Cell, "Forecast"]:
        """A forecast for every cell that does not work yet."""
        return self.deduced.forecasts

    @property
    def lags(self) -> Mapping[str, StageLag]:
        """How far each stage is behind the one before it."""
        return self.deduced.lags

    @cached_property
    def judged(self) -> dict[str, Judged]:
        """Every sighting that was known by then, by its id."""
        return {one.sighting.id: one for one in self.view.judged}

    def working(self, *, capability: str = "", stage: str = "") -> int:
        """In how many cells of a capability or a stage it works."""
        return sum(
            one.state is State.WORKS
            for one in self.board.standings.values()
            if capability in ("", one.cell.capability) and stage in ("", one.cell.stage)
        )


def deduce(view: View) -> Deduced:
    """Forecasts and lags of a board: about a second, and it loads numpy."""
    from cascade.forecast import forecasts

    board, arrivals = view.board, arrivals_of(view)
    rng = Random(SEED)  # noqa: S311  resampling, not secrets
    return Deduced(
        forecasts=forecasts(arrivals),
        lags={stage.id: stage_lag(board, stage.id, rng) for stage in board.taxonomy.stages if stage.after},
        came_later=frozenset(cell for cell in arrivals.open if board[cell].state is State.UNKNOWN),
    )


def arrivals_of(view: View) -> Arrivals:
    """What the forecasts of a board rest on.

    Of a past day, too, a cell that is known by now to have come later, or still to fail later, was
    open: without that the forecasts of a past board would all be far too early.
    """
    today = view.now.date()
    if view.board.as_of >= today:
        return view.arrivals
    return Arrivals.of(fold(view.taxonomy, view.judged, today, view.now)).as_known_on(view.board.as_of)


def deduced_key(view: View) -> Hashable:
    """Equal for two views from which the same is deduced."""
    said = [
        (one.cell, one.state, one.when, one.by.sighting.model, one.by.decision.from_atlas)
        for one in view.board.standings.values()
        if one.by
    ]
    return (view.board.as_of, tuple(said), arrivals_of(view).open)
