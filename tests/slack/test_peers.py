"""Slack's adapter against emulate, an independent server of Slack's Web API, behind a proxy that fails on demand.

`make test-peers` starts both and names them in PEERS_URL (the proxy) and PEERS_SERVER (emulate itself).
emulate speaks the Web API and signed events; slash commands, interactivity and Socket Mode are not in it.
"""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.slack.service import SlackService
from bot.slack.settings import SlackSettings
from cascade.errors import ChatError
from cascade.message import Bullets, Link, Message, Paragraph
from cascade.ports import Place
from cascade.sighting import Choice
from tests.chat.house import House
from tests.make import sighting

pytestmark = pytest.mark.peers
PROXY, SERVER = os.environ.get("PEERS_URL", ""), os.environ.get("PEERS_SERVER", "")
SECRET, BOT, ALICE = "emu-signing-secret", "xoxb-cascade", "xoxp-alice"
HELLO = Message(headline="hello <!channel>", parts=(Paragraph((Link("a", "https://a.example/?x=1&y=2"),)),))


class Emulated:
    """emulate with our adapter as its client, spoken to over signed requests."""

    def __init__(self, session: ClientSession, house: House) -> None:
        self.session, self.house = session, house
        self.channel = ""
        self.service: SlackService

    async def start(self) -> None:
        """Find the channel, start the adapter, and let emulate send its events to it."""
        listed = await self.call("conversations.list")
        self.channel = next(one["id"] for one in listed["channels"] if one["name"] == "cascade")
        await self.call("conversations.join", channel=self.channel)
        wired = SlackSettings(
            bot_token=BOT, signing_secret=SECRET, api_url=f"{PROXY}/api/", review_channel=self.channel
        )
        self.house.later(datetime.now(UTC))
        self.service = SlackService(wired, self.house.services())
        await self.service.start()
        app = web.Application()
        app.add_routes(self.service.routes)
        self.door = TestServer(app)
        await self.door.start_server()
        hook = {"url": str(self.door.make_url("/slack/events"))}
        await (await self.session.post(f"{SERVER}/_test/subscribe", json=hook)).release()

    async def stop(self) -> None:
        """Close everything of ours."""
        await self.service.stop()
        await self.door.close()

    @property
    def place(self) -> Place:
        """The channel."""
        return Place("slack", self.channel)

    async def call(self, method: str, token: str = BOT, **args: str) -> dict[str, list[dict[str, str]]]:
        """A Web API call that is not ours."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(f"{SERVER}/api/{method}", data=args, headers=headers) as answer:
            found: dict[str, list[dict[str, str]]] = await answer.json()
            assert found["ok"], (method, found)
            return found

    async def fault(self, **how: object) -> None:
        """The next post fails."""
        fault = {"path": "/api/chat.postMessage", "times": 1, **how}
        await (await self.session.post(f"{PROXY}/_fault", json=fault)).release()


@pytest.fixture
async def emulated(house: House) -> AsyncIterator[Emulated]:
    """emulate, and our adapter at it."""
    async with ClientSession() as session:
        one = Emulated(session, house)
        await one.start()
        yield one
        await one.stop()


async def test_post_find_edit_reply(emulated: Emulated) -> None:
    """A message is posted with its metadata, found by it, edited, and answered in its thread."""
    chat, marker, since = emulated.service.chat, f"p.{datetime.now(UTC).timestamp()}", datetime.now(UTC)
    ref = await chat.post(emulated.place, HELLO, marker)
    reply = await chat.reply(emulated.place, ref, HELLO, f"{marker}.1")
    await chat.edit(emulated.place, ref, Message(headline="edited"))
    assert await chat.find(emulated.place, marker, since) == ref
    assert await chat.find(emulated.place, f"{marker}.1", since, ref) == reply
    assert await chat.find(emulated.place, "nothing", since) is None


async def test_several_pages(emulated: Emulated) -> None:
    """A long message goes on in its thread and is found as a whole; when a page is missing, only that is sent again."""
    chat, since = emulated.service.chat, datetime.now(UTC)
    emulated.house.later(since)
    pages = Message(headline="long", parts=(Bullets(tuple((f"{n} " + "x" * 500,) for n in range(30))),))
    ref = await chat.post(emulated.place, pages, "long")
    assert await chat.find(emulated.place, "long", since) == ref
    thread = {"channel": emulated.channel, "ts": ref}
    first, second = (await emulated.call("conversations.replies", **thread))["messages"]
    await emulated.call("chat.delete", channel=emulated.channel, ts=second["ts"])
    assert await chat.find(emulated.place, "long", since) is None
    assert await chat.post(emulated.place, pages, "long") == first["ts"]
    assert await chat.find(emulated.place, "long", since) == ref
    assert len((await emulated.call("conversations.replies", **thread))["messages"]) == 2


async def test_a_vote_by_reaction(emulated: Emulated) -> None:
    """A person's reaction arrives as a signed event, is read back, counts, and is taken back."""
    emulated.house.add(sighting(seen_at=datetime.now(UTC)))
    desk, watch = emulated.service.desk, emulated.service.watch
    assert desk is not None
    assert watch is not None
    emulated.house.later(datetime.now(UTC))
    assert await desk.post_new(emulated.house.clock()) == 1
    ref = emulated.house.cards()[0].ref or ""
    for method, left in (("reactions.add", [Choice.CONFIRM]), ("reactions.remove", [])):
        emulated.house.later(datetime.now(UTC))
        await emulated.call(method, ALICE, channel=emulated.channel, timestamp=ref, name="white_check_mark")
        watch.doubt()
        await watch.idle()
        assert list(emulated.house.votes().values()) == left


async def test_429(emulated: Emulated) -> None:
    """A rate limit is waited out, and the message stands once."""
    await emulated.fault(status=429, headers={"Retry-After": "1"})
    assert await emulated.service.chat.post(emulated.place, HELLO, "limited")


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 503, "body": "nothing"}])
async def test_a_lost_answer(emulated: Emulated, how: dict[str, object]) -> None:
    """The connection breaks, or a proxy answers: unclear, looked up, not there."""
    await emulated.fault(**how)
    since = datetime.now(UTC)
    with pytest.raises(ChatError) as lost:
        await emulated.service.chat.post(emulated.place, HELLO, "lost")
    assert lost.value.unclear
    assert await emulated.service.chat.find(emulated.place, "lost", since) is None
