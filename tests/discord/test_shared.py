"""Discord passes what every chat platform must do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.burst import BurstContract
from tests.chat.digests import DigestContract
from tests.chat.fixtures import opened
from tests.chat.house import House
from tests.chat.kill import KillContract
from tests.chat.steady import SteadyContract
from tests.discord.platform import DiscordPlatform
from tests.discord.state import FORUM


class Dropping(BurstContract):
    """The gateway is dropped 20 times."""

    cuts = 20

    async def test_votes_equal_the_reactions(  # type: ignore[override]  # Discord alone counts its connections
        self, platform: DiscordPlatform, tmp_path: Path
    ) -> None:
        """A burst over a gateway that was really dropped so often, each time after it was come back to."""
        await super().test_votes_equal_the_reactions(platform, tmp_path)
        assert platform.server.gateway.drops == self.cuts


class TestBurst(Dropping):
    """A small burst, every day."""

    cards, reactions = 8, 160


@pytest.mark.slow
class TestWholeBurst(BurstContract):
    """1,000 reactions on 50 cards."""


@pytest.mark.slow
class TestWholeBurstOverADroppingGateway(Dropping):
    """The same, the gateway dropped 20 times."""


class TestKill(KillContract):
    """Crashes at every step."""


class TestSteady(SteadyContract):
    """A bug in one look."""


class TestDigest(DigestContract):
    """A whole digest."""

    messages = 9


@pytest.mark.slow
class TestForumDigest(TestDigest):
    """The same in a forum, whose posts take no nonce."""

    @pytest.fixture
    async def platform(self, house: House) -> AsyncIterator[DiscordPlatform]:
        """Discord with a forum for the digests."""
        del house
        async with opened(DiscordPlatform(FORUM)) as one:
            yield one
