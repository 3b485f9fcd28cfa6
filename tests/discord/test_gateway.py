"""The line to Discord: dropped, resumed, forgotten, sharded, rate limited, away at the start."""

import re

import pytest

from bot.discord.service import DiscordService
from bot.discord.trouble import BAD_INTENT, BAD_SHARDS, REFUSED_LOGIN
from cascade.errors import ChatError
from cascade.linking import digest_of
from cascade.message import Message
from cascade.ports import HOME
from cascade.sighting import Choice
from tests.chat.house import Breaking, House
from tests.discord.platform import DiscordPlatform
from tests.make import sighting

PRIVILEGED = (1 << 15) | (1 << 1) | (1 << 8)


async def test_a_dropped_gateway_is_resumed(platform: DiscordPlatform, house: House) -> None:
    """Reactions while it was away count, although their events came before the session went on."""
    house.add(sighting())
    await platform.start(house.services())
    await platform.desk.post_new(house.clock())
    await platform.cut()
    await platform.react(platform.posted()[0].ref, "ada", "✅")
    await platform.until(lambda: platform.server.gateway.resumes == 1)
    await platform.until(lambda: [vote.choice for vote in house.store.facts(HOME).votes] == [Choice.CONFIRM])


@pytest.mark.slow  # Discord wants five seconds between two identifications
async def test_a_forgotten_session_begins_anew(platform: DiscordPlatform, house: House) -> None:
    """What cannot be resumed is identified again, and every open card is read."""
    house.add(sighting())
    await platform.start(house.services())
    await platform.desk.post_new(house.clock())
    await platform.cut()
    platform.server.gateway.forget()
    await platform.react(platform.posted()[0].ref, "ada", "✅")
    await platform.until(lambda: [vote.choice for vote in house.store.facts(HOME).votes] == [Choice.CONFIRM])
    assert platform.server.gateway.identifies == 2


async def test_health_follows_the_line(platform: DiscordPlatform, house: House) -> None:
    """Whether it is open, and how long nothing came."""
    await platform.start(house.services())
    health = platform.running.health()
    assert health.connected
    assert health.quiet_for is not None


async def test_no_privileged_intent_is_asked_for(platform: DiscordPlatform, house: House) -> None:
    """Mentions and direct messages carry their words without the message content intent."""
    await platform.start(house.services())
    [session] = platform.server.gateway.sessions.values()
    assert session.intents & PRIVILEGED == 0


@pytest.mark.parametrize("shards", [1, pytest.param(2, marks=pytest.mark.slow)])
async def test_shards(platform: DiscordPlatform, house: House, shards: int) -> None:
    """With a number of shards as many connections are made, and everything works through them."""
    house.add(sighting())
    await platform.start(house.services(), platform.settings(shards=shards))
    await platform.until(lambda: platform.server.gateway.connected == shards)
    await platform.desk.post_new(house.clock())
    await platform.react(platform.posted()[0].ref, "ada", "✅")
    await platform.until(lambda: [vote.choice for vote in house.store.facts(HOME).votes] == [Choice.CONFIRM])


async def test_shards_are_split_among_bots(platform: DiscordPlatform, house: House) -> None:
    """A bot opens the shards that are its own; another one opens the others."""
    await platform.start(house.services(), platform.settings(shards=2, shard_ids=(1,)))
    await platform.until(lambda: platform.server.gateway.connected == 1)
    [session] = platform.server.gateway.sessions.values()
    assert session.shard == (1, 2)


async def test_two_bots_answer_once(platform: DiscordPlatform, house: House) -> None:
    """Both hear everything: one of them answers a command, and one a mention."""
    await platform.start(house.services())
    other = DiscordService(platform.settings(), house.services())
    await other.start()
    answered = await platform.command("link")
    [code] = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", answered.text.replace("\\", ""))[:1]
    await platform.server.write(platform.channel, platform.person("ada"), f"<@{platform.server.world.bot}> help")
    await platform.until(lambda: len(platform.posted()) == 1)
    await platform.command("law")
    await other.stop()
    assert platform.server.count("POST", "/callback$") == 2
    assert len(platform.posted()) == 1
    assert house.store.take_link_code(HOME, digest_of(code) or "", house.clock()) is not None
    assert house.told == []


