"""The domain: what counts, what follows from it. Pure; imports nothing of ours, does no I/O."""
