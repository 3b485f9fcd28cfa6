"""A store with a small board in it, and a way to ask."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ask import ask
from bot.asked import asked
from cascade.message import Message
from cascade.ports import Place
from cascade.sighting import Person
from storage.database import SQLite
from storage.store import Store
from tests.make import ADA, DAY, IMAGE, MONDAY, OPEN_IMAGE, TEXT, atlas, sighting, taxonomy

HERE = Place("terminal", "here")
Ask = Callable[..., Message]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Negation works in text and in closed images by the atlas; a candidate claims open images."""
    opened = Store(SQLite(tmp_path / "cascade.db"))
    opened.save_atlas([atlas(TEXT, "2023-03-14"), atlas(IMAGE, "2025-03")])
    opened.save_sighting(sighting(OPEN_IMAGE))
    yield opened
    opened.close()


@pytest.fixture
def say(store: Store) -> Ask:
    """Ask as Ada (or another) on Tuesday (or later)."""

    def say(words: str, person: Person = ADA, days: int = 1) -> Message:
        return ask(asked(taxonomy(), store, MONDAY + days * DAY, person=person, place=HERE), words)

    return say
