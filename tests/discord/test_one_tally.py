"""One sighting on Slack and on Discord: two cards, one set of votes."""

from collections.abc import AsyncIterator

import pytest

from app.platforms import introduce
from bot.review import TWO_PLATFORMS
from cascade.ports import HOME
from cascade.sighting import Status
from cascade.view import View
from tests.chat.fixtures import opened
from tests.chat.house import House
from tests.discord.platform import DiscordPlatform
from tests.make import sighting
from tests.slack.platform import SlackPlatform

ID = sighting().id


@pytest.fixture
async def slack(house: House) -> AsyncIterator[SlackPlatform]:
    """Slack beside Discord, with the same house."""
    async with opened(SlackPlatform()) as one:
        await one.start(house.services())
        yield one


async def both(platform: DiscordPlatform, slack: SlackPlatform, house: House) -> None:
    """One candidate's card on each."""
    house.add(sighting())
    await platform.start(house.services())
    introduce([platform.desk, slack.desk])
    await platform.desk.post_new(house.clock())
    await slack.desk.post_new(house.clock())


def decision(house: House) -> tuple[Status, int]:
    """What was decided, and by how many."""
    [one] = View(taxonomy=house.taxonomy, facts=house.store.facts(HOME), now=house.clock()).judged
    return one.decision.status, len(one.decision.confirmed_by)


async def test_a_vote_on_one_shows_on_both(platform: DiscordPlatform, slack: SlackPlatform, house: House) -> None:
    """A reaction on Discord and a press on Slack: each card names both people at once."""
    await both(platform, slack, house)
    await platform.react(platform.posted()[0].ref, "grace", "✅")
    await platform.until(lambda: "Confirmed: ✅ Grace" in slack.posted()[0].text)
    assert "Confirmed: ✅ Grace" in platform.posted()[0].text
    await slack.react(slack.posted()[0].ref, "linus", "❌")
    await platform.until(lambda: "❌" in platform.posted()[0].text and "inus" in platform.posted()[0].text)


async def test_joined_by_a_code(platform: DiscordPlatform, slack: SlackPlatform, house: House) -> None:
    """Ada votes on both: two votes and a hint on the cards, until she joins her accounts; then one."""
    await both(platform, slack, house)
    await platform.react(platform.posted()[0].ref, "ada", "✅")
    await slack.react(slack.posted()[0].ref, "ada", "✅")
    await platform.until(lambda: decision(house) == (Status.CONFIRMED, 2))
    await platform.until(lambda: TWO_PLATFORMS[:40] in platform.posted()[0].text)
    await platform.until(lambda: TWO_PLATFORMS[:40] in slack.posted()[0].text)
    code = next(word for word in (await platform.command("link")).text.split() if len(word.replace("\\", "")) == 9)
    told = str(await slack.say(f"link {code}"))
    assert "vote as one" in told
    assert decision(house) == (Status.CONFIRMED, 1)
    await platform.look_again()
    assert TWO_PLATFORMS[:40] not in platform.posted()[0].text


async def test_one_platform_fails_alone(platform: DiscordPlatform, slack: SlackPlatform, house: House) -> None:
    """A card deleted on Slack does not keep Discord's from following."""
    await both(platform, slack, house)
    slack.server.state.messages.clear()
    await platform.react(platform.posted()[0].ref, "grace", "✅")
    await platform.until(lambda: "Confirmed: ✅ Grace" in platform.posted()[0].text)


async def test_no_code_is_said_where_others_read(slack: SlackPlatform) -> None:
    """A mention on Slack that asks for a code is pointed to the command, as on Discord."""
    await slack.server.event(slack.mention("link"))
    [answer] = await slack.posted_soon(1)
    assert "Your code" not in answer.text
    assert "the code has to be seen by you alone" in answer.text
