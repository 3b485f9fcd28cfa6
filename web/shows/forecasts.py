"""Every open cell's forecast, how well the order has held, and how past forecasts fared."""

from collections.abc import Sequence
from datetime import date

from cascade.forecast import Forecast
from cascade.gaps import order
from cascade.ledger import Entry
from cascade.taxonomy import Cell
from web.shows.cells import AHEAD_DAYS, CellShow, show_cell
from web.shows.page import Page
from web.shows.record import known, record_words
from web.shows.replay import read_replay
from web.snapshot import Snapshot
from web.track import Scale
from web.words import percent


def forecasts_page(snapshot: Snapshot, entries: Sequence[Entry], replayed: str) -> Page:
    """The forecasts, the soonest first; the order's share and its inversions; the track record.

    That is the ledger's, and what was noted of the method `replayed` on the shipped history ("" when nothing was).
    """
    today = snapshot.board.as_of
    scale = Scale.around([today], today, AHEAD_DAYS)
    shown = sorted((show_cell(snapshot, cell, scale) for cell in snapshot.forecasts), key=_soonest)
    held = order(snapshot.gaps.values())
    inverted = [show_cell(snapshot, Cell(gap.cell.capability, gap.cell.stage), scale) for gap in held.inversions]
    return Page(
        template="forecasts.html",
        title="Forecasts",
        words={
            "shown": [(one, _chances(one.forecast)) for one in shown if one.forecast],
            "scale": scale,
            "basis": next((one.forecast.basis for one in shown if one.forecast), None),
            "order": held,
            "inverted": inverted,
            **record_words(snapshot.taxonomy, known(entries, snapshot.view.now)),
            "replay": read_replay(replayed),
        },
    )


def _soonest(one: CellShow) -> tuple[date, float, str]:
    forecast = one.forecast
    median = forecast.median if forecast else None
    return (median or date.max, -((forecast.within(24) if forecast else None) or 0.0), str(one.cell))


def _chances(forecast: Forecast) -> list[tuple[int, str]]:
    return [(months, percent(forecast.within(months))) for months in (3, 6, 12, 24)]
