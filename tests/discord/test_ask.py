"""Asking on Discord: commands, mentions, autocomplete, answers in time, shared when wanted."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.discord.commands import NO_LINK, REPORT
from bot.discord.service import COMMANDS_NOTE
from bot.link import PRIVATELY
from cascade.message import Chart, Message, Picture
from cascade.ports import HOME, Place
from cascade.sighting import Person
from tests.chat.house import House
from tests.discord.interactions import CHOICES, DEFERRED, EPHEMERAL, MESSAGE
from tests.discord.platform import BOUND, DiscordPlatform, custom_ids
from tests.discord.state import DM, FORUM
from tests.make import IMAGE, NEGATION, TEXT, atlas, sighting

SEND_MESSAGES = 1 << 11
CHART = Picture(Chart.BOARD, (), "Negation works in text since March 2023.")


async def test_a_command_is_answered_to_the_asker_alone(platform: DiscordPlatform, house: House) -> None:
    """The answer is ephemeral, comes at once, and can be shared."""
    house.store.save_atlas([atlas(TEXT, "2023-03-14")])
    await platform.start(house.services())
    one = await platform.command("capability", name=NEGATION)
    assert one.first is not None
    assert (one.first["type"], one.first["data"]["flags"] & EPHEMERAL) == (MESSAGE, EPHEMERAL)
    assert "negation" in one.text
    assert f"share:capability {NEGATION}" in custom_ids(one.shown[-1]["components"])
    assert platform.posted() == []


async def test_share_says_it_to_everybody(platform: DiscordPlatform, house: House) -> None:
    """The button repeats the answer in the channel, with the name of who shared it."""
    await platform.start(house.services())
    asked = await platform.command("law")
    await platform.press(asked.shown[-1], "share:law")
    [shared] = platform.posted()
    assert shared.text.startswith(asked.text)
    assert "Shared by Ada" in shared.text


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("board", {}, "cells"),
        ("ask", {"words": "negation"}, "negation"),
        ("stage", {"name": IMAGE}, "closed image models"),
        ("gap", {"earlier": TEXT, "later": IMAGE}, "closed text models"),
        ("when", {"capability": NEGATION, "stage": IMAGE}, "negation"),
        ("review", {}, "waiting"),
        ("law", {}, ""),
        ("watch", {"what": "negation"}, "You hear of"),
        ("watches", {}, "You watch"),
        ("subscribe", {"how": "monday 9 Europe/Berlin"}, "Monday"),
        ("feeds", {}, "feed"),
        ("help", {}, "Ask Cascade"),
        ("link", {}, "Your code is"),
    ],
)
async def test_every_command_reaches_its_answer(
    platform: DiscordPlatform, house: House, name: str, options: dict[str, Any], expected: str
) -> None:
    """A subcommand becomes the words that every platform understands."""
    house.store.save_atlas([atlas(TEXT, "2023-03-14")])
    house.add(sighting())
    await platform.start(house.services())
    assert expected.lower() in (await platform.command(name, **options)).text.lower()


async def test_a_vote_by_command(platform: DiscordPlatform, house: House) -> None:
    """`/cascade vote` is a vote like any other."""
    house.add(sighting())
    await platform.start(house.services())
    await platform.command("vote", choice="reject", sighting=sighting().id)
    assert [one.choice for one in house.store.facts(HOME).votes] == ["reject"]


async def test_what_acts_is_not_offered_for_sharing(platform: DiscordPlatform, house: House) -> None:
    """Sharing repeats the question: one that does something would do it again, for everybody."""
    await platform.start(house.services())
    one = await platform.command("link")
    assert not any(one.startswith("share:") for one in custom_ids(one.shown[-1]["components"]))


async def test_autocomplete_offers_capabilities(platform: DiscordPlatform, house: House) -> None:
    """What was typed so far is looked for in names and aliases; typos find the nearest."""
    await platform.start(house.services())

    async def typed(command: str, text: str) -> list[str]:
        ada = platform.person("ada")
        one = await platform.settled(
            platform.server.interactions.autocomplete(platform.channel, ada, command, "name", text)
        )
        assert one.first is not None
        assert one.first["type"] == CHOICES
        return [choice["value"] for choice in one.first["data"]["choices"]]

    assert await typed("capability", "neg") == [NEGATION]
    assert NEGATION in await typed("capability", "negetion")
    assert await typed("stage", "open") == ["image/open"]
    assert len(await typed("stage", "")) == 4
    assert len(await typed("capability", "@everyone" * 20)) >= 1


async def test_long_work_is_deferred(platform: DiscordPlatform, house: House) -> None:
    """Discord waits three seconds: before they are over it is told that the answer takes longer."""
    release = asyncio.Event()

    async def slow(link: str, person: Person, place: Place | None = None) -> Message:
        await release.wait()
        return Message(headline=f"{person} reported it")

    await platform.start(replace(house.services(), report=slow), patience=0.05)
    made = await platform.server.interactions.command(
        platform.channel, platform.person("ada"), "report", url="https://brush.example/2"
    )
    async with asyncio.timeout(BOUND):
        await made.answered.wait()
    assert made.first is not None
    assert made.first["type"] == DEFERRED
    release.set()
    async with asyncio.timeout(BOUND):
        await made.settled.wait()
    assert "Ada reported it" in made.text
    assert made.shown[-1]["flags"] & EPHEMERAL


async def test_a_mention_is_answered_where_it_stands(platform: DiscordPlatform, house: House) -> None:
    """In a channel, under the question, for everybody; once, however often the gateway brings it."""
    await platform.start(house.services())
    words = f"<@{platform.server.world.bot}> help"
    asked = await platform.server.write(platform.channel, platform.person("ada"), words)
    await platform.until(lambda: bool(platform.posted()))
    await platform.server.gateway.send("MESSAGE_CREATE", platform.server.world.shown(asked))
    await platform.command("law")  # comes after it on the same line
    assert [one.text.startswith("Ask Cascade") for one in platform.posted()] == [True]
    answer = list(platform.server.world.messages[platform.channel].values())[1]
    assert str(answer["reference"]["message_id"]) == asked["id"]


async def test_a_mention_in_a_thread_and_a_direct_message(platform: DiscordPlatform, house: House) -> None:
    """Threads work as channels do; a direct message needs no mention."""
    world = platform.server.world
    thread = int(world.add_thread(platform.channel, "talk")["id"])
    ada = platform.person("ada")
    direct = world.add_channel("", DM, recipients=[world.users[ada]])
    await platform.start(house.services())
    await platform.server.write(thread, ada, f"<@{world.bot}> help")
    await platform.server.write(direct, ada, "help")
    await platform.until(lambda: all(len(world.messages[one]) == 2 for one in (thread, direct)))


async def test_words_without_a_mention_are_left_alone(platform: DiscordPlatform, house: House) -> None:
    """Other people's talk is not Cascade's."""
    await platform.start(house.services())
    await platform.server.write(platform.channel, platform.person("ada"), "help")
    await platform.server.write(platform.channel, platform.server.world.add_user("Robot", bot=True), "help")
    await platform.command("law")
    assert platform.posted() == []


async def test_codes_are_not_said_in_a_channel(platform: DiscordPlatform, house: House) -> None:
    """A mention cannot be answered in private: it points to the command."""
    await platform.start(house.services())
    await platform.server.write(platform.channel, platform.person("ada"), f"<@{platform.server.world.bot}> link")
    await platform.until(lambda: bool(platform.posted()))
    assert PRIVATELY.split(":")[0].split("`")[0] in platform.posted()[0].text


async def test_an_unclear_name_gets_buttons(platform: DiscordPlatform, house: House) -> None:
    """The nearest three are one press away."""
    await platform.start(house.services())
    one = await platform.command("ask", words="consistancy")
    offered = [one for one in custom_ids(one.shown[-1]["components"]) if one.startswith("ask:")]
    assert offered
    again = await platform.press(one.shown[-1], offered[0])
    assert again.text


async def test_charts_are_attached_with_their_words(platform: DiscordPlatform, house: House) -> None:
    """A person who cannot see the picture hears its alt text."""

    async def report(link: str, person: Person, place: Place | None = None) -> Message:
        return Message(headline="Look", parts=(CHART,))

    await platform.start(replace(house.services(), report=report))
    one = await platform.command("report", url="https://brush.example/2")
    [attached] = one.shown[-1]["attachments"]
    assert attached["description"] == CHART.alt
    assert attached["size"] > 0


async def test_report_as_sighting(platform: DiscordPlatform, house: House) -> None:
    """The message's menu reports its first link; a message without one is told so."""
    await platform.start(house.services())
    world, ada = platform.server.world, platform.person("ada")
    told = world.add_message(platform.channel, ada, {"content": "Look: https://brush.example/2, it works"})
    bare = world.add_message(platform.channel, ada, {"content": "nothing here"})
    one = await platform.settled(platform.server.interactions.context(platform.channel, ada, REPORT, told))
    assert house.reported == ["https://brush.example/2"]
    assert "Ada reported" in one.text
    none = await platform.settled(platform.server.interactions.context(platform.channel, ada, REPORT, bare))
    assert NO_LINK in none.text


