"""The one place where real things meet."""

from dataclasses import dataclass
from functools import cached_property

from app.settings import Settings
from bot.asked import Asked, asked
from cascade.ports import HOME, Place
from cascade.sighting import Person
from cascade.taxonomy import Taxonomy
from classifier.gazetteer import Gazetteer
from classifier.read import Reader
from storage.atlas import DATA, read_atlas, read_taxonomy
from storage.database import SQLite
from storage.store import Store


@dataclass(frozen=True)
class House:
    """What every command needs, made when it is first asked for."""

    settings: Settings

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The shipped stages and capabilities."""
        return read_taxonomy()


def open_store(settings: Settings) -> Store:
    """The store of these settings, migrated, with the shipped atlas in it. Raises StoreError."""
    store = Store(SQLite(settings.db), quorum=settings.quorum)
    store.save_atlas(read_atlas())
    return store
