"""Collections of documents that do not ship with the project; proofs over them are skipped where they are not."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def collection(name: str, pattern: str) -> list[Path]:
    """The files of a collection that lies beside the checkout; skips the test when it does not."""
    found = sorted(path for path in (SHARED / name).rglob(pattern) if path.is_file())
    if not found:
        pytest.skip(f"the collection ../shared/{name} does not lie beside the checkout")
    return found


@pytest.fixture
def odd() -> list[Path]:
    """The documents of feedparser's own tests."""
    return [*collection("feeds-odd", "*.xml"), *collection("feeds-odd", "*.json")]


@pytest.fixture
def recorded() -> list[Path]:
    """Real feeds, week by week."""
    return collection("replay", "*.xml")
