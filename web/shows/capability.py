"""A capability's way down the cascade."""

from cascade.board import State
from cascade.gaps import GapKind
from cascade.taxonomy import Cell
from web.shows.cells import scale_of, show_cell
from web.shows.page import Page, anchor, capability_of
from web.snapshot import Snapshot


def capability_page(snapshot: Snapshot, capability: str) -> Page:
    """Date, model, source and gap at every stage; the forecast where it is not there. Raises MissingError."""
    taxonomy = snapshot.taxonomy
    known = capability_of(taxonomy, capability)
    cells = [Cell(known.id, stage.id) for stage in taxonomy.stages]
    scale = scale_of(snapshot, cells)
    shown = [show_cell(snapshot, cell, scale) for cell in cells]
    coming = [one for one in shown if one.gap and one.gap.kind is GapKind.OPEN]
    steps = [(one, anchor(one.cell.stage), _reads(snapshot, one.cell)) for one in shown]
    return Page(
        template="capability.html",
        title=known.name,
        words={
            "capability": known,
            "steps": steps,
            "scale": scale,
            "working": sum(one.state is State.WORKS for one in shown),
            "coming": coming,
        },
    )


def _reads(snapshot: Snapshot, cell: Cell) -> str:
    modality = snapshot.taxonomy.stage(cell.stage).modality
    return snapshot.taxonomy.capability(cell.capability).reads.get(modality, "")
