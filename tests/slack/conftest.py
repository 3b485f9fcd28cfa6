"""A server and an adapter for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.chat.fixtures import house, opened
from tests.chat.house import House
from tests.slack.platform import SlackPlatform

__all__ = ["house"]


@pytest.fixture
async def platform(house: House) -> AsyncIterator[SlackPlatform]:
    """Slack, stopped before its house is closed."""
    del house
    async with opened(SlackPlatform()) as one:
        yield one
