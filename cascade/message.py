"""What a person reads, before any platform turns it into blocks, embeds or lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere. The address is http or https, or the words stand alone."""

    text: str
    url: str


@dataclass(frozen=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True)
class PlaceName:
    """A place as `slack:C1`, where its own platform does not know how to show it by its name."""

    text: str


Span = str | Link | Strong | PlaceName
Line = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """The title of what follows."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    line: Line


@dataclass(frozen=True)
class Bullets:
    """A list, one line each."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Short cells in columns, shown in a fixed-width face where there is one."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Quote:
    """A stranger's words, set apart."""

    text: str


@dataclass(frozen=True)
class Note:
    """Small print: sources, estimators, counts."""

    line: Line


class Chart(StrEnum):
    """The pictures that Cascade draws."""

    BOARD = "board"
    CAPABILITY = "capability"
    GAP = "gap"
    CALIBRATION = "calibration"


@dataclass(frozen=True)
class Picture:
    """A chart by its kind and subject, and the words that say the same."""

    chart: Chart
    subject: tuple[str, ...]  # ids: a capability; an earlier and a later stage; () for the whole board
    alt: str
    known_by: datetime | None = None  # UTC: what it shows is as known then; None: now


Part = Heading | Paragraph | Bullets | Table | Quote | Note | Picture


@dataclass(frozen=True)
class Offer:
    """A button: `value` is what comes back when it is pressed (`ask:negation`, `vote:3f2a:confirm`)."""

    label: str
    value: str
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Message:
    """A headline, what stands below it, and what the reader may do."""

    headline: str
    parts: tuple[Part, ...] = ()
    offers: tuple[Offer, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)  # the same for programs, ready for JSON

    def words(self) -> Iterator[str]:
        """Every text in reading order, for counting and searching."""
        yield self.headline
        for part in self.parts:
            yield from _words(part)

    def links(self) -> Iterator[str]:
        """Every address that it leads to, in reading order."""
        for part in self.parts:
            yield from (span.url for line in _lines(part) for span in line if isinstance(span, Link))


def text_of(line: Line) -> str:
    """A line without its links and emphasis."""
    return "".join(span if isinstance(span, str) else span.text for span in line)


def _words(part: Part) -> Iterator[str]:
    match part:
        case Heading(text) | Quote(text):
            yield text
        case Paragraph() | Note() | Bullets():
            yield from map(text_of, _lines(part))
        case Table(head, rows):
            yield from (" ".join(row) for row in (head, *rows))
        case Picture(alt=alt):
            yield alt


def _lines(part: Part) -> tuple[Line, ...]:
    match part:
        case Paragraph(line) | Note(line):
            return (line,)
        case Bullets(lines):
            return lines
    return ()
