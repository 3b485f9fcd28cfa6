"""Both engines keep every promise of the store."""

from tests.contracts.digests import DigestContract
from tests.contracts.feeds import FeedContract
from tests.contracts.learning import LearningContract
from tests.contracts.ledger import LedgerContract
from tests.contracts.links import LinkContract
from tests.contracts.retention import RetentionContract
from tests.contracts.reviews import ReviewContract
from tests.contracts.threads import ThreadsContract
from tests.contracts.whole import WholeContract


class TestDigests(DigestContract):
    """Digests go out once."""


class TestFeeds(FeedContract):
    """Items are kept once."""


class TestLearning(LearningContract):
    """Decisions teach the classifier."""


class TestLedger(LedgerContract):
    """Forecasts are written once."""


class TestLinks(LinkContract):
    """Accounts are joined."""


class TestReviews(ReviewContract):
    """Votes are only added."""


class TestRetention(RetentionContract):
    """Old text goes."""


class TestThreads(ThreadsContract):
    """Any number of threads."""


class TestWhole(WholeContract):
    """Everything can be read."""
