"""Bad input and bad luck on Discord: each is one line with its cure, told once, and nothing else stops."""

from typing import Any

import pytest

from app.settings import Settings
from bot.discord.answering import ANSWERS
from cascade.errors import ChatError
from cascade.message import Message
from cascade.ports import HOME, Place
from cascade.sighting import Choice
from tests.chat.house import House
from tests.discord.platform import DiscordPlatform
from tests.discord.state import DM, FORUM
from tests.make import sighting

NEWS = Message(headline="This week")
ID = sighting().id


async def refused(platform: DiscordPlatform, place: Place) -> ChatError:
    """Why a post is refused there."""
    with pytest.raises(ChatError) as trouble:
        await platform.chat.post(place, NEWS, "d1.2026-W20.0.0")
    return trouble.value


@pytest.mark.parametrize(
    ("status", "code", "cure"),
    [
        (403, 50001, "View Channel"),
        (403, 50013, "cascade doctor"),
        (404, 10003, "the channel is gone"),
        (403, 50007, "takes no direct messages"),
        (400, 50035, "refused"),
    ],
)
async def test_refusals_name_their_cure(
    platform: DiscordPlatform, house: House, status: int, code: int, cure: str
) -> None:
    """Permanent, so that a person is told and nothing is tried for ever."""
    await platform.start(house.services())
    platform.server.fail("POST", r"/messages$", status=status, code=code)
    trouble = await refused(platform, platform.review)
    assert trouble.permanent
    assert not trouble.unclear
    assert cure in str(trouble)


async def test_a_deleted_channel(platform: DiscordPlatform, house: House) -> None:
    """A channel that is no more is told as such."""
    await platform.start(house.services())
    trouble = await refused(platform, Place("discord", "123456789"))
    assert trouble.permanent
    assert "the channel is gone" in str(trouble)


@pytest.mark.parametrize("name", ["general", "", "@", "1+x", "9" * 30, "²"])
async def test_a_place_that_is_none(platform: DiscordPlatform, house: House, name: str) -> None:
    """An id has digits only."""
    await platform.start(house.services())
    assert (await refused(platform, Place("discord", name))).permanent


async def test_a_channel_that_takes_no_messages(platform: DiscordPlatform, house: House) -> None:
    """A category is no place to write in."""
    category = platform.server.world.add_channel("stuff", 4)
    await platform.start(house.services())
    assert "takes no messages" in str(await refused(platform, Place("discord", str(category))))


async def test_a_deleted_message(platform: DiscordPlatform, house: House) -> None:
    """Editing or reading what somebody deleted says so."""
    await platform.start(house.services())
    ref = await platform.chat.post(platform.review, NEWS, "m")
    del platform.server.world.messages[platform.channel][int(ref)]
    for act in (platform.chat.edit(platform.review, ref, NEWS), platform.chat.reactions(platform.review, ref)):
        with pytest.raises(ChatError, match="message was deleted"):
            await act


async def test_a_missing_permission_is_told_once(platform: DiscordPlatform, house: House) -> None:
    """Once when a channel stops working, not at every try; the job that posts goes on."""
    house.add(sighting())
    await platform.start(house.services())
    platform.server.fail("POST", r"/messages$", status=403, code=50013, times=3)
    for _ in range(3):
        assert await platform.desk.post_new(house.clock()) == 0
    assert len([line for line in house.told if "may not do this" in line]) == 1
    assert await platform.desk.post_new(house.clock()) == 1


async def test_an_unknown_interaction(platform: DiscordPlatform, house: House) -> None:
    """Three seconds were over before the answer: the vote counts all the same, and the operator hears of it."""
    house.add(sighting())
    await platform.start(house.services())
    await platform.desk.post_new(house.clock())
    platform.server.fail("POST", "/callback$", status=404, code=10062)
    card = platform.server.messages(platform.channel)[0]
    await platform.server.interactions.press(platform.channel, platform.person("ada"), card, f"vote:{ID}:reject")
    await platform.until(lambda: any(ANSWERS in line and "ask again" in line for line in house.told))
    assert [vote.choice for vote in house.store.facts(HOME).votes] == [Choice.REJECT]
    assert "Ask Cascade" in (await platform.command("help")).text


