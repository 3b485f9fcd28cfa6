"""Feeds and their items in SQL, read aloud."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cascade.feed import Entry, Feed, ItemHistory, Known, Record, Told, Visit
from cascade.item import Fate, Item, Story
from cascade.links import link_key
from storage import feed_rows as rows
from storage.database import Database
from storage.rows import moment


class FeedRows:
    """The feed store over a database; a `cascade.ports.FeedStore`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add_feeds(self, feeds: Sequence[Feed], now: datetime) -> tuple[Feed, ...]:
        """Watch feeds from now on; those of them that were not watched yet."""
        with self._db.transaction():
            return tuple(feed for feed in feeds if self._add_feed(feed, now))

    def _add_feed(self, feed: Feed, now: datetime) -> bool:
        added = self._db.run(
            """
            INSERT INTO feeds (url, title, tier, topic, home, modalities, paused, address, etag, modified, digest,
                               next_at, failures, health, reason, since)
            VALUES (:url, :title, :tier, :topic, :home, :modalities, :paused, :url, '', '', '',
                    :now, 0, 'new', '', :now)
            ON CONFLICT (url) DO NOTHING
            """,
            now=moment(now),
            **rows.from_feed(feed),
        )
        return added == 1

    def describe_feeds(self, feeds: Sequence[Feed]) -> None:
        """Take over what a list says of watched feeds now; whether they are paused, and how they fare, stays."""
        self._db.many(
            """
            UPDATE feeds SET title = :title, tier = :tier, topic = :topic, home = :home, modalities = :modalities
            WHERE url = :url
            """,
            [rows.from_feed(feed) for feed in feeds],
        )

    def pause_feed(self, url: str, *, paused: bool, now: datetime) -> bool:
        """Leave a feed alone, or look at it again (a gone one too); False when it is not watched."""
        if paused:
            return self._db.run("UPDATE feeds SET paused = 1 WHERE url = :url", url=url) == 1
        resumed = self._db.run(
            """
            UPDATE feeds SET paused = 0, next_at = :now, failures = 0, health = 'new', reason = '', since = :now
            WHERE url = :url
            """,
            url=url,
            now=moment(now),
        )
        return resumed == 1

    def visits(self) -> tuple[Visit, ...]:
        """Every feed with what is remembered of it and how it fares, paused ones too, by url."""
        return tuple(map(rows.to_visit, self._db.all("SELECT * FROM feeds ORDER BY url")))

    def visits_of(self, urls: Sequence[str]) -> tuple[Visit, ...]:
        """These feeds only, those that are watched."""
        found = [self._db.all("SELECT * FROM feeds WHERE url = :url", url=url) for url in urls]
        return tuple(rows.to_visit(row) for one in found for row in one)

    def known_items(self, feed: str) -> tuple[Known, ...]:
        """What is needed of a feed's items to know them again."""
        found = self._db.all("SELECT identity, link, title, digest FROM items WHERE feed = :feed", feed=feed)
        return tuple(map(rows.to_known, found))

    def record_looks(self, records: Sequence[Record], now: datetime) -> None:
        """Keep what looks brought, all or nothing."""
        with self._db.transaction():
            self._db.many(
                """
                UPDATE feeds SET address = :address, etag = :etag, modified = :modified, digest = :digest,
                    next_at = :next_at, polled_at = :polled_at, succeeded_at = :succeeded_at, newest_at = :newest_at,
                    rhythm = :rhythm, failures = :failures, health = :health, reason = :reason, since = :since
                WHERE url = :url
                """,
                [rows.from_visit(record.visit) for record in records],
            )
            self._insert([entry for record in records for entry in record.new])
            self._change(records, now)

    def keep_entry(self, entry: Entry) -> None:
        """Keep an item that no feed brought; one of its name that is there already stays as it is."""
        self._insert([entry])

    def _insert(self, entries: Sequence[Entry]) -> None:
        # The key is not named in ON CONFLICT: it is the only one, and with it SQLite takes a fifth longer.
        self._db.insert(
            """
            INSERT INTO items (feed, identity, story, link, link_hash, title, summary, digest, published_at, seen_at,
                               told_at, source, fate, why, fated_at)
            VALUES (:feed, :identity, COALESCE((SELECT older FROM story_merges WHERE younger = :story), :story),
                    :link, :link_hash, :title, :summary, :digest, :published_at, :seen_at,
                    :told_at, :source, :fate, :why, :fated_at)
            ON CONFLICT DO NOTHING
            """,
            [rows.from_entry(entry) for entry in entries],
        )

    def _change(self, records: Sequence[Record], now: datetime) -> None:
        """Keep the earlier words; an item that was tagged waits again, a baseline item stays one."""
        changed = [rows.from_entry(entry) | {"now": moment(now)} for record in records for entry in record.changed]
        self._db.many(
            """
            INSERT INTO item_changes (feed, identity, at, title, summary)
            SELECT feed, identity, :now, title, summary FROM items WHERE feed = :feed AND identity = :identity
            """,
            changed,
        )
        self._db.many(
            """
            UPDATE items SET title = :title, summary = :summary, digest = :digest, link = :link, link_hash = :link_hash,
                fate = CASE WHEN fate = 'baseline' THEN fate END
            WHERE feed = :feed AND identity = :identity
            """,
            changed,
        )

    def recent_items(self, since: datetime) -> tuple[Told, ...]:
        """The items that are news from `since` on, for joining stories; oldest first."""
        return tuple(
            map(
                rows.to_told,
                self._db.all(
                    """
                    SELECT story, feed, title, substr(summary, 1, 300) AS opening, told_at, seen_at FROM items
                    WHERE told_at >= :since ORDER BY told_at, feed, identity
                    """,
                    since=moment(since),
                ),
            )
        )

    def merge_stories(self, merges: Mapping[str, str], now: datetime) -> None:
        """Make each younger story part of an older one, for good."""
        pairs = [{"younger": younger, "older": older, "now": moment(now)} for younger, older in merges.items()]
        with self._db.transaction():
            self._db.many("UPDATE items SET story = :older WHERE story = :younger", pairs)
            self._db.many("UPDATE story_merges SET older = :older WHERE older = :younger", pairs)
            self._db.many(
                """
                INSERT INTO story_merges (younger, older, at) VALUES (:younger, :older, :now)
                ON CONFLICT (younger) DO UPDATE SET older = :older
                """,
                pairs,
            )

    def merged_into(self, story: str) -> str:
        """The story that this one became part of, or itself."""
        found = self._db.all("SELECT older FROM story_merges WHERE younger = :story", story=story)
        return str(found[0]["older"]) if found else story

    def names_of_story(self, story: str) -> frozenset[str]:
        """The ids of a story that lives: its own, and those of the stories that became part of it."""
        found = self._db.all("SELECT younger FROM story_merges WHERE older = :story", story=story)
        return frozenset({story, *(str(row["younger"]) for row in found)})

    def stories_waiting(self, limit: int) -> tuple[Story, ...]:
        """The stories with an item that waits to be tagged, whole, the longest waiting first."""
        return rows.to_stories(
            self._db.all(
                """
                SELECT items.*, first.since FROM items JOIN (
                    SELECT story, MIN(seen_at) AS since FROM items WHERE fate IS NULL
                    GROUP BY story ORDER BY MIN(seen_at), story LIMIT :limit
                ) AS first ON first.story = items.story
                ORDER BY first.since, items.story, items.seen_at, items.feed, items.identity
                """,
                limit=limit,
            )
        )

    def story(self, story: str) -> Story | None:
        """A story by its id (also one that became part of another); None when there is none."""
        found = self._db.all(
            "SELECT * FROM items WHERE story = :story ORDER BY seen_at, feed, identity", story=self.merged_into(story)
        )
        return next(iter(rows.to_stories(found)), None)

    def set_fate(self, item: Item, fate: Fate, why: str, now: datetime) -> None:
        """Say what became of an item, and why, in a line for people."""
        self._db.run(
            """
            UPDATE items SET fate = :fate, why = :why, fated_at = :now
            WHERE feed = :feed AND identity = :identity
            """,
            feed=item.feed,
            identity=item.identity,
            fate=fate.value,
            why=why,
            now=moment(now),
        )

    def items_at(self, link: str) -> tuple[ItemHistory, ...]:
        """All that became of every item with this link, in any spelling, the first seen first."""
        place = rows.link_hash(link_key(link))
        found = self._db.all(
            "SELECT * FROM items WHERE link_hash = :place ORDER BY seen_at, feed, identity", place=place
        )
        changes = self._db.all(
            """
            SELECT item_changes.* FROM item_changes
            JOIN items ON items.feed = item_changes.feed AND items.identity = item_changes.identity
            WHERE items.link_hash = :place ORDER BY item_changes.at
            """,
            place=place,
        )
        return rows.to_histories(found, changes)

    def count_items(self) -> Mapping[str, int]:
        """How many items there are by fate; those that wait under "waiting"."""
        found = self._db.all("SELECT COALESCE(fate, 'waiting') AS fate, COUNT(*) AS times FROM items GROUP BY fate")
        return {str(row["fate"]): int(row["times"]) for row in found}
