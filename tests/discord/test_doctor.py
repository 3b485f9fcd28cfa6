"""`cascade doctor` on Discord: what is wrong is one line with its cure, and how to invite the bot stands there."""

from bot.discord.client import PERMISSIONS
from bot.discord.doctor import INVITE, DiscordDoctor
from bot.discord.trouble import REFUSED_LOGIN
from bot.doctor import Check
from cascade.ports import Place
from tests.discord.platform import DiscordPlatform

ADD_REACTIONS = 1 << 6


async def looked(platform: DiscordPlatform, *places: Place, **settings: object) -> list[Check]:
    """Every check."""
    return list(await DiscordDoctor(platform.settings(**settings)).look(places))


async def test_all_is_well(platform: DiscordPlatform) -> None:
    """The token is good, the channels can be written to; the link asks for eight rights and no more."""
    thread = int(platform.server.world.add_thread(platform.channel, "weekly")["id"])
    found = await looked(platform, Place("discord", str(thread)), Place("slack", "C1"), Place("discord", "@17"))
    assert [(one.name.partition(" ")[2], one.ok) for one in found] == [
        ("token", True),
        ("invite link", True),
        (f"channel {platform.channel}", True),
        (f"channel {thread}", True),
    ]
    assert f"permissions={PERMISSIONS.value}" in found[1].said
    assert sum(wanted for _, wanted in PERMISSIONS) == 8


async def test_a_wrong_token(platform: DiscordPlatform) -> None:
    """Nothing else can be looked at."""
    [found] = await looked(platform, token="wrong")
    assert (found.ok, found.said) == (False, REFUSED_LOGIN)


async def test_discord_is_away(platform: DiscordPlatform) -> None:
    """A dead address is one line."""
    [found] = await looked(platform, api_url="http://127.0.0.1:9/api")
    assert not found.ok
    assert "cannot be reached" in found.said


async def test_a_missing_right(platform: DiscordPlatform) -> None:
    """It is named, with the way to give it."""
    platform.server.world.permissions &= ~ADD_REACTIONS
    found = (await looked(platform))[-1]
    assert (found.ok, found.said, found.cure) == (False, "missing add reactions", INVITE)


async def test_a_channel_that_is_gone(platform: DiscordPlatform) -> None:
    """The review channel's id leads nowhere."""
    found = (await looked(platform, review_channel="12345"))[-1]
    assert not found.ok
    assert "the channel is gone" in found.said
