"""What every Store does with feeds, items, stories and fates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cascade.feed import Entry, Feed, Health, Record, Visit
from cascade.item import Fate, Item, Tier
from cascade.links import link_key
from cascade.ports import FeedStore

NOW = datetime(2026, 5, 18, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BRUSH = Feed(
    url="https://brush.example/feed",
    title="Brush",
    tier=Tier.MAKER,
    group="labs",
    home="https://brush.example/",
    modalities=("image", "video"),
)
OTHER = Feed(url="https://other.example/feed")


def item(number: int = 1, feed: Feed = BRUSH, *, seen: datetime = NOW, title: str = "Brush 2 is out") -> Item:
    """An entry of Brush's feed."""
    link = f"https://brush.example/{number}"
    return Item(
        feed=feed.url, identity=f"id-{number}", url=link, title=title, summary="Words.", seen_at=seen, source="Brush"
    )


def entry(one: Item, *, story: str = "story-1", fate: Fate | None = None, digest: str = "d1") -> Entry:
    """The item on its way into the store."""
    return Entry(item=one, digest=digest, link_key=link_key(one.url), story=story, fate=fate, why="why" if fate else "")


def look(
    store: FeedStore, feed: Feed, new: Sequence[Entry] = (), changed: Sequence[Entry] = (), now: datetime = NOW
) -> None:
    """Record one look at a feed."""
    visit = Visit(feed=feed, address=feed.url, next_at=now + DAY, since=now)
    store.record_looks([Record(visit=visit, new=tuple(new), changed=tuple(changed))], now)


