"""Sightings, the votes on them, and what the votes decide. Votes are only ever added."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cascade.dates import DateRange
from cascade.taxonomy import Cell

EXPIRES_AFTER = timedelta(days=30)


class Verdict(StrEnum):
    """What a sighting claims of its model."""

    WORKS = "works"
    STILL_FAILS = "still-fails"


class Choice(StrEnum):
    """One person's word. NONE takes an earlier word back."""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNSURE = "unsure"
    NONE = "none"


class Status(StrEnum):
    """What people have decided. Expired is not rejected: nobody said no."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, order=True)
class Person:
    """Somebody on one platform. `atlas` is the voter who ships with Cascade."""

    platform: str
    id: str
    name: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """What makes the person the same one, whatever name is shown."""
        return f"{self.platform}:{self.id}"

    def __str__(self) -> str:
        return self.name or self.id


ATLAS = Person("atlas", "atlas", "the atlas")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where a sighting's words stand."""

    url: str
    title: str
    says: str  # what it shows, quoted from a source or told by the atlas
    published: DateRange | None = None  # None when the page shows no date
    kind: str = ""  # maker, weights, tester, press, community; atlas rows: maker, independent, newsletter, paper


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A claim that a model works for, or still fails at, one capability in one stage."""

    id: str
    cell: Cell
    model: str  # as its makers write it; "" when the source names none
    org: str = ""
    verdict: Verdict
    happened: DateRange | None  # works: since when; still fails: as of; None when undated
    evidence: tuple[Evidence, ...]
    quote: str = ""  # the words of the source that show it
    probability: float | None = None  # the classifier's, 0 to 1; None for the atlas
    story: str = ""  # the story's id; "" for the atlas
    seen_at: datetime  # when Cascade learned of it, UTC
    only_announced: bool = False  # nobody can use it yet: never starts or ends a gap
    reported_by: Person | None = None
    confidence: str = ""  # the atlas's own: high, medium or low
    note: str = ""  # how the capability reads here
    rival: str = ""  # the competing claim, and why it was not taken

    @property
    def from_atlas(self) -> bool:
        """Whether it shipped with Cascade."""
        return self.reported_by == ATLAS


def sighting_id(story: str, cell: Cell, verdict: Verdict) -> str:
    """A short id that people can type; the same input gives the same id."""
    told = "\n".join((story, str(cell), verdict))
    return hashlib.sha256(told.encode()).hexdigest()[:8]


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One person's word on a sighting at one moment."""

    sighting: str
    person: Person
    choice: Choice
    at: datetime  # UTC
    counts: bool = True  # False when the person may not review: recorded, not counted
    rules: str = "1"  # the taxonomy version that was shown
    place: str = ""  # the place whose card bears the reaction; "" for buttons and commands


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A *Fix*: what one person set right on a sighting; None leaves a field as it was."""

    sighting: str
    by: Person
    at: datetime
    cell: Cell | None = None
    model: str | None = None
    happened: DateRange | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the votes say, who said it, and since when."""

    status: Status
    confirmed_by: tuple[Person, ...] = ()
    rejected_by: tuple[Person, ...] = ()
    unsure: tuple[Person, ...] = ()
    since: datetime | None = None  # when the status was reached; None while a candidate

    @property
    def from_atlas(self) -> bool:
        """Whether only the atlas says so."""
        return self.status is Status.CONFIRMED and self.confirmed_by == (ATLAS,)


def corrected(sighting: Sighting, corrections: Iterable[Correction]) -> Sighting:
    """The sighting with every correction applied in the order in which they were made."""
    for fix in sorted(corrections, key=lambda fix: fix.at):
        sighting = replace(
            sighting,
            cell=fix.cell or sighting.cell,
            model=sighting.model if fix.model is None else fix.model,
            happened=fix.happened or sighting.happened,
        )
    return sighting


def decide(
    sighting: Sighting,
    votes: Iterable[Vote],
    now: datetime,
    *,
    quorum: int = 1,
    same: Mapping[str, str] | None = None,
) -> Decision:
    """What the votes cast up to `now` say about one sighting.

    A side that leads by the quorum decides, a tie reopens. The atlas's word holds until people
    decide. Above a quorum of one nobody counts for their own report. `same` maps a person's key
    to the key of the same person on another platform, so that linked accounts count once: their
    latest word, but never one that does not count in place of another account's that does.
    """
    same = same or {}
    cast = sorted((vote for vote in votes if vote.at <= now), key=lambda vote: vote.at)
    status, since = Status.CANDIDATE, None
    latest: dict[str, Vote] = {}
    for vote in cast:
        human = same.get(vote.person.key, vote.person.key)
        if _replaces(latest.get(human), vote):
            latest[human] = vote
        reached = _tally(sighting, latest.values(), quorum, same)
        if reached is not status:
            status, since = reached, vote.at
    if status is Status.CANDIDATE:
        since = None
        if now - sighting.seen_at > EXPIRES_AFTER:
            status, since = Status.EXPIRED, sighting.seen_at + EXPIRES_AFTER
    return Decision(status=status, since=since, **_sides(latest.values(), status))


def _replaces(standing: Vote | None, vote: Vote) -> bool:
    return standing is None or vote.counts or not standing.counts or standing.person == vote.person


def _tally(sighting: Sighting, latest: Iterable[Vote], quorum: int, same: Mapping[str, str]) -> Status:
    counted = [vote for vote in latest if _counts(sighting, vote, quorum, same)]
    people = [vote.choice for vote in counted if vote.person != ATLAS]
    lead = people.count(Choice.CONFIRM) - people.count(Choice.REJECT)
    if abs(lead) >= quorum:
        return Status.CONFIRMED if lead > 0 else Status.REJECTED
    says_atlas = any(vote.person == ATLAS and vote.choice is Choice.CONFIRM for vote in counted)
    return Status.CONFIRMED if says_atlas else Status.CANDIDATE


def _counts(sighting: Sighting, vote: Vote, quorum: int, same: Mapping[str, str]) -> bool:
    if quorum <= 1 or not vote.counts or sighting.reported_by is None or vote.person == ATLAS:
        return vote.counts
    reporter, voter = sighting.reported_by.key, vote.person.key
    return same.get(voter, voter) != same.get(reporter, reporter)


def _sides(latest: Iterable[Vote], status: Status) -> dict[str, tuple[Person, ...]]:
    votes = [vote for vote in latest if vote.counts]
    humans = [vote for vote in votes if vote.person != ATLAS]

    def said(choice: Choice) -> tuple[Person, ...]:
        return tuple([vote.person for vote in humans if vote.choice is choice])

    confirmed = said(Choice.CONFIRM)
    atlas_alone = status is Status.CONFIRMED and not confirmed
    return {
        "confirmed_by": (ATLAS,) if atlas_alone else confirmed,
        "rejected_by": said(Choice.REJECT),
        "unsure": said(Choice.UNSURE),
    }