async def test_commands_are_made_known_when_they_change(platform: DiscordPlatform, house: House) -> None:
    """A restart sends nothing; another definition is sent once."""
    await platform.start(house.services())
    await platform.start(house.services())
    assert platform.server.command_syncs == 1
    assert {one["name"] for one in platform.server.commands} == {"cascade", REPORT}
    house.store.set_note(COMMANDS_NOTE, "an older definition")
    await platform.start(house.services())
    assert platform.server.command_syncs == 2


async def test_a_bug_is_told_plainly(platform: DiscordPlatform, house: House) -> None:
    """The asker reads one line and no trace; the operator hears of it; the next question is answered."""

    async def broken(link: str, person: Person, place: Place | None = None) -> Message:
        raise RuntimeError("secret detail")

    await platform.start(replace(house.services(), report=broken))
    one = await platform.command("report", url="https://brush.example/2")
    assert "Something went wrong" in one.text
    assert "secret" not in one.text
    assert "Ask Cascade" in (await platform.command("help")).text


async def test_subscribing_a_forum_post(platform: DiscordPlatform, house: House) -> None:
    """A thread or post is a place like any other."""
    world = platform.server.world
    forum = world.add_channel("news", FORUM)
    post = int(world.add_thread(forum, "Weekly")["id"])
    await platform.start(house.services())
    await platform.command("subscribe", channel=post, how="monday 9 UTC")
    [one] = house.store.subscriptions()
    assert one.place == Place("discord", str(post))