class FeedContract:
    """What every FeedStore does. SQLite and PostgreSQL both run this."""

    def test_a_feed_is_added_once(self, store: FeedStore) -> None:
        """The second time it is known; what is remembered of it stays."""
        assert store.add_feeds([BRUSH, OTHER], NOW) == (BRUSH, OTHER)
        assert store.add_feeds([OTHER, BRUSH], NOW + DAY) == ()
        first, second = store.visits()
        assert (first.feed, second.feed) == (BRUSH, OTHER)
        assert (first.health, first.address, first.next_at, first.polled_at) == (Health.NEW, BRUSH.url, NOW, None)

    def test_a_visit_comes_back_as_it_was_recorded(self, store: FeedStore) -> None:
        """Every field of it."""
        store.add_feeds([BRUSH], NOW)
        visit = Visit(
            feed=BRUSH,
            address="https://brush.example/moved",
            etag='W/"a"',
            modified="Mon, 18 May 2026 08:00:00 GMT",
            digest="abc",
            next_at=NOW + DAY,
            polled_at=NOW,
            succeeded_at=NOW,
            newest_at=NOW - DAY,
            rhythm=timedelta(hours=7),
            failures=2,
            health=Health.QUIET,
            reason="nothing new",
            since=NOW,
        )
        store.record_looks([Record(visit=visit)], NOW)
        assert store.visits() == (visit,)

    def test_pausing_and_resuming(self, store: FeedStore) -> None:
        """A resumed feed is due at once, with a clean sheet; a feed that is not watched is neither."""
        store.add_feeds([BRUSH], NOW)
        gone = replace(store.visits()[0], health=Health.GONE, failures=1, reason="gone", next_at=NOW + 100 * DAY)
        store.record_looks([Record(visit=gone)], NOW)
        assert store.pause_feed(BRUSH.url, paused=True, now=NOW)
        assert store.visits()[0].feed.paused
        assert store.pause_feed(BRUSH.url, paused=False, now=NOW + DAY)
        [back] = store.visits()
        assert (back.health, back.next_at, back.failures, back.feed.paused) == (Health.NEW, NOW + DAY, 0, False)
        assert not store.pause_feed(OTHER.url, paused=True, now=NOW)

    def test_what_a_list_says_now_is_taken_over(self, store: FeedStore) -> None:
        """Title, tier, group, home and modalities; a person's pause stays, and nothing new is watched."""
        store.add_feeds([BRUSH], NOW)
        store.pause_feed(BRUSH.url, paused=True, now=NOW)
        newer = replace(BRUSH, title="Brushworks", tier=Tier.PRESS, group="press", home="", modalities=("3d",))
        store.describe_feeds([newer, OTHER])
        assert [visit.feed for visit in store.visits()] == [replace(newer, paused=True)]

    def test_an_item_is_kept_once(self, store: FeedStore) -> None:
        """The same identity of the same feed is one item, and of another feed another one."""
        look(store, BRUSH, [entry(item())])
        look(store, BRUSH, [entry(item(title="again"))], now=NOW + DAY)
        look(store, OTHER, [entry(item(feed=OTHER))])
        assert [(one.identity, one.title, one.digest) for one in store.known_items(BRUSH.url)] == [
            ("id-1", "Brush 2 is out", "d1")
        ]
        assert store.count_items() == {"waiting": 2}

    def test_a_thousand_items_of_one_look(self, store: FeedStore) -> None:
        """Each is kept as it came; one that is known stays, one of a merged story goes where that went."""
        items = [item(number, title=f"Brush {number} is out") for number in range(1203)]
        look(store, BRUSH, [entry(items[7], digest="before")])
        store.merge_stories({"story-9": "story-8"}, NOW)
        look(store, BRUSH, [entry(one, story=f"story-{number}") for number, one in enumerate(items)])
        known = {one.identity: one for one in store.known_items(BRUSH.url)}
        assert len(known) == 1203
        assert known["id-7"].digest == "before"
        assert {known[one.identity].title for one in items} == {one.title for one in items}
        story = store.story("story-8")
        assert story
        assert [one.identity for one in story.items] == ["id-8", "id-9"]

    def test_an_item_that_no_feed_brought(self, store: FeedStore) -> None:
        """It is kept as any other, once."""
        store.keep_entry(entry(item()))
        store.keep_entry(entry(item(title="again")))
        [story] = store.stories_waiting(10)
        assert story.lead == item()

    def test_a_changed_item_keeps_its_story_and_its_earlier_words(self, store: FeedStore) -> None:
        """It waits to be tagged again; the first words, and when they went, are kept."""
        look(store, BRUSH, [entry(item())])
        store.set_fate(item(), Fate.TAGGED, "tagged", NOW)
        look(store, BRUSH, changed=[entry(item(title="Brush 2.1"), story="", digest="d2")], now=NOW + DAY)
        [story] = store.stories_waiting(10)
        assert (story.id, story.lead.title) == ("story-1", "Brush 2.1")
        [history] = store.items_at("https://brush.example/1")
        assert [(one.at, one.title) for one in history.changes] == [(NOW + DAY, "Brush 2 is out")]

    def test_a_changed_baseline_item_stays_one(self, store: FeedStore) -> None:
        """Old news does not become new by being edited."""
        look(store, BRUSH, [entry(item(), fate=Fate.BASELINE)])
        look(store, BRUSH, changed=[entry(item(title="Brush 2.1"), story="", digest="d2")], now=NOW + DAY)
        assert store.stories_waiting(10) == ()
        assert store.count_items() == {"baseline": 1}

    def test_a_look_is_kept_whole_or_not_at_all(self, store: FeedStore) -> None:
        """When one record cannot be kept, nothing of the others is."""
        store.add_feeds([BRUSH], NOW)
        bad = replace(entry(item(2)), story=None)  # type: ignore[arg-type]
        try:
            look(store, BRUSH, [entry(item()), bad])
        except Exception:  # each engine has its own; what counts is what is left
            assert store.count_items() == {}
            assert store.visits()[0].next_at == NOW
        else:
            raise AssertionError("a story is needed")

    def test_the_stories_that_wait_come_whole_and_in_order(self, store: FeedStore) -> None:
        """The longest waiting first, with the members that wait no more, as many as asked for."""
        look(store, BRUSH, [entry(item(1, seen=NOW + DAY), story="late"), entry(item(2), story="early")])
        look(store, BRUSH, [entry(item(3, seen=NOW - DAY), story="late", fate=Fate.BASELINE)])
        early, late = store.stories_waiting(10)
        assert (early.id, [one.identity for one in early.items]) == ("early", ["id-2"])
        assert (late.id, [one.identity for one in late.items]) == ("late", ["id-3", "id-1"])
        assert [story.id for story in store.stories_waiting(1)] == ["early"]
        assert store.story("late") == late
        assert store.story("none") is None

    def test_merged_stories_are_one_for_good(self, store: FeedStore) -> None:
        """Their items, their names, and what comes later under the younger name; along a chain too."""
        look(store, BRUSH, [entry(item(1), story="a"), entry(item(2), story="b"), entry(item(3), story="c")])
        store.merge_stories({"b": "a"}, NOW)
        store.merge_stories({"a": "c"}, NOW)
        look(store, OTHER, [entry(item(4, feed=OTHER), story="b")])
        assert {store.merged_into(story) for story in ("a", "b", "c")} == {"c"}
        assert store.names_of_story("c") == {"a", "b", "c"}
        story = store.story("b")
        assert story
        assert len(story.items) == 4

    def test_news_is_what_was_told_lately(self, store: FeedStore) -> None:
        """Undated old items are no news; new ones count from when they were seen or dated."""
        dated = replace(item(1), published=NOW - 3 * DAY)
        look(
            store,
            BRUSH,
            [
                entry(dated, story="dated"),
                entry(item(2), story="seen"),
                entry(item(3), story="old", fate=Fate.BASELINE),
                entry(replace(item(4), published=NOW - 90 * DAY), story="older", fate=Fate.BASELINE),
                entry(replace(item(5), published=NOW - 2 * DAY), story="recent", fate=Fate.BASELINE),
            ],
        )
        assert [told.story for told in store.recent_items(NOW - 30 * DAY)] == ["dated", "recent", "seen"]
        [seen] = store.recent_items(NOW - DAY)
        assert (seen.story, seen.title, seen.opening) == ("seen", "Brush 2 is out", "Words.")

    def test_an_items_fate_is_found_by_any_spelling_of_its_link(self, store: FeedStore) -> None:
        """What became of it, why and when; a link that nobody brought has no history."""
        look(store, BRUSH, [entry(item())])
        store.set_fate(item(), Fate.NO_CLAIM, "it claims nothing", NOW + DAY)
        for link in ("https://brush.example/1", "http://www.brush.example/1/?utm_source=x#rss"):
            [history] = store.items_at(link)
            assert (history.fate, history.why, history.fated_at) == (Fate.NO_CLAIM, "it claims nothing", NOW + DAY)
        assert store.items_at("https://brush.example/none") == ()
        assert store.items_at("no link") == ()
        assert store.count_items() == {"no-claim": 1}
