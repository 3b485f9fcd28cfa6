"""Lists of feeds as other readers write them: OPML in and out."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from cascade.errors import BadInput
from cascade.feed import Feed
from cascade.links import canonical
from storage.feedlist import FeedList
from storage.texts import unreadable

MAX_BYTES = 5_000_000


def read_opml(path: Path) -> FeedList:
    """The feeds of an OPML file, each in the group of the outline around it. Raises BadInput when it is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > MAX_BYTES:
        raise BadInput(f"{path}: it is larger than {MAX_BYTES // 1_000_000} MB: split it")
    return parse_opml(content, path.name)


def parse_opml(content: bytes, name: str) -> FeedList:
    """The feeds of a document; outlines that cannot be used are named with their line."""
    outlines = _Outlines(name)
    try:
        outlines.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BadInput(f"{name}, line {error.lineno}: it is no well-formed OPML: export it again") from error
    except (LookupError, ValueError) as error:
        raise BadInput(f"{name}: it is no well-formed OPML: its encoding is unknown; export it as UTF-8") from error
    if not outlines.is_opml:
        raise BadInput(f"{name}: it is no OPML: its first element must be <opml>")
    return FeedList(feeds=tuple(outlines.feeds.values()), refused=tuple(outlines.refused))


def write_opml(feeds: Iterable[Feed], title: str = "Feeds of Cascade") -> str:
    """The feeds as an OPML 2.0 document, group by group."""
    groups: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        groups[feed.group].append(feed)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', f"<head><title>{title}</title></head>"]
    lines.append("<body>")
    for group, members in sorted(groups.items()):
        outlines = [f"  {_outline(feed)}" for feed in members]
        named = [f"  <outline text={quoteattr(group)}>", *outlines, "  </outline>"]
        lines += named if group else outlines
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _outline(feed: Feed) -> str:
    home = f" htmlUrl={quoteattr(feed.home)}" if feed.home else ""
    return f'<outline type="rss" text={quoteattr(feed.title or feed.url)} xmlUrl={quoteattr(feed.url)}{home}/>'


class _Outlines:
    """Collects the outlines of one document."""

    def __init__(self, name: str) -> None:
        self.is_opml = False
        self.feeds: dict[str, Feed] = {}
        self.refused: list[str] = []
        self._name, self._above, self._places = name, list[str](), dict[str, int]()
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise BadInput(f"{self._name}: it declares a DOCTYPE, which OPML needs none of: remove that line")

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self.is_opml = self.is_opml or element == "opml"
        if element != "outline":
            return
        title = attributes.get("title") or attributes.get("text", "")
        if "xmlUrl" in attributes:
            self._take(attributes["xmlUrl"].strip(), title, attributes.get("htmlUrl", ""))
        self._above.append(title)

    def _take(self, url: str, title: str, home: str) -> None:
        line, place = self.parser.CurrentLineNumber, f"{self._name}, line {self.parser.CurrentLineNumber}"
        if not canonical(url):
            self.refused.append(f"{place}: {url[:80]!r} is no http or https address")
        elif url in self.feeds:
            self.refused.append(f"{place}: this feed stands on line {self._places[url]} already")
        else:
            group = next(filter(None, reversed(self._above)), "")
            title = "" if title == url else title
            self.feeds[url] = Feed(url=url, title=title, group=group, home=canonical(home))
            self._places[url] = line

    def _end(self, element: str) -> None:
        if element == "outline":
            self._above.pop()
