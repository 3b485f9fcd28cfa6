"""What a sighting would change on the board: why it matters, and how much."""

from dataclasses import dataclass

from cascade.board import Board, Standing, State
from cascade.dates import DateRange
from cascade.gaps import Gap, GapKind
from cascade.sighting import Sighting, Verdict
from cascade.taxonomy import Cell

NEWS_DAYS = 14  # after an emergence, for which what is written about it is the news of it


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The change a confirmation would make to the cell and to the gap before it."""

    first: bool = False  # the cell does not work yet: this would be its emergence
    earlier_by: int = 0  # days by which the known emergence would move back
    first_word: bool = False  # only the atlas tells of this emergence, and this is its news: people would vouch for it
    still_fails: bool = False  # an unknown cell, or an older test, would get a newer "still fails"
    closes: Gap | None = None  # the gap as it would stand, closed
    opens: tuple[Cell, ...] = ()  # cells downstream that would start to lag
    inverts: bool = False  # it would come before the stage upstream of it

    @property
    def changes(self) -> bool:
        """Whether the board would say anything else; more evidence for what it says already does not."""
        return self.first or self.still_fails or self.first_word or self.earlier_by > 0

    @property
    def weight(self) -> float:
        """How much it would change the board, 0 to 1: orders the review queue."""
        if self.first:
            return 1.0 if self.inverts else 0.9 if self.closes else 0.8
        if self.earlier_by:
            return 0.6
        if self.first_word:
            return 0.5
        return 0.4 if self.still_fails else 0.1


def effect(board: Board, sighting: Sighting) -> Effect:
    """What confirming this sighting would do to this board."""
    if sighting.cell not in board.taxonomy or sighting.only_announced:
        return Effect()
    standing = board[sighting.cell]
    happened = sighting.happened or DateRange.day(board.as_of)
    if sighting.verdict is Verdict.STILL_FAILS:
        return Effect(still_fails=_newer_test(standing.state, standing.when, happened))
    if standing.state is State.WORKS and standing.when:
        earlier = max((standing.when.first - happened.last).days, 0)
        return Effect(earlier_by=earlier, first_word=not earlier and _is_its_news(standing, happened))
    return _first(board, sighting.cell, happened)


def _is_its_news(standing: Standing, happened: DateRange) -> bool:
    """Whether this is the news of an emergence for which nobody but the atlas stands so far."""
    if standing.when is None or not all(one.decision.from_atlas for one in standing.confirmed):
        return False
    return (happened.first - standing.when.last).days <= NEWS_DAYS


def _newer_test(state: State, when: DateRange | None, happened: DateRange) -> bool:
    if state is State.UNKNOWN:
        return True
    return state is State.STILL_FAILS and (when is None or happened.middle > when.middle)


def _first(board: Board, cell: Cell, happened: DateRange) -> Effect:
    closes = _gap_if(board, cell, happened)
    lagging = tuple(
        Cell(cell.capability, stage.id)
        for stage in board.taxonomy.downstream(cell.stage)
        if board.works(Cell(cell.capability, stage.id)) is None
    )
    inverts = bool(closes and closes.is_inversion)
    closed = closes if closes and closes.kind is GapKind.CLOSED else None
    return Effect(first=True, closes=closed, opens=lagging, inverts=inverts)


def _gap_if(board: Board, cell: Cell, happened: DateRange) -> Gap | None:
    """The gap before the cell if it had emerged then."""
    upstream = board.taxonomy.upstream(cell)
    if upstream is None:
        return None
    there = board.works(upstream)
    if there is None:
        known = board[upstream].state is not State.UNKNOWN
        passed = (max(board.as_of, happened.last) - happened.last).days
        return Gap(cell=cell, upstream=upstream, kind=GapKind.AHEAD, least=-passed, most=None, unknown=not known)
    least, most = (happened.first - there.last).days, (happened.last - there.first).days
    return Gap(cell=cell, upstream=upstream, kind=GapKind.CLOSED, least=least, most=most)
