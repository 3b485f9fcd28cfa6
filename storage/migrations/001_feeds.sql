-- Feeds, what they brought, and what became of it. Moments are UTC text that sorts as it passes.

-- A watched feed and what is remembered of the last look at it.
CREATE TABLE feeds (
    url TEXT PRIMARY KEY,             -- its name for good, also when it moves
    title TEXT NOT NULL,
    tier TEXT NOT NULL,               -- how close it stands to the models: maker, weights, tester, press, community
    topic TEXT NOT NULL,              -- the group it is listed in
    home TEXT NOT NULL,
    modalities TEXT NOT NULL,         -- words separated by blanks
    paused INTEGER NOT NULL,          -- 1: kept, but not looked at
    address TEXT NOT NULL,            -- where it lives now, after permanent redirects
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    digest TEXT NOT NULL,             -- hash of the bytes read last: the same bytes are not parsed again
    next_at TEXT NOT NULL,
    polled_at TEXT,
    succeeded_at TEXT,
    newest_at TEXT,
    rhythm INTEGER,                   -- mean seconds between its entries
    failures INTEGER NOT NULL,        -- in a row
    health TEXT NOT NULL,             -- new, live, quiet, failing, gone
    reason TEXT NOT NULL,
    since TEXT NOT NULL
);

-- An entry of a feed. The row stays when the feed is removed.
CREATE TABLE items (
    feed TEXT NOT NULL,
    identity TEXT NOT NULL,           -- guid or id, else link, else a hash of the words; never the date
    story TEXT NOT NULL,
    link TEXT NOT NULL,
    link_hash BIGINT,                 -- by which two spellings of one address are found equal; NULL: no link
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    digest TEXT NOT NULL,             -- of title, summary and link: tells a changed entry
    published_at TEXT,
    seen_at TEXT NOT NULL,
    told_at TEXT,                     -- the moment it counts as news from; NULL: old, no longer compared
    source TEXT NOT NULL,
    fate TEXT,                        -- NULL: waits to be tagged
    why TEXT NOT NULL,
    fated_at TEXT,
    PRIMARY KEY (feed, identity)
);
CREATE INDEX items_by_story ON items (story);
CREATE INDEX items_by_link ON items (link_hash);
CREATE INDEX items_by_time ON items (told_at) WHERE told_at IS NOT NULL;
CREATE INDEX items_waiting ON items (seen_at) WHERE fate IS NULL;

-- What an item said before it was changed.
CREATE TABLE item_changes (
    feed TEXT NOT NULL,
    identity TEXT NOT NULL,
    at TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL
);
CREATE INDEX item_changes_by_item ON item_changes (feed, identity);

-- Two stories that turned out to be one: the younger points to the older.
CREATE TABLE story_merges (
    younger TEXT PRIMARY KEY,
    older TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX story_merges_by_older ON story_merges (older);
