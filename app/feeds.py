"""What the command line does with feeds: one look at an address, lists in and out, pausing."""

import asyncio
from pathlib import Path

from app import clock
from app.build import open_store
from app.settings import read_settings
from cascade.errors import BadInput
from cascade.feed import Failed
from cascade.item import Item
from cascade.message import Bullets, Line, Link, Message, Note, Part
from cascade.phrases import counted
from sources.check import Checked
from sources.check import check as look
from sources.fetch import Fetcher
from sources.schedule import interval_of, rhythm_of
from storage.feedlist import read_feed_list
from storage.opml import read_opml, write_opml

SHOWN = 5
HINT = "list it in the feed list (CASCADE_FEEDS) or import it from OPML to watch it"


def check(url: str) -> Message:
    """What an address holds, fetched once. Raises BadInput saying why it was refused."""
    found = asyncio.run(_look(url))
    return _refused(url, found) if isinstance(found, Failed) else told(url, found)


def told(url: str, found: Checked) -> Message:
    """What an address holds, in words and facts."""
    document, answer = found.document, found.answer
    dated = [item.published for item in document.items if item.published]
    said = f"newest {max(dated):%Y-%m-%d}" if dated else "none of them dated"
    notes: list[Line] = [(f"Read as {document.format} by the {document.reader} reader.",)]
    notes.append((f"It would be asked every {_span(interval_of(rhythm_of(dated)).total_seconds())}; {HINT}.",))
    if answer.address != url:
        notes.insert(0, (f"It lives at {answer.address}{' for good' if answer.moved else ''}.",))
    parts: tuple[Part, ...] = (Bullets(tuple(map(_line, document.items[:SHOWN]))), *map(Note, notes))
    return Message(
        headline=f"{document.title or url}: a feed of {counted(len(document.items), 'item')}, {said}",
        parts=parts if document.items else parts[1:],
        facts=_facts(url, found),
    )


def import_list(db: Path | None, path: Path) -> Message:
    """Watch a file's feeds too (OPML, or a feed list); what was new, and each line that was left out."""
    listed = read_feed_list(path) if path.suffix.lower() in {".toml", ".txt"} else read_opml(path)
    store = open_store(read_settings(db))
    try:
        new = store.add_feeds(listed.feeds, clock.now())
    finally:
        store.close()
    known = len(listed.feeds) - len(new)
    nothing = {} if listed.feeds else {"error": f"{path.name} holds no feed"}
    return Message(
        headline=f"{nothing.get('error', path.name)}: {counted(len(new), 'feed')} added, {known} watched already, "
        f"{len(listed.refused)} left out",
        parts=(Bullets(tuple((line,) for line in listed.refused)),) if listed.refused else (),
        facts={"added": [feed.url for feed in new], "known": known, "refused": list(listed.refused)} | nothing,
    )


def export_opml(db: Path | None) -> str:
    """Every watched feed as OPML, paused ones too."""
    store = open_store(read_settings(db))
    try:
        return write_opml(visit.feed for visit in store.visits())
    finally:
        store.close()


def set_paused(db: Path | None, url: str, *, paused: bool) -> Message:
    """Leave a feed alone, or ask it again. Raises BadInput when it is not watched."""
    store = open_store(read_settings(db))
    try:
        found = store.pause_feed(url, paused=paused, now=clock.now())
    finally:
        store.close()
    if not found:
        raise BadInput(f"{url[:120]} is not watched: `cascade feeds export` lists what is")
    return Message(headline=f"{url} is {'paused' if paused else 'asked again'}", facts={"url": url, "paused": paused})


async def _look(url: str) -> Checked | Failed:
    async with Fetcher(read_settings().private_hosts) as fetch:
        return await look(fetch, url, clock.now())


def _refused(url: str, why: Failed) -> Message:
    text = f"{url[:200]}: {why.text}"
    facts = {"url": url, "error": text, "reason": why.reason.value, "feeds": list(why.instead)}
    return Message(headline=text, facts=facts)


def _line(item: Item) -> Line:
    title = Link(item.title, item.url) if item.url else item.title
    return (title, f" ({item.published:%Y-%m-%d})" if item.published else " (undated)")


def _facts(url: str, found: Checked) -> dict[str, object]:
    document, answer = found.document, found.answer
    return {
        "url": url,
        "address": answer.address,
        "moved": answer.moved or None,
        "format": document.format,
        "reader": document.reader,
        "title": document.title,
        "conditional": bool(answer.etag or answer.modified),
        "items": [
            {
                "title": item.title,
                "link": item.url,
                "identity": item.identity,
                "published": item.published.isoformat() if item.published else None,
            }
            for item in document.items
        ],
    }


def _span(seconds: float) -> str:
    return f"{seconds / 3600:.0f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"
