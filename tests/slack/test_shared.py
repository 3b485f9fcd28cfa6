"""Slack passes what every chat platform must do."""

import pytest

from tests.chat.burst import BurstContract
from tests.chat.digests import DigestContract
from tests.chat.kill import KillContract
from tests.chat.steady import SteadyContract


class TestBurst(BurstContract):
    """Reactions over bad lines, the socket broken again and again."""

    cards, reactions, cuts = 8, 160, 20


@pytest.mark.slow
class TestWholeBurst(BurstContract):
    """1,000 reactions on 50 cards."""


@pytest.mark.slow
class TestWholeBurstOverABreakingSocket(BurstContract):
    """The same, the socket broken 20 times."""

    cuts = 20


class TestKill(KillContract):
    """Crashes at every step."""


class TestSteady(SteadyContract):
    """A bug in one look."""


class TestDigest(DigestContract):
    """A whole digest."""

    messages = 6
