"""A vote and the scores that follow from it are one."""

from pathlib import Path

import pytest

from cascade.ledger import Entry
from cascade.ports import HOME
from storage.database import SQLite
from storage.store import Store
from tests.contracts.ledger import published
from tests.make import IMAGE, sighting, vote


class _FullDisk(Store):
    """A store whose disk is full when a score is to be written."""

    def _rescore(self, forecast: str, scored: object) -> None:
        raise OSError(forecast)


def test_vote_and_score_are_one(tmp_path: Path) -> None:
    """When the score cannot be written, the vote is not there either."""
    store = _FullDisk(SQLite(tmp_path / "cascade.db"))
    store.save_sighting(sighting(IMAGE))
    store.publish([published()])
    with pytest.raises(OSError, match="January"):
        store.add_votes(HOME, [vote(sighting(IMAGE))])
    assert store.facts(HOME).votes == ()
    assert store.ledger(HOME) == (Entry(published=published(), scored=None),)
    store.close()
