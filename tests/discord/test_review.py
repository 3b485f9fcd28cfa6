"""Review on Discord: cards with buttons that outlive restarts, reactions read page by page, Fix as a form."""

import asyncio
from typing import Any

import pytest

from bot.fix import NOTHING_CHANGED, REVIEWERS_ONLY
from bot.review import NOT_A_REVIEWER
from cascade.ports import HOME
from cascade.sighting import Choice
from tests.chat.house import House
from tests.discord.interactions import FORM, Interaction
from tests.discord.platform import BOUND, DiscordPlatform, custom_ids
from tests.discord.state import Json
from tests.make import IMAGE, STYLE, sighting

V2 = 1 << 15
ID = sighting().id


async def put_up(platform: DiscordPlatform, house: House, **settings: Any) -> Json:
    """One candidate's card in the review channel."""
    house.add(sighting())
    await platform.start(house.services(), platform.settings(**settings))
    await platform.desk.post_new(house.clock())
    return platform.server.messages(platform.channel)[0]


def card(platform: DiscordPlatform) -> Json:
    """The card as it stands now."""
    return platform.server.messages(platform.channel)[0]


def choices(house: House) -> list[Choice]:
    """Every vote so far, in order."""
    return [vote.choice for vote in house.store.facts(HOME).votes]


async def test_a_card_is_components_v2_with_three_signs(platform: DiscordPlatform, house: House) -> None:
    """The claim, the source's words and the buttons in one message; the signs stand under it, one tap away."""
    message = await put_up(platform, house)
    assert message["flags"] & V2
    assert {one.split(":")[0] for one in custom_ids(message["components"])} == {"vote", "fix", "counts", "ask"}
    assert "It finally leaves the elephant out." in platform.posted()[0].text
    assert [one["emoji"]["name"] for one in message["reactions"]] == ["✅", "❌", "🤔"]
    assert message["content"] == ""
    assert message["embeds"] == []


async def test_a_button_votes_and_the_card_follows(platform: DiscordPlatform, house: House) -> None:
    """The presser is told, the card says who, the thread what it changed."""
    message = await put_up(platform, house)
    one = await platform.press(message, f"vote:{ID}:confirm")
    assert "✅ recorded" in one.text
    await platform.until(lambda: "Confirmed: ✅ Ada" in platform.posted()[0].text and len(platform.posted()) == 2)
    told = platform.posted()[1]
    assert told.thread == message["id"]
    assert "On the board" in told.text


async def test_buttons_work_after_a_restart(platform: DiscordPlatform, house: House) -> None:
    """A button of an earlier life is known by its custom id alone."""
    message = await put_up(platform, house)
    await platform.kill()
    await platform.start(house.services())
    await platform.press(message, f"vote:{ID}:reject", "grace")
    assert choices(house) == [Choice.REJECT]


async def test_a_card_at_work_keeps_its_mark(platform: DiscordPlatform, house: House) -> None:
    """After an edit the card is found by its marker all the same."""
    message = await put_up(platform, house)
    await platform.press(message, f"vote:{ID}:confirm")
    await platform.until(lambda: len(platform.posted()) == 2)
    assert await platform.chat.find(platform.review, f"card:{ID}", house.clock()) == message["id"]


async def test_more_voters_than_a_page_and_super_reactions(platform: DiscordPlatform, house: House) -> None:
    """250 people's ✅ are read in pages; a super reaction is a reaction; bots are none."""
    message = await put_up(platform, house)
    world = platform.server.world
    for number in range(250):
        world.react(int(message["id"]), "✅", world.add_user(f"P{number}"))
    world.react(int(message["id"]), "✅", world.add_user("Super"), burst=True)
    world.react(int(message["id"]), "✅", world.add_user("Robot", bot=True))
    await platform.look_again()
    assert choices(house) == [Choice.CONFIRM] * 251


async def test_skin_tones_and_synonyms(platform: DiscordPlatform, house: House) -> None:
    """👍🏽 is a ✅; a sign that means nothing is no vote."""
    message = await put_up(platform, house)
    await platform.react(message["id"], "ada", "👍🏽")
    await platform.react(message["id"], "grace", "🎉")
    await platform.look_again()
    assert choices(house) == [Choice.CONFIRM]


async def test_a_reaction_taken_back_or_cleared(platform: DiscordPlatform, house: House) -> None:
    """Taking a sign off takes the vote back, also when a moderator clears all of them."""
    message = await put_up(platform, house)
    await platform.react(message["id"], "ada", "✅")
    await platform.until(lambda: choices(house) == [Choice.CONFIRM])
    house.later(house.clock().replace(minute=5))
    platform.server.world.reactions[int(message["id"])].clear()
    event = {
        "channel_id": message["channel_id"],
        "message_id": message["id"],
        "guild_id": str(platform.server.world.guild),
    }
    await platform.server.gateway.send("MESSAGE_REACTION_REMOVE_ALL", event)
    await platform.until(lambda: choices(house) == [Choice.CONFIRM, Choice.NONE])


async def test_only_a_role_counts(platform: DiscordPlatform, house: House) -> None:
    """Everybody's word is recorded; those with the role decide."""
    role = platform.server.world.new_id()
    message = await put_up(platform, house, reviewer_role=str(role))
    grace = platform.person("grace")
    platform.server.world.roles[grace] = [role]
    one = await platform.press(message, f"vote:{ID}:reject")
    assert NOT_A_REVIEWER in one.text
    await platform.react(message["id"], "grace", "✅")
    await platform.until(lambda: "Confirmed: ✅ Grace" in platform.posted()[0].text)
    assert [vote.counts for vote in house.store.facts(HOME).votes] == [False, True]


