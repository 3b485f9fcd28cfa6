"""Feeds and items as rows, and back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from cascade.feed import Change, Entry, Feed, Health, ItemHistory, Known, Told, Visit
from cascade.item import Fate, Item, Story, Tier
from storage.database import Row
from storage.rows import moment, moment_or_none, to_moment, to_moment_or_none

NEWS_FOR = timedelta(days=31)


def from_feed(feed: Feed) -> dict[str, Any]:
    """The columns that say what a feed is."""
    return {
        "url": feed.url,
        "title": feed.title,
        "tier": feed.tier.value,
        "topic": feed.group,
        "home": feed.home,
        "modalities": " ".join(feed.modalities),
        "paused": int(feed.paused),
    }


def from_visit(visit: Visit) -> dict[str, Any]:
    """The columns that a look changes."""
    return {
        "url": visit.feed.url,
        "address": visit.address,
        "etag": visit.etag,
        "modified": visit.modified,
        "digest": visit.digest,
        "next_at": moment(visit.next_at),
        "polled_at": moment_or_none(visit.polled_at),
        "succeeded_at": moment_or_none(visit.succeeded_at),
        "newest_at": moment_or_none(visit.newest_at),
        "rhythm": round(visit.rhythm.total_seconds()) if visit.rhythm else None,
        "failures": visit.failures,
        "health": visit.health.value,
        "reason": visit.reason,
        "since": moment(visit.since),
    }


def to_visit(row: Row) -> Visit:
    """A row of feeds."""
    return Visit(
        feed=to_feed(row),
        address=row["address"],
        etag=row["etag"],
        modified=row["modified"],
        digest=row["digest"],
        next_at=to_moment(row["next_at"]),
        polled_at=to_moment_or_none(row["polled_at"]),
        succeeded_at=to_moment_or_none(row["succeeded_at"]),
        newest_at=to_moment_or_none(row["newest_at"]),
        rhythm=timedelta(seconds=row["rhythm"]) if row["rhythm"] else None,
        failures=row["failures"],
        health=Health(row["health"]),
        reason=row["reason"],
        since=to_moment(row["since"]),
    )


def to_feed(row: Row) -> Feed:
    """What a row of feeds says the feed is."""
    return Feed(
        url=row["url"],
        title=row["title"],
        tier=Tier(row["tier"]),
        group=row["topic"],
        home=row["home"],
        modalities=tuple(row["modalities"].split()),
        paused=bool(row["paused"]),
    )


def from_entry(entry: Entry) -> dict[str, Any]:
    """A new or changed item as columns."""
    item = entry.item
    seen, published = _batch_moment(item.seen_at), moment_or_none(item.published)
    return {
        "feed": item.feed,
        "identity": item.identity,
        "story": entry.story,
        "link": item.url,
        "link_hash": link_hash(entry.link_key),
        "title": item.title,
        "summary": item.summary,
        "digest": entry.digest,
        "published_at": published,
        "seen_at": seen,
        "told_at": _told(entry, published, seen),
        "source": item.source,
        "fate": entry.fate.value if entry.fate else None,
        "why": entry.why,
        "fated_at": seen if entry.fate else None,
    }


def _told(entry: Entry, published: str | None, seen: str) -> str | None:
    """The moment from which an item is news. A baseline item is none, unless it is dated within the last month."""
    if entry.fate != Fate.BASELINE:
        return published or seen
    recent = entry.item.published and entry.item.seen_at - entry.item.published <= NEWS_FOR
    return published if recent else None


_batch_moment = lru_cache(8)(moment)  # all items of a pass were seen at one moment


def link_hash(key: str) -> int | None:
    """64 bits of a link's key: an index over them is small. None for no link."""
    return int.from_bytes(blake2b(key.encode("utf8", "replace"), digest_size=8).digest(), signed=True) if key else None


def to_item(row: Row) -> Item:
    """A row of items."""
    return Item(
        feed=row["feed"],
        identity=row["identity"],
        url=row["link"],
        title=row["title"],
        summary=row["summary"],
        published=to_moment_or_none(row["published_at"]),
        seen_at=to_moment(row["seen_at"]),
        source=row["source"],
    )


def to_known(row: Row) -> Known:
    """The columns by which an item is known again."""
    return Known(identity=row["identity"], url=row["link"], title=row["title"], digest=row["digest"])


def to_told(row: Row) -> Told:
    """The columns by which stories are joined."""
    return Told(
        story=row["story"],
        feed=row["feed"],
        title=row["title"],
        opening=row["opening"],
        at=to_moment(row["told_at"]),
        seen_at=to_moment(row["seen_at"]),
    )


def to_stories(found: Iterable[Row]) -> tuple[Story, ...]:
    """Rows of items, in the order of their stories, as stories."""
    members: dict[str, list[Item]] = {}
    for row in found:
        members.setdefault(row["story"], []).append(to_item(row))
    return tuple(Story(id=story, items=tuple(items)) for story, items in members.items())


def to_histories(found: Sequence[Row], changes: Iterable[Row]) -> tuple[ItemHistory, ...]:
    """Rows of items, each with its earlier wordings."""
    earlier: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for row in changes:
        change = Change(at=to_moment(row["at"]), title=row["title"], summary=row["summary"])
        earlier[row["feed"], row["identity"]].append(change)
    return tuple(_history(row, earlier[row["feed"], row["identity"]]) for row in found)


def _history(row: Row, changes: Sequence[Change]) -> ItemHistory:
    return ItemHistory(
        item=to_item(row),
        story=row["story"],
        fate=Fate(row["fate"]) if row["fate"] else None,
        why=row["why"],
        fated_at=to_moment_or_none(row["fated_at"]),
        changes=tuple(changes),
    )
