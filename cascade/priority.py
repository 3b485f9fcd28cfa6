"""In which order people are asked: what is likely and would change the board most comes first. Nothing is dropped."""

from collections.abc import Collection, Iterable
from datetime import datetime

from cascade.board import Board, Judged
from cascade.effect import effect
from cascade.sighting import Status, Verdict
from cascade.taxonomy import Cell

DISPUTED = 0.1  # added to what a sighting would change, when people contradict each other about it
REPORTED = 1.0  # the probability of what a person reports: the classifier has not spoken of it


def queue(board: Board, waiting: Iterable[Judged]) -> list[Judged]:
    """All that waits, by probability x what it would change; where people were unsure, then the expired, at the end."""
    return sorted(waiting, key=lambda one: _place(board, one))


def worth(board: Board, one: Judged) -> float:
    """Probability x what a confirmation would change on the board, 0 to about 1."""
    chance = one.sighting.probability
    change = effect(board, one.sighting).weight + (DISPUTED if _is_disputed(one) else 0.0)
    return change * (REPORTED if chance is None else chance)


def to_ask(board: Board, waiting: Iterable[Judged], carded: Collection[str]) -> list[Judged]:
    """Whom a new card may be about, in order: what would change the board, and of each claim only the strongest.

    What only adds evidence to a cell that works stays in the queue quietly; so does a second
    claim about a cell whose card (an id in `carded`) still waits for a decision.
    """
    ordered = queue(board, waiting)
    taken = {_claim(one) for one in ordered if one.sighting.id in carded and one.decision.status is Status.CANDIDATE}
    chosen: list[Judged] = []
    for one in ordered:
        if one.sighting.id not in carded and _claim(one) not in taken and effect(board, one.sighting).changes:
            taken.add(_claim(one))
            chosen.append(one)
    return chosen


def _claim(one: Judged) -> tuple[Cell, Verdict]:
    return one.sighting.cell, one.sighting.verdict


def _is_disputed(one: Judged) -> bool:
    return bool(one.decision.confirmed_by and one.decision.rejected_by)


def _place(board: Board, one: Judged) -> tuple[bool, bool, float, datetime, str]:
    expired = one.decision.status is Status.EXPIRED
    unsure = bool(one.decision.unsure)
    return (expired, unsure, -worth(board, one), one.sighting.seen_at, one.sighting.id)
