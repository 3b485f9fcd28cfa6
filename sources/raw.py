"""What every reader gives, and how it becomes items: identities, links, plain words, dates in UTC."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from cascade.item import Item
from cascade.links import canonical
from sources.text import MAX_TEXT, MAX_TITLE, plain, shorten

MAX_ENTRIES = 3000  # of one document, the first: whole archives of ten years exist
MAX_TAGS = 100_000  # beyond it only the tolerant reader looks, at so much of it; the largest recorded feed has 4,484
_FIRST_YEAR = 1990  # dates before are placeholders, such as the year 1
_AHEAD = timedelta(days=2)  # beyond it a date is a plan or a mistake, not when something was published


class Raw(NamedTuple):
    """One entry as a reader found it: strings untrimmed, markup and all. A tuple, since so many are made."""

    id: str
    link: str
    title: str
    text: str
    published: datetime | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a reader made of a document, before anything is cleaned."""

    format: str
    title: str
    entries: Sequence[Raw]
    reader: str
    whole: bool = True  # False: the document is cut off or damaged


@dataclass(frozen=True, kw_only=True)
class Document:
    """A feed's document, read."""

    format: str  # such as "rss20", "atom10", "json", "hub"
    title: str
    items: tuple[Item, ...]
    reader: str = ""  # which of the readers took it


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a document came from, and when."""

    feed: str  # the feed's address, its name
    address: str  # where it was found: relative links start there
    source: str  # the feed's title as we know it; "" to take the document's
    now: datetime


def to_items(raws: Iterable[Raw], origin: Origin, source: str) -> tuple[Item, ...]:
    """The items in the document's order; entries without any words or link are left out."""
    return tuple(_items(raws, origin, source))


def identity(raw_id: str, link: str, title: str, text: str) -> str:
    """Guid or id, else link, else a hash of the words. Never the date: feeds re-date their entries."""
    return shorten(" ".join(raw_id.split()), 500) or link or "words:" + fingerprint(title or text)


def fingerprint(*parts: str) -> str:
    """A short hash of some words, the same on every machine."""
    return blake2b("\x1f".join(parts).encode("utf8", "replace"), digest_size=8).hexdigest()


def fingerprint_bytes(body: bytes) -> str:
    """A short hash of a document, to know it again."""
    return blake2b(body, digest_size=16).hexdigest()


def _items(raws: Iterable[Raw], origin: Origin, source: str) -> Iterator[Item]:
    for number, raw in enumerate(raws):
        if number >= MAX_ENTRIES:
            return
        link, title, text = canonical(raw.link, origin.address), plain(raw.title, MAX_TITLE), plain(raw.text, MAX_TEXT)
        if title or text or link:
            yield Item(
                feed=origin.feed,
                identity=identity(raw.id, link, title, text),
                url=link,
                title=title or shorten(text, 100) or link,
                summary=text,
                published=_usable(raw.published, origin.now),
                seen_at=origin.now,
                source=source,
            )


def _usable(published: datetime | None, now: datetime) -> datetime | None:
    if published is None or published.year < _FIRST_YEAR or published > now + _AHEAD:
        return None
    moment = published if published.tzinfo is UTC else published.astimezone(UTC)
    return moment.replace(microsecond=0) if moment.microsecond else moment
