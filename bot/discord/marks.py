"""What makes a message of ours known again: a nonce for the first minutes, a mark for ever.

Discord remembers an enforced nonce for a few minutes only, and takes none for forum posts,
interactions and webhooks. The mark stays: on a card at the end of a button's custom id, on
embeds as the fragment of the title's link, which leads to the channel itself.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_IN_ID = re.compile(r"#([0-9a-f]{16})\.(\d+)\.(\d+)$")


@dataclass(frozen=True)
class Mark:
    """Message `number` of the `total` that one marker became."""

    name: str  # from `name_of`
    number: int = 1
    total: int = 1

    def __str__(self) -> str:
        return f"#{self.name}.{self.number}.{self.total}"

    @property
    def nonce(self) -> str:
        """The same for the same message, at most 25 characters."""
        return f"{self.name}.{self.number}"[:25]


def name_of(marker: str) -> str:
    """A marker in 16 characters that pass through addresses and custom ids unchanged."""
    return hashlib.sha256(marker.encode()).hexdigest()[:16]


def read_mark(text: str) -> Mark | None:
    """The mark at the end of a custom id or a link; None when there is none."""
    found = _IN_ID.search(text)
    return Mark(found[1], int(found[2]), int(found[3])) if found else None


def mark_of(embeds: Iterable[Any], components: Iterable[Any]) -> Mark | None:
    """The mark that a message carries, from discord.py's embeds and components."""
    texts = (*(embed.url or "" for embed in embeds), *_custom_ids(components))
    return next((mark for text in texts if (mark := read_mark(text))), None)


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for one in components:
        yield getattr(one, "custom_id", None) or ""
        yield from _custom_ids(getattr(one, "children", ()))
