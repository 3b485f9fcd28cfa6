"""A house, and a platform that is open for one test."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.chat.house import House
from tests.chat.platform import Platform

P = TypeVar("P", bound=Platform)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """What the adapter is handed."""
    built = House(tmp_path / "house.db")
    yield built
    built.close()


@asynccontextmanager
async def opened(platform: P) -> AsyncIterator[P]:
    """The platform, empty; its adapter, which the test starts, is stopped with it."""
    await platform.open()
    yield platform
    await platform.close()
