"""A server and an adapter for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.chat.house import House
from tests.slack.platform import SlackPlatform


@pytest.fixture
async def platform() -> AsyncIterator[SlackPlatform]:
    """Slack, empty; the test starts the adapter."""
    opened = SlackPlatform()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """What the adapter is handed."""
    built = House(tmp_path / "house.db")
    yield built
    built.close()
