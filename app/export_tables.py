"""The tables of an export: their columns with types and meanings, and the rows."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cascade.forecast import rows as forecast_rows
from cascade.gaps import row as gap_row
from cascade.ports import HOME
from cascade.view import View
from storage.store import Store
from web.facts import date_facts

Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What rows are made from."""

    view: View
    store: Store


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: `columns` maps each name to its Table Schema type and its meaning."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: dict[str, tuple[str, str]]
    rows: Callable[[Source], Iterable[Row]]


def _stages(source: Source) -> Iterator[Row]:
    for one in source.view.taxonomy.stages:
        yield {"id": one.id, "name": one.name, "modality": one.modality, "after": one.after}


def _capabilities(source: Source) -> Iterator[Row]:
    for one in source.view.taxonomy.capabilities:
        yield {"id": one.id, "name": one.name, "means": one.means}


def _sightings(source: Source) -> Iterator[Row]:
    for judged in source.view.judged:
        one = judged.sighting
        yield {
            "id": one.id,
            "capability": one.cell.capability,
            "stage": one.cell.stage,
            "verdict": one.verdict.value,
            "status": judged.decision.status.value,
            "model": one.model,
            "org": one.org,
            **date_facts(one.happened),
            "only_announced": one.only_announced,
            "quote": one.quote,
            "probability": one.probability,
            "confidence": one.confidence,
            "from_atlas": one.from_atlas,
            "story": one.story,
            "seen_at": one.seen_at.isoformat(),
            "note": one.note,
        }


def _evidence(source: Source) -> Iterator[Row]:
    for judged in source.view.judged:
        for n, evidence in enumerate(judged.sighting.evidence):
            yield {
                "sighting": judged.sighting.id,
                "n": n,
                "url": evidence.url,
                "title": evidence.title,
                "says": evidence.says,
                "published": str(evidence.published) if evidence.published else None,
                "kind": evidence.kind,
            }


def _votes(source: Source) -> Iterator[Row]:
    for one in source.view.facts.votes:
        yield {
            "sighting": source.view.whole(one.sighting),
            "person": one.person.key,
            "name": one.person.name,
            "choice": one.choice.value,
            "at": one.at.isoformat(),
            "counts": one.counts,
            "rules": one.rules,
            "place": one.place,
        }


def _corrections(source: Source) -> Iterator[Row]:
    for one in source.view.facts.corrections:
        yield {
            "sighting": source.view.whole(one.sighting),
            "person": one.by.key,
            "at": one.at.isoformat(),
            "capability": one.cell.capability if one.cell else None,
            "stage": one.cell.stage if one.cell else None,
            "model": one.model,
            **date_facts(one.happened),
        }


def _cells(source: Source) -> Iterator[Row]:
    for standing in source.view.board.standings.values():
        yield {
            "capability": standing.cell.capability,
            "stage": standing.cell.stage,
            "state": standing.state.value,
            **date_facts(standing.when),
            "sighting": standing.by.sighting.id if standing.by else None,
        }


def _gaps(source: Source) -> Iterable[Row]:
    return map(gap_row, source.view.gaps.values())


def _forecasts(source: Source) -> Iterable[Row]:
    return forecast_rows(source.view.forecasts().values())


def _ledger(source: Source) -> Iterator[Row]:
    for entry in source.store.ledger(HOME):
        told, scored = entry.published, entry.scored
        yield {
            "id": told.id,
            "capability": told.forecast.cell.capability,
            "stage": told.forecast.cell.stage,
            "made": told.forecast.made.isoformat(),
            "known_by": told.known_by.isoformat(),
            "method": told.model,
            "criteria": told.criteria,
            "shown_in": told.shown_in,
            "curve": json.dumps(told.forecast.curve),
            "result": scored.result.value if scored else None,
            **date_facts(scored.emerged if scored else None),
            "crps": scored.crps if scored else None,
        }


def _feeds(source: Source) -> Iterator[Row]:
    for visit in source.store.visits():
        yield {
            "url": visit.feed.url,
            "title": visit.feed.title,
            "tier": visit.feed.tier.value,
            "paused": visit.feed.paused,
            "health": visit.health.value,
            "reason": visit.reason,
            "since": visit.since.isoformat(),
        }


def _items(source: Source) -> Iterator[Row]:
    for history in source.store.every_item():
        item = history.item
        yield {
            "feed": item.feed,
            "identity": item.identity,
            "url": item.url,
            "title": item.title,
            "summary": item.summary,
            "published": item.published.isoformat() if item.published else None,
            "seen_at": item.seen_at.isoformat(),
            "source": item.source,
            "story": history.story,
            "fate": history.fate.value if history.fate else None,
            "why": history.why,
        }


def _digests(source: Source) -> Iterator[Row]:
    for one in source.store.subscriptions():
        for slot in source.store.slots(one.id):
            yield {
                "subscription": one.id,
                "place": str(one.place),
                "week": slot.name,
                "copy": slot.copy,
                "covers": " ".join(slot.covers),
                "from": slot.period.start.isoformat(),
                "until": slot.period.end.isoformat(),
            }


