"""A Message as lines of plain text. Control characters from outside never reach the screen."""

import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator

from cascade.message import (
    Bullets,
    Heading,
    Line,
    Link,
    Message,
    Note,
    Paragraph,
    Part,
    Picture,
    Quote,
    Table,
)

WIDTH, NARROWEST = 100, 40
_JOINER = "\u200d"  # holds emoji together
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")


def columns() -> int:
    """How wide the person's terminal is, if it is narrower than our lines."""
    if not sys.stdout.isatty():
        return WIDTH
    return min(WIDTH, max(NARROWEST, shutil.get_terminal_size().columns))


def render(message: Message, width: int = 0) -> str:
    """Everything the message says, wrapped to a width, or to the terminal; links are written out behind their words."""
    width = width or columns()
    blocks = [_wrap(message.headline, width), *("\n".join(_lines(part, width)) for part in message.parts)]
    return "\n".join(block for block in blocks if block)


def clean(text: str) -> str:
    """The text without escape sequences, control characters and marks that turn the writing round."""
    bare = _ESCAPES.sub("", text).replace("\n", " ").replace("\t", " ")
    if bare.isprintable():  # nearly always, and a hundred times faster
        return bare
    return "".join(
        sign for sign in bare if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"} or sign == "\u200d"
    )


def _lines(part: Part, width: int) -> Iterator[str]:
    match part:
        case Heading(text):
            yield f"\n{clean(text)}"
        case Paragraph(line):
            yield _wrap(_flat(line), width)
        case Bullets(lines):
            yield from (_wrap(_flat(line), width, first="  • ", rest="    ") for line in lines)
        case Table(head, rows):
            yield from _table(head, rows)
        case Quote(text):
            yield _wrap(f"“{clean(text)}”", width, first="  │ ", rest="  │ ")
        case Note(line):
            yield _wrap(_flat(line), width, first="  ", rest="  ")
        case Picture():  # its words stand in the parts beside it
            return


def _flat(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: object) -> str:
    if isinstance(span, str):
        return clean(span)
    if isinstance(span, Link):
        return f"{clean(span.text)} <{clean(span.url)}>" if span.url else clean(span.text)
    return clean(getattr(span, "text", ""))


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        clean(text), width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    all_rows = [tuple(map(clean, row)) for row in (head, *rows)]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(head))]
    for row in all_rows:
        yield "  " + "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
