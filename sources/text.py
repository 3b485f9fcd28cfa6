"""Markup to plain words. What comes out holds no tags, no entities and no control characters."""

import html
import re

import nh3

MAX_TITLE = 300
MAX_TEXT = 4000
_MAX_MARKUP = 60_000  # markup beyond this is not even looked at: it could not reach the first 4,000 characters
_MAX_TAGS = 1000
_BLOCK = re.compile(
    r"<(?=/?(?:p|br|div|li|h[1-6]|tr|td|th|ul|ol|dd|dt|blockquote|pre|section|article|table)\b)", re.IGNORECASE
)
# Control and invisible direction signs: they could turn a line around or hide words in it.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def plain(markup: str, limit: int) -> str:
    """The words of a piece of HTML on one line, at most `limit` characters, cut at a word where that is near."""
    text = markup[:_MAX_MARKUP]
    if "<" in text:
        text = nh3.clean(_BLOCK.sub(" <", _with_few_tags(text)), tags=set())
    if "&" in text:
        text = html.unescape(text)
    if not text.isprintable() or "  " in text:  # the only printable blank is the space
        text = " ".join(_INVISIBLE.sub(" ", text).split())
    return shorten(text.strip(), limit)


def _with_few_tags(markup: str) -> str:
    """The markup up to its thousandth tag: what 12,000 in each other cost grows with their square."""
    pieces = markup.split("<", _MAX_TAGS + 1)
    return markup if len(pieces) <= _MAX_TAGS + 1 else "<".join(pieces[:-1])


def shorten(text: str, limit: int) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit - 40)
    return (cut[:space] if space > 0 else cut).rstrip() + "…"
