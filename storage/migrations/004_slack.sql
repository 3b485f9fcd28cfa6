-- What chat platforms need to remember between two starts.

-- Events that were acted on: a platform may deliver one again, an hour later too.
CREATE TABLE seen_events (
    platform TEXT NOT NULL,
    event TEXT NOT NULL,              -- the platform's id of the event
    at TEXT NOT NULL,
    PRIMARY KEY (platform, event)
);
CREATE INDEX seen_events_by_age ON seen_events (at);

-- Workspaces that installed the app, with the tokens they gave. Secret: never exported.
CREATE TABLE installations (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    content TEXT NOT NULL,            -- JSON, in the platform's own words
    at TEXT NOT NULL,
    PRIMARY KEY (platform, workspace)
);

-- Installations that were begun: who comes back must bring the state, once and in time.
CREATE TABLE oauth_states (
    state TEXT PRIMARY KEY,
    expires_at TEXT NOT NULL
);
