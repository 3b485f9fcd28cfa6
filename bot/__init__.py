"""Conversations: commands and review, and each chat platform in a room of its own."""
