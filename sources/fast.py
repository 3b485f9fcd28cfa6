"""The fast reader, for documents so plain that the tolerant one would find the same in them."""

import re
from datetime import datetime
from typing import Any
from xml.parsers import expat

from cascade.links import canonical
from sources.raw import MAX_TAGS, Found, Raw, identity

_ABSOLUTE = ("http://", "https://")
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{1,40})[\"']", re.IGNORECASE)
_ID = re.compile(rb"<(?:\w{1,20}:)?(?:guid|id)(?:\s[^<>]*)?(?<!/)>(?!\s{0,100}</)")  # one that is not empty
_DATES = re.compile(rb"<(?:pubDate|published|updated|dc:date)>\s{0,100}([^<]{0,100}?)\s{0,100}</")
_SURE_DATE = re.compile(
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    rb"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d (?:[+-][01]\d[0-5]\d|GMT|UTC))"
    rb"|(?:\d{4}-[01]\d-[0-3]\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:[0-5]\d))"
)
# The elements that both readers are known to understand alike. One outside a namespace, or of Atom, that is not
# among them makes a document one for the tolerant reader; so does any element of a doubtful namespace.
_RSS = frozenset(
    [
        "rss",
        "channel",
        "item",
        "title",
        "link",
        "description",
        "guid",
        "pubDate",
        "author",
        "category",
        "comments",
        "enclosure",
        "language",
        "copyright",
        "managingEditor",
        "webMaster",
        "lastBuildDate",
        "generator",
        "docs",
        "cloud",
        "ttl",
        "image",
        "url",
        "width",
        "height",
        "skipHours",
        "skipDays",
        "hour",
        "day",
        "rating",
    ]
)
_ATOM_SPACE = "http://www.w3.org/2005/Atom "
_ATOM = frozenset(
    [
        "feed",
        "entry",
        "title",
        "link",
        "id",
        "updated",
        "published",
        "summary",
        "content",
        "author",
        "name",
        "uri",
        "email",
        "category",
        "rights",
        "generator",
        "logo",
        "icon",
        "subtitle",
        "contributor",
    ]
)
_DOUBTFUL_SPACES = (
    "http://www.w3.org/1999/xhtml ",
    "http://purl.org/atom/ns# ",
    "http://search.yahoo.com/mrss",
    "http://www.itunes.com/",
    "http://purl.org/dc/terms/ ",
    "http://purl.org/rss/1.0/ ",
    "http://my.netscape.com/",
    "http://channel.netscape.com/",
    "http://backend.userland.com/",
)
_DUBLIN = "http://purl.org/dc/elements/1.1/ "
_SURE_DUBLIN = frozenset({_DUBLIN + "creator", _DUBLIN + "date", _DUBLIN + "subject", _DUBLIN + "publisher"})
_SURE_TYPES = frozenset(
    {None, "text", "html", "text/html", "text/plain", "application/rss+xml", "application/atom+xml"}
)
_BASE = "http://www.w3.org/XML/1998/namespace base"


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
    # The library gives an entry without an id its link for one, where we want the link made canonical.
    if any(map(_may_lack_its_id, entries)):
        named = sum(1 for _ in _ID.finditer(body))
        if named and named < len(entries) + (b"<feed" in body):
            return None
        entries = entries if named else [entry._replace(id="") for entry in entries]
    if not entries or not all(entry.title and entry.link.startswith(_ABSOLUTE) for entry in entries):
        return None
    return Found(format="xml", title=found["feed"].get("title") or "", entries=entries, reader="fast")


def _may_lack_its_id(entry: Raw) -> bool:
    return entry.id == entry.link and identity(entry.id, "", "", "") != canonical(entry.link, entry.link)


def _is_plain(body: bytes, content_type: str) -> bool:
    declared = _DECLARATION.search(body[:200])
    if b"\0" in body[:4] or body.count(b"<") > MAX_TAGS:  # UTF-16 or UTF-32; a tree of 300 MB
        return False
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        return False
    if "charset" in content_type and "utf-8" not in content_type.lower():
        return False
    if not all(map(_SURE_DATE.fullmatch, _DATES.findall(body))):
        return False
    names = _names(body)
    return names is not None and all(map(_is_sure, names))


def _names(body: bytes) -> set[str] | None:
    """Every element's name, as "namespace name"; None when the document is not well-formed or has doubtful parts."""
    names: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        names.add(name)
        if attributes and (attributes.get("type") not in _SURE_TYPES or "mode" in attributes or _BASE in attributes):
            raise _Doubtful

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _doubt  # before any entity of it could be expanded
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError, _Doubtful):  # LookupError: an encoding that nobody knows
        return None
    return names


class _Doubtful(Exception):
    pass


def _doubt(*_: object) -> None:
    raise _Doubtful


def _is_sure(name: str) -> bool:
    if " " not in name:
        return name in _RSS
    if name.startswith(_ATOM_SPACE):
        return name.removeprefix(_ATOM_SPACE) in _ATOM
    return name in _SURE_DUBLIN if name.startswith(_DUBLIN) else not name.startswith(_DOUBTFUL_SPACES)


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
