"""Words as Slack's mrkdwn: they say what they say, and can neither mention nor format.

Slack escapes only `&`, `<` and `>` (https://docs.slack.dev/messaging/formatting-message-text) and knows no
backslash, so signs that would format are replaced by signs that look like them. Only what our sentences tell a person
to type stays code; a stranger's words inside such a sentence could at most be code, too.
"""

import re
from collections.abc import Iterable, Iterator

from bot.terminal.render import clean
from cascade.message import Line, Link, PlaceName, Strong

SECTION = 3000  # https://docs.slack.dev/reference/block-kit/blocks/section-block
_WORD = 300  # a word longer than this is cut; escaped it stays far below a section
_LINK_TEXT = 150
_URL = 2000
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = {"*": "∗", "~": "∼", "`": "ˋ"}
_TABLE = str.maketrans({**_ENTITIES, **_LOOKALIKES})
_NOTHING = "\u200b"  # has no width, and keeps two signs from meaning something together
_EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # inside a word an underscore formats nothing
_TOGETHER = re.compile(r"(?<!\w)@(?=\w)|:(?=[a-z0-9_+'-]+:)")
_CODE = re.compile(r"`([A-Za-z/](?:[^`\n]{0,98}[^`\s])?)`")  # what to type, as our own words say it
_CHANNEL = re.compile(r"slack:([CG][A-Z0-9]+)")  # in the one workspace there is; of others Slack shows no names
_LINKABLE = re.compile(r"https?://[^\s<>|\"\\^`{}\x00-\x20]+")


def escape(text: str) -> str:
    """The words as mrkdwn that shows exactly them, in one line."""
    bare = _TOGETHER.sub(_parted, _EDGE.sub("ˍ", clean(text)))
    return bare.translate(_TABLE)


def plain(text: str, limit: int) -> str:
    """The words for a place where Slack formats nothing: a label, a title, the text of a picture."""
    return cut(clean(text).replace("<", "‹").replace(">", "›").strip(), limit)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def fixed_width(lines: Iterable[str], limit: int = SECTION) -> Iterator[str]:
    """Lines in fenced blocks that keep their columns, each block within the limit."""
    fence = "```"
    escaped = [_TOGETHER.sub(_parted, cut(clean_columns(line), _WORD)).translate(_TABLE) for line in lines]
    for block in pack([f"{line}\n" for line in escaped], limit - 2 * len(fence)):
        yield f"{fence}{block.rstrip()}{fence}"


def clean_columns(text: str) -> str:
    """One row of a table without signs that would break its columns."""
    return clean(text).rstrip()


def tokens(line: Line) -> Iterator[str]:
    """A line in pieces that must not be cut: a word, a link, a strong phrase."""
    for span in line:
        match span:
            case Link(text, url) if link := _link(text, url):
                yield link
            case Strong(text):
                yield from (f"*{word}*" for word in map(escape, _phrases(text.strip())) if word.strip())
            case PlaceName(text) if channel := _CHANNEL.fullmatch(text):
                yield f"<#{channel[1]}>"
            case str(text):
                yield from _running(text)
            case Link(text, _) | PlaceName(text):
                yield from outside(text)


def outside(text: str) -> Iterator[str]:
    """A stranger's words in pieces that must not be cut: nothing in them formats."""
    return map(escape, _words(text))


def pack(pieces: Iterable[str], limit: int) -> Iterator[str]:
    """The pieces joined into texts within the limit; none is cut, each must fit by itself."""
    text = ""
    for piece in pieces:
        if text and len(text) + len(piece) > limit:
            yield text
            text = ""
        text += piece
    if text:
        yield text


def unquoted(text: str) -> str:
    """The text, kept from being taken for a quotation by its first sign."""
    return f"{_NOTHING}{text}" if text.startswith("&gt;") else text


def unescape(text: str) -> str:
    """What a person typed, out of what Slack sends: links and mentions as words, entities as signs."""
    bare = re.sub(r"<(?:[@#!][^>|]*\|([^>]*)|[@#!][^>]*|([^>|]+)(?:\|[^>]*)?)>", _typed, text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def links_in(text: str) -> list[str]:
    """The web addresses that Slack marked in a message's text."""
    return [url.replace("&amp;", "&") for url in re.findall(r"<(https?://[^>|]+)(?:\|[^>]*)?>", text)]


def _parted(found: re.Match[str]) -> str:
    return found[0] + _NOTHING


def _typed(found: re.Match[str]) -> str:
    return found[1] or found[2] or ""


def _link(text: str, url: str) -> str:
    shown = escape(cut(text.strip(), _LINK_TEXT)).replace("|", "ǀ")
    if not shown.strip() or len(url) > _URL or not _LINKABLE.fullmatch(url):
        return ""
    return f"<{url.replace('&', '&amp;')}|{shown}>"


def _running(text: str) -> Iterator[str]:
    for at, phrase in enumerate(_CODE.split(text)):
        yield from (f"`{escape(phrase)}`",) if at % 2 else outside(phrase)


def _words(text: str) -> Iterator[str]:
    for word in re.findall(r"\s*\S+\s*|\s+", text):
        yield from (word[at : at + _WORD] for at in range(0, len(word), _WORD))


def _phrases(text: str) -> Iterator[str]:
    return (piece.strip() for piece in pack(_words(text), _WORD))
