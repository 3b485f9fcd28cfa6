"""A Message as Slack's blocks, within Slack's limits. Pure.

Limits: https://docs.slack.dev/reference/block-kit/blocks (50 blocks a message; section, context, image and
actions blocks) and https://docs.slack.dev/reference/block-kit/block-elements/button-element. The sum over all
blocks of a message is limited too, by a number that is not documented: messages of about 13,200 characters
were refused (https://github.com/slackapi/bolt-js/issues/2509), so that a page ends well before.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from bot.slack.text import SECTION, fixed_width, outside, pack, plain, tokens, unquoted
from cascade.message import (
    Bullets,
    Heading,
    Line,
    Message,
    Note,
    Offer,
    Paragraph,
    Part,
    Picture,
    Quote,
    Table,
)

Block = dict[str, Any]
Files = Mapping[Picture, str]  # uploaded pictures, by the id of their file
BLOCKS = 50
HOME_BLOCKS = 100
CHARACTERS = 10_000  # of all blocks together, as JSON
OFFERS = 10
LABEL, VALUE, ALT, CONTEXT, TEXT = 75, 400, 2000, 2000, 3000
NO_FILES: Files = {}
UNTITLED = "Cascade"


@dataclass(frozen=True)
class Page:
    """One Slack message: what notifications show, and the blocks."""

    text: str
    blocks: tuple[Block, ...]


def render(message: Message, files: Files = NO_FILES) -> list[Page]:
    """The message on as few pages as it needs; the buttons stand on the first.

    A picture without a file is left to the words beside it.
    """
    head = [*_sections(tokens((message.headline,)), bold=True)]
    body = list(chain(head, *(_part(part, files) for part in _in_order(message.parts))))
    if not any(block["type"] != "image" for block in body[len(head) :]):
        body += [block for part in message.parts if isinstance(part, Picture) for block in _note((part.alt,))]
    buttons = _actions(message.offers)
    text = next(pack(tokens((message.headline,)), TEXT), "").strip() or UNTITLED
    return [Page(text, tuple(blocks)) for blocks in _pages(body or [_section(UNTITLED)], buttons)]


def render_home(message: Message, files: Files = NO_FILES) -> list[Block]:
    """The blocks of an App Home: one view, which ends where Slack's limit is."""
    blocks = [block for page in render(message, files) for block in page.blocks]
    return blocks[:HOME_BLOCKS]


def _in_order(parts: Sequence[Part]) -> list[Part]:
    """The pictures first."""
    return sorted(parts, key=lambda part: not isinstance(part, Picture))


def _part(part: Part, files: Files) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield from _sections(tokens((text,)), bold=True)
        case Paragraph(line):
            yield from _sections(tokens(line))
        case Bullets(lines):
            yield from _bullets(lines)
        case Table(head, rows):
            yield from map(_section, fixed_width(_columns(head, rows)))
        case Quote(text):
            yield from _quote(text)
        case Note(line):
            yield from _note(line)
        case Picture() if part in files:
            yield {
                "type": "image",
                "slack_file": {"id": files[part]},
                "alt_text": plain(part.alt, ALT) or part.chart.value,
            }


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    # Verbatim: names and addresses in the words are not turned into links or mentions.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _sections(pieces: Iterator[str], *, bold: bool = False) -> Iterator[Block]:
    for text in pack(pieces, SECTION - 4):
        if text.strip():
            yield _section(f"*{text.strip()}*" if bold else unquoted(text.strip()))


def _bullets(lines: Sequence[Line]) -> Iterator[Block]:
    whole = ["".join(tokens(line)).strip() for line in lines]
    pieces: list[str] = []
    for line, text in zip(lines, whole, strict=True):
        if len(text) <= SECTION - 4:
            pieces += [f"• {text}\n"] if text else []
        else:
            pieces += ["• ", *tokens(line), "\n"]
    return (_section(text.strip()) for text in pack(pieces, SECTION - 1) if text.strip(" •\n"))


def _quote(text: str) -> Iterator[Block]:
    return (_section(f"> {piece.strip()}") for piece in pack(outside(text), SECTION - 2) if piece.strip())


def _note(line: Line) -> Iterator[Block]:
    for text in pack(tokens(line), CONTEXT - 1):
        if text.strip():
            yield {"type": "context", "elements": [_mrkdwn(unquoted(text.strip()))]}


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    columns = list(zip_longest(head, *rows, fillvalue=""))
    widths = [max(map(len, column)) for column in columns]
    for row in (head, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def _actions(offers: Sequence[Offer]) -> list[Block]:
    buttons = [_button(number, offer) for number, offer in enumerate(offers) if _fits(offer)]
    return [{"type": "actions", "elements": buttons[:OFFERS]}] if buttons else []


def _fits(offer: Offer) -> bool:
    return len(offer.value) <= VALUE and bool(plain(offer.label, LABEL))


def _button(number: int, offer: Offer) -> Block:
    button = {
        "type": "button",
        "action_id": f"offer:{number}",
        "text": {"type": "plain_text", "text": plain(offer.label, LABEL), "emoji": True},
        "value": offer.value,
    }
    return {**button, "style": "primary"} if offer.main else button


def _pages(body: Sequence[Block], buttons: Sequence[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    left, tail = CHARACTERS - _size(buttons), list(buttons)
    for block in body:
        if page and (len(page) + len(tail) >= BLOCKS or _size([block]) > left):
            yield page + tail
            page, tail, left = [], [], CHARACTERS
        page.append(block)
        left -= _size([block])
    yield page + tail


def _size(blocks: Sequence[Block]) -> int:
    return sum(len(json.dumps(block, ensure_ascii=False)) for block in blocks)
