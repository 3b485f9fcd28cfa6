"""The board: the state of every cell, folded from sightings, votes and corrections.

A board has two clocks. *As of* is the day whose truth is asked for; *known by* is the moment
up to which votes and corrections are taken into account.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cascade.dates import DateRange
from cascade.joined import Joined, unite
from cascade.learned import Opinion
from cascade.sighting import Correction, Decision, Sighting, Status, Verdict, Vote, corrected, decide
from cascade.taxonomy import Cell, Taxonomy


class State(StrEnum):
    """The three states of a cell. "Nobody looked" is not "not there"."""

    WORKS = "works"
    STILL_FAILS = "still-fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A sighting as corrected, with what the votes decided about it."""

    sighting: Sighting
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of one cell."""

    cell: Cell
    state: State
    when: DateRange | None = None  # works since; still fails as of; None when unknown or undated
    by: Judged | None = None  # the sighting that says so; None when unknown
    confirmed: tuple[Judged, ...] = ()  # every confirmed sighting of the cell, oldest first


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a board is folded from, for one team."""

    sightings: tuple[Sighting, ...] = ()
    votes: tuple[Vote, ...] = ()
    corrections: tuple[Correction, ...] = ()
    quorum: int = 1
    same: Mapping[str, str] = field(default_factory=dict)  # linked accounts, see `decide`
    opinions: tuple[Opinion, ...] = ()  # second opinions: shown, never counted
    joined: Mapping[str, Joined] = field(default_factory=dict)  # sightings that became part of another one

    def living(self, known_by: datetime) -> dict[str, str]:
        """Each sighting that was part of another by then, and that other one, whose votes are its votes too."""
        return {part: whole.into for part, whole in self.joined.items() if whole.at <= known_by}


@dataclass(frozen=True, kw_only=True)
class Board:
    """Every cell's standing as of a day, as known at a moment."""

    taxonomy: Taxonomy
    as_of: date
    known_by: datetime
    standings: Mapping[Cell, Standing]

    def __getitem__(self, cell: Cell) -> Standing:
        return self.standings[cell]

    def works(self, cell: Cell) -> DateRange | None:
        """Since when the capability works in the stage; None when it does not, or nobody knows."""
        standing = self.standings[cell]
        return standing.when if standing.state is State.WORKS else None


def judge(facts: Facts, known_by: datetime) -> list[Judged]:
    """Every sighting that was known by then, corrected and decided; joined ones as one."""
    living = facts.living(known_by)
    votes: dict[str, list[Vote]] = defaultdict(list)
    fixes: dict[str, list[Correction]] = defaultdict(list)
    for vote in facts.votes:
        votes[living.get(vote.sighting, vote.sighting)].append(vote)
    for fix in facts.corrections:
        if fix.at <= known_by:
            fixes[living.get(fix.sighting, fix.sighting)].append(fix)
    return [
        Judged(
            sighting=corrected(sighting, fixes[sighting.id]) if fixes.get(sighting.id) else sighting,
            decision=decide(sighting, votes.get(sighting.id, ()), known_by, quorum=facts.quorum, same=facts.same),
        )
        for sighting in _united(facts.sightings, living)
        if sighting.seen_at <= known_by
    ]


def _united(sightings: Iterable[Sighting], living: Mapping[str, str]) -> Iterable[Sighting]:
    if not living:
        return sightings
    parts: dict[str, list[Sighting]] = defaultdict(list)
    for one in sightings:
        if one.id in living:
            parts[living[one.id]].append(one)
    return [unite(one, parts[one.id]) if one.id in parts else one for one in sightings if one.id not in living]


def fold(taxonomy: Taxonomy, judged: Iterable[Judged], as_of: date, known_by: datetime) -> Board:
    """The board that these judged sightings make; one that names an unknown cell is left out."""
    found = standings(taxonomy.cells(), judged, as_of)
    return Board(taxonomy=taxonomy, as_of=as_of, known_by=known_by, standings=found)


def standings(cells: Iterable[Cell], judged: Iterable[Judged], as_of: date) -> dict[Cell, Standing]:
    """What these judged sightings say of each of the cells."""
    by_cell: dict[Cell, list[Judged]] = defaultdict(list)
    for one in judged:
        if _counts(one, as_of):
            by_cell[one.sighting.cell].append(one)
    return {cell: _standing(cell, by_cell.get(cell, [])) for cell in cells}


def board_at(taxonomy: Taxonomy, facts: Facts, known_by: datetime, as_of: date | None = None) -> Board:
    """Judge and fold in one step; `as_of` is the day of `known_by` unless another is given."""
    return fold(taxonomy, judge(facts, known_by), as_of or known_by.date(), known_by)


def _counts(one: Judged, as_of: date) -> bool:
    sighting = one.sighting
    if one.decision.status is not Status.CONFIRMED or sighting.only_announced:
        return False
    # A works sighting with no date cannot say since when; a test that failed is news on any day.
    if sighting.happened is None:
        return sighting.verdict is Verdict.STILL_FAILS
    return sighting.happened.first <= as_of


def _standing(cell: Cell, confirmed: list[Judged]) -> Standing:
    ordered = tuple(sorted(confirmed, key=_oldest_first))
    works = [one for one in ordered if one.sighting.verdict is Verdict.WORKS]
    if works:
        return _stands(cell, State.WORKS, works[0], ordered)
    if ordered:
        return _stands(cell, State.STILL_FAILS, ordered[-1], ordered)
    return Standing(cell=cell, state=State.UNKNOWN)


def _stands(cell: Cell, state: State, by: Judged, confirmed: tuple[Judged, ...]) -> Standing:
    return Standing(cell=cell, state=state, when=by.sighting.happened, by=by, confirmed=confirmed)


def _oldest_first(one: Judged) -> tuple[date, date, str]:
    happened = one.sighting.happened or DateRange.day(date.min)
    return (happened.middle, happened.last, one.sighting.id)
