-- People's accounts on several platforms, joined so that each human votes once.

CREATE TABLE accounts (
    team TEXT NOT NULL,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    human TEXT NOT NULL,              -- the key that all accounts of one human share
    since TEXT NOT NULL,
    PRIMARY KEY (team, platform, person)
);

-- Codes that wait to be said on another platform, each once. Only a digest is kept.
CREATE TABLE link_codes (
    team TEXT NOT NULL,
    digest TEXT NOT NULL,
    platform TEXT NOT NULL,           -- who asked for it
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (team, digest)
);

-- Codes asked for and wrong codes said, to slow down whoever guesses.
CREATE TABLE link_tries (
    team TEXT NOT NULL,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,               -- code, guess
    at TEXT NOT NULL
);
CREATE INDEX link_tries_by_person ON link_tries (team, platform, person, at);
