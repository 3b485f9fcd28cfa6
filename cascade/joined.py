"""Claims that turned out to be one, because their stories are one piece of news: the one seen first lives."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cascade.sighting import Evidence, Sighting, Verdict
from cascade.taxonomy import Cell


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What a story, or a sighting, became part of."""

    into: str  # the id of the one that lives
    at: datetime  # since when, UTC


def joined(sightings: Iterable[Sighting], stories: Mapping[str, Joined]) -> dict[str, Joined]:
    """Each sighting that became part of another when their stories did: the same cell and verdict, seen later."""
    claims: dict[tuple[str, Cell, Verdict], list[Sighting]] = defaultdict(list)
    for one in sightings:
        if one.story:
            story = stories[one.story].into if one.story in stories else one.story
            claims[story, one.cell, one.verdict].append(one)
    found: dict[str, Joined] = {}
    for first, *others in (sorted(same, key=_first_seen) for same in claims.values()):
        for one in others:
            at = max(stories[story].at for story in {first.story, one.story} if story in stories)
            found[one.id] = Joined(into=first.id, at=at)
    return found


def unite(first: Sighting, others: Sequence[Sighting]) -> Sighting:
    """The sighting that lives with the evidence of all. Its date stays: nobody has looked at another one."""
    evidence: dict[str, Evidence] = {}
    for one in (first, *others):
        for shown in one.evidence:
            evidence.setdefault(shown.url, shown)
    return replace(first, evidence=tuple(evidence.values()))


def _first_seen(sighting: Sighting) -> tuple[datetime, str]:
    return sighting.seen_at, sighting.id
