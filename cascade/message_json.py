"""A Message as plain JSON data and back, so that rendered words can be frozen."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cascade.errors import BadInput
from cascade.message import (
    Bullets,
    Chart,
    Heading,
    Line,
    Link,
    Message,
    Note,
    Offer,
    Paragraph,
    Part,
    Picture,
    PlaceName,
    Quote,
    Span,
    Strong,
    Table,
)

Data = dict[str, Any]


def message_data(message: Message) -> Data:
    """The message as JSON can hold it; `facts` must be ready for JSON already."""
    return {
        "headline": message.headline,
        "parts": [_part_data(part) for part in message.parts],
        "offers": [{"label": one.label, "value": one.value, "main": one.main} for one in message.offers],
        "facts": dict(message.facts),
    }


def to_message(data: Mapping[str, Any]) -> Message:
    """What `message_data` wrote; raises BadInput for anything else."""
    try:
        return Message(
            headline=data["headline"],
            parts=tuple(_READ[part["is"]](part) for part in data["parts"]),
            offers=tuple(Offer(one["label"], one["value"], one["main"]) for one in data["offers"]),
            facts=data["facts"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"a stored message cannot be read: {error!r}") from error


def _part_data(part: Part) -> Data:
    match part:
        case Heading(text) | Quote(text):
            return {"is": type(part).__name__.lower(), "text": text}
        case Paragraph(line) | Note(line):
            return {"is": type(part).__name__.lower(), "line": _line_data(line)}
        case Bullets(lines):
            return {"is": "bullets", "lines": [_line_data(line) for line in lines]}
        case Table(head, rows):
            return {"is": "table", "head": list(head), "rows": [list(row) for row in rows]}
        case Picture(chart, subject, alt, known_by):
            at = known_by.isoformat() if known_by else None
            return {"is": "picture", "chart": chart.value, "subject": list(subject), "alt": alt, "known_by": at}


def _line_data(line: Line) -> list[Any]:
    return [_span_data(span) for span in line]


def _span_data(span: Span) -> str | list[str]:
    match span:
        case Link(text, url):
            return ["link", text, url]
        case Strong(text):
            return ["strong", text]
        case PlaceName(text):
            return ["place", text]
        case text:
            return text


def _to_line(data: Any) -> Line:
    return tuple(_to_span(span) for span in data)


def _to_span(data: Any) -> Span:
    match data:
        case str():
            return data
        case ["link", text, url]:
            return Link(text, url)
        case ["strong", text]:
            return Strong(text)
        case ["place", text]:
            return PlaceName(text)
    raise ValueError(f"no span: {data!r}")


def _to_moment(data: str | None) -> datetime | None:
    return datetime.fromisoformat(data) if data else None


_READ: Mapping[str, Callable[[Any], Part]] = {
    "heading": lambda data: Heading(data["text"]),
    "quote": lambda data: Quote(data["text"]),
    "paragraph": lambda data: Paragraph(_to_line(data["line"])),
    "note": lambda data: Note(_to_line(data["line"])),
    "bullets": lambda data: Bullets(tuple(map(_to_line, data["lines"]))),
    "table": lambda data: Table(tuple(data["head"]), tuple(map(tuple, data["rows"]))),
    "picture": lambda data: Picture(
        Chart(data["chart"]), tuple(data["subject"]), data["alt"], _to_moment(data["known_by"])
    ),
}
