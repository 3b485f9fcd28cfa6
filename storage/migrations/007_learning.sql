-- What the classifier learns from: how each claim was found, what a second opinion said, and the models trained so far.

-- How a sighting was found, as the model saw it then. One row for each item that claims it.
CREATE TABLE tags (
    sighting TEXT NOT NULL REFERENCES sightings (id),
    item TEXT NOT NULL,               -- the item's link, else its identity
    rule TEXT NOT NULL,               -- the hand-written rule that spoke loudest
    source TEXT NOT NULL,             -- the feed's title, else its address
    model TEXT NOT NULL,              -- the version that gave the probability
    probability REAL NOT NULL,
    features TEXT NOT NULL,           -- JSON: {name: number}
    PRIMARY KEY (sighting, item)
);

-- A second opinion on a sighting. Both votes are kept; neither decides.
CREATE TABLE opinions (
    sighting TEXT NOT NULL REFERENCES sightings (id),
    voter TEXT NOT NULL,              -- the language model's name
    agrees INTEGER NOT NULL,          -- 1: it finds the same claim in the same words
    rules TEXT NOT NULL,              -- the taxonomy version that it was shown
    at TEXT NOT NULL,
    PRIMARY KEY (sighting, voter)
);

-- Every model that was trained, adopted or not. The newest adopted one is used; without one, the shipped one is.
CREATE TABLE lessons (
    version TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    decisions INTEGER NOT NULL,       -- how many it could learn from
    new_loss REAL NOT NULL,           -- log loss on the decisions that were held out
    old_loss REAL NOT NULL,           -- the same of the model it was to replace
    adopted INTEGER NOT NULL,
    content TEXT NOT NULL             -- JSON: the weights
);
