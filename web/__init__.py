"""The board and the archive as read-only pages."""