async def test_only_a_list_counts(platform: DiscordPlatform, house: House) -> None:
    """The same with people named one by one."""
    ada = platform.person("ada")
    message = await put_up(platform, house, reviewers=(str(ada),))
    await platform.press(message, f"vote:{ID}:reject", "grace")
    await platform.press(message, f"vote:{ID}:confirm", "ada")
    assert [vote.counts for vote in house.store.facts(HOME).votes] == [False, True]


async def test_what_counts(platform: DiscordPlatform, house: House) -> None:
    """The rules for this capability are one press away."""
    message = await put_up(platform, house)
    assert "What counts as negation" in (await platform.press(message, f"counts:{ID}")).text


async def opened(platform: DiscordPlatform, message: Json, who: str = "ada") -> Json:
    """The form behind *Fix*."""
    one = await platform.press(message, f"fix:{ID}", who)
    assert one.first is not None
    assert one.first["type"] == FORM
    form: Json = one.first["data"]
    return form


async def send(platform: DiscordPlatform, form: Json, values: Json, who: str = "ada") -> Interaction:
    """The form, filled in and sent."""
    made = platform.server.interactions.submit(platform.channel, platform.person(who), form, values)
    return await platform.settled(made)


async def test_fix_is_a_form_with_selects(platform: DiscordPlatform, house: House) -> None:
    """What is known is filled in; what is sent is saved, shown on the card and told in the thread."""
    message = await put_up(platform, house)
    form = await opened(platform, message)
    kinds = {one["label"]: one["component"]["type"] for one in form["components"]}
    assert kinds == {"Capability": 3, "Stage": 3, "Model": 4, "Date": 4}
    values = {"capability": STYLE, "stage": IMAGE, "model": "Brush 3", "date": "2026-05"}
    one = await send(platform, form, values)
    assert "Saved" in one.text
    await platform.until(lambda: "Brush 3" in platform.posted()[0].text and len(platform.posted()) == 2)
    assert "Ada set right" in platform.posted()[1].text
    [fix] = house.store.facts(HOME).corrections
    assert (fix.model, str(fix.happened)) == ("Brush 3", "2026-05")


async def test_a_form_is_read_after_a_restart(platform: DiscordPlatform, house: House) -> None:
    """A form that was open while the bot restarted is not lost."""
    form = await opened(platform, await put_up(platform, house))
    await platform.kill()
    await platform.start(house.services())
    one = await send(platform, form, {"capability": STYLE, "stage": IMAGE, "model": "Brush 3", "date": "2026-05"})
    assert "Saved" in one.text


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"date": "when pigs fly"}, "date"),
        ({"date": "2099-01-01"}, "future"),
        ({"capability": "no-such-thing"}, "capability"),
        ({"model": "Brush 2"}, NOTHING_CHANGED),
    ],
)
async def test_a_form_that_cannot_be_used(platform: DiscordPlatform, house: House, values: Json, told: str) -> None:
    """The trouble is told by field with a button to try again; nothing is saved."""
    form = await opened(platform, await put_up(platform, house))
    one = await send(platform, form, values)
    assert told in one.text
    assert custom_ids(one.shown[-1]["components"]) == [f"fix:{ID}"]
    assert house.store.facts(HOME).corrections == ()


async def test_fix_is_for_reviewers(platform: DiscordPlatform, house: House) -> None:
    """Nobody else gets the form, nor is one of theirs taken."""
    ada = platform.person("ada")
    message = await put_up(platform, house, reviewers=(str(ada),))
    form = await opened(platform, message)
    assert REVIEWERS_ONLY in (await platform.press(message, f"fix:{ID}", "grace")).text
    assert REVIEWERS_ONLY in (await send(platform, form, {"model": "Mine"}, "grace")).text


async def test_a_deaf_gateway_is_noticed_and_left(platform: DiscordPlatform, house: House) -> None:
    """Votes that only the timer finds mean that events are lost: the gateway is closed, and resumed."""
    platform.loss.lost = 1.0
    message = await put_up(platform, house, reread_seconds=0.05)
    await platform.react(message["id"], "ada", "✅")
    await platform.until(lambda: choices(house) == [Choice.CONFIRM])
    await platform.until(lambda: platform.server.gateway.resumes == 1)


async def test_a_card_deleted_on_discord(platform: DiscordPlatform, house: House) -> None:
    """The operator is told once; the other cards are read all the same."""
    house.add(sighting(capability=STYLE, model="Brush 3"))
    first = await put_up(platform, house)
    del platform.server.world.messages[platform.channel][int(first["id"])]
    other = platform.server.messages(platform.channel)[0]
    await platform.react(other["id"], "ada", "✅")
    await platform.look_again()
    await platform.look_again()
    assert choices(house) == [Choice.CONFIRM]
    assert len([line for line in house.told if "message was deleted" in line]) == 1


async def test_two_people_press_at_once(platform: DiscordPlatform, house: House) -> None:
    """Both words are kept, and the card shows both."""
    message = await put_up(platform, house)
    async with asyncio.timeout(BOUND):
        await asyncio.gather(
            platform.press(message, f"vote:{ID}:confirm", "ada"), platform.press(message, f"vote:{ID}:confirm", "grace")
        )
    await platform.until(lambda: "Ada and Grace" in card_text(platform) or "Grace and Ada" in card_text(platform))


def card_text(platform: DiscordPlatform) -> str:
    """The words on the card."""
    return platform.posted()[0].text
