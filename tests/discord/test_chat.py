"""Digests on Discord: channels, threads, forums and people; in several messages; found again; never twice."""

import pytest

from bot.discord.marks import Mark, name_of, read_mark
from cascade.errors import ChatError
from cascade.message import Bullets, Chart, Message, Paragraph, Picture
from cascade.ports import Place
from tests.chat.house import House
from tests.discord.platform import DiscordPlatform
from tests.discord.state import FORUM, Json
from tests.make import DAY, MONDAY

MARKER = "d1.2026-W20.0.0"
WEEK = Message(headline="This week", parts=(Paragraph(("Negation reached open image models.",)),))
LONG = Message(headline="A long week", parts=(Bullets(tuple((f"line {n} " + "x" * 200,) for n in range(50))),))


def marks(platform: DiscordPlatform, channel: int) -> list[Mark | None]:
    """The marks of what stands in a channel."""
    return [read_mark(one["embeds"][0]["url"]) for one in platform.server.messages(channel)]


def bodies(platform: DiscordPlatform) -> list[Json]:
    """What stands in the review channel, with what the API does not tell."""
    return list(platform.server.world.messages[platform.channel].values())


async def test_a_digest_in_a_channel(platform: DiscordPlatform, house: House) -> None:
    """An embed with its mark in the title's link, and nobody mentioned."""
    await platform.start(house.services())
    ref = await platform.chat.post(platform.review, WEEK, MARKER)
    [body] = bodies(platform)
    assert body["id"] == ref
    assert body["embeds"][0]["title"] == "This week"
    assert body["embeds"][0]["url"].startswith("https://discord.com/channels/")
    assert body["allowed_mentions"]["parse"] == []
    assert marks(platform, platform.channel) == [Mark(name_of(MARKER))]


async def test_a_long_digest_goes_on_in_more_messages(platform: DiscordPlatform, house: House) -> None:
    """Each with its own mark and number, so that an interrupted one is taken up where it stopped."""
    await platform.start(house.services())
    await platform.chat.post(platform.review, LONG, MARKER)
    total = len(bodies(platform))
    assert total > 1
    assert [mark.number for mark in marks(platform, platform.channel) if mark] == list(range(1, total + 1))


async def test_an_interrupted_digest_is_completed(platform: DiscordPlatform, house: House) -> None:
    """The first page stands, the second was lost: it is not found as a whole, and only the rest is sent again."""
    await platform.start(house.services())
    platform.server.fail("POST", r"/messages$", status=403, code=50013, skip=1)
    with pytest.raises(ChatError):
        await platform.chat.post(platform.review, LONG, MARKER)
    assert await platform.chat.find(platform.review, MARKER, MONDAY) is None
    house.later(house.clock() + DAY)  # no nonce is remembered for so long
    ref = await platform.chat.post(platform.review, LONG, MARKER)
    numbers = [mark.number for mark in marks(platform, platform.channel) if mark]
    assert numbers == list(range(1, len(numbers) + 1))
    assert await platform.chat.find(platform.review, MARKER, MONDAY) == ref


async def test_the_nonce_is_the_same_for_the_same_message(platform: DiscordPlatform, house: House) -> None:
    """Sent again within minutes, Discord gives back the message that stands."""
    await platform.start(house.services())
    first = await platform.chat.post(platform.review, WEEK, MARKER)
    assert await platform.chat.post(platform.review, WEEK, MARKER) == first
    assert len(bodies(platform)) == 1


async def test_a_forum_gets_a_post_with_tags(platform: DiscordPlatform, house: House) -> None:
    """The headline is the post's title; answers and later pages stand inside; it is found by its mark."""
    forum = platform.server.world.add_channel("news", FORUM)
    await platform.start(house.services())
    place = Place("discord", f"{forum}+77,78")
    ref = await platform.chat.post(place, LONG, MARKER)
    post = platform.server.world.channels[int(ref)]
    assert (post["name"], post["applied_tags"]) == ("A long week", ["77", "78"])
    assert len(platform.server.messages(int(ref))) > 1
    answer = await platform.chat.reply(place, ref, WEEK, "d1.2026-W20.0.1")
    assert answer in {one["id"] for one in platform.server.messages(int(ref))}
    assert await platform.chat.find(place, MARKER, MONDAY) == ref
    await platform.chat.edit(place, ref, WEEK)
    assert platform.server.messages(int(ref))[0]["embeds"][0]["title"] == "This week"


