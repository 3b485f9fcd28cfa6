"""A Message as Discord shows it: cards as Components V2, everything else as embeds. Pure.

Limits as in Discord's developer documentation ("Message Object", "Embed Limits", "Component
Reference"): an embed's title 256 and description 4,096 characters, all embeds of a message 6,000
and ten in number; a Components V2 message 4,000 characters of text and 40 components; five
buttons in a row and five rows, 80 characters on a button, 100 in its custom id; 1,024 characters
of alt text (256 in a gallery).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import discord

from bot.discord.buttons import buttons, rows
from bot.discord.marks import Mark
from bot.discord.text import cut, fitted, pieces, size
from bot.terminal.render import clean
from cascade.message import Bullets, Heading, Line, Message, Note, Paragraph, Part, Picture, Quote, Strong, Table

TITLE, DESCRIPTION, ALT, GALLERY_ALT = 256, 4096, 1024, 256
CARD_TEXT = 4000
PICTURES = 9  # a message has ten embeds: the words, and a picture in each of the others
COLOUR = 0x3B6EA5
NOTHING = "Nothing to tell."
_IN_CODE = str.maketrans("`@", "ˋ＠")  # code knows no escapes: what could end it or mention looks like it, and is not
_CARD_CAPS = (3000, 1500, 800, 400, 200, 100)  # what one part of a card may take, most generous first


@dataclass(frozen=True, kw_only=True)
class Page:
    """One message as it is sent: embeds with buttons, or a view that is all of it."""

    embeds: tuple[discord.Embed, ...] = ()
    view: discord.ui.View | discord.ui.LayoutView | None = None
    pictures: tuple[Picture, ...] = ()  # drawn and attached as `picture_name(0)` and so on, in this order

    @property
    def is_card(self) -> bool:
        """Whether it is Components V2, which no edit can take back."""
        return isinstance(self.view, discord.ui.LayoutView)


def is_card(message: Message) -> bool:
    """Whether people vote on it."""
    return any(offer.value.startswith("vote:") for offer in message.offers)


def picture_name(number: int) -> str:
    """The file name under which a page's picture is attached."""
    return f"picture-{number}.png"


def card(message: Message, mark: Mark | None = None) -> Page:
    """A message that fits into one Components V2 message, the longest parts shortened first."""
    pictures = tuple(part for part in message.parts if isinstance(part, Picture))[:PICTURES]
    box: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        discord.ui.TextDisplay(_card_text(message)), accent_colour=COLOUR
    )
    if pictures:
        box.add_item(discord.ui.MediaGallery(*(_gallery_item(at, one) for at, one in enumerate(pictures))))
    for row in rows(buttons(message.offers, mark)):
        box.add_item(discord.ui.ActionRow(*row))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(box)
    return Page(view=view, pictures=pictures)


def pages(message: Message, where: str = "", name: str = "") -> list[Page]:
    """A message as embeds, in as many messages as it takes; the buttons stand under the last.

    `where` is the address of the channel and `name` the mark's name: both given, every page
    carries its mark in the title's link.
    """
    texts = list(_packed(_blocks(message)))
    pictures = [part for part in message.parts if isinstance(part, Picture)]
    shown = [pictures[at : at + PICTURES] for at in range(0, len(pictures), PICTURES)]
    total = max(len(texts), len(shown), 1)
    texts += [""] * (total - len(texts))
    titles = [message.headline, *(f"{message.headline[:200]} ({at} of {total})" for at in range(2, total + 1))]
    made = [
        _page(titles[at], text, shown[at] if at < len(shown) else (), _link(where, name, at, total))
        for at, text in enumerate(texts)
    ]
    return [*made[:-1], replace(made[-1], view=_view(message))]


