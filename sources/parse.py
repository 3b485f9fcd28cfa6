"""Bytes to items, or a named reason. The tolerant reader takes what the fast one should not.

Whatever the bytes are, the answer is a value; readers get them as bytes or in a BytesIO, never as
a name: feedparser would open a file, and fastfeedparser fetch an address, that a string names.
"""

from cascade.feed import Failed, Reason
from sources import fast, json_readers, tolerant
from sources.page import named_feeds
from sources.raw import Document, Found, Origin, to_items
from sources.text import MAX_TITLE, plain

_JSON = (b"{", b"[")
MAX_JSON = 4_000_000  # bytes: as values they may take twenty times as much
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")


def parse(body: bytes, content_type: str, origin: Origin) -> Document | Failed:
    """Read a document of any known kind. `content_type` is the HTTP header, "" when there is none."""
    start = body[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()[:100].lower()
    if not start:
        return Failed(reason=Reason.EMPTY, text="it answers with an empty document")
    if start.startswith(_JSON) and len(body) > MAX_JSON:
        return Failed(reason=Reason.TOO_LARGE, text=f"it is JSON of more than {MAX_JSON // 1_000_000} MB")
    found = _read(body, start, content_type)
    if found is None or (not found.entries and not found.format):
        return _not_a_feed(start, named_feeds(body, content_type, origin.address) if start.startswith(_PAGE) else ())
    if not found.entries and not found.whole:
        return Failed(reason=Reason.BROKEN, text="it begins like a feed, and no entry of it can be read")
    title = plain(found.title, MAX_TITLE)
    items = to_items(found.entries, origin, origin.source or title)
    return Document(format=found.format, title=title, items=items, reader=found.reader)


def _read(body: bytes, start: bytes, content_type: str) -> Found | None:
    if start.startswith(_JSON):
        return json_readers.read(body)
    if start.startswith(_PAGE):
        return None  # to find that out, the tolerant reader would need seconds for a long page
    return fast.read(body, content_type) or tolerant.read(body, content_type)


def _not_a_feed(start: bytes, named: tuple[str, ...]) -> Failed:
    if start.startswith(_PAGE):
        more = f"; the feed it names is {named[0]}" if named else ""
        return Failed(reason=Reason.NOT_A_FEED, text=f"it is a web page, not a feed{more}", instead=named)
    shown = start[:40].decode("ascii", "replace").split("\n")[0]
    return Failed(reason=Reason.NOT_A_FEED, text=f"it is no feed that Cascade can read: it begins with {shown!r}")
