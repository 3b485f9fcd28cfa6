"""`feeds` names every feed in trouble with the reason and since when."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from bot.ask import ask
from bot.asked import asked
from cascade.feed import Failed, Feed, Health, Reason, Record, Visit
from cascade.message import Message
from sources.schedule import answered, failed
from storage.database import SQLite
from storage.store import Store
from tests.make import DAY, MONDAY, taxonomy

MISSING = Failed(reason=Reason.STATUS, text="it answers with status 404")
GONE = Failed(reason=Reason.GONE, text="it says that it is gone for good (410)")


@pytest.fixture
def store() -> Iterator[Store]:
    """A fresh one."""
    made = Store(SQLite(":memory:"))
    yield made
    made.close()


def watch(store: Store, name: str, *looks: Failed | None, newest: timedelta = timedelta()) -> None:
    """A feed that was looked at once a day from Monday on: failed, or answered (None)."""
    feed = Feed(url=f"https://{name}.example/feed", title=name)
    store.add_feeds([feed], MONDAY)
    visit = Visit(feed=feed, address=feed.url, next_at=MONDAY, since=MONDAY, newest_at=MONDAY - newest)
    for day, why in enumerate(looks):
        now, rng = MONDAY + day * DAY, Random(day)
        visit = failed(visit, why, now, rng) if why else answered(visit, now, rng)
    store.record_looks([Record(visit=visit)], MONDAY)


def said(store: Store) -> Message:
    """What the team is told."""
    return ask(asked(taxonomy(), store, MONDAY + 7 * DAY), "feeds")


def test_every_feed_in_trouble_is_named(store: Store) -> None:
    """Failing, quiet, gone, and one that never answered; one that is well is counted."""
    watch(store, "well", None)
    watch(store, "failing", None, MISSING, MISSING, MISSING)
    watch(store, "quiet", None, newest=100 * DAY)
    watch(store, "gone", None, GONE)
    watch(store, "wrong", MISSING)
    message = said(store)
    lines = list(message.words())
    assert message.headline == "5 feeds: 1 new, 1 live, 1 quiet, 1 failing and 1 gone"
    assert lines[1:5] == [
        "failing: failing since 2026-05-21, it answers with status 404",
        "quiet: quiet since 2026-05-18, nothing new since 2026-02-07",
        "gone: gone since 2026-05-19, it says that it is gone for good (410)",
        "wrong: never answered since 2026-05-18, it answers with status 404",
    ]


def test_many_in_trouble_are_not_hidden(store: Store) -> None:
    """Those beyond the list are counted; a feed not asked yet is in no trouble."""
    for number in range(17):
        watch(store, f"wrong-{number:02}", MISSING)
    store.add_feeds([Feed(url="https://fresh.example/feed")], MONDAY)
    message = said(store)
    lines = list(message.words())
    assert message.headline == "18 feeds: 18 new"
    assert "2 more are in trouble" in lines[16]
    assert not any("fresh" in line for line in lines)
    assert {one["health"] for one in message.facts["feeds"]} == {Health.NEW}
