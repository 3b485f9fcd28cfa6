"""What a digest holds: findings about the board between two moments, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cascade.board import Board, Judged, Standing, State
from cascade.dates import DateRange
from cascade.delivery import Statement
from cascade.effect import Effect
from cascade.forecast import Forecast
from cascade.gaps import Gap
from cascade.sighting import Person
from cascade.subscription import EVERYTHING, Filter
from cascade.taxonomy import Cell, Taxonomy
from cascade.trend import Direction
from cascade.week import Period


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One team's board at both ends of a stretch of time, and every sighting as judged at its end."""

    period: Period
    before: Board
    after: Board
    judged: tuple[Judged, ...]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A frontier move: a cell that works now and did not at the start."""

    cell: Cell
    by: Judged
    was: State
    gap: Gap | None  # to the stage before; None at the head of the cascade


class Turn(StrEnum):
    """What happened to a gap."""

    CLOSED = "closed"
    OPENED = "opened"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class Usual:
    """How long it usually takes between two stages: the median of their closed gaps, and how many there are."""

    months: float  # negative where the later stage usually came first
    n: int


@dataclass(frozen=True, kw_only=True)
class GapNews:
    """The gaps between two stages that closed, opened or became overdue, and what is usual there then and now."""

    turn: Turn
    upstream: str
    stage: str
    gaps: tuple[Gap, ...]
    before: Usual | None  # None when none had closed at the start
    after: Usual | None  # None when none has closed yet
    coming: Forecast | None = None  # of the gaps that opened or are overdue, the one forecast to close first
    trend: Direction | None = None  # of the later stage's gaps, where one closed; None when it was not asked for


@dataclass(frozen=True, kw_only=True)
class LagNews:
    """How far a stage is behind the one before it, read off its latest emergence, then and now."""

    stage: str
    upstream: str
    before: float | None  # months; None when nothing had closed yet
    after: float  # months
    n: int  # closed gaps between the two stages, now
    trend: Direction | None = None  # over all of them; None when it was not asked for


@dataclass(frozen=True, kw_only=True)
class Erratum:
    """A cell of which something else was said than holds now."""

    cell: Cell
    said: Statement
    now: Standing
    by: tuple[Person, ...]  # who took it back or set it right; () when that is not known


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A candidate that waits for people, and what its confirmation would do."""

    judged: Judged
    effect: Effect


@dataclass(frozen=True, kw_only=True)
class FeedHealth:
    """How the feeds did: how many are watched, and the titles of those that fail or fell silent."""

    watched: int
    failing: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What was and is foreseen, and how past forecasts fared."""

    before: Mapping[Cell, Forecast] = field(default_factory=dict)  # as of the start; nothing is overdue there
    after: Mapping[Cell, Forecast] = field(default_factory=dict)  # as of the end
    published: Mapping[Cell, Forecast] = field(default_factory=dict)  # of what moved, as a digest told it first
    hindsight: Mapping[Cell, Forecast] = field(default_factory=dict)  # of what no digest told: as it would have
    expired: tuple[Forecast, ...] = ()  # told, and not there 24 months later
    held: int = 0  # of `scored` forecasts that came due, those whose 80 % range held the date
    scored: int = 0
    trends: Mapping[str, Direction] = field(default_factory=dict)  # by stage


NOTHING_FORESEEN = Outlook()


class Fate(StrEnum):
    """What became of a forecast."""

    EARLY = "early"  # it emerged before the 80 % range
    LATE = "late"  # after it
    HELD = "held"  # within it
    MOVED = "moved"  # still open, and the median is another one


class Cause(StrEnum):
    """Why a forecast moved."""

    CAME = "came"  # the capability began to work elsewhere
    FAILS = "fails"  # it was found to still fail somewhere
    CORRECTED = "corrected"  # what was known of it was set right


@dataclass(frozen=True, kw_only=True)
class ForecastNews:
    """A forecast that missed, came true or moved."""

    fate: Fate
    forecast: Forecast  # as it was told
    emerged: DateRange | None = None  # None while it is open
    now: Forecast | None = None  # of one that moved
    cause: Cause | None = None  # of one that moved; None when it is not one of these
    because: tuple[Cell, ...] = ()  # what happened to these cells
    hindsight: bool = False  # no digest told it: what would have been told then


@dataclass(frozen=True, kw_only=True)
class Digest:
    """All that is worth telling about a stretch of time, each list in the order of telling, uncut."""

    period: Period
    days: tuple[date, date]  # the first and the last day, as the reader counts them
    weeks: tuple[str, ...] = ()  # `2026-W20`: more than one when missed weeks are caught up
    taxonomy: Taxonomy
    board: Board | None = None  # as of the end; None: no picture
    expected: Mapping[Cell, Forecast] = field(default_factory=dict)  # as of the end, of what does not work yet
    only: Filter = EVERYTHING
    moves: tuple[Move, ...] = ()
    gaps: tuple[GapNews, ...] = ()
    lags: tuple[LagNews, ...] = ()
    forecasts: tuple[ForecastNews, ...] = ()  # misses first
    held: int = 0  # of `scored` forecasts that came due so far, those whose range held
    scored: int = 0
    errata: tuple[Erratum, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    decided: int = 0  # sightings that people decided
    health: FeedHealth | None = None  # None when no feed is watched

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed on the board."""
        return not (self.moves or self.gaps or self.lags or self.forecasts or self.errata)

    @property
    def matches_nothing(self) -> bool:
        """Whether the filter lets no cell through, because its names are gone."""
        return not any(True for _ in self.only.cells(self.taxonomy))

    @property
    def told(self) -> Mapping[Cell, Statement]:
        """What this digest says of which cell: the next one's errata are measured by it."""
        said = {move.cell: stated(move.by.sighting.model, move.by.sighting.happened) for move in self.moves}
        return said | {erratum.cell: standing_as_said(erratum.now) for erratum in self.errata}

    @property
    def shown(self) -> tuple[Forecast, ...]:
        """The forecasts that it puts into words, for the ledger."""
        moved = [news.now for news in self.forecasts if news.now]
        coming = [news.coming for news in self.gaps if news.coming]
        return tuple({one.cell: one for one in (*moved, *coming)}.values())


def stated(model: str, when: DateRange | None) -> Statement:
    """The statement that a cell works."""
    return Statement(works=True, model=model, when=when)


def standing_as_said(standing: Standing) -> Statement:
    """What telling this standing says."""
    if standing.state is State.WORKS and standing.by:
        return stated(standing.by.sighting.model, standing.when)
    return Statement(works=False)
