"""The one Store: every room's rows over one database."""

from storage.database import Database
from storage.digests import DigestRows
from storage.feeds import FeedRows
from storage.installations import InstallationRows
from storage.learning import LearningRows
from storage.ledger import LedgerRows
from storage.notes import NoteRows
from storage.retention import RetentionRows
from storage.stamp import StampRows
from storage.whole import WholeRows


class Store(
    FeedRows, LedgerRows, DigestRows, NoteRows, InstallationRows, RetentionRows, LearningRows, StampRows, WholeRows
):
    """Fulfils `cascade.ports.Store`. `quorum` is the lead that decides a review."""

    def __init__(self, database: Database, quorum: int = 1) -> None:
        self._db = database
        self._quorum = quorum

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()