async def test_an_expired_token_of_an_interaction(platform: DiscordPlatform, house: House) -> None:
    """After fifteen minutes nothing can be said any more: one line, and the next question is answered."""
    await platform.start(house.services(), patience=0.0)
    made = await platform.server.interactions.command(platform.channel, platform.person("ada"), "help")
    made.is_expired = True
    await platform.until(lambda: any("15 minutes" in line for line in house.told))
    assert "Ask Cascade" in (await platform.command("help")).text


@pytest.mark.parametrize("value", [f"vote:{ID}:maybe", "vote:", "fix:nosuch", "counts:", "share:", "ask:", "watch:"])
async def test_buttons_that_cascade_never_made(platform: DiscordPlatform, house: House, value: str) -> None:
    """A forged or ancient custom id is answered in words."""
    house.add(sighting())
    await platform.start(house.services())
    button = {"type": 2, "style": 2, "label": "Press", "custom_id": value}
    payload = {"components": [{"type": 1, "components": [button]}]}
    shown = platform.server.world.add_message(platform.channel, platform.server.world.bot, payload)
    made = platform.server.interactions.press(platform.channel, platform.person("ada"), shown, value)
    assert (await platform.settled(made)).text
    assert house.store.facts(HOME).votes == ()


async def test_a_button_of_somebody_elses(platform: DiscordPlatform, house: House) -> None:
    """What is not ours is left alone, and so are forms."""
    await platform.start(house.services())
    shown = platform.server.world.add_message(platform.channel, platform.server.world.bot, {"components": []})
    one = await platform.server.interactions.press(platform.channel, platform.person("ada"), shown, "other-bot")
    form = {"custom_id": "other-form", "components": []}
    two = await platform.server.interactions.submit(platform.channel, platform.person("ada"), form, {})
    await platform.command("help")
    assert (one.first, two.first) == (None, None)


@pytest.mark.parametrize("name", ["negation'; DROP TABLE votes", "@everyone", "\u202e" + "x" * 300, "<@&1>"])
async def test_hostile_words(platform: DiscordPlatform, house: House, name: str) -> None:
    """Whatever a person types is answered with the nearest names, and mentions nobody."""
    await platform.start(house.services())
    one = await platform.command("capability", name=name)
    assert "did you mean" in one.text
    assert "@everyone" not in one.text


async def test_long_names_and_odd_reports(platform: DiscordPlatform, house: House) -> None:
    """A very long question is cut, and a person's odd name is shown as it is."""
    await platform.start(house.services())
    odd = platform.server.world.add_user("**@everyone**")
    made = platform.server.interactions.command(platform.channel, odd, "report", url="https://x.example/" + "y" * 500)
    answer = await platform.settled(made)
    assert "@everyone" not in answer.text
    assert "**@" not in answer.text


async def test_a_direct_channel_and_a_forum_answer_commands(platform: DiscordPlatform, house: House) -> None:
    """Commands work wherever Discord shows them."""
    world = platform.server.world
    direct = world.add_channel("", DM, recipients=[world.users[platform.person("ada")]])
    post = int(world.add_thread(world.add_channel("f", FORUM), "post")["id"])
    await platform.start(house.services())
    for place in (direct, post):
        assert "Ask Cascade" in (await platform.command("help", channel=place)).text


@pytest.mark.parametrize(
    ("name", "value"),
    [("discord_review_channel", "#review"), ("discord_reviewers", "123, ada"), ("discord_reviewer_role", "mods")],
)
def test_settings_that_are_no_ids(name: str, value: str) -> None:
    """A name where an id belongs is refused with the way to the id."""
    given: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match="Copy ID"):
        Settings(**given)


def test_the_token_is_not_shown() -> None:
    """Neither in a log nor in a trace."""
    assert "secret" not in repr(Settings(discord_token="secret"))
