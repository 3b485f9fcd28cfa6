"""Watched feeds as plain values: what a visit knew, what a look brought, how a feed fares."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cascade.item import Fate, Item, Tier


class Health(StrEnum):
    """How a feed fares."""

    NEW = "new"  # never answered yet
    LIVE = "live"
    QUIET = "quiet"  # answers, but is silent against its own rhythm
    FAILING = "failing"  # several looks in a row brought nothing readable
    GONE = "gone"  # said 410: not asked again until a person resumes it


class Reason(StrEnum):
    """Why a look at a feed brought nothing."""

    REFUSED = "refused"  # an address that is never asked: private, reserved, not http
    UNREACHABLE = "unreachable"  # no such name, no connection
    TIMEOUT = "timeout"
    STATUS = "status"  # an error status
    LIMITED = "limited"  # asked to come back later
    GONE = "gone"
    REDIRECTS = "redirects"  # too many, or in a circle, or to nowhere
    TOO_LARGE = "too-large"
    ENCODING = "encoding"  # a transfer or text encoding that cannot be undone
    EMPTY = "empty"
    NOT_A_FEED = "not-a-feed"
    BROKEN = "broken"  # begins like a feed, and no entry can be read

    @property
    def is_network(self) -> bool:
        """Whether our own connection may be to blame."""
        return self in {Reason.UNREACHABLE, Reason.TIMEOUT}


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A watched feed. Its address is its name for good, also when it moves."""

    url: str
    title: str = ""
    tier: Tier = Tier.PRESS
    group: str = ""
    home: str = ""  # the page that people read; "" when unknown
    modalities: tuple[str, ...] = ()  # what it mostly writes about
    paused: bool = False


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is remembered of a feed between two looks. Moments are UTC."""

    feed: Feed
    address: str  # where it lives now: differs from the feed's url after a permanent redirect
    etag: str = ""
    modified: str = ""  # the Last-Modified header, as it came
    digest: str = ""  # hash of the bytes that were read last; "" before the first
    next_at: datetime
    polled_at: datetime | None = None  # None: never looked at
    succeeded_at: datetime | None = None  # None: never brought anything readable
    newest_at: datetime | None = None  # when it last brought something new; None before the first
    rhythm: timedelta | None = None  # mean time between its entries; None while unknown
    failures: int = 0  # in a row
    health: Health = Health.NEW
    reason: str = ""  # why its health is what it is, for people
    since: datetime  # since when


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A document arrived. `moved` is where the feed said it lives from now on, "" when it did not."""

    body: bytes
    address: str  # after all redirects
    content_type: str = ""
    etag: str = ""
    modified: str = ""
    moved: str = ""
    max_age: timedelta | None = None  # how long the answer says it stays fresh


@dataclass(frozen=True, kw_only=True)
class NotModified:
    """The feed says that nothing changed."""

    moved: str = ""
    max_age: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Failed:
    """Nothing readable, and why. `text` is one line for a person."""

    reason: Reason
    text: str
    retry_after: timedelta | None = None  # None: the feed named no time
    instead: tuple[str, ...] = ()  # the feeds that a web page names


Answer = Fetched | NotModified | Failed


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is needed of a stored item to know it again."""

    identity: str
    url: str
    title: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An item on its way into the store, with the story it belongs to."""

    item: Item
    digest: str  # of its title, link and text
    link_key: str  # by which two spellings of its link are found equal; "" for no link
    story: str
    fate: Fate | None = None  # None: waits to be tagged
    why: str = ""  # the fate's reason, for people


@dataclass(frozen=True, kw_only=True)
class Record:
    """All that one look at one feed leaves behind."""

    visit: Visit
    new: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()  # known items whose words changed; their story stays


@dataclass(frozen=True, kw_only=True)
class Told:
    """A recent item as stories are compared: where it stands and what it says."""

    story: str
    feed: str
    title: str
    opening: str = ""  # how its text begins
    at: datetime  # when it was published, or seen where that is unknown; UTC
    seen_at: datetime  # UTC


@dataclass(frozen=True, kw_only=True)
class Change:
    """An earlier wording of an item."""

    at: datetime  # when the new words were seen, UTC
    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class ItemHistory:
    """All that became of an item."""

    item: Item
    story: str
    fate: Fate | None  # None: waits to be tagged
    why: str = ""
    fated_at: datetime | None = None  # UTC
    changes: tuple[Change, ...] = field(default=())  # oldest first


@dataclass(frozen=True, kw_only=True)
class HealthChange:
    """A feed's health became another: told once."""

    feed: Feed
    was: Health
    now: Health
    reason: str
    at: datetime  # UTC
