"""A web page: its words, its date, and the feeds that it names. Strangers' markup, read by bounded expressions."""

import html
import re
from dataclasses import dataclass
from datetime import datetime

from cascade.links import canonical
from sources.json_readers import moment
from sources.text import MAX_TEXT, MAX_TITLE, plain

_HEAD = 300_000  # characters in which a page names its title, date and feeds
_TAG = re.compile(r"<(?:link|meta|time)\s([^<>]{1,1500})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z:_-]{1,30})\s?=\s?(?:\"([^\"]{0,1200})\"|'([^']{0,1200})'|([^\s\"'>]{1,1200}))", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
_MAIN = re.compile(r"<(?:article|main)[\s>]", re.IGNORECASE)
_MAIN_END = re.compile(r"</(?:article|main)\s?>", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s?=\s?[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_LD_DATE = re.compile(r'"datePublished"\s?:\s?"([^"]{8,40})"')
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
_TITLES, _TEXTS = ("og:title", "twitter:title"), ("og:description", "description", "twitter:description")
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "citation_date", "publish-date")


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page says, in plain words."""

    address: str  # canonical, after all redirects
    title: str
    text: str
    published: datetime | None  # UTC; None when the page names no date


def read_page(body: bytes, content_type: str, address: str) -> Page:
    """The words of a page, whatever the bytes are; a page without a title is called by its address."""
    markup = decode(body, content_type)
    metas = _metas(markup)
    shown = _TITLE.search(markup[:_HEAD])
    title = plain(_first(metas, _TITLES) or (shown[1] if shown else ""), MAX_TITLE)
    about, words = plain(_first(metas, _TEXTS), MAX_TEXT), plain(_main(markup), MAX_TEXT)
    text = words if about in words else plain(f"{about} {words}", MAX_TEXT)
    return Page(address=canonical(address), title=title or address, text=text, published=_date(markup, metas))


def named_feeds(body: bytes, content_type: str, address: str) -> tuple[str, ...]:
    """The addresses of the feeds that a page names in its head, in its order."""
    links = (_attributes(tag) for tag in _TAG.findall(decode(body, content_type)[:_HEAD]))
    found = (
        canonical(link["href"], address)
        for link in links
        if "alternate" in link.get("rel", "").lower() and link.get("type", "").lower() in _FEED_TYPES and "href" in link
    )
    return tuple(dict.fromkeys(filter(None, found)))


def decode(body: bytes, content_type: str) -> str:
    """The characters of a page: as its header or its own head says, else UTF-8; what cannot be read is marked."""
    said = _CHARSET.search(content_type.encode("ascii", "replace")) or _CHARSET.search(body[:2000])
    try:
        return body.decode(said[1].decode("ascii") if said else "utf8", "replace")
    except (LookupError, UnicodeError):
        return body.decode("utf8", "replace")


def _metas(markup: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in _TAG.findall(markup[:_HEAD]):
        attributes = _attributes(tag)
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop", "")
        if value := attributes.get("content") or attributes.get("datetime"):
            found.setdefault((name or "time").lower(), value)
    return found


def _attributes(tag: str) -> dict[str, str]:
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag)}


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if metas.get(name)), "")


def _main(markup: str) -> str:
    """The part between the first `article` or `main` and its end; without one, all."""
    start = _MAIN.search(markup)
    if not start:
        body = markup.lower().find("<body")
        return markup[max(body, 0) :]
    end = _MAIN_END.search(markup, start.end())
    return markup[start.start() : end.start() if end else len(markup)]


def _date(markup: str, metas: dict[str, str]) -> datetime | None:
    said = _LD_DATE.search(markup[:_HEAD])
    names = (*(metas.get(name, "") for name in _DATES), said[1] if said else "", metas.get("time", ""))
    return next(filter(None, map(moment, names)), None)
