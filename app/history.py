"""A history of dated emergences: from an atlas file, or from the user's own database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.build import open_store
from app.settings import read_settings
from cascade.board import Facts, Judged, fold, judge
from cascade.forecasting.arrivals import Arrivals
from cascade.phrases import either
from cascade.ports import HOME
from cascade.sighting import ATLAS, Choice, Sighting, Vote
from cascade.taxonomy import Capability, Cell, Taxonomy
from storage.atlas import STATUSES, Row, atlas_rows, read_taxonomy, sightings_of

EVER = datetime(9000, 1, 1, tzinfo=UTC)  # a board of this moment hides nothing that a file says
NO_ROWS = "{path} holds no rows: name a file of JSON lines, or a folder of TOML files"
LEFT_OUT = "left out {left} of {all} rows; the first is {where}: {why}"
NO_STAGE, NO_STATUS = "{said!r} is no stage of the taxonomy", "a status is {statuses}, and not {said!r}"
NEW_NAME = (
    "{rows} of {all} rows name a capability that is not in the taxonomy, and count as they are: {where}: {said!r}"
)


@dataclass(frozen=True, kw_only=True)
class History:
    """All that is known, whenever it happened, and the part of the taxonomy that it tells of."""

    arrivals: Arrivals  # dates still to come among them: cut it with `as_known_on` before use
    told_until: date  # the newest dated statement, never after today
    cells: frozenset[Cell]  # its capabilities in its stages
    notes: tuple[str, ...] = ()  # what was left out of a file, and what may be a slip of the pen


def read_history(atlas: Path | None, db: Path | None, today: date) -> History:
    """The history in a file or folder of atlas rows; without one, the confirmed sightings of the database.

    Raises BadInput when the file cannot be read, StoreError when the database cannot.
    """
    if atlas is None:
        return _from_database(db, today)
    rows, shipped = atlas_rows(atlas), read_taxonomy()
    told = sightings_of(rows)
    votes = tuple(Vote(sighting=row.id, person=ATLAS, choice=Choice.CONFIRM, at=row.seen_at) for row in told)
    judged = judge(Facts(sightings=told, votes=votes), EVER)
    found = _history(_with_capabilities_of(shipped, told), judged, today)
    notes = _notes(rows, shipped) if rows else [NO_ROWS.format(path=atlas)]
    return replace(found, notes=tuple(notes))


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


def _notes(rows: Sequence[Row], taxonomy: Taxonomy) -> Iterable[str]:
    """What was left out, and what is taken as it is although it may be a slip of the pen."""
    strange = {where: why for where, row in rows if (why := _strange(row, taxonomy))}
    known = {one.id for one in taxonomy.capabilities}
    named = [(where, str(row.get("capability"))) for where, row in rows if where not in strange]
    new = [(where, said) for where, said in named if said not in known]
    for where, why in list(strange.items())[:1]:
        yield LEFT_OUT.format(left=len(strange), all=len(rows), where=where, why=why)
    for where, said in new[:1]:
        yield NEW_NAME.format(rows=len(new), all=len(rows), where=where, said=said)


def _strange(row: Mapping[str, Any], taxonomy: Taxonomy) -> str:
    """Why a row says nothing that can be used; "" when it does."""
    if row["status"] not in STATUSES:
        return NO_STATUS.format(said=row["status"], statuses=either(STATUSES))
    if all(stage.id != row.get("stage") for stage in taxonomy.stages):
        return NO_STAGE.format(said=row.get("stage"))
    return ""
