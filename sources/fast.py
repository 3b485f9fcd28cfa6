"""The fast reader, for documents so plain that the tolerant one would find the same in them."""

import re
from datetime import datetime
from typing import Any
from xml.parsers import expat

from sources.raw import Found, Raw

_ABSOLUTE = ("http://", "https://")
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{1,40})[\"']", re.IGNORECASE)
_DATES = re.compile(rb"<(?:pubDate|published|updated|dc:date)>\s{0,100}([^<]{0,100}?)\s{0,100}</")
_SURE_DATE = re.compile(
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    rb"[0-2]\d:[0-5]\d:[0-5]\d (?:[+-][01]\d[0-5]\d|GMT|UTC))"
    rb"|(?:\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:[0-5]\d))"
)
# Where the readers are known to see different things, the tolerant one decides.
_DOUBTFUL = re.compile(
    rb"<!DOCTYPE|<!ENTITY|xml:base|1999/xhtml|base64|<(?:\w{1,9}:)?(?:source|body|div|fullitem)[\s>]|<(?:itunes|media):",
    re.IGNORECASE,
)


def read(body: bytes, content_type: str) -> Found | None:
    """What the document holds; None when the tolerant reader should look."""
    if not _is_plain(body, content_type):
        return None
    import fastfeedparser

    try:
        found = fastfeedparser.parse(body, include_tags=False, include_media=False, include_enclosures=False)
        entries = [_raw(entry) for entry in found["entries"]]
    except Exception:  # whatever it stumbles over, the tolerant reader has a word to say
        return None
    if not entries or not all(entry.title and entry.link.startswith(_ABSOLUTE) for entry in entries):
        return None
    return Found(format="xml", title=found["feed"].get("title") or "", entries=entries, reader="fast")


def _is_plain(body: bytes, content_type: str) -> bool:
    declared = _DECLARATION.search(body[:200])
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        return False
    if "charset" in content_type and "utf-8" not in content_type.lower():
        return False
    if _DOUBTFUL.search(body) or not all(_SURE_DATE.fullmatch(date) for date in _DATES.findall(body)):
        return False
    return _is_well_formed(body)


def _is_well_formed(body: bytes) -> bool:
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError:
        return False
    return True


def _raw(entry: dict[str, Any]) -> Raw:
    content = entry.get("content") or []
    full, short = (content[0].get("value") or "" if content else ""), entry.get("description") or ""
    moment = entry.get("published") or entry.get("updated")
    return Raw(
        id=entry.get("id") or "",
        link=entry.get("link") or "",
        title=entry.get("title") or "",
        text=full if len(full) >= len(short) else short,
        published=datetime.fromisoformat(moment) if moment else None,
    )
