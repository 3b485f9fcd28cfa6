-- Claims, the words of people on them, and the cards by which people were asked.

-- One claim that a model works for, or still fails at, a capability in a stage.
CREATE TABLE sightings (
    id TEXT PRIMARY KEY,              -- short, from story + cell + verdict: the same input gives the same id
    capability TEXT NOT NULL,
    stage TEXT NOT NULL,
    model TEXT NOT NULL,
    org TEXT NOT NULL,
    verdict TEXT NOT NULL,            -- works, still-fails
    happened_first TEXT,              -- a range of days; both NULL when undated
    happened_last TEXT,
    evidence TEXT NOT NULL,           -- JSON: [{url, title, says, published_first, published_last, kind}]
    quote TEXT NOT NULL,
    probability REAL,                 -- the classifier's; NULL for the atlas
    story TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    only_announced INTEGER NOT NULL,  -- 1: nobody can use it yet
    reporter_platform TEXT,           -- who reported it; atlas for the rows that ship with Cascade
    reporter TEXT,
    reporter_name TEXT,
    confidence TEXT NOT NULL,
    note TEXT NOT NULL,
    rival TEXT NOT NULL
);
CREATE INDEX sightings_by_story ON sightings (story);

-- Only ever added to: taking a vote back is a row with the choice "none".
CREATE TABLE votes (
    number INTEGER PRIMARY KEY,       -- the order in which they came
    team TEXT NOT NULL,
    sighting TEXT NOT NULL REFERENCES sightings (id),
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    choice TEXT NOT NULL,             -- confirm, reject, unsure, none
    at TEXT NOT NULL,
    counts INTEGER NOT NULL,          -- 0: the person may not review; recorded all the same
    rules TEXT NOT NULL,              -- the taxonomy version that was shown
    place TEXT NOT NULL,              -- the card that bears the reaction; "" for buttons and commands
    UNIQUE (team, sighting, platform, person, at, place)
);

-- What *Fix* set right; NULL leaves a field as it was. Only ever added to.
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY,
    team TEXT NOT NULL,
    sighting TEXT NOT NULL REFERENCES sightings (id),
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    capability TEXT,
    stage TEXT,
    model TEXT,
    happened_first TEXT,
    happened_last TEXT
);

-- Claimed first, sent second, recorded third: a row with no ref is unclear and is settled by looking.
CREATE TABLE cards (
    team TEXT NOT NULL,
    sighting TEXT NOT NULL REFERENCES sightings (id),
    place TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    ref TEXT,
    PRIMARY KEY (sighting, place)
);
CREATE INDEX cards_by_ref ON cards (place, ref);

-- What the thread under a card was told already: nothing is announced twice when votes flip.
CREATE TABLE tellings (
    sighting TEXT NOT NULL REFERENCES sightings (id),
    place TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (sighting, place, status)
);

-- Small facts that Cascade keeps about itself.
CREATE TABLE notes (
    name TEXT PRIMARY KEY,            -- which atlas is loaded, which commands a platform knows
    value TEXT NOT NULL
);
