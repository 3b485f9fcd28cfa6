"""One sighting: its words, evidence, item, votes as counts, and history without names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cascade.board import Judged
from cascade.effect import effect
from cascade.item import Story
from cascade.phrases import months
from cascade.sighting import ATLAS, Choice, Correction, Sighting, Status, Vote
from cascade.taxonomy import Cell, Stage, Taxonomy
from web.shows.page import MissingError, Page, capability_href
from web.snapshot import Snapshot
from web.words import claim, decision_words, percent

_SAID = {
    Choice.CONFIRM: "confirmed it",
    Choice.REJECT: "rejected it",
    Choice.UNSURE: "was unsure",
    Choice.NONE: "took the vote back",
}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a sighting's history."""

    at: datetime
    what: str


def judged_of(snapshot: Snapshot, sighting: str) -> Judged:
    """The sighting of this id; raises MissingError."""
    found = snapshot.judged.get(snapshot.view.whole(sighting))
    if found is None:
        raise MissingError(f"There is no sighting {sighting[:40]!r}, or it was not known on that day.")
    return found


def sighting_page(snapshot: Snapshot, sighting: str, story: Story | None) -> Page:
    """Everything about one sighting; `story` is the news that it was tagged in. Raises MissingError."""
    judged = judged_of(snapshot, sighting)
    told, taxonomy = judged.sighting, snapshot.taxonomy
    known = told.cell in taxonomy
    return Page(
        template="sighting.html",
        title=claim(told),
        words={
            "sighting": told,
            "decision": judged.decision,
            "decided": decision_words(judged.decision),
            "capability": taxonomy.capability(told.cell.capability) if known else None,
            "stage": taxonomy.stage(told.cell.stage) if known else None,
            "cell_href": capability_href(told.cell.capability, told.cell.stage) if known else "",
            "would": tuple(_would(snapshot, judged)),
            "votes": counts(snapshot, judged),
            "events": sorted(_events(snapshot, told), key=lambda event: event.at),
            "story": story,
            "rules": _rules(taxonomy, told.cell) if known else None,
        },
    )


def counts(snapshot: Snapshot, judged: Judged) -> dict[str, int]:
    """How many people say what, each once, and how many said something that does not count."""
    decision = judged.decision
    confirmed = [person for person in decision.confirmed_by if person != ATLAS]
    outside = {vote.person for vote in _votes(snapshot, judged.sighting.id) if not vote.counts}
    return {
        "confirm": len(confirmed),
        "reject": len(decision.rejected_by),
        "unsure": len(decision.unsure),
        "recorded only": len(outside),
    }


def _votes(snapshot: Snapshot, sighting: str) -> list[Vote]:
    now = snapshot.view.now
    found = (
        vote for vote in snapshot.view.facts.votes if snapshot.view.whole(vote.sighting) == sighting and vote.at <= now
    )
    return [vote for vote in found if vote.person != ATLAS]


def _events(snapshot: Snapshot, told: Sighting) -> Iterator[Event]:
    yield Event(at=told.seen_at, what=_origin(told))
    for vote in _votes(snapshot, told.id):
        outside = "" if vote.counts else " (no reviewer: recorded, not counted)"
        yield Event(at=vote.at, what=f"A person {_SAID[vote.choice]}{outside}")
    for fix in snapshot.view.facts.corrections:
        if snapshot.view.whole(fix.sighting) == told.id and fix.at <= snapshot.view.now:
            yield Event(at=fix.at, what=_fixed(fix))


def _origin(told: Sighting) -> str:
    if told.from_atlas:
        return "Shipped with the atlas; known since its own date"
    if told.probability is not None:
        return f"Tagged by the classifier, {percent(told.probability)} sure"
    return "Reported by a person"


def _fixed(fix: Correction) -> str:
    changed = {"cell": fix.cell, "model": fix.model, "date": fix.happened}
    told = ", ".join(f"{name} to {value}" for name, value in changed.items() if value)
    return f"A person set right: {told}" if told else "A person looked at it again"


def _would(snapshot: Snapshot, judged: Judged) -> Iterator[str]:
    """What a confirmation would do to the board."""
    if judged.decision.status not in (Status.CANDIDATE, Status.EXPIRED):
        return
    change = effect(snapshot.board, judged.sighting)
    if change.first:
        yield "It would be the first in its stage."
    if change.closes:
        yield f"It would close a gap of {months(max(change.closes.least, 0))} at least."
    if change.inverts:
        yield "It would be an inversion: before the stage upstream of it."
    if change.earlier_by:
        yield f"It would move the emergence {months(change.earlier_by)} back."
    if change.first_word:
        yield "People would vouch for an emergence that only the atlas tells of."
    if change.still_fails:
        yield "It would be the newest word on a cell that does not work yet."


def _rules(taxonomy: Taxonomy, cell: Cell) -> dict[str, tuple[str, ...]]:
    capability, stage = taxonomy.capability(cell.capability), taxonomy.stage(cell.stage)
    return {
        "counts": _of(capability.counts, stage),
        "does not count": _of(capability.does_not_count, stage),
    }


def _of(rules: Mapping[str, tuple[str, ...]], stage: Stage) -> tuple[str, ...]:
    return (*rules.get("any", ()), *rules.get(stage.modality, ()))