@pytest.mark.parametrize("answer", ["lost", "refused", "500"])
async def test_a_forum_post_is_never_made_twice(platform: DiscordPlatform, house: House, answer: str) -> None:
    """It takes no nonce: an answer that got lost is unclear, the post is looked for and not made again."""
    forum = platform.server.world.add_channel("news", FORUM)
    await platform.start(house.services())
    place = Place("discord", str(forum))
    if answer == "500":
        platform.server.fail("POST", rf"/channels/{forum}/threads$", status=500, after=True, times=9)
    else:
        setattr(platform.answers, answer, 1)
    with pytest.raises(ChatError) as trouble:
        await platform.chat.post(place, WEEK, MARKER)
    assert trouble.value.unclear
    assert (await platform.chat.find(place, MARKER, MONDAY) is None) is (answer == "refused")
    assert len(platform.server.world.threads(parent=forum)) == (0 if answer == "refused" else 1)


async def test_a_closed_forum_post_is_found(platform: DiscordPlatform, house: House) -> None:
    """Posts that Discord closed for want of news are looked through too."""
    forum = platform.server.world.add_channel("news", FORUM)
    await platform.start(house.services())
    place = Place("discord", str(forum))
    ref = await platform.chat.post(place, WEEK, MARKER)
    platform.server.world.archive(int(ref))
    assert await platform.chat.find(place, MARKER, MONDAY) == ref


async def test_a_thread_and_a_person_are_places(platform: DiscordPlatform, house: House) -> None:
    """A subscription can be for a thread; a watch is told to its person."""
    thread = int(platform.server.world.add_thread(platform.channel, "weekly")["id"])
    await platform.start(house.services())
    ada = platform.person("ada")
    ref = await platform.chat.post(Place("discord", str(thread)), WEEK, MARKER)
    assert [one["id"] for one in platform.server.messages(thread)] == [ref]
    mine = Place("discord", str(ada))
    told = await platform.chat.post(mine, WEEK, "watch")
    assert await platform.chat.find(mine, "watch", MONDAY) == told
    again = await platform.chat.reply(mine, told, WEEK, "watch2")
    assert again != told


async def test_an_answer_begins_the_thread_once(platform: DiscordPlatform, house: House) -> None:
    """The details of a digest stand in a thread under it."""
    await platform.start(house.services())
    lead = await platform.chat.post(platform.review, WEEK, MARKER)
    await platform.chat.reply(platform.review, lead, WEEK, "one")
    await platform.chat.reply(platform.review, lead, WEEK, "two")
    assert len(platform.server.messages(int(lead))) == 2
    assert len(bodies(platform)) == 1


async def test_an_edit_may_need_more_room(platform: DiscordPlatform, house: House) -> None:
    """What no longer fits goes on in a message of its own; what shrinks stays where it is."""
    await platform.start(house.services())
    ref = await platform.chat.post(platform.review, WEEK, MARKER)
    await platform.chat.edit(platform.review, ref, LONG)
    assert bodies(platform)[0]["embeds"][0]["title"].startswith("A long week")
    assert len(bodies(platform)) > 1


async def test_a_picture_in_a_digest(platform: DiscordPlatform, house: House) -> None:
    """It is attached, shown in the embed, and has its words."""
    await platform.start(house.services())
    picture = Picture(Chart.BOARD, (), "The board in words")
    await platform.chat.post(platform.review, Message(headline="This week", parts=(picture,)), MARKER)
    [body] = bodies(platform)
    assert body["attachments"][0]["description"] == "The board in words"
    assert body["embeds"][0]["image"]["url"].startswith("attachment://")


async def test_nobody_elses_message_is_taken_for_ours(platform: DiscordPlatform, house: House) -> None:
    """Whoever copies a mark is not the bot."""
    await platform.start(house.services())
    embed = {"title": "This week", "url": f"https://discord.com/channels/1/2{Mark(name_of(MARKER))}"}
    platform.server.world.add_message(platform.channel, platform.person("mallory"), {"embeds": [embed]})
    assert await platform.chat.find(platform.review, MARKER, MONDAY) is None
