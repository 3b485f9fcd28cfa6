"""One cell as every page shows it."""

from dataclasses import dataclass

from cascade.board import Judged, Standing, State
from cascade.forecast import Forecast
from cascade.gaps import Gap, GapKind
from cascade.phrases import MARKS, gap_words
from cascade.taxonomy import Cell
from web.shows.page import capability_href, gap_href, sighting_href
from web.snapshot import Snapshot
from web.track import Scale, Track, waiting_track, works_track
from web.words import age, forecast_words, median_words, range_words, short_day, who_says

AHEAD_DAYS = 745  # a forecast looks 24 months ahead


@dataclass(frozen=True, kw_only=True)
class CellShow:
    """A cell with its words, links and line."""

    cell: Cell
    capability: str
    stage: str
    state: State
    came_later: bool  # than the board's day, which is past: not there, though nobody had looked
    when: str  # as far as it is known; "" for an unknown cell
    short: str
    tint: str  # how long it has worked
    href: str  # the evidence, or where the forecast stands
    by: Judged | None
    who: str
    gap: Gap | None
    gap_words: str
    gap_href: str
    forecast: Forecast | None
    median: str
    range: str
    forecast_words: str
    track: Track
    more: tuple[Judged, ...]  # other confirmed sightings of the cell

    @property
    def words(self) -> str:
        """The state in words: `works since 2023-03-14`."""
        if self.state is State.UNKNOWN:
            return "not there yet" if self.came_later else "unknown: nobody looked"
        return f"{'works since' if self.state is State.WORKS else 'still fails as of'} {self.when}"

    @property
    def sign(self) -> str:
        """`●` works, `✕` still fails, `○` not there yet, `·` unknown."""
        return "○" if self.came_later else MARKS[self.state]

    @property
    def expected(self) -> str:
        """The forecast's median for a narrow cell: `~2027-01`, `> 2028-08`, `too few`; "" without a forecast."""
        if self.forecast is None:
            return ""
        if self.forecast.is_too_few:
            return "too few"
        return f"~{self.median}" if self.forecast.median else self.median.replace("after", ">")

    @property
    def is_overdue(self) -> bool:
        """Whether it should have come by now, as was said when the stage before got it."""
        return bool(self.forecast and self.forecast.overdue)

    @property
    def is_inversion(self) -> bool:
        """Whether it came here before the stage upstream had it."""
        return bool(self.gap and self.gap.is_inversion)


def show_cell(snapshot: Snapshot, cell: Cell, scale: Scale) -> CellShow:
    """Everything a page may say of a cell."""
    standing, gap = snapshot.board[cell], snapshot.gaps.get(cell)
    forecast = snapshot.forecasts.get(cell)
    taxonomy = snapshot.taxonomy
    return CellShow(
        cell=cell,
        capability=taxonomy.capability(cell.capability).name,
        stage=taxonomy.stage(cell.stage).name,
        state=standing.state,
        came_later=cell in snapshot.deduced.came_later,
        when=_when(standing),
        short=short_day(standing.when),
        tint=age(standing.when, snapshot.board.as_of),
        href=sighting_href(standing.by.sighting.id) if standing.by else capability_href(cell.capability, cell.stage),
        by=standing.by,
        who=who_says(standing.by) if standing.by else "",
        gap=gap,
        gap_words=_gap_words(snapshot, gap),
        gap_href=gap_href(gap.upstream.stage, cell.stage) if gap else "",
        forecast=forecast,
        median=median_words(forecast) if forecast else "",
        range=range_words(forecast) if forecast else "",
        forecast_words=forecast_words(forecast) if forecast else "",
        track=_track(snapshot, standing, scale),
        more=tuple(one for one in standing.confirmed if one is not standing.by),
    )


def scale_of(snapshot: Snapshot, cells: list[Cell]) -> Scale:
    """A time line that holds these cells' dates and, where one is missing, the forecasts'."""
    board = snapshot.board
    days = [when.first for cell in cells if (when := board.works(cell))]
    ahead = AHEAD_DAYS if any(board.works(cell) is None for cell in cells) else 0
    return Scale.around(days, board.as_of, ahead)


def _when(standing: Standing) -> str:
    if standing.state is State.UNKNOWN:
        return ""
    return str(standing.when) if standing.when else "an unknown date"


def _gap_words(snapshot: Snapshot, gap: Gap | None) -> str:
    if gap is None:
        return ""
    before = snapshot.taxonomy.stage(gap.upstream.stage).name
    if gap.kind is GapKind.CLOSED:
        return gap_words(gap, before)
    return f"gap to {before} {gap_words(gap)}" if gap.kind is GapKind.OPEN else gap_words(gap)


def _track(snapshot: Snapshot, standing: Standing, scale: Scale) -> Track:
    board, cell = snapshot.board, standing.cell
    upstream = snapshot.taxonomy.upstream(cell)
    before = board.works(upstream) if upstream else None
    if standing.state is State.WORKS and standing.when:
        return works_track(scale, standing.when, before)
    failed = standing.when if standing.state is State.STILL_FAILS else None
    return waiting_track(scale, snapshot.forecasts.get(cell), before, failed)
