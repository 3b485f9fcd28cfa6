-- Forecasts that were shown, and how they fared.

-- Written once, in the transaction that freezes the digest which shows it; never changed.
CREATE TABLE ledger (
    id TEXT PRIMARY KEY,              -- the same team, cell, day and figures give the same id
    team TEXT NOT NULL,
    capability TEXT NOT NULL,
    stage TEXT NOT NULL,
    made TEXT NOT NULL,               -- a day
    curve TEXT NOT NULL,              -- JSON: the chance by half months, to 24 months
    emerged INTEGER NOT NULL,         -- what it rests on: cells with a date,
    waiting INTEGER NOT NULL,         -- cells that were looked at and are not there,
    from_atlas INTEGER NOT NULL,      -- and of both, those that no person has confirmed
    unknown INTEGER NOT NULL,         -- 1: nobody had looked
    upstream_since TEXT,              -- NULL: the stage before had not got it
    due TEXT,                         -- end of the 80 % range as forecast when upstream emerged; NULL: later
    overdue INTEGER NOT NULL,
    model TEXT NOT NULL,              -- the version of the method
    criteria TEXT NOT NULL,           -- what counts as having emerged, as it read then
    board TEXT NOT NULL,              -- a fingerprint of what it was fitted to
    known_by TEXT NOT NULL,           -- and the moment as of which that was known
    shown_in TEXT NOT NULL            -- the digest that showed it first
);
CREATE INDEX ledger_by_team ON ledger (team, made);

-- There while the forecast is resolved; it goes when the confirmation is taken back.
CREATE TABLE ledger_scores (
    forecast TEXT PRIMARY KEY REFERENCES ledger (id),
    result TEXT NOT NULL,             -- early, held, late, void
    emerged_first TEXT,               -- NULL: not within 24 months
    emerged_last TEXT,
    crps DOUBLE PRECISION,            -- NULL when void
    brier TEXT NOT NULL,              -- JSON: by months ahead
    at TEXT NOT NULL
);
