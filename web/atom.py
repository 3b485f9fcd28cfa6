"""The Atom feed of digests and of frontier moves: entries as values, and the few lines that write them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from cascade.board import State
from cascade.message import Message
from cascade.taxonomy import Cell
from digest.wording import together
from web.shows.page import sighting_href
from web.snapshot import Snapshot
from web.words import claim, who_says

MOST_MOVES, MOST_DIGESTS = 30, 4
_NAMES = uuid.UUID("5f2f0d4a-5b7e-4f0c-9a51-3f0c1d6f5a10")  # entries keep their ids wherever the page lives

FEED_ID = uuid.uuid5(_NAMES, "feed").urn


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One piece of news. `message` is told in full, else `text`."""

    id: str
    title: str
    updated: datetime  # UTC
    href: str
    text: str = ""
    message: Message | None = None


def moves(snapshot: Snapshot) -> list[Entry]:
    """The latest emergences by the moment they were confirmed, newest first."""
    found = [
        entry
        for cell, standing in snapshot.board.standings.items()
        if standing.state is State.WORKS and (entry := _move(snapshot, cell))
    ]
    return sorted(found, key=lambda entry: (entry.updated, entry.id), reverse=True)[:MOST_MOVES]


def digest_entry(week: str, ends: datetime, messages: Sequence[Message]) -> Entry:
    """A week's digest, and below it what it had to leave out."""
    return Entry(
        id=_urn(f"digest {week}"),
        title=f"{week}: {messages[0].headline}",
        updated=ends,
        href=f"/digests/{week}",
        message=together(messages),
    )


def newest(entries: Iterable[Entry], otherwise: datetime) -> datetime:
    """When the feed changed last."""
    return max((entry.updated for entry in entries), default=otherwise)


def merged(*groups: Sequence[Entry]) -> list[Entry]:
    """All entries, newest first."""
    return sorted((entry for group in groups for entry in group), key=lambda entry: entry.updated, reverse=True)


def _move(snapshot: Snapshot, cell: Cell) -> Entry | None:
    by = snapshot.board[cell].by
    if by is None:
        return None
    taxonomy = snapshot.taxonomy
    name = f"{taxonomy.capability(cell.capability).name} reaches {taxonomy.stage(cell.stage).name}"
    seen = by.decision.since or by.sighting.seen_at
    known = datetime.combine(snapshot.board.as_of, time(), UTC)
    return Entry(
        id=_urn(f"move {cell} {by.sighting.id}"),
        title=f"{name}: {by.sighting.model or 'a model without a name'}",
        updated=min(max(seen, datetime(1970, 1, 1, tzinfo=UTC)), known.replace(hour=23, minute=59)),
        href=sighting_href(by.sighting.id),
        text=f"{claim(by.sighting)}; {who_says(by)}.",
    )


def _urn(name: str) -> str:
    return uuid.uuid5(_NAMES, name).urn
