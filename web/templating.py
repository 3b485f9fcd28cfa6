"""Pages to HTML. Everything is escaped; an undefined word is a bug, not a blank."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cascade.message import Bullets, Heading, Link, Note, Paragraph, Picture, Quote, Strong, Table
from cascade.phrases import counted, months
from web.shows.page import Page, anchor, capability_href, gap_href, sighting_href, stage_href
from web.words import claim, host, outward, percent, who_says

_HERE = Path(__file__).parent
STATIC = {"cascade.css": "text/css", "icon.svg": "image/svg+xml"}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_PARTS = {Heading: "heading", Paragraph: "line", Note: "note", Bullets: "bullets", Table: "table", Quote: "quote"}


def read_static() -> dict[str, tuple[bytes, str]]:
    """Every static file by name, with its type: a closed list, so no path can lead out of it."""
    return {name: ((_HERE / "static" / name).read_bytes(), kind) for name, kind in STATIC.items()}


class Templates:
    """The templates, read once."""

    def __init__(self) -> None:
        self._env = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=upright,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._env.filters.update(
            anchor=anchor,
            claim=claim,
            host=host,
            months=months,
            outward=outward,
            percent=percent,
            printable=printable,
            who=who_says,
        )
        self._env.globals.update(
            capability_href=capability_href,
            counted=counted,
            gap_href=gap_href,
            kind_of=_kind,
            sighting_href=sighting_href,
            stage_href=stage_href,
            style=_version(),
        )

    def page(self, page: Page, frame: Mapping[str, Any]) -> str:
        """The page in its frame."""
        return self._env.get_template(page.template).render(title=page.title, **page.words, **frame)

    def part(self, template: str, **words: Any) -> str:
        """A template without a frame."""
        return self._env.get_template(template).render(**words)


def upright(value: object) -> object:
    """A text without the signs that turn the direction of what follows: a name cannot write over its neighbours."""
    return value.translate(_TURNS) if isinstance(value, str) else value


def printable(text: str) -> str:
    """The text without the signs that XML forbids, whatever a feed smuggled in."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _version() -> str:
    """A name that changes with the style sheet, so that browsers may keep it for good."""
    return hashlib.sha256((_HERE / "static" / "cascade.css").read_bytes()).hexdigest()[:10]


def _kind(part: object) -> str:
    """Which look a part of a message, or a span of a line, has."""
    if isinstance(part, str):
        return "text"
    if isinstance(part, (Link, Strong)):
        return type(part).__name__.lower()
    return "picture" if isinstance(part, Picture) else _PARTS[type(part)]
