"""SQLite keeps digests, and lets nobody send one twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import SQLite
from storage.store import Store
from tests.contracts.digests import DigestContract


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store in a file of its own."""
    opened = Store(SQLite(tmp_path / "cascade.db"))
    yield opened
    opened.close()


class TestDigests(DigestContract):
    """SQLite passes the contract."""
