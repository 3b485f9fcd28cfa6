"""What every step produced, kept: SQLite by default."""
