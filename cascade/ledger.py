"""The ledger: every forecast that a digest showed, written once, and how each of them fared.

    open ──the cell emerged, or 24 months passed──► scored
      ▲                                               │
      └──────────── the confirmation is taken back ───┘

A score is derived from the board like everything else; it is kept beside its forecast so that
it comes and goes in the transaction of the vote that brings or takes it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from cascade.board import Board, Standing, State
from cascade.dates import DateRange
from cascade.forecast import MODEL, Forecast
from cascade.gaps import DAYS_A_MONTH
from cascade.outcome import HORIZONS, Outcome
from cascade.taxonomy import Cell, Taxonomy

if TYPE_CHECKING:
    from cascade.forecasting.arrivals import Arrivals

CRITERIA = (
    "{name} in {stage} counts from the first day on which anybody could use a model that does it, as confirmed by "
    "the team. It means: {means} (rules {version})"
)
LONGEST = 24.0  # months; a cell that has not emerged by then resolves as later


class Result(StrEnum):
    """What became of a forecast that was shown."""

    EARLY = "early"  # it emerged before the 80 % range
    HELD = "held"  # within it
    LATE = "late"  # after it
    VOID = "void"  # it was there already when the forecast was made: neither right nor wrong


@dataclass(frozen=True, kw_only=True)
class Published:
    """A forecast as a digest showed it. Never edited: new figures are another row."""

    id: str  # the same team, cell, day and figures give the same id
    team: str
    forecast: Forecast
    model: str  # the version of the method
    criteria: str  # what counts as having emerged, as it read then
    board: str  # a fingerprint of the emergences and open cells that it was fitted to
    known_by: datetime  # the moment as of which that board was known, UTC: it can be folded again
    shown_in: str  # the digest that showed it first: its owner and slot


@dataclass(frozen=True, kw_only=True)
class Scored:
    """How a forecast fared."""

    result: Result
    emerged: DateRange | None  # None: not within 24 months
    crps: float | None  # time-averaged over 24 months, 0 is best; None when void
    brier: Mapping[int, float]  # by months ahead; empty when void
    at: datetime  # the moment as of which this was known, UTC


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the ledger."""

    published: Published
    scored: Scored | None  # None while it is open


@dataclass(frozen=True, kw_only=True)
class Record:
    """The running score."""

    scored: int  # forecasts that came due, void ones left out
    cells: int  # different cells among them: one cell is often forecast many times
    held: int
    early: int
    late: int
    crps: float | None  # mean; None when none was scored
    open: int
    void: int


def publish(
    team: str, board: Board, arrivals: "Arrivals", shown: Iterable[Forecast], shown_in: str
) -> tuple[Published, ...]:
    """The ledger's rows for the forecasts that a digest shows; those that are too few to say give none."""
    from_board = fingerprint(arrivals)
    return tuple(
        Published(
            id=_id(team, forecast),
            team=team,
            forecast=forecast,
            model=MODEL,
            criteria=criteria(board.taxonomy, forecast.cell),
            board=from_board,
            known_by=board.known_by,
            shown_in=shown_in,
        )
        for forecast in shown
        if not forecast.is_too_few
    )


def criteria(taxonomy: Taxonomy, cell: Cell) -> str:
    """What counts as this cell's emergence, in a sentence."""
    capability = taxonomy.capability(cell.capability)
    stage = taxonomy.stage(cell.stage).name
    return CRITERIA.format(name=capability.name, stage=stage, means=capability.means, version=taxonomy.version)


def fingerprint(arrivals: "Arrivals") -> str:
    """A short name for all that a forecast was fitted to: equal for equal days and open cells."""
    told = [*(f"{cell} {day}" for cell, day in arrivals.days.items()), *(f"{cell} open" for cell in arrivals.open)]
    return _short("\n".join(sorted(told)))


def settle(entries: Iterable[Entry], standings: Mapping[Cell, Standing], now: datetime) -> dict[str, Scored | None]:
    """The entries whose score changes, by id: None where a score is taken back. `standings` is as known at `now`."""
    changed = {}
    for entry in entries:
        found = score(entry.published.forecast, standings[entry.published.forecast.cell], now)
        if _verdict(found) != _verdict(entry.scored):
            changed[entry.published.id] = found
    return changed


def score(forecast: Forecast, standing: Standing, now: datetime) -> Scored | None:
    """How a forecast fared by now; None while it is open. A month counts as its 15th."""
    emerged = standing.when if standing.state is State.WORKS else None
    if emerged is not None and emerged.last < forecast.made:
        return Scored(result=Result.VOID, emerged=emerged, crps=None, brier={}, at=now)
    months = None if emerged is None else max(_months(forecast.made, emerged.middle), 0.0)
    if months is None and _months(forecast.made, now.date()) < LONGEST:
        return None
    outcome = Outcome(
        cell=forecast.cell,
        origin=forecast.made,
        curve=forecast.curve,
        months=months,
        watched=LONGEST if months is None else max(LONGEST, months),
    )
    return Scored(
        result=_result(outcome),
        emerged=emerged,
        crps=outcome.crps,
        brier={horizon: outcome.brier(horizon) for horizon in HORIZONS},
        at=now,
    )


def first_told(entries: Iterable[Entry]) -> dict[Cell, Entry]:
    """The first forecast that was shown of each cell, which is the one that a digest holds itself to."""
    first: dict[Cell, Entry] = {}
    for entry in sorted(entries, key=lambda one: (one.published.forecast.made, one.published.known_by)):
        first.setdefault(entry.published.forecast.cell, entry)
    return first


def record(entries: Sequence[Entry]) -> Record:
    """The running score of these entries."""
    scored = [(one.published.forecast.cell, one.scored) for one in entries if one.scored]
    due = [(cell, one) for cell, one in scored if one.result is not Result.VOID]
    results = [one.result for _, one in due]
    distances = [one.crps for _, one in due if one.crps is not None]
    return Record(
        scored=len(due),
        cells=len({cell for cell, _ in due}),
        held=results.count(Result.HELD),
        early=results.count(Result.EARLY),
        late=results.count(Result.LATE),
        crps=sum(distances) / len(distances) if distances else None,
        open=sum(one.scored is None for one in entries),
        void=len(scored) - len(due),
    )


def _result(outcome: Outcome) -> Result:
    if outcome.is_early:
        return Result.EARLY
    return Result.LATE if outcome.is_late else Result.HELD


def _verdict(scored: Scored | None) -> tuple[Result, DateRange | None] | None:
    # When it was found out is no part of it: a later vote for the same thing changes nothing.
    return (scored.result, scored.emerged) if scored else None


def _months(start: date, end: date) -> float:
    return (end - start).days / DAYS_A_MONTH


def _id(team: str, forecast: Forecast) -> str:
    figures = ",".join(f"{chance:.6f}" for chance in forecast.curve)
    return _short("\n".join((team, str(forecast.cell), forecast.made.isoformat(), MODEL, figures)))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
