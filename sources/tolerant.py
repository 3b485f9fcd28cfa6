"""The tolerant reader: every dialect of RSS and Atom, broken or not."""

import calendar
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from time import struct_time
from typing import Any
from xml.sax import SAXException

from sources.raw import MAX_ENTRIES, MAX_TAGS, Found, Raw

# Of a longer document, the entries that are whole up to here are read: every tag costs about ten microseconds.
MAX_BYTES = 2_000_000
_TAG, _ENTRY_END = re.compile(b"<"), re.compile(b"</(?:item|entry)>")


def read(body: bytes, content_type: str) -> Found | None:
    """What feedparser finds; None when that is no feed."""
    import feedparser

    # Not told the document's address, feedparser leaves ids as they are; relative links are made absolute later.
    headers = {"content-type": content_type or "application/xml"}
    try:
        found = feedparser.parse(
            BytesIO(_bounded(body)), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
        entries = [_raw(entry) for entry in found.entries[:MAX_ENTRIES]]
    except Exception:  # its last defence is ours: a stranger's bytes never end a pass
        return None
    if not found.version and not entries:
        return None
    return Found(
        format=found.version or "xml",
        title=found.feed.get("title") or "",
        entries=entries,
        reader="tolerant",
        whole=not isinstance(found.get("bozo_exception"), SAXException),
    )


def _bounded(body: bytes) -> bytes:
    limit = _limit(body)
    if len(body) <= limit:
        return body
    cut = max(body.rfind(end, 0, limit) + len(end) for end in (b"</item>", b"</entry>"))
    return body[: cut if cut > len(b"</entry>") else limit]


def _limit(body: bytes) -> int:
    return min(MAX_BYTES, _end_of(_TAG, MAX_TAGS, body), _end_of(_ENTRY_END, MAX_ENTRIES, body))


def _end_of(pattern: re.Pattern[bytes], number: int, body: bytes) -> int:
    """Where so many matches end; the document's end, where there are fewer."""
    last = next(islice(pattern.finditer(body), number - 1, None), None)
    return last.end() if last else len(body)


def _raw(entry: Any) -> Raw:
    contents = entry.get("content") or []
    # Asked for a date of change that is not there, feedparser would answer with the first date, and warn.
    changed = entry["updated_parsed"] if "updated_parsed" in entry else None  # noqa: SIM401
    full, short = (contents[0].get("value") or "" if contents else ""), entry.get("summary") or ""
    return Raw(
        id=entry.get("id") or "",
        link=entry.get("link") or "",
        title=entry.get("title") or "",
        text=full if len(full) >= len(short) else short,
        published=_moment(entry.get("published_parsed")) or _moment(changed),
    )


def _moment(parsed: struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=calendar.timegm(parsed))
    except (ValueError, OverflowError):
        return None