async def test_a_rate_limit_is_waited_for(platform: DiscordPlatform, house: House) -> None:
    """A 429 says how long; the message then goes out once."""
    await platform.start(house.services())
    platform.server.fail("POST", r"/messages$", status=429, retry_after=0.05, times=2)
    await platform.chat.post(platform.review, Message(headline="This week"), "d1.2026-W20.0.0")
    assert len(platform.posted()) == 1
    assert platform.server.count("POST", r"/messages$") == 3


async def test_a_server_error_is_tried_again_without_doubling(platform: DiscordPlatform, house: House) -> None:
    """Discord answers 502 although it took the message: the nonce makes the second try the same message."""
    await platform.start(house.services())
    platform.server.fail("POST", r"/messages$", status=502, after=True)
    await platform.chat.post(platform.review, Message(headline="This week"), "d1.2026-W20.0.0")
    assert len(platform.posted()) == 1


@pytest.mark.parametrize("case", ["token", "intents", "shards"])
async def test_what_discord_refuses_for_good(platform: DiscordPlatform, house: House, case: str) -> None:
    """A wrong token, intent or shard count is one line that names the cure, and no endless trying."""
    wrong: dict[str, dict[str, object]] = {"token": {"token": "wrong"}, "shards": {"shards": 1}}
    if case == "intents":
        platform.server.gateway.refused_intents = 1
    if case == "shards":
        platform.server.gateway.most_shards = 0
    expected = {"token": REFUSED_LOGIN, "intents": BAD_INTENT, "shards": BAD_SHARDS}[case]
    await platform.start_slowly(house.services(), platform.settings(**wrong.get(case, {})))
    assert house.told == [expected]
    assert not platform.running.health().connected


async def test_a_token_that_is_taken_away(platform: DiscordPlatform, house: House) -> None:
    """Refused when it comes back, it says so once and stops."""
    await platform.start(house.services())
    platform.server.gateway.token = "another"
    await platform.cut()
    await platform.until(lambda: REFUSED_LOGIN in house.told)
    assert house.told.count(REFUSED_LOGIN) == 1


async def test_discord_is_away_at_the_start(platform: DiscordPlatform, house: House) -> None:
    """The operator hears it once; it goes on by itself when Discord is back."""
    house.add(sighting())
    platform.server.fail("GET", "/users/@me$", times=2)
    await platform.start_slowly(house.services())
    with pytest.raises(ChatError) as away:
        await platform.chat.post(platform.review, Message(headline="x"), "m")
    assert not away.value.permanent
    await platform.until(lambda: platform.running.health().connected)
    assert len([line for line in house.told if "cannot be reached" in line]) == 1
    assert house.told[-1].endswith("works again")


async def test_a_payload_that_trips_the_library(platform: DiscordPlatform, house: House) -> None:
    """discord.py breaks over it: told once, a new connection is made, and votes count as before."""
    house.add(sighting())
    await platform.start(house.services())
    await platform.desk.post_new(house.clock())
    await platform.server.gateway.send("READY", {})
    await platform.react(platform.posted()[0].ref, "ada", "✅")
    await platform.until(lambda: [vote.choice for vote in house.store.facts(HOME).votes] == [Choice.CONFIRM])
    await platform.until(lambda: len(house.told) == 2)
    assert ["went wrong inside Cascade" in line for line in house.told] == [True, False]


async def test_a_start_that_breaks_is_made_good(platform: DiscordPlatform, house: House) -> None:
    """Commands that could not be made known do not hold up the start, and are at the next connection."""
    breaking = Breaking(house.run)
    breaking.armed = True
    await platform.start(house.services(breaking))
    assert platform.server.command_syncs == 0
    breaking.armed = False
    await platform.cut()
    await platform.until(lambda: platform.server.command_syncs == 1)


async def test_stopping_ends_everything(platform: DiscordPlatform, house: House) -> None:
    """The connection is closed, and the adapter knows it."""
    await platform.start(house.services())
    service = platform.running
    await platform.stop()
    await platform.until(lambda: platform.server.gateway.connected == 0)
    assert not service.health().connected
