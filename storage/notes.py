"""Small facts that Cascade keeps about itself: which atlas is loaded, which commands a platform knows."""

from storage.database import Database


class NoteRows:
    """Fulfils `cascade.ports.NoteStore`."""

    _db: Database

    def note(self, name: str) -> str | None:
        """What was noted under this name; None when nothing was."""
        rows = self._db.all("SELECT value FROM notes WHERE name = :name", name=name)
        return str(rows[0]["value"]) if rows else None

    def set_note(self, name: str, value: str) -> None:
        """Note it, in place of what stood there."""
        self._db.run(
            """INSERT INTO notes (name, value) VALUES (:name, :value)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
            name=name,
            value=value,
        )