async def test_subscribing_where_the_bot_lacks_a_right(platform: DiscordPlatform, house: House) -> None:
    """The asker is told which; the subscription is kept for when it is given."""
    world = platform.server.world
    world.permissions &= ~SEND_MESSAGES
    forum = world.add_channel("news", FORUM, available_tags=[])
    await platform.start(house.services())
    answer = await platform.command("subscribe", how="monday 9 UTC")
    assert "lacks rights here: send messages" in answer.text
    assert [one.place for one in house.store.subscriptions()] == [platform.review]
    post = int(world.add_thread(forum, "Weekly")["id"])
    assert "lacks rights" in (await platform.command("subscribe", channel=post, how="monday 9 UTC")).text


async def test_subscribing_a_forum_with_tags(platform: DiscordPlatform, house: House) -> None:
    """Each digest becomes a post with these tags; a tag that the forum lacks is named, with those that it has."""
    tag = {"id": "77", "name": "Weekly", "moderated": False, "emoji_id": None, "emoji_name": None}
    forum = platform.server.world.add_channel("news", FORUM, available_tags=[tag])
    await platform.start(house.services())
    ada = platform.person("ada")

    async def told(tags: str) -> str:
        made = platform.server.interactions.subscribe_forum(platform.channel, ada, forum, tags)
        return (await platform.settled(made)).text

    assert "has no tag" in await told("daily")
    assert house.store.subscriptions() == ()
    await told("weekly")
    [one] = house.store.subscriptions()
    assert one.place == Place("discord", f"{forum}+77")


async def test_a_forum_is_closed_to_those_who_may_not_post_there(platform: DiscordPlatform, house: House) -> None:
    """Nobody makes Cascade write where they cannot."""
    platform.server.world.permissions = 0
    forum = platform.server.world.add_channel("news", FORUM, available_tags=[])
    await platform.start(house.services())
    made = platform.server.interactions.subscribe_forum(platform.channel, platform.person("ada"), forum, "")
    assert "may not post" in (await platform.settled(made)).text
    assert house.store.subscriptions() == ()
