"""Slack passes what every chat platform must do."""

from pathlib import Path

import pytest

from tests.chat.burst import BurstContract
from tests.chat.digests import DigestContract
from tests.chat.kill import KillContract
from tests.chat.steady import SteadyContract
from tests.slack.platform import SlackPlatform


class Breaking(BurstContract):
    """The socket is broken 20 times."""

    cuts = 20

    async def test_votes_equal_the_reactions(  # type: ignore[override]  # Slack's server counts its sockets
        self, platform: SlackPlatform, tmp_path: Path
    ) -> None:
        """A burst over a socket that was really broken so often, each time after there was a new one."""
        await super().test_votes_equal_the_reactions(platform, tmp_path)
        assert platform.server.connections >= self.cuts


class TestBurst(Breaking):
    """A small burst, every day."""

    cards, reactions = 8, 160


@pytest.mark.slow
class TestWholeBurst(BurstContract):
    """1,000 reactions on 50 cards."""


@pytest.mark.slow
class TestWholeBurstOverABreakingSocket(Breaking):
    """The same, the socket broken 20 times."""


class TestKill(KillContract):
    """Crashes at every step."""


class TestSteady(SteadyContract):
    """A bug in one look."""


class TestDigest(DigestContract):
    """A whole digest."""

    messages = 6
