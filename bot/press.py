"""What a button carries, and what it means when it comes back: the same on every platform."""

from collections.abc import Callable
from dataclasses import dataclass

from cascade.errors import BadInput
from cascade.message import Offer
from cascade.sighting import Choice

FIX = "Fix"
COUNTS = "What counts?"
SHARE = "Share"
# What these words do, they do for the person who said them: sharing would do it again.
_ACTING = frozenset(
    {"confirm", "reject", "unsure", "undo", "report", "subscribe", "unsubscribe"}
    | {"watch", "unwatch", "watches", "link", "unlink", "feeds"}
)


@dataclass(frozen=True)
class Asks:
    """Answer these words."""

    words: str


@dataclass(frozen=True)
class Votes:
    """A person's word on a sighting."""

    sighting: str
    choice: Choice


@dataclass(frozen=True)
class Fixes:
    """Open the form that corrects a sighting."""

    sighting: str


@dataclass(frozen=True)
class AsksWhatCounts:
    """Show the rules by which a sighting is judged."""

    sighting: str


@dataclass(frozen=True)
class Shares:
    """Answer these words where everybody can read it."""

    words: str


Press = Asks | Votes | Fixes | AsksWhatCounts | Shares


def read_press(value: str) -> Press:
    """What a button's value asks for; raises BadInput for one that Cascade never made."""
    kind, _, rest = value.partition(":")
    simple: dict[str, Callable[[str], Press]] = {
        "ask": Asks,
        "fix": Fixes,
        "counts": AsksWhatCounts,
        "share": Shares,
    }
    if kind in simple:
        return simple[kind](rest)
    sighting, _, choice = rest.partition(":")
    if kind != "vote" or choice not in tuple(Choice):
        raise BadInput("This button is from another time: ask again for a fresh one")
    return Votes(sighting, Choice(choice))


def share_offer(words: str) -> Offer | None:
    """The button that repeats an answer for everybody; None for words that do something."""
    words = words.strip().removeprefix("/").removeprefix("cascade").strip()
    first = words.partition(" ")[0].lower()
    return None if first in _ACTING else Offer(SHARE, f"share:{words}")
