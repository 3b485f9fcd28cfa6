"""Small feed documents for tests, and a store to poll into: all over loopback, with the clock in the test's hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from random import Random
from typing import TypeVar

from cascade.feed import Feed, Visit
from cascade.ports import FeedStore
from sources.keep import Pass
from sources.poll import Fetch, poll
from sources.raw import Document, Origin
from storage.database import SQLite
from storage.feeds import FeedRows

NOW = datetime(2026, 5, 18, 9, tzinfo=UTC)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class News:
    """An entry of a feed."""

    id: str = "1"
    link: str = "https://brush.example/2"
    title: str = "Brush 2 paints without the elephant"
    text: str = "Prompts with a not in them work."
    date: str = "Mon, 18 May 2026 08:00:00 GMT"


def rss(*entries: News, title: str = "Brush news") -> bytes:
    """An RSS 2.0 document."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(one.id)}</guid><link>{escape(one.link)}</link>"
        f"<title>{escape(one.title)}</title><description>{escape(one.text)}</description>"
        f"<pubDate>{one.date}</pubDate></item>"
        for one in entries
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


def origin(feed: str = "https://brush.example/feed") -> Origin:
    """Where a document came from: Brush's feed, on Monday."""
    return Origin(feed=feed, address=feed, source="Brush", now=NOW)


@dataclass
class Poller:
    """Polls some feeds into a store in memory; `slept` tells how long it would have waited."""

    fetch: Fetch
    store: FeedStore = field(default_factory=lambda: FeedRows(SQLite(":memory:")))
    slept: list[float] = field(default_factory=list)

    def watch(self, *urls: str, now: datetime = NOW) -> None:
        """Add feeds."""
        self.store.add_feeds([Feed(url=url, title=url) for url in urls], now)

    async def __call__(self, now: datetime = NOW) -> Pass:
        """One pass."""
        return await poll(self._run, self.fetch, now, sleep=self._sleep, rng=Random(7))

    def visit(self, url: str) -> Visit:
        """What is remembered of a feed."""
        return next(visit for visit in self.store.visits() if visit.feed.url == url)

    async def _run(self, ask: Callable[[FeedStore], T]) -> T:
        return ask(self.store)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def titles(found: Document | Pass) -> Sequence[str]:
    """The titles of a document, or of what is new in a pass."""
    return [item.title for item in (found.items if isinstance(found, Document) else found.new)]
