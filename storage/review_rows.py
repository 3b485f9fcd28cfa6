"""Sightings, votes, corrections and cards as columns, and back."""

import json
from typing import Any

from cascade.dates import DateRange
from cascade.ports import Card, Place
from cascade.sighting import Choice, Correction, Evidence, Person, Sighting, Verdict, Vote
from cascade.taxonomy import Cell
from storage.database import Row
from storage.rows import moment, range_columns, to_moment, to_range

Columns = dict[str, Any]


def sighting_columns(sighting: Sighting) -> Columns:
    """A sighting as a row."""
    reporter = sighting.reported_by
    return {
        "id": sighting.id,
        "capability": sighting.cell.capability,
        "stage": sighting.cell.stage,
        "model": sighting.model,
        "org": sighting.org,
        "verdict": sighting.verdict.value,
        **range_columns(sighting.happened, "happened"),
        "evidence": json.dumps([_evidence_columns(one) for one in sighting.evidence], ensure_ascii=False),
        "quote": sighting.quote,
        "probability": sighting.probability,
        "story": sighting.story,
        "seen_at": moment(sighting.seen_at),
        "only_announced": int(sighting.only_announced),
        "reporter_platform": reporter.platform if reporter else None,
        "reporter": reporter.id if reporter else None,
        "reporter_name": reporter.name if reporter else None,
        "confidence": sighting.confidence,
        "note": sighting.note,
        "rival": sighting.rival,
    }


def to_sighting(row: Row) -> Sighting:
    """What `sighting_columns` wrote."""
    reporter = Person(row["reporter_platform"], row["reporter"], row["reporter_name"]) if row["reporter"] else None
    return Sighting(
        id=row["id"],
        cell=Cell(row["capability"], row["stage"]),
        model=row["model"],
        org=row["org"],
        verdict=Verdict(row["verdict"]),
        happened=to_range(row["happened_first"], row["happened_last"]),
        evidence=tuple(map(_to_evidence, json.loads(row["evidence"]))),
        quote=row["quote"],
        probability=row["probability"],
        story=row["story"],
        seen_at=to_moment(row["seen_at"]),
        only_announced=bool(row["only_announced"]),
        reported_by=reporter,
        confidence=row["confidence"],
        note=row["note"],
        rival=row["rival"],
    )


def vote_columns(team: str, vote: Vote) -> Columns:
    """A vote as a row."""
    return {
        "team": team,
        "sighting": vote.sighting,
        **_person_columns(vote.person),
        "choice": vote.choice.value,
        "at": moment(vote.at),
        "counts": int(vote.counts),
        "rules": vote.rules,
        "place": vote.place,
    }


def to_vote(row: Row) -> Vote:
    """What `vote_columns` wrote."""
    return Vote(
        sighting=row["sighting"],
        person=_to_person(row),
        choice=Choice(row["choice"]),
        at=to_moment(row["at"]),
        counts=bool(row["counts"]),
        rules=row["rules"],
        place=row["place"],
    )


def correction_columns(team: str, fix: Correction) -> Columns:
    """A correction as a row."""
    return {
        "team": team,
        "sighting": fix.sighting,
        **_person_columns(fix.by),
        "at": moment(fix.at),
        "capability": fix.cell.capability if fix.cell else None,
        "stage": fix.cell.stage if fix.cell else None,
        "model": fix.model,
        **range_columns(fix.happened, "happened"),
    }


def to_correction(row: Row) -> Correction:
    """What `correction_columns` wrote."""
    return Correction(
        sighting=row["sighting"],
        by=_to_person(row),
        at=to_moment(row["at"]),
        cell=Cell(row["capability"], row["stage"]) if row["capability"] else None,
        model=row["model"],
        happened=to_range(row["happened_first"], row["happened_last"]),
    )


def to_card(row: Row) -> Card:
    """A row of `cards` as a value."""
    return Card(
        sighting=row["sighting"],
        place=Place.parse(row["place"]),
        claimed_at=to_moment(row["claimed_at"]),
        ref=row["ref"],
    )


def _person_columns(person: Person) -> Columns:
    return {"platform": person.platform, "person": person.id, "name": person.name}


def _to_person(row: Row) -> Person:
    return Person(row["platform"], row["person"], row["name"])


def _evidence_columns(one: Evidence) -> Columns:
    columns = {"url": one.url, "title": one.title, "says": one.says, "kind": one.kind}
    return {**columns, **range_columns(one.published, "published")}


def _to_evidence(row: Row) -> Evidence:
    published: DateRange | None = to_range(row["published_first"], row["published_last"])
    return Evidence(url=row["url"], title=row["title"], says=row["says"], published=published, kind=row["kind"])
