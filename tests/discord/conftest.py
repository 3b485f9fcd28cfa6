"""A server and an adapter for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.chat.house import House
from tests.discord.platform import DiscordPlatform


@pytest.fixture
async def platform(house: House) -> AsyncIterator[DiscordPlatform]:
    """Discord, empty; the test starts the adapter, which is stopped before its house is closed."""
    del house
    opened = DiscordPlatform()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """What the adapter is handed."""
    built = House(tmp_path / "house.db")
    yield built
    built.close()
