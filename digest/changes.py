"""What changed between two boards. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import median

from cascade.board import Board, Judged, State
from cascade.delivery import Statement
from cascade.forecast import Forecast
from cascade.gaps import Gap, GapKind
from cascade.gaps import gaps as gaps_of
from cascade.sighting import Person
from cascade.taxonomy import Cell, Taxonomy
from cascade.trend import Direction
from digest.findings import Erratum, GapNews, LagNews, Move, Stretch, Turn, Usual, standing_as_said

Pair = tuple[str, str]  # the earlier and the later stage
NO_FORECASTS: Mapping[Cell, Forecast] = {}
NO_TRENDS: Mapping[str, Direction] = {}


def moves(stretch: Stretch, cells: Iterable[Cell]) -> list[Move]:
    """The cells that began to work, furthest down the cascade first."""
    before, after = stretch.before, stretch.after
    gaps = _by_cell(after)
    found = [
        Move(cell=cell, by=standing.by, was=before[cell].state, gap=gaps.get(cell))
        for cell in cells
        if (standing := after[cell]).by and standing.state is State.WORKS and before[cell].state is not State.WORKS
    ]
    return sorted(found, key=lambda move: -depth(after.taxonomy, move.cell.stage))


def gap_news(
    stretch: Stretch,
    cells: Iterable[Cell],
    overdue: Iterable[Gap] = (),
    foreseen: Mapping[Cell, Forecast] = NO_FORECASTS,
    trends: Mapping[str, Direction] = NO_TRENDS,
) -> list[GapNews]:
    """The gaps that closed, opened or became overdue, in this order, those of one pair of stages together."""
    was, now = _by_cell(stretch.before), _by_cell(stretch.after)
    turned: dict[tuple[Turn, Pair], list[Gap]] = {}
    for cell in cells:
        gap = now.get(cell)
        if gap and (turn := _turn(stretch.before, gap, was.get(cell))):
            turned.setdefault((turn, _pair(gap)), []).append(gap)
    for gap in overdue:
        turned.setdefault((Turn.OVERDUE, _pair(gap)), []).append(gap)
    before, after = _closed(was.values()), _closed(now.values())
    found = [
        GapNews(
            turn=turn,
            upstream=pair[0],
            stage=pair[1],
            gaps=tuple(sorted(gaps, key=lambda gap: -gap.months)),
            before=_usual(before.get(pair, ())),
            after=_usual(after.get(pair, ())),
            coming=None if turn is Turn.CLOSED else _soonest(gaps, foreseen),
            trend=trends.get(pair[1]) if turn is Turn.CLOSED else None,
        )
        for (turn, pair), gaps in turned.items()
    ]
    return sorted(found, key=lambda news: (list(Turn).index(news.turn), -len(news.gaps)))


def lag_news(stretch: Stretch, cells: Iterable[Cell], trends: Mapping[str, Direction]) -> list[LagNews]:
    """The stages whose lag is another one now, those that changed most first."""
    stages = {cell.stage for cell in cells}
    was, now = _closed(_by_cell(stretch.before).values()), _closed(_by_cell(stretch.after).values())
    found = [
        LagNews(
            stage=pair[1],
            upstream=pair[0],
            before=before,
            after=after,
            n=len(closed),
            trend=trends.get(pair[1]),
        )
        for pair, closed in now.items()
        if pair[1] in stages
        and (after := _latest(stretch.after, closed)) != (before := _latest(stretch.before, was.get(pair, [])))
        and after is not None
    ]
    return sorted(found, key=lambda news: -abs(news.after - (news.before or 0.0)))


def errata(stretch: Stretch, cells: Iterable[Cell], told: Mapping[Cell, Statement]) -> list[Erratum]:
    """The cells of which something else was said, by a digest or by the board before, than holds now."""
    judged = {one.sighting.id: one for one in stretch.judged}
    found = []
    for cell in cells:
        said, standing = told.get(cell) or standing_as_said(stretch.before[cell]), stretch.after[cell]
        if said.works and _contradicts(said, standing_as_said(standing)):
            found.append(Erratum(cell=cell, said=said, now=standing, by=_who(stretch.before, cell, judged)))
    return found


def depth(taxonomy: Taxonomy, stage: str) -> int:
    """How many stages come before this one in its cascade."""
    after = taxonomy.stage(stage).after
    return 1 + depth(taxonomy, after) if after else 0


def _turn(before: Board, gap: Gap, was: Gap | None) -> Turn | None:
    if gap.kind is GapKind.CLOSED and (was is None or was.kind is not GapKind.CLOSED):
        return Turn.CLOSED
    if gap.kind is GapKind.OPEN and before.works(gap.upstream) is None:
        return Turn.OPENED
    return None


def _soonest(found: Iterable[Gap], foreseen: Mapping[Cell, Forecast]) -> Forecast | None:
    known = [one for gap in found if (one := foreseen.get(gap.cell)) and not one.is_too_few]
    return min(known, key=lambda one: (one.median or date.max, one.cell), default=None)


def _usual(closed: Sequence[Gap]) -> Usual | None:
    return Usual(months=median(gap.months for gap in closed), n=len(closed)) if closed else None


def _closed(found: Iterable[Gap]) -> dict[Pair, list[Gap]]:
    pairs: dict[Pair, list[Gap]] = {}
    for gap in found:
        if gap.kind is GapKind.CLOSED:
            pairs.setdefault(_pair(gap), []).append(gap)
    return pairs


def _pair(gap: Gap) -> Pair:
    return (gap.upstream.stage, gap.cell.stage)


def _latest(board: Board, closed: Sequence[Gap]) -> float | None:
    """The lag of a stage in months: the closed gap of its latest emergence."""
    newest = max(closed, key=lambda gap: _emerged(board, gap.cell), default=None)
    return newest.months if newest else None


def _emerged(board: Board, cell: Cell) -> tuple[date, str]:
    since = board.works(cell)
    return (since.middle if since else date.min, cell.capability)


def _by_cell(board: Board) -> dict[Cell, Gap]:
    return {gap.cell: gap for gap in gaps_of(board)}


def _contradicts(said: Statement, now: Statement) -> bool:
    if not now.works or said.model != now.model:
        return True
    # A date that became more exact inside the range that was told is no error.
    inside = said.when and now.when and said.when.first <= now.when.first and now.when.last <= said.when.last
    return not inside


def _who(before: Board, cell: Cell, judged: Mapping[str, Judged]) -> tuple[Person, ...]:
    by = before[cell].by
    now = judged.get(by.sighting.id) if by else None
    return now.decision.rejected_by if now else ()


def counted_in(judged: Iterable[Judged], cells: Iterable[Cell]) -> Iterator[Judged]:
    """The sightings of these cells."""
    wanted = set(cells)
    return (one for one in judged if one.sighting.cell in wanted)
