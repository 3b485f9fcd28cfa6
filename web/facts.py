"""The board for programs: the same as the pages say, ready for JSON. People are counts here too."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cascade.board import Judged, Standing
from cascade.dates import DateRange
from cascade.forecast import rows as forecast_rows
from cascade.gaps import between, order, row
from cascade.ledger import Entry
from cascade.sighting import ATLAS, Evidence
from cascade.taxonomy import Capability, Cell, Stage, Taxonomy
from web.shows.page import MissingError, capability_of, stage_of
from web.shows.record import known, record_facts
from web.shows.sighting import counts, judged_of
from web.snapshot import Snapshot

Facts = dict[str, Any]
MOST = 500  # sightings an answer holds
STATUSES = ("candidate", "confirmed", "rejected", "expired")


def taxonomy_facts(taxonomy: Taxonomy) -> Facts:
    """Stages and capabilities, in the order in which people read them."""
    return {
        "version": taxonomy.version,
        "stages": [_stage(stage) for stage in taxonomy.stages],
        "capabilities": [_capability(one) for one in taxonomy.capabilities],
    }


def board_facts(snapshot: Snapshot) -> Facts:
    """Every cell, and how well the order holds."""
    held = order(snapshot.gaps.values())
    return {
        **_clocks(snapshot),
        "cells": [cell_facts(snapshot, cell) for cell in snapshot.taxonomy.cells()],
        "order": {
            "pairs": held.pairs,
            "in_order": held.in_order,
            "inversions": [row(gap) for gap in held.inversions],
        },
    }


def capability_facts(snapshot: Snapshot, capability: str) -> Facts:
    """One capability in every stage. Raises MissingError."""
    known = capability_of(snapshot.taxonomy, capability)
    cells = [Cell(known.id, stage.id) for stage in snapshot.taxonomy.stages]
    return {**_clocks(snapshot), **_capability(known), "cells": [cell_facts(snapshot, cell) for cell in cells]}


def stage_facts(snapshot: Snapshot, modality: str, variant: str) -> Facts:
    """Every capability in one stage, and its lag. Raises MissingError."""
    stage = stage_of(snapshot.taxonomy, modality, variant)
    cells = [Cell(capability.id, stage.id) for capability in snapshot.taxonomy.capabilities]
    lag = snapshot.lags.get(stage.id)
    return {
        **_clocks(snapshot),
        **_stage(stage),
        "lag_months": round(lag.latest.months, 2) if lag and lag.latest else None,
        "trend": lag.trend.direction.value if lag else None,
        "cells": [cell_facts(snapshot, cell) for cell in cells],
    }


def gap_facts(snapshot: Snapshot, a: str, b: str, c: str, d: str) -> Facts:
    """Every capability's gap from stage a/b to stage c/d. Raises MissingError."""
    earlier, later = stage_of(snapshot.taxonomy, a, b), stage_of(snapshot.taxonomy, c, d)
    if earlier == later:
        raise MissingError(f"{earlier.name} has no gap to itself.")
    found = between(snapshot.board, earlier.id, later.id)
    return {**_clocks(snapshot), "earlier": earlier.id, "later": later.id, "gaps": [row(gap) for gap in found]}


def sightings_facts(snapshot: Snapshot, status: str, after: str) -> Facts:
    """The sightings of a status ("" for all), by id, from the one behind `after` on. Raises MissingError."""
    if status and status not in STATUSES:
        raise MissingError(f"There is no status {status[:20]!r}: one of {', '.join(STATUSES)}.")
    ids = sorted(key for key, one in snapshot.judged.items() if key > after and status in ("", one.decision.status))
    shown = ids[:MOST]
    return {
        **_clocks(snapshot),
        "sightings": [_sighting(snapshot, snapshot.judged[key]) for key in shown],
        "next": shown[-1] if len(ids) > MOST else None,
    }


def sighting_facts(snapshot: Snapshot, sighting: str) -> Facts:
    """One sighting with its evidence and its votes as counts. Raises MissingError."""
    return {**_clocks(snapshot), **_sighting(snapshot, judged_of(snapshot, sighting))}


def forecast_facts(snapshot: Snapshot, entries: Sequence[Entry]) -> Facts:
    """Every forecast as a flat row: chances within months, quantiles as days; and the ledger's score."""
    return {
        **_clocks(snapshot),
        "forecasts": forecast_rows(snapshot.forecasts.values()),
        "track_record": record_facts(known(entries, snapshot.view.now)),
    }


def cell_facts(snapshot: Snapshot, cell: Cell) -> Facts:
    """One cell: its state, what it rests on, its gap and its forecast."""
    standing, gap, forecast = snapshot.board[cell], snapshot.gaps.get(cell), snapshot.forecasts.get(cell)
    return {
        "capability": cell.capability,
        "stage": cell.stage,
        "state": standing.state.value,
        **date_facts(standing.when),
        **_by(standing),
        "gap": row(gap) if gap else None,
        "forecast": forecast_rows([forecast])[0] if forecast else None,
    }


def _clocks(snapshot: Snapshot) -> Facts:
    # Today's answers carry the day alone, so that they stay the same, and cached, until something changes.
    by = snapshot.clocks.known_by or snapshot.view.now.date()
    return {"as_of": snapshot.board.as_of.isoformat(), "known_by": by.isoformat()}


def _by(standing: Standing) -> Facts:
    if standing.by is None:
        return {"sighting": None, "model": None, "from_atlas": None, "confirmed_by": 0}
    told = standing.by.sighting
    people = [person for person in standing.by.decision.confirmed_by if person != ATLAS]
    return {
        "sighting": told.id,
        "model": told.model,
        "from_atlas": standing.by.decision.from_atlas,
        "confirmed_by": len(people),
    }


def _sighting(snapshot: Snapshot, judged: Judged) -> Facts:
    told = judged.sighting
    return {
        "id": told.id,
        "capability": told.cell.capability,
        "stage": told.cell.stage,
        "verdict": told.verdict.value,
        "status": judged.decision.status.value,
        "model": told.model,
        "org": told.org,
        **date_facts(told.happened),
        "only_announced": told.only_announced,
        "quote": told.quote,
        "probability": told.probability,
        "confidence": told.confidence or None,
        "from_atlas": told.from_atlas,
        "seen_at": told.seen_at.isoformat(),
        "votes": counts(snapshot, judged),
        "evidence": list(_evidence(told.evidence)),
    }


def _evidence(evidence: Iterable[Evidence]) -> Iterable[Mapping[str, Any]]:
    return (
        {
            "url": one.url,
            "title": one.title,
            "says": one.says,
            "published": str(one.published) if one.published else None,
            "kind": one.kind,
        }
        for one in evidence
    )


def date_facts(when: DateRange | None) -> Facts:
    """The first and last day of a date, as far as it is known."""
    return {
        "first": when.first.isoformat() if when else None,
        "last": when.last.isoformat() if when else None,
    }


def _stage(stage: Stage) -> Facts:
    return {"id": stage.id, "name": stage.name, "modality": stage.modality, "after": stage.after}


def _capability(capability: Capability) -> Facts:
    return {
        "id": capability.id,
        "name": capability.name,
        "means": capability.means,
        "reads": dict(capability.reads),
    }
