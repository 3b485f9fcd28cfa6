"""What became of forecasts between two boards: misses, hits, moves, and gaps that became overdue. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from cascade.board import Board, State
from cascade.gaps import DAYS_A_MONTH, Gap, gap
from cascade.taxonomy import Cell
from digest.findings import Cause, Fate, ForecastNews, Move, Outlook, Stretch

MOVED_BY = 1.5  # months: a median that shifts by less is no news
_ORDER = (Fate.EARLY, Fate.LATE, Fate.HELD, Fate.MOVED)


def forecast_news(
    outlook: Outlook, causes: Mapping[Cause, Sequence[Cell]], moves: Sequence[Move], cells: Collection[Cell]
) -> list[ForecastNews]:
    """The forecasts that were resolved, misses first, then those that moved, by capability, furthest first."""
    came = [news for move in moves if (news := _came(outlook, move))]
    came += [ForecastNews(fate=Fate.LATE, forecast=one) for one in outlook.expired if one.cell in cells]
    moved = list(_moved(outlook, causes, cells))
    furthest: dict[str, float] = {}
    for news in moved:
        capability = news.forecast.cell.capability
        furthest[capability] = max(furthest.get(capability, 0.0), abs(_shift(news)))

    def order(news: ForecastNews) -> tuple[float, str, bool, float]:
        capability = news.forecast.cell.capability
        return (-furthest[capability], capability, _shift(news) < 0, -abs(_shift(news)))

    return [*sorted(came, key=lambda news: _ORDER.index(news.fate)), *sorted(moved, key=order)]


def tested(stretch: Stretch) -> list[Cell]:
    """The cells that nobody knew of at the start, and that were found to still fail."""
    before, after = stretch.before, stretch.after
    return [
        cell
        for cell, standing in after.standings.items()
        if standing.state is State.STILL_FAILS and before[cell].state is State.UNKNOWN
    ]


def newly_overdue(outlook: Outlook, board: Board, cells: Iterable[Cell]) -> Iterator[Gap]:
    """The open gaps whose 80 % range, as forecast when the stage before emerged, ended in the stretch."""
    for cell in cells:
        before, after = outlook.before.get(cell), outlook.after.get(cell)
        upstream = board.taxonomy.upstream(cell)
        ended = before and after and after.overdue and after.due and before.made <= after.due
        if upstream and ended and (late := gap(board, cell, upstream)):
            yield late


def _came(outlook: Outlook, move: Move) -> ForecastNews | None:
    published, happened = outlook.published.get(move.cell), move.by.sighting.happened
    told = published or outlook.hindsight.get(move.cell)
    if told is None or told.is_too_few or happened is None or happened.last < told.made:
        return None  # nothing was said, or it had happened before it was said
    low, high = told.range(80)
    if low is None or happened.last < low:
        fate = Fate.EARLY
    else:
        fate = Fate.LATE if high is not None and happened.first > high else Fate.HELD
    return ForecastNews(fate=fate, forecast=told, emerged=happened, hindsight=published is None)


def _moved(outlook: Outlook, causes: Mapping[Cause, Sequence[Cell]], cells: Collection[Cell]) -> Iterator[ForecastNews]:
    for cell in cells:
        before, after = outlook.before.get(cell), outlook.after.get(cell)
        if before and after and before.median and after.median:
            cause, because = _why(cell, causes)
            news = ForecastNews(fate=Fate.MOVED, forecast=before, now=after, cause=cause, because=because)
            # Waiting alone moves a median back, by a day a day at most: that is no news.
            waited = (after.made - before.made).days / DAYS_A_MONTH
            if not -MOVED_BY < _shift(news) < waited + MOVED_BY:
                yield news


def _why(cell: Cell, causes: Mapping[Cause, Sequence[Cell]]) -> tuple[Cause | None, tuple[Cell, ...]]:
    """The first cause that touched the same capability, and where."""
    for cause, changed in causes.items():
        if alike := tuple(one for one in changed if one.capability == cell.capability):
            return cause, alike
    return None, ()


def _shift(news: ForecastNews) -> float:
    """By how many months the median went back (below zero: came nearer)."""
    before, after = news.forecast.median, news.now.median if news.now else None
    return (after - before).days / DAYS_A_MONTH if before and after else 0.0
