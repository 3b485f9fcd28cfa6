-- Who gets digests, what is owed to whom, and how far each part of it has come.

-- A weekly digest for one place.
CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY,
    team TEXT NOT NULL,
    place TEXT NOT NULL,              -- platform:id
    weekday TEXT NOT NULL,            -- by name
    hour INTEGER NOT NULL,            -- 0 to 23, by the zone's clocks
    zone TEXT NOT NULL,
    stages TEXT NOT NULL,             -- JSON list of ids; [] means all
    capabilities TEXT NOT NULL,       -- the same
    tells_quiet INTEGER NOT NULL,     -- 0: a week in which nothing changed is not posted
    since TEXT NOT NULL,              -- slots before this moment are not owed
    trouble TEXT NOT NULL             -- why the last digest could not be posted; '' when all is well
);

-- One digest that was claimed: who, which week (or day), and the stretch of time it tells about.
CREATE TABLE digests (
    owner TEXT NOT NULL,              -- a subscription's id, or a watcher's
    slot TEXT NOT NULL,               -- 2026-W20; a day for a watcher
    copy INTEGER NOT NULL,            -- 0; higher when a person had it sent again
    place TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    covers TEXT NOT NULL,             -- JSON list of slots
    claimed_at TEXT NOT NULL,
    PRIMARY KEY (owner, slot, copy)
);
CREATE INDEX digests_newest ON digests (owner, ends);

-- Every slot is told in one digest: this is the row that only one claim can write.
CREATE TABLE digest_slots (
    owner TEXT NOT NULL,
    slot TEXT NOT NULL,
    told_in TEXT NOT NULL,
    PRIMARY KEY (owner, slot)
);

-- The rendered messages of a digest, frozen when it was claimed. Drawn in cascade/delivery.py.
CREATE TABLE digest_parts (
    owner TEXT NOT NULL,
    slot TEXT NOT NULL,
    copy INTEGER NOT NULL,
    number INTEGER NOT NULL,          -- 0 stands in the place, the others in its thread
    message TEXT NOT NULL,            -- JSON
    progress TEXT NOT NULL,           -- waiting, trying, sent, dropped
    ref TEXT NOT NULL,
    tried_at TEXT,
    tries INTEGER NOT NULL,
    next_at TEXT,
    trouble TEXT NOT NULL,
    PRIMARY KEY (owner, slot, copy, number)
);
CREATE INDEX digest_parts_open ON digest_parts (progress, owner, slot);

-- What a digest said of which cell: later errata are measured by it.
CREATE TABLE digest_told (
    owner TEXT NOT NULL,
    slot TEXT NOT NULL,
    capability TEXT NOT NULL,
    stage TEXT NOT NULL,
    works INTEGER NOT NULL,
    model TEXT NOT NULL,
    when_first TEXT,
    when_last TEXT,
    PRIMARY KEY (owner, slot, capability, stage)
);

-- Corrections to be added to messages that were sent.
CREATE TABLE digest_marks (
    owner TEXT NOT NULL,
    slot TEXT NOT NULL,               -- the digest that is marked
    noted_in TEXT NOT NULL,           -- the digest that carries the erratum
    note TEXT NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (owner, slot, noted_in, note)
);
CREATE INDEX digest_marks_open ON digest_marks (owner, slot) WHERE done = 0;

-- What a person wants to hear of: a capability, a stage, or one cell.
CREATE TABLE watches (
    team TEXT NOT NULL,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    capability TEXT NOT NULL,         -- '' means all
    stage TEXT NOT NULL,              -- the same
    since TEXT NOT NULL,
    PRIMARY KEY (team, platform, person, capability, stage)
);
