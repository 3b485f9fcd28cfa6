"""What became of forecasts between two boards: misses, hits, moves, and gaps that became overdue. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from cascade.board import Board
from cascade.gaps import DAYS_A_MONTH, Gap, gap
from cascade.taxonomy import Cell
from digest.findings import Fate, ForecastNews, Move, Outlook

MOVED_BY = 1.5  # months: a median that shifts by less is no news
_ORDER = (Fate.EARLY, Fate.LATE, Fate.HELD, Fate.MOVED)


def forecast_news(outlook: Outlook, moves: Sequence[Move], cells: Collection[Cell]) -> list[ForecastNews]:
    """The forecasts of emergences that came, misses first, then those that moved, furthest first."""
    came = [news for move in moves if (news := _came(outlook, move))]
    moved = sorted(_moved(outlook, moves, cells), key=lambda news: -abs(_shift(news)))
    return [*sorted(came, key=lambda news: _ORDER.index(news.fate)), *moved]


def newly_overdue(outlook: Outlook, board: Board, cells: Iterable[Cell]) -> Iterator[Gap]:
    """The open gaps whose 80 % range, as forecast when the stage before emerged, ended in the stretch."""
    for cell in cells:
        before, after = outlook.before.get(cell), outlook.after.get(cell)
        upstream = board.taxonomy.upstream(cell)
        if (
            upstream
            and after
            and after.overdue
            and before
            and not before.overdue
            and (late := gap(board, cell, upstream))
        ):
            yield late


def _came(outlook: Outlook, move: Move) -> ForecastNews | None:
    told, happened = outlook.published.get(move.cell), move.by.sighting.happened
    if told is None or told.is_too_few or happened is None or happened.last < told.made:
        return None  # nothing was said, or it had happened before it was said
    low, high = told.range(80)
    if low is None or happened.last < low:
        fate = Fate.EARLY
    else:
        fate = Fate.LATE if high is not None and happened.first > high else Fate.HELD
    return ForecastNews(fate=fate, forecast=told, emerged=happened)


def _moved(outlook: Outlook, moves: Sequence[Move], cells: Collection[Cell]) -> Iterator[ForecastNews]:
    for cell in cells:
        before, after = outlook.before.get(cell), outlook.after.get(cell)
        if before and after and before.median and after.median:
            news = ForecastNews(fate=Fate.MOVED, forecast=before, now=after, because=_because(cell, moves))
            # Waiting alone moves a median back, by a day a day at most: that is no news.
            waited = (after.made - before.made).days / DAYS_A_MONTH
            if not -MOVED_BY < _shift(news) < waited + MOVED_BY:
                yield news


def _shift(news: ForecastNews) -> float:
    """By how many months the median went back (below zero: came nearer)."""
    before, after = news.forecast.median, news.now.median if news.now else None
    return (after - before).days / DAYS_A_MONTH if before and after else 0.0


def _because(cell: Cell, moves: Sequence[Move]) -> tuple[Cell, ...]:
    return tuple(
        move.cell for move in moves if move.cell.capability == cell.capability or move.cell.stage == cell.stage
    )
