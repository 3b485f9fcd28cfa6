"""The board's picture in words, for a person who cannot see it. Pure."""

from itertools import groupby

from cascade.board import Board, State
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Capability, Cell, Stage

BOARD = "What works where on {day}, and for how long. {capabilities}."
NOWHERE = "nowhere"
FAILS = "still fails in {stages}"


def board_in_words(board: Board) -> str:
    """Every capability with the stages in which it works, and for how long; then where it is known to fail."""
    told = (f"{one.name}: {_capability(board, one)}" for one in board.taxonomy.capabilities)
    return BOARD.format(day=board.as_of, capabilities=". ".join(told))


def age_words(months: float) -> str:
    """`3 mo` or `2.4 y`: how long it has worked."""
    return f"{max(months, 0):.0f} mo" if months < 12 else f"{months / 12:.1f} y"


def _capability(board: Board, capability: Capability) -> str:
    works = [
        f"{modality} {', '.join(found)}"
        for modality, stages in groupby(board.taxonomy.stages, key=lambda stage: stage.modality)
        if (found := [_works(board, capability, stage) for stage in stages if _has(board, capability, stage)])
    ]
    fails = [
        stage.id for stage in board.taxonomy.stages if board[Cell(capability.id, stage.id)].state is State.STILL_FAILS
    ]
    return "; ".join([*(works or [NOWHERE]), *([FAILS.format(stages=", ".join(fails))] if fails else [])])


def _has(board: Board, capability: Capability, stage: Stage) -> bool:
    return board.works(Cell(capability.id, stage.id)) is not None


def _works(board: Board, capability: Capability, stage: Stage) -> str:
    since = board.works(Cell(capability.id, stage.id))
    variant = stage.id.partition("/")[2].replace("-", " ")
    return f"{variant} {age_words((board.as_of - since.middle).days / DAYS_A_MONTH)}" if since else variant
