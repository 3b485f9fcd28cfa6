"""What every Store does with the text of old items."""

from cascade.feed import Entry, Feed, Record
from cascade.item import Fate, Item
from cascade.links import link_key
from cascade.ports import Store
from tests.make import DAY, MONDAY

FEED = Feed(url="https://maker.example/feed", title="Maker")


def entry(identity: str, days_ago: int, fate: Fate | None = Fate.IRRELEVANT) -> Entry:
    """An item that was seen some days before Monday."""
    item = Item(
        feed=FEED.url,
        identity=identity,
        url=f"https://maker.example/{identity}",
        title="A title",
        summary="A text.",
        published=None,
        seen_at=MONDAY - days_ago * DAY,
        source="Maker",
    )
    return Entry(item=item, digest="d", link_key=link_key(item.url), story=identity, fate=fate, why="why")


class RetentionContract:
    """Every engine runs this."""

    def test_old_text_goes_and_its_fate_stays(self, store: Store) -> None:
        """Title, link and fate are kept; newer text and what waits to be tagged stays whole."""
        store.add_feeds([FEED], MONDAY)
        news = (entry("old", 400), entry("new", 10), entry("waits", 400, None))
        store.record_looks([Record(visit=store.visits()[0], new=news)], MONDAY)
        assert store.drop_old_text(MONDAY - 365 * DAY) == 1
        (old,), (new,), (waits,) = (store.items_at(f"https://maker.example/{name}") for name in ("old", "new", "waits"))
        assert (old.item.title, old.item.summary, old.fate, old.why) == ("A title", "", Fate.IRRELEVANT, "why")
        assert (new.item.summary, waits.item.summary) == ("A text.", "A text.")
        assert [known.digest for known in store.known_items(FEED.url)] == ["d", "d", "d"]
        assert store.drop_old_text(MONDAY - 365 * DAY) == 0

    def test_only_the_named_feeds(self, store: Store) -> None:
        """A job looks at its own feeds and at no other."""
        store.add_feeds([FEED, Feed(url="https://other.example/feed")], MONDAY)
        assert [visit.feed for visit in store.visits_of([FEED.url, "https://nobody.example"])] == [FEED]
