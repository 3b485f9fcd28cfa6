"""Words from outside as Discord's markdown that can neither format nor mention.

What is escaped follows Discord's "Markdown Text 101" and "Message Formatting" pages: `<` opens
every mention, timestamp and custom emoji; `://` makes a link of bare text; `#`, `-`, `>` and
`1.` count at the start of a line only.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from bot.terminal.render import clean
from cascade.message import Line, Link, PlaceName, Strong

LONGEST_URL = 512  # longer ones would eat the space of the words; the words then stand alone
_ANYWHERE = str.maketrans({sign: f"\\{sign}" for sign in "\\*_~|`[]()<>"})
_COLON = re.compile(r":(?=//|$|(?:\w|\\_)+:)")  # of an address, or of an emoji's name with its signs escaped
_AT_START = re.compile(r"^(\s*)([#>+-]|\d+(?=\.))")
_CHANNEL = re.compile(r"discord:([0-9]+)(?:\+.*)?")  # a forum's goes on with its tags
_WHOLE = 200  # emphasis up to this length is never parted
_WORD_JOINER = "\u2060"  # keeps @everyone from being read as one word, and stays unseen


def escape(text: str) -> str:
    """The text on one line, shown by Discord just as it is."""
    return _escape(clean(text))


def _escape(bare: str) -> str:
    shown = _COLON.sub(r"\\:", bare.translate(_ANYWHERE))
    shown = _AT_START.sub(_escaped_start, shown)
    return shown.replace("@", f"@{_WORD_JOINER}")


def size(text: str) -> int:
    """The length as Discord may count it at most: in UTF-16 units, where an emoji counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(line: Line, limit: int) -> list[str]:
    """A line as markdown, in as many pieces of at most `limit` as it takes; no link or escape is cut."""
    done, current = [], ""
    for token in _tokens(line, limit):
        if current and size(current) + size(token) > limit:
            done.append(current.rstrip())
            current = ""
        current += token if current else token.lstrip()
    return [*done, *([current.rstrip()] if current.strip() else [])]


def fitted(line: Line, limit: int) -> str:
    """A line as markdown, cut to `limit` with a sign that it was."""
    whole = pieces(line, limit)
    if len(whole) < 2:
        return whole[0] if whole else ""
    return f"{pieces(line, limit - 2)[0]} …"


def cut(text: str, limit: int) -> str:
    """Plain text for labels and titles, shortened with a sign that it was."""
    bare = clean(text).rstrip()
    if size(bare) <= limit:
        return bare
    return f"{_first(bare, limit - 1).rstrip()}…"


def address(url: str) -> str | None:
    """An http(s) address made safe to stand in a markdown link; None for any other."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    safe = quote(url.strip(), safe="%/:?#@!$&'*+,;=~-._[]")
    return safe if size(safe) <= LONGEST_URL else None


def _first(text: str, units: int) -> str:
    """The beginning of a text, as many UTF-16 units long."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


def _escaped_start(found: re.Match[str]) -> str:
    lead, sign = found[1], found[2]
    return f"{lead}{sign}\\" if sign.isdigit() else f"{lead}\\{sign}"


def _tokens(line: Line, limit: int) -> Iterator[str]:
    """Markdown that must stay whole: words with the space after them, links."""
    for span in line:
        match span:
            case Link(text, url):
                yield from _link(text, url, limit)
            case Strong(text):
                yield from _strong(text, limit)
            case PlaceName(text) if channel := _CHANNEL.fullmatch(text):
                yield f"<#{channel[1]}>"
            case str(text) | PlaceName(text):
                yield from _words(text, limit)


def _link(text: str, url: str, limit: int) -> Iterator[str]:
    where = address(url)
    # Discord shows no masked link whose words look like an address themselves.
    # Brackets inside the words would end the link early.
    words = re.sub(r"^https?://", "", clean(text).strip()).replace("[", "(").replace("]", ")")
    if where is None or not words:
        yield from _words(text, limit)
        return
    room = limit - size(where) - 4
    if room < 20:
        yield from _words(words, limit)
        return
    while size(escape(words)) > room:
        words = words[: max(1, len(words) * 3 // 4)].rstrip() + "…" if len(words) > 2 else "…"
    yield f"[{escape(words)}]({where})"


def _strong(text: str, limit: int) -> Iterator[str]:
    whole = escape(text.strip())
    if not whole or size(whole) <= min(limit - 4, _WHOLE):
        yield f"**{whole}**" if whole else ""
        return
    for token in _words(text, limit - 5):
        yield f"**{token.strip()}** " if token.strip() else ""


def _words(text: str, limit: int) -> Iterator[str]:
    for word in re.findall(r"\s*\S+\s*|\s+", clean(text)):
        yield from _split(word, limit)


def _split(word: str, limit: int) -> Iterator[str]:
    """One clean word, escaped; in pieces where it alone is longer than the limit."""
    whole = _escape(word)
    if size(whole) <= limit:
        yield whole
        return
    step = max(limit // 3, 1)  # an escaped sign takes at most two places, an emoji at most two
    for at in range(0, len(word), step):
        yield _escape(word[at : at + step])
