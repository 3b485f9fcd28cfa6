"""The one place where real things meet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.settings import Settings
from cascade.taxonomy import Taxonomy
from storage.atlas import atlas_edition, read_atlas, read_gazetteer, read_taxonomy, read_track_record
from storage.database import Database, SQLite
from storage.lock import OneRun
from storage.store import Store

if TYPE_CHECKING:  # loaded only where news is read, or a server is used
    from classifier.read import Reader
    from storage.postgres import OneRunOnServer


@dataclass(frozen=True)
class House:
    """What the commands need, each part made when it is first asked for."""

    settings: Settings

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The stages and capabilities."""
        return read_taxonomy()

    @cached_property
    def reader(self) -> "Reader":
        """The embedded classifier."""
        from classifier.gazetteer import Gazetteer
        from classifier.read import Reader

        return Reader(self.taxonomy, Gazetteer(read_gazetteer()))


def open_store(settings: Settings) -> Store:
    """The store of these settings, migrated, with the newest edition of the atlas in it. Raises StoreError."""
    database = open_database(settings)
    store = Store(database, quorum=settings.quorum)
    if not database.is_read_only:
        _furnish(store)
    return store


def _furnish(store: Store) -> None:
    edition = atlas_edition()
    if store.note("atlas") != edition:
        store.save_atlas(read_atlas())
        store.set_note("atlas", edition)
    if store.note("backtest") != (record := read_track_record()):
        store.set_note("backtest", record)


def open_database(settings: Settings) -> Database:
    """The engine of these settings: PostgreSQL where DATABASE_URL is set, else the file. Raises StoreError."""
    if not settings.database_url:
        return SQLite(settings.db)
    from storage.postgres import Postgres

    return Postgres(settings.database_url, connections=settings.connections)


@contextmanager
def one_run(settings: Settings) -> "Iterator[OneRun | OneRunOnServer]":
    """One `cascade run` for each database at a time. Raises StoreError when there is another."""
    if settings.database_url:
        from storage.postgres import OneRunOnServer

        lock: OneRun | OneRunOnServer = OneRunOnServer(settings.database_url)
    else:
        lock = OneRun(settings.db)
    try:
        yield lock
    finally:
        lock.release()


def kept_in(settings: Settings) -> str:
    """Where everything is kept, for people: a file, or the name of a server's database."""
    if not settings.database_url:
        return str(settings.db)
    parts = urlsplit(settings.database_url)
    return f"PostgreSQL: {parts.hostname or 'this machine'}{parts.path}"