def _columns(text: str) -> dict[str, tuple[str, str]]:
    """Columns from lines of `name type meaning`."""
    parts = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return {part[0]: (part[1], part[2] if len(part) > 2 else "") for part in parts}


_CELL = "capability string\nstage string\n"
_DATES = "first date First day of the date, as far as it is known\nlast date Last day of it\n"

TABLES = (
    Table(
        name="stages",
        title="The stages of the cascade, in reading order",
        key=("id",),
        columns=_columns("id string\nname string\nmodality string\nafter string The stage that it comes after"),
        rows=_stages,
    ),
    Table(
        name="capabilities",
        title="The capabilities",
        key=("id",),
        columns=_columns("id string\nname string\nmeans string"),
        rows=_capabilities,
    ),
    Table(
        name="sightings",
        title="Every claim that a model works, or still fails, and what was decided about it",
        key=("id",),
        columns=_columns(
            f"id string\n{_CELL}verdict string works, or still-fails\n"
            "status string candidate, confirmed, rejected or expired\nmodel string\norg string Who made the model\n"
            f"{_DATES}only_announced boolean Nobody can use it yet\nquote string The words in the source\n"
            "probability number The classifier's, 0 to 1\nconfidence string The atlas's\nfrom_atlas boolean\n"
            "story string The news it was tagged in\nseen_at datetime UTC\nnote string"
        ),
        rows=_sightings,
    ),
    Table(
        name="evidence",
        title="The sources of each sighting",
        key=("sighting", "n"),
        columns=_columns(
            "sighting string\nn integer\nurl string\ntitle string\nsays string What it shows\n"
            "published string A day, month or quarter\nkind string"
        ),
        rows=_evidence,
    ),
    Table(
        name="votes",
        title="Every vote; they are only ever added",
        key=(),
        columns=_columns(
            "sighting string\nperson string Platform and id\nname string\nchoice string\nat datetime UTC\n"
            "counts boolean Whether the person may review\nrules string The taxonomy's version\nplace string"
        ),
        rows=_votes,
    ),
    Table(
        name="corrections",
        title="What people set right",
        key=(),
        columns=_columns(f"sighting string\nperson string\nat datetime UTC\n{_CELL}model string\n{_DATES}"),
        rows=_corrections,
    ),
    Table(
        name="cells",
        title="The board as of this export; derived",
        key=("capability", "stage"),
        columns=_columns(
            f"{_CELL}state string works, still-fails or unknown\n{_DATES}sighting string What it rests on"
        ),
        rows=_cells,
    ),
    Table(
        name="gaps",
        title="The gap of each cell to the stage before; derived",
        key=("capability", "stage"),
        columns=_columns(
            f"{_CELL}upstream string\nkind string closed, open or ahead\nleast_days integer\nmost_days integer\n"
            "inversion boolean\nunknown boolean Nobody looked at an end"
        ),
        rows=_gaps,
    ),
    Table(
        name="forecasts",
        title="A forecast for every cell that does not work yet; derived",
        key=("capability", "stage"),
        columns=_columns(
            f"{_CELL}p3 number Chance within 3 months\np6 number\np12 number\np24 number\n"
            "q10 string The day by which the chance is 10 %, or why there is none\nq50 string\nq90 string\n"
            "unknown boolean\noverdue boolean"
        ),
        rows=_forecasts,
    ),
    Table(
        name="ledger",
        title="Every forecast that a digest showed, and how it fared",
        key=("id",),
        columns=_columns(
            f"id string\n{_CELL}made date\nknown_by datetime\nmethod string\ncriteria string\nshown_in string\n"
            "curve string Chances by half months up to 24, a JSON list\nresult string early, held, late or void\n"
            f"{_DATES}crps number 0 is best"
        ),
        rows=_ledger,
    ),
    Table(
        name="feeds",
        title="The watched feeds",
        key=("url",),
        columns=_columns(
            "url string\ntitle string\ntier string\npaused boolean\nhealth string\nreason string\nsince datetime UTC"
        ),
        rows=_feeds,
    ),
    Table(
        name="items",
        title="Every entry of every feed, and what became of it",
        key=("feed", "identity"),
        columns=_columns(
            "feed string\nidentity string\nurl string\ntitle string\nsummary string\npublished datetime UTC\n"
            "seen_at datetime UTC\nsource string\nstory string\nfate string Empty: waits to be tagged\nwhy string"
        ),
        rows=_items,
    ),
    Table(
        name="digests",
        title="The digests that were posted",
        key=(),
        columns=_columns(
            "subscription string\nplace string\nweek string\ncopy integer\ncovers string\nfrom datetime UTC\n"
            "until datetime UTC"
        ),
        rows=_digests,
    ),
)
