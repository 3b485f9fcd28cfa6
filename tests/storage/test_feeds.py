"""SQLite keeps feeds and items."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import SQLite
from storage.store import Store
from tests.contracts.feeds import FeedContract


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store in a file of its own."""
    opened = Store(SQLite(tmp_path / "cascade.db"))
    yield opened
    opened.close()


class TestFeeds(FeedContract):
    """SQLite passes the contract."""
