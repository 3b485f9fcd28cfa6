"""Processes that are killed again and again, on a real PostgreSQL."""
