"""A history of dated emergences: from an atlas file, or from the user's own database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from app.build import open_store
from app.settings import read_settings
from cascade.board import Facts, Judged, fold, judge
from cascade.forecasting.arrivals import Arrivals
from cascade.ports import HOME
from cascade.sighting import ATLAS, Choice, Sighting, Vote
from cascade.taxonomy import Capability, Cell, Taxonomy
from storage.atlas import read_atlas, read_taxonomy

EVER = datetime(9000, 1, 1, tzinfo=UTC)  # a board of this moment hides nothing that a file says
NO_SUCH_STAGE = "left out {rows} of {all} rows, whose stage is not in the taxonomy: {stages}"


@dataclass(frozen=True, kw_only=True)
class History:
    """All that is known, whenever it happened, and the part of the taxonomy that it tells of."""

    arrivals: Arrivals  # dates still to come among them: cut it with `as_known_on` before use
    told_until: date  # the newest dated statement, never after today
    cells: frozenset[Cell]  # its capabilities in its stages
    note: str = ""  # what was left out; "" when nothing was


def read_history(atlas: Path | None, db: Path | None, today: date) -> History:
    """The history in a file or folder of atlas rows; without one, the confirmed sightings of the database.

    Raises BadInput when the file cannot be read, StoreError when the database cannot.
    """
    if atlas is None:
        return _from_database(db, today)
    rows = read_atlas(atlas)
    taxonomy = _with_capabilities_of(read_taxonomy(), rows)
    votes = tuple(Vote(sighting=row.id, person=ATLAS, choice=Choice.CONFIRM, at=row.seen_at) for row in rows)
    known = {stage.id for stage in taxonomy.stages}
    judged = judge(Facts(sightings=rows, votes=votes), EVER)
    return replace(_history(taxonomy, judged, today), note=_left_out(rows, known))


def _from_database(db: Path | None, today: date) -> History:
    store = open_store(read_settings(db))
    try:
        facts = store.facts(HOME)
    finally:
        store.close()
    return _history(read_taxonomy(), judge(facts, EVER), today)


def _history(taxonomy: Taxonomy, judged: Sequence[Judged], today: date) -> History:
    board = fold(taxonomy, judged, EVER.date(), EVER)
    told = [one.sighting for one in judged if one.sighting.cell in taxonomy]
    capabilities, stages = {one.cell.capability for one in told}, {one.cell.stage for one in told}
    return History(
        arrivals=Arrivals.of(board),
        told_until=max((day for day in _days(one for one in told) if day <= today), default=today),
        cells=frozenset(cell for cell in taxonomy.cells() if cell.capability in capabilities and cell.stage in stages),
    )


def _days(told: Iterable[Sighting]) -> Iterable[date]:
    for sighting in told:
        dated = (sighting.happened, *(one.published for one in sighting.evidence))
        yield from (when.middle for when in dated if when)


def _with_capabilities_of(taxonomy: Taxonomy, rows: Iterable[Sighting]) -> Taxonomy:
    """The taxonomy, cut or widened to the capabilities that the rows name: they have no order among them."""
    known = {one.id: one for one in taxonomy.capabilities}
    named = dict.fromkeys(row.cell.capability for row in rows)
    added = tuple(Capability(id=name, name=name, means="") for name in named if name not in known)
    kept = tuple(one for one in taxonomy.capabilities if one.id in named)
    return replace(taxonomy, capabilities=(*kept, *added))


def _left_out(rows: Sequence[Sighting], known: set[str]) -> str:
    strange = [row.cell.stage for row in rows if row.cell.stage not in known]
    stages = ", ".join(sorted(set(strange))[:3])
    return NO_SUCH_STAGE.format(rows=len(strange), all=len(rows), stages=stages) if strange else ""
