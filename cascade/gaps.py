"""Gaps between neighbouring stages, with the least and the most that the dates allow."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cascade.board import Board, State
from cascade.dates import DateRange
from cascade.taxonomy import Cell

# Two emergences within a month of each other are in order either way (the atlas's own convention).
TOLERANCE_DAYS = 31
DAYS_A_MONTH = 365.25 / 12


class GapKind(StrEnum):
    """Whether both ends of a gap are there."""

    CLOSED = "closed"
    OPEN = "open"  # only the stage before has it: the gap grows daily
    AHEAD = "ahead"  # only the later stage has it: an inversion that lasts


@dataclass(frozen=True, kw_only=True)
class Gap:
    """How long one capability took, or has taken so far, from the stage before to this one."""

    cell: Cell  # the later end
    upstream: Cell
    kind: GapKind
    least: int  # days; negative when the later stage came first
    most: int | None  # days; None while the gap is open or ahead
    unknown: bool = False  # the missing end was never looked at
    in_order: bool = True  # whether the later end's stage does come after the other in the cascade

    @property
    def months(self) -> float:
        """The middle of least and most in months; for an open gap, what has passed at least."""
        return (self.least if self.most is None else (self.least + self.most) / 2) / DAYS_A_MONTH

    @property
    def is_inversion(self) -> bool:
        """Whether the later stage surely had it first, by more than the tolerance; never where nobody looked."""
        if self.unknown or not self.in_order:
            return False
        return self.kind is GapKind.AHEAD or (self.most is not None and self.months * DAYS_A_MONTH < -TOLERANCE_DAYS)


def gap(board: Board, cell: Cell, upstream: Cell) -> Gap | None:
    """The gap between two cells of one capability; None while neither works."""
    later, earlier = board.works(cell), board.works(upstream)
    missing = {State.UNKNOWN} & {board[cell].state, board[upstream].state}
    if later and earlier:
        return _closed(cell, upstream, later, earlier)
    if earlier:
        return _lasting(cell, upstream, GapKind.OPEN, earlier, board.as_of, bool(missing))
    if later:
        return _lasting(cell, upstream, GapKind.AHEAD, later, board.as_of, bool(missing))
    return None


def gaps(board: Board) -> list[Gap]:
    """Every gap on the board, in the taxonomy's order."""
    pairs = ((cell, board.taxonomy.upstream(cell)) for cell in board.taxonomy.cells())
    found = (gap(board, cell, upstream) for cell, upstream in pairs if upstream)
    return [one for one in found if one]


def between(board: Board, earlier: str, later: str) -> list[Gap]:
    """The gaps of every capability between two stages, neighbours or not, in the cascade's order or against it."""
    in_order = board.taxonomy.comes_after(later, earlier)
    pairs = ((Cell(c.id, later), Cell(c.id, earlier)) for c in board.taxonomy.capabilities)
    return [replace(one, in_order=in_order) for cell, upstream in pairs if (one := gap(board, cell, upstream))]


@dataclass(frozen=True, kw_only=True)
class Order:
    """How well the cascade's order holds: pairs where nobody looked at an end are left out."""

    pairs: int
    in_order: int
    inversions: tuple[Gap, ...]

    @property
    def share(self) -> float | None:
        """The share of pairs in order; None when there is no pair."""
        return self.in_order / self.pairs if self.pairs else None


def order(found: Iterable[Gap]) -> Order:
    """Count the pairs that came in the cascade's order, and keep those that did not."""
    looked = [one for one in found if not one.unknown]
    inversions = tuple(one for one in looked if one.is_inversion)
    return Order(pairs=len(looked), in_order=len(looked) - len(inversions), inversions=inversions)


def row(gap: Gap) -> dict[str, object]:
    """A gap as a flat row, ready for JSON or a table; its lengths in days."""
    return {
        "capability": gap.cell.capability,
        "stage": gap.cell.stage,
        "upstream": gap.upstream.stage,
        "kind": gap.kind.value,
        "least_days": gap.least,
        "most_days": gap.most,
        "inversion": gap.is_inversion,
        "unknown": gap.unknown,
    }


def _closed(cell: Cell, upstream: Cell, later: DateRange, earlier: DateRange) -> Gap:
    least, most = (later.first - earlier.last).days, (later.last - earlier.first).days
    return Gap(cell=cell, upstream=upstream, kind=GapKind.CLOSED, least=least, most=most)


def _lasting(cell: Cell, upstream: Cell, kind: GapKind, since: DateRange, today: date, unknown: bool) -> Gap:
    passed = max((today - since.last).days, 0)
    least = passed if kind is GapKind.OPEN else -passed
    return Gap(cell=cell, upstream=upstream, kind=kind, least=least, most=None, unknown=unknown)
