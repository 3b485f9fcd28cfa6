"""What a pass leaves behind: looks become records, and what happened is summed up. Runs beside the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from cascade.feed import Answer, Failed, Fetched, Health, HealthChange, Reason, Record, Visit
from cascade.item import Fate, Item
from cascade.ports import FeedStore
from sources import schedule
from sources.known import sort_out
from sources.raw import Document
from sources.stories import WINDOW, merges

HOSTS_TO_TELL = 3  # as many hosts unreached, and none reached, tell that it is our own connection
RETRY_WHEN_OFFLINE = timedelta(minutes=5)
FIRST_SEEN_BY_US = "it was there when Cascade first looked at the feed"


@dataclass(frozen=True, kw_only=True)
class Look:
    """One feed asked once."""

    visit: Visit
    answer: Answer
    document: Document | Failed | None = None  # None: nothing to read, or the bytes that were read last
    digest: str = ""  # of the bytes, where there are any

    @property
    def failure(self) -> Failed | None:
        """Why the look brought nothing readable, when it did not."""
        return next((found for found in (self.answer, self.document) if isinstance(found, Failed)), None)

    @property
    def is_unreached(self) -> bool:
        """Whether our own connection may be to blame."""
        return isinstance(self.answer, Failed) and self.answer.reason.is_network

    @property
    def wait(self) -> timedelta | None:
        """How long its host wants to be left alone; None when it did not say so."""
        if not isinstance(self.answer, Failed) or self.answer.reason != Reason.LIMITED:
            return None
        return max(self.answer.retry_after or timedelta(), schedule.FIRST_RETRY)

    @property
    def size(self) -> int:
        """How many items it holds."""
        return len(self.document.items) if isinstance(self.document, Document) else 0


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A feed that brought nothing in this pass."""

    visit: Visit
    why: Failed


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What one pass over the feeds brought."""

    looked: int = 0  # feeds asked
    read: int = 0  # of them, documents that were new and readable
    baseline: int = 0  # items of feeds seen for the first time: stored, never tagged
    new: tuple[Item, ...] = ()  # items that wait to be tagged
    changed: tuple[Item, ...] = ()  # items known already, whose words changed
    failures: tuple[Failure, ...] = ()
    health: tuple[HealthChange, ...] = ()  # one notice for each change of state
    merged: dict[str, str] = field(default_factory=dict)  # younger story: the older one that lives
    offline: bool = False  # nothing at all could be reached: not held against the feeds


def keep(store: FeedStore, looks: Sequence[Look], now: datetime, rng: Random) -> Pass:
    """Record some looks in one transaction; what they brought."""
    records = [_record(store, look, now, rng) for look in looks]
    store.record_looks(_left_alone(store, looks, records, now), now)
    return Pass(
        looked=len(looks),
        read=sum(isinstance(look.document, Document) for look in looks),
        baseline=sum(entry.fate == Fate.BASELINE for record in records for entry in record.new),
        new=tuple(entry.item for record in records for entry in record.new if entry.fate is None),
        changed=tuple(entry.item for record in records for entry in record.changed),
        failures=tuple(Failure(visit=look.visit, why=look.failure) for look in looks if look.failure),
        health=tuple(
            filter(None, (_change(look.visit, record.visit, now) for look, record in zip(looks, records, strict=True)))
        ),
    )


def keep_offline(store: FeedStore, looks: Sequence[Look], now: datetime) -> Pass:
    """Nothing was reached: look again soon, and count nothing against the feeds."""
    store.record_looks([Record(visit=replace(look.visit, next_at=now + RETRY_WHEN_OFFLINE)) for look in looks], now)
    failures = tuple(Failure(visit=look.visit, why=look.failure) for look in looks if look.failure)
    return Pass(looked=len(looks), failures=failures, offline=True)


def fold(store: FeedStore, now: datetime) -> dict[str, str]:
    """Join recent stories that are one piece of news; the younger ones and what they became."""
    found = merges(store.recent_items(now - WINDOW))
    if found:
        store.merge_stories(found, now)
    return found


def total(parts: Sequence[Pass], merged: dict[str, str]) -> Pass:
    """Several parts of one pass as one."""
    return Pass(
        looked=sum(part.looked for part in parts),
        read=sum(part.read for part in parts),
        baseline=sum(part.baseline for part in parts),
        new=tuple(item for part in parts for item in part.new),
        changed=tuple(item for part in parts for item in part.changed),
        failures=tuple(failure for part in parts for failure in part.failures),
        health=tuple(change for part in parts for change in part.health),
        merged=merged,
        offline=any(part.offline for part in parts),
    )


def _record(store: FeedStore, look: Look, now: datetime, rng: Random) -> Record:
    if failure := look.failure:
        return Record(visit=schedule.failed(look.visit, failure, now, rng))
    visit = _answered(look)
    max_age = None if isinstance(look.answer, Failed) else look.answer.max_age
    if not isinstance(look.document, Document):
        return Record(visit=schedule.answered(visit, now, rng, max_age=max_age))
    first = look.visit.succeeded_at is None
    fate, why = (Fate.BASELINE, FIRST_SEEN_BY_US) if first else (None, "")
    found = sort_out(look.document.items, store.known_items(visit.feed.url), fate, why)
    visit = _with_news(visit, look.document, now, fresh=bool(found.new), first=first)
    return Record(visit=schedule.answered(visit, now, rng, max_age=max_age), new=found.new, changed=found.changed)


def _left_alone(store: FeedStore, looks: Sequence[Look], records: Sequence[Record], now: datetime) -> list[Record]:
    """The records; with those of every feed of a host that asked to be left alone for a while, due after it."""
    until = {schedule.host_of(look.visit.address): now + look.wait for look in looks if look.wait}
    if not until:
        return list(records)
    looked = {record.visit.feed.url for record in records}
    others = (visit for visit in store.visits() if visit.feed.url not in looked)
    burdening = [Record(visit=visit) for visit in others if schedule.host_of(visit.address) in until]
    return [_put_off(record, until) for record in (*records, *burdening)]


def _put_off(record: Record, until: Mapping[str, datetime]) -> Record:
    visit = record.visit
    soonest = until.get(schedule.host_of(visit.address), visit.next_at)
    return replace(record, visit=replace(visit, next_at=max(visit.next_at, soonest)))


def _answered(look: Look) -> Visit:
    """The visit with the feed's new validators and address."""
    answer, visit = look.answer, look.visit
    if isinstance(answer, Failed):
        return visit
    visit = replace(visit, address=answer.moved or visit.address)
    if isinstance(answer, Fetched):
        visit = replace(visit, etag=answer.etag, modified=answer.modified, digest=look.digest)
    return visit


def _with_news(visit: Visit, document: Document, now: datetime, *, fresh: bool, first: bool) -> Visit:
    """The visit with what the document says about the feed's rhythm and newest entry."""
    published = [item.published for item in document.items if item.published and item.published <= now]
    newest = max(published, default=now) if first else (now if fresh else visit.newest_at)
    return replace(visit, newest_at=newest, rhythm=schedule.rhythm_of(published) or visit.rhythm)


def _change(before: Visit, after: Visit, now: datetime) -> HealthChange | None:
    if before.health == after.health or (before.health, after.health) == (Health.NEW, Health.LIVE):
        return None
    return HealthChange(feed=after.feed, was=before.health, now=after.health, reason=after.reason, at=now)
