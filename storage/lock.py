"""One `cascade run` per database: a lock that the system releases, however the process ends."""

import sqlite3
from pathlib import Path

from cascade.errors import StoreError
from storage.file_troubles import trouble


class OneRun:
    """Held from creation to `release`. Raises StoreError when another process holds it."""

    def __init__(self, database: Path) -> None:
        # SQLite's own file lock: portable, and gone with the process even after SIGKILL.
        path = database.with_name(database.name + ".running")
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            self._held = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            self._held.execute("BEGIN EXCLUSIVE")
        except (sqlite3.DatabaseError, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise StoreError(trouble(database, error)) from error
            raise StoreError(
                f"another `cascade run` uses {database}: stop it first, or give this one its own file with --db"
            ) from error

    def keep(self) -> None:
        """Nothing to do: it is held for as long as the process lives."""

    def release(self) -> None:
        """Let another process run."""
        self._held.close()
