"""The board's picture in words, for a person who cannot see it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from cascade.board import Board, State
from cascade.forecast import Forecast
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Capability, Cell, Stage, Taxonomy

# Slack reads out 2,000 characters, Discord half of that: each cell is a number, its place says which.
BOARD = (
    "What works where on {day}, and for how many years. Columns: {columns}. "
    "✕: still fails, ?: nobody looked; then the quarter by which it is as likely there as not. {rows}."
)


def board_in_words(board: Board, forecasts: Mapping[Cell, Forecast]) -> str:
    """The columns, then every capability and its cells: years, or ✕ or ? and when it may come."""
    rows = (f"{one.name}: {_row(board, one, forecasts)}" for one in board.taxonomy.capabilities)
    return BOARD.format(day=board.as_of, columns=_columns(board.taxonomy), rows=". ".join(rows))


def age_words(months: float) -> str:
    """`3 mo` or `2.4 y`: how long it has worked."""
    return f"{max(months, 0):.0f} mo" if months < 12 else f"{months / 12:.1f} y"


def quarter_words(forecast: Forecast | None) -> str:
    """`Q1’27`, `2y+` when that is later than in two years, "" when there is too little to say."""
    if forecast is None or forecast.is_too_few:
        return ""
    return _quarter(forecast.median) if forecast.median else "2y+"


def _quarter(day: date) -> str:
    return f"Q{(day.month + 2) // 3}’{day:%y}"


def _columns(taxonomy: Taxonomy) -> str:
    return "; ".join(
        f"{modality} {', '.join(stage.id.partition('/')[2].replace('-', ' ') for stage in stages)}"
        for modality, stages in _by_modality(taxonomy.stages)
    )


def _row(board: Board, capability: Capability, forecasts: Mapping[Cell, Forecast]) -> str:
    return "; ".join(
        f"{modality} {', '.join(_cell(board, Cell(capability.id, stage.id), forecasts) for stage in stages)}"
        for modality, stages in _by_modality(board.taxonomy.stages)
    )


def _cell(board: Board, cell: Cell, forecasts: Mapping[Cell, Forecast]) -> str:
    since = board.works(cell)
    if since:
        return f"{max((board.as_of - since.middle).days, 0) / DAYS_A_MONTH / 12:.1f}"
    sign = "✕" if board[cell].state is State.STILL_FAILS else "?"
    return f"{sign} {quarter_words(forecasts.get(cell))}".rstrip()


def _by_modality(stages: Iterable[Stage]) -> Iterator[tuple[str, Iterator[Stage]]]:
    return groupby(stages, key=lambda stage: stage.modality)
