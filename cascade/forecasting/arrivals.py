"""What a forecast knows: the day each cell emerged, the cells that are open, and the stages' order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from cascade.board import Board, State
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Cell, Taxonomy


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """A board boiled down to days. A cell in neither `days` nor `open` is unknown and tells nothing."""

    taxonomy: Taxonomy
    known_on: date  # the day on which all this was known
    days: Mapping[Cell, date]  # emerged, by that day
    open: frozenset[Cell]  # looked for, and not there by that day
    from_atlas: frozenset[Cell] = frozenset()  # of both, those that no person has confirmed

    @classmethod
    def of(cls, board: Board) -> "Arrivals":
        """The board's arrivals as of its own day; a month counts as its 15th, never as a later day than the board's."""
        standings = board.standings
        days = {
            cell: min(standing.when.middle, board.as_of)
            for cell, standing in standings.items()
            if standing.state is State.WORKS and standing.when
        }
        return cls(
            taxonomy=board.taxonomy,
            known_on=board.as_of,
            days=days,
            open=frozenset(cell for cell, one in standings.items() if one.state is State.STILL_FAILS),
            from_atlas=frozenset(cell for cell, one in standings.items() if one.by and one.by.decision.from_atlas),
        )

    def as_known_on(self, day: date) -> "Arrivals":
        """What was known on an earlier day: a cell that emerged later was open then."""
        days = {cell: since for cell, since in self.days.items() if since <= day}
        later = frozenset(self.days) - frozenset(days)
        return replace(self, known_on=day, days=days, open=self.open | later)

    def without(self, capability: str) -> "Arrivals":
        """The same with one capability forgotten: its cells become unknown."""
        return replace(
            self,
            days={cell: day for cell, day in self.days.items() if cell.capability != capability},
            open=frozenset(cell for cell in self.open if cell.capability != capability),
        )

    def upstream_since(self, cell: Cell) -> date | None:
        """Since when the stage before has it; None when it has not, or there is no stage before."""
        upstream = self.taxonomy.upstream(cell)
        return self.days.get(upstream) if upstream else None

    def is_waited_for(self, cell: Cell) -> bool:
        """Whether the cell is open, and the cell upstream of it has emerged."""
        return cell in self.open and self.upstream_since(cell) is not None

    def months(self, day: date) -> float:
        """Months from the day on which this was known, negative for days before it."""
        return (day - self.known_on).days / DAYS_A_MONTH
