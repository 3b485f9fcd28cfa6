"""One look at an address that is not watched: what it is, what it holds, or why it was refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from cascade.feed import Answer, Failed, Feed, Fetched, NotModified, Reason, Visit
from sources.page import Page, read_page
from sources.parse import parse
from sources.raw import Document, Origin

Fetch = Callable[[Visit, datetime], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A feed that was fetched once and can be read."""

    document: Document
    answer: Fetched


async def check(fetch: Fetch, url: str, now: datetime) -> Checked | Failed:
    """Fetch an address once, as if it were a feed."""
    answer = await fetch(stranger(url, now), now)
    if not isinstance(answer, Fetched):
        return _failed(answer)
    found = parse(answer.body, answer.content_type, Origin(feed=url, address=answer.address, source="", now=now))
    return found if isinstance(found, Failed) else Checked(document=found, answer=answer)


async def read_link(fetch: Fetch, url: str, now: datetime) -> Page | Failed:
    """Fetch an address once, as a page to read."""
    answer = await fetch(stranger(url, now), now)
    if not isinstance(answer, Fetched):
        return _failed(answer)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind and not kind.startswith("text/") and "html" not in kind and "xml" not in kind:
        return Failed(reason=Reason.NOT_A_FEED, text=f"it is no page that can be read: its type is {kind[:40]!r}")
    return read_page(answer.body, answer.content_type, answer.address)


def stranger(url: str, now: datetime) -> Visit:
    """A visit to an address of which nothing is remembered."""
    return Visit(feed=Feed(url=url), address=url, next_at=now, since=now)


def _failed(answer: Failed | NotModified) -> Failed:
    """A server that says 304 to a question without a condition gives nothing to read."""
    if isinstance(answer, Failed):
        return answer
    return Failed(reason=Reason.STATUS, text="it answers with status 304 although nothing was known of it")
