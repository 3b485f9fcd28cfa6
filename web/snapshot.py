"""One board with all that a page tells of it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from cascade.board import Board, Judged, State
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


def deduce(board: Board) -> Deduced:
    """Forecasts and lags of a board: about a second, and it loads numpy."""
    from cascade.forecast import forecasts
    from cascade.forecasting.arrivals import Arrivals

    rng = Random(SEED)  # noqa: S311  resampling, not secrets
    return Deduced(
        forecasts=forecasts(Arrivals.of(board)),
        lags={stage.id: stage_lag(board, stage.id, rng) for stage in board.taxonomy.stages if stage.after},
    )


def board_key(board: Board) -> Hashable:
    """Equal for two boards from which the same is deduced."""
    said = [
        (one.cell, one.state, one.when, one.by.sighting.model, one.by.decision.from_atlas)
        for one in board.standings.values()
        if one.by
    ]
    return (board.as_of, tuple(said))
