"""A stage: what works there, what comes next, how far behind it is."""

from cascade.board import State
from cascade.taxonomy import Cell
from web.shows.board import lag_show
from web.shows.cells import CellShow, scale_of, show_cell
from web.shows.page import Page, gap_href, stage_of
from web.snapshot import Snapshot

TITLES = ("Works", "Still fails", "Not there yet", "Nobody looked")


def stage_page(snapshot: Snapshot, modality: str, variant: str) -> Page:
    """The stage's cells by state, and its lag. Raises MissingError."""
    taxonomy = snapshot.taxonomy
    stage = stage_of(taxonomy, modality, variant)
    cells = [Cell(capability.id, stage.id) for capability in taxonomy.capabilities]
    scale = scale_of(snapshot, cells)
    shown = [show_cell(snapshot, cell, scale) for cell in cells]
    groups = [(title, [one for one in shown if _title(one) == title]) for title in TITLES]
    return Page(
        template="stage.html",
        title=stage.name,
        words={
            "stage": stage,
            "groups": [(title, found) for title, found in groups if found],
            "scale": scale,
            "working": snapshot.working(stage=stage.id),
            "all": len(cells),
            "lag": lag_show(snapshot, stage),
            "detail": snapshot.lags.get(stage.id),
            "gap_href": gap_href(stage.after, stage.id) if stage.after else "",
            "after": taxonomy.downstream(stage.id),
        },
    )


def _title(one: CellShow) -> str:
    if one.came_later:
        return "Not there yet"
    return {State.WORKS: "Works", State.STILL_FAILS: "Still fails", State.UNKNOWN: "Nobody looked"}[one.state]