def _page(headline: str, text: str, pictures: Sequence[Picture], link: str | None) -> Page:
    # A title longer than Discord's is whole in the text below it; see `_blocks`.
    first = discord.Embed(title=fitted((headline,), TITLE) or NOTHING, description=text, url=link, colour=COLOUR)
    embeds = [first, *(discord.Embed(colour=COLOUR) for _ in pictures[1:])]
    for at, embed in enumerate(embeds[: len(pictures)]):
        embed.set_image(url=f"attachment://{picture_name(at)}")
    return Page(embeds=tuple(embeds), pictures=tuple(pictures))


def _link(where: str, name: str, at: int, total: int) -> str | None:
    return f"{where}{Mark(name, at + 1, total)}" if where and name else None


def _view(message: Message) -> discord.ui.View | None:
    made = buttons(message.offers)
    if not made:
        return None
    view = discord.ui.View(timeout=None)
    for at, row in enumerate(rows(made)):
        for one in row:
            one.row = at
            view.add_item(one)
    return view


def _gallery_item(number: int, picture: Picture) -> discord.MediaGalleryItem:
    alt = cut(picture.alt, GALLERY_ALT)
    return discord.MediaGalleryItem(f"attachment://{picture_name(number)}", description=alt or None)


def _card_text(message: Message) -> str:
    headline: Line = (Strong(message.headline),)
    for cap in _CARD_CAPS:
        lines = [fitted(headline, min(cap, 600)), *(_card_part(part, cap) for part in message.parts)]
        text = "\n".join(line for line in lines if line)
        if size(text) <= CARD_TEXT:
            return text or NOTHING
    return "\n".join(_first_that_fit(lines, CARD_TEXT - 2)) + "\n…"


def _first_that_fit(lines: Sequence[str], room: int) -> Iterator[str]:
    for line in lines:
        room -= size(line) + 1
        if room < 0:
            return
        if line:
            yield line


def _card_part(part: Part, cap: int) -> str:
    """One part in at most about `cap` characters; lists lose their last lines."""
    lines: list[str] = []
    room = cap
    for line in _lines(part, cap):
        room -= size(line) + 1
        if room < 0 and lines:
            lines.append("…")
            break
        lines.append(line)
    return "\n".join(lines)


def _blocks(message: Message) -> Iterator[str]:
    """The texts that stand below each other, none longer than a description."""
    if len(pieces((message.headline,), TITLE)) > 1:
        yield from pieces((Strong(message.headline),), DESCRIPTION)
    for part in message.parts:
        yield from _lines(part, DESCRIPTION)


def _packed(lines: Iterator[str]) -> Iterator[str]:
    page = ""
    for line in lines:
        if page and size(page) + 1 + size(line) > DESCRIPTION:
            yield page
            page = ""
        page = f"{page}\n{line}" if page else line
    if page:
        yield page


def _lines(part: Part, limit: int) -> Iterator[str]:
    """A part as lines of markdown, each within the limit."""
    match part:
        case Heading(text):
            yield from pieces((Strong(text),), limit)
        case Paragraph(line):
            yield from pieces(line, limit)
        case Note(line):
            yield from (f"-# {piece}" for piece in pieces(line, limit - 3))
        case Quote(text):
            yield from (f"> {piece}" for piece in pieces((text,), limit - 2))
        case Bullets(lines):
            yield from (f"- {piece}" for line in lines for piece in pieces(line, limit - 2))
        case Table(head, rows_):
            yield from _table(head, rows_, limit)
        case Picture():  # attached; its words are the attachment's description
            return


def _table(head: tuple[str, ...], rows_: tuple[tuple[str, ...], ...], limit: int) -> Iterator[str]:
    """Fixed-width text in blocks of code; no word of it can end the block."""
    every = [[clean(cell).translate(_IN_CODE) for cell in row] for row in (head, *rows_)]
    widths = [max((len(row[at]) for row in every if at < len(row)), default=0) for at in range(len(head))]
    room, block = limit - 8, ""
    for row in every:
        line = cut("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip(), room - 1)
        if block and size(block) + 1 + size(line) > room:
            yield f"```\n{block}\n```"
            block = ""
        block = f"{block}\n{line}" if block else line
    if block.strip():
        yield f"```\n{block}\n```"
