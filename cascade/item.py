"""News as plain values: an entry of a feed, and the entries that are one piece of news."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Tier(StrEnum):
    """How close a source stands to the model it writes about."""

    MAKER = "maker"
    WEIGHTS = "weights"  # the page where the weights lie
    TESTER = "tester"  # an independent test
    PRESS = "press"
    COMMUNITY = "community"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry of a feed. Its text is plain: no markup, but still a stranger's words."""

    feed: str  # the feed's address
    identity: str  # guid or id, else link, else a hash of the title; never the date
    url: str  # canonical link; "" when the entry has none
    title: str
    summary: str = ""
    published: datetime | None = None  # what the feed says, UTC; None when it says nothing usable
    seen_at: datetime  # when it was first fetched, UTC
    source: str = ""  # the feed's title


@dataclass(frozen=True, kw_only=True)
class Story:
    """The items about one piece of news, the first seen first."""

    id: str
    items: tuple[Item, ...] = field(default=())

    @property
    def lead(self) -> Item:
        """The item that the story is told by: the first that was seen."""
        return self.items[0]


class Fate(StrEnum):
    """How far an item came, and why no further."""

    BASELINE = "baseline"  # there at the first poll of its feed: stored, never tagged
    FOLDED = "folded"  # tells nothing beyond a story that was tagged already
    IRRELEVANT = "irrelevant"  # not about what a generative model can do
    NO_CLAIM = "no-claim"  # relevant, but no capability in a stage is claimed
    ANNOUNCED = "announced"  # claims something that nobody can use yet
    TAGGED = "tagged"  # gave at least one candidate
