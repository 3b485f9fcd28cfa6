"""The terminal: a chat platform like the others, with one person and no account."""
