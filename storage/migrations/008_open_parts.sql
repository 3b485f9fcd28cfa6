-- Only the parts that are still to be sent are looked for; with those long sent in it, the index
-- led the engine through every digest there ever was.
DROP INDEX digest_parts_open;
CREATE INDEX digest_parts_open ON digest_parts (owner, slot) WHERE progress IN ('waiting', 'trying');
