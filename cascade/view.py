"""One team's board at one moment with all that follows from it, worked out once and on demand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from cascade.board import Board, Facts, Judged, fold, judge
from cascade.forecast import Forecast, forecasts
from cascade.forecasting.arrivals import Arrivals
from cascade.gaps import Gap, gaps
from cascade.sighting import Status
from cascade.taxonomy import Cell, Taxonomy


@dataclass(frozen=True, kw_only=True)
class View:
    """The facts, and the two clocks to look at them by."""

    taxonomy: Taxonomy
    facts: Facts
    now: datetime  # known by, UTC
    day: date | None = None  # as of; None: the day of `now`

    @cached_property
    def judged(self) -> list[Judged]:
        """Every sighting with what was decided about it."""
        return judge(self.facts, self.now)

    @cached_property
    def living(self) -> dict[str, str]:
        """Each sighting that became part of another, and that other one."""
        return self.facts.living(self.now)

    def whole(self, sighting: str) -> str:
        """The id under which a sighting is judged: its own, or that of the one it became part of."""
        return self.living.get(sighting, sighting)

    @cached_property
    def board(self) -> Board:
        """The board as of the day, as known now."""
        return fold(self.taxonomy, self.judged, self.day or self.now.date(), self.now)

    @cached_property
    def gaps(self) -> dict[Cell, Gap]:
        """Every gap by its later cell."""
        return {gap.cell: gap for gap in gaps(self.board)}

    @cached_property
    def arrivals(self) -> Arrivals:
        """What the forecasts rest on."""
        return Arrivals.of(self.board)

    def forecasts(self, cells: Collection[Cell] | None = None) -> dict[Cell, Forecast]:
        """A forecast for each of these cells (of all, when none are named) that has not emerged. Loads numpy."""
        return forecasts(self.arrivals, cells)

    @cached_property
    def waiting(self) -> list[Judged]:
        """What people have not decided yet; the expired among them."""
        undecided = (Status.CANDIDATE, Status.EXPIRED)
        return [one for one in self.judged if one.decision.status in undecided]
