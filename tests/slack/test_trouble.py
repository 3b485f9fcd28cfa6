"""What goes wrong on Slack: one line to the operator for each change, a clear one to the asker, nothing lost."""

import asyncio

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import APP
from bot.slack.socket import AWAY, Socket
from bot.troubles import Troubles
from cascade.errors import ChatError, StoreAway
from cascade.message import Bullets, Message
from tests.chat.house import Breaking, House
from tests.make import sighting
from tests.slack.limits import words
from tests.slack.platform import SlackPlatform
from tests.slack.server import BOUND, Fault
from tests.slack.workspace import APP_TOKEN, CHANNEL, TOKEN, Json

HELLO = Message(headline="hello")
LONG = Message(headline="long", parts=(Bullets(tuple((f"{n} " + "x" * 500,) for n in range(30))),))  # two pages
NO_PAYLOADS: tuple[Json, ...] = ({}, {"type": 7}, {"type": "block_actions", "actions": "x"}, {"event": {"type": []}})
KEPT = "subscribe monday 9"


def looks(platform: SlackPlatform) -> int:
    """How often messages were looked up."""
    return sum(len(platform.server.called(f"conversations.{name}")) for name in ("history", "replies"))


async def subscribed(platform: SlackPlatform, house: House) -> None:
    """A channel that wants its digest."""
    await platform.start(house.services())
    await platform.say(KEPT)


async def refused_twice(platform: SlackPlatform) -> ChatError:
    """Two posts that fail; the second's error."""
    for marker in ("d.1", "d.2"):
        with pytest.raises(ChatError) as refused:
            await platform.chat.post(platform.review, HELLO, marker)
    return refused.value


class TestPlaces:
    @pytest.mark.parametrize(
        ("trouble", "said"), [("archived", "archived"), ("absent", "/invite"), ("deleted", "is gone")]
    )
    async def test_a_channel_that_takes_nothing(
        self, platform: SlackPlatform, house: House, trouble: str, said: str
    ) -> None:
        """Archived, deleted, or without the bot: told once, told again when it works, and the subscription stays."""
        await subscribed(platform, house)
        troubled: set[str] = getattr(platform.server.state, trouble)
        troubled.add(CHANNEL)
        assert (await refused_twice(platform)).permanent
        assert [said in line for line in house.told] == [True]
        troubled.clear()
        await platform.chat.post(platform.review, HELLO, "d.3")
        assert [line for line in house.told if "works again" in line] == house.told[1:]
        assert len(house.store.subscriptions()) == 1

    async def test_an_archived_channel_is_told_by_its_event(self, platform: SlackPlatform, house: House) -> None:
        """The operator need not wait for the next digest."""
        await subscribed(platform, house)
        archived = {"type": "channel_archive", "channel": CHANNEL, "user": "U0ADA"}
        await platform.server.event(archived)
        await platform.server.event(archived)
        await platform.server.event({**archived, "type": "channel_unarchive"})
        await platform.told_soon(house.told, "works again")
        assert ["archived" in line for line in house.told] == [True, False]

    async def test_removed_from_the_channel(self, platform: SlackPlatform, house: House) -> None:
        """The bot's own leaving is told, a person's is not."""
        await subscribed(platform, house)
        left = {"type": "member_left_channel", "user": "U0ADA", "channel": CHANNEL}
        await platform.server.event(left)
        await platform.server.event({**left, "user": "U0CASCADE"})
        await platform.server.event(platform.mention("help"))
        await platform.told_soon(house.told, "works again")  # it was answered there
        assert ["was removed" in line for line in house.told] == [True, False]

    async def test_subscribing_where_the_bot_is_not(self, platform: SlackPlatform, house: House) -> None:
        """The asker is told to invite it; the subscription is kept for when they did."""
        await platform.start(house.services())
        platform.server.state.absent.add("C0OTHER")
        assert "/invite" in words((await platform.say(KEPT, channel="C0OTHER"))["blocks"])
        assert [one.place.id for one in house.store.subscriptions()] == ["C0OTHER"]

    @pytest.mark.parametrize(("channel", "told"), [("D0ADA", False), ("D0OTHERS", True), ("G0GROUP", True)])
    async def test_subscribing_direct_messages(
        self, platform: SlackPlatform, house: House, channel: str, told: bool
    ) -> None:
        """One's own with Cascade take digests, without a right to read about any; other people's cannot."""
        await platform.start(house.services())
        answer = words((await platform.say(KEPT, channel=channel))["blocks"])
        assert ("/invite" in answer) is told
        assert "right is missing" not in answer

    async def test_sharing_where_the_bot_is_not(self, platform: SlackPlatform, house: House) -> None:
        """Whoever presses *Share* is told why it does not stand there."""
        await platform.start(house.services())
        platform.server.state.absent.add(CHANNEL)
        await platform.server.send("interactive", platform.press("share:negation"))
        assert "/invite" in words((await platform.whisper())["blocks"])

    async def test_an_answer_to_a_deleted_message(self, platform: SlackPlatform, house: House) -> None:
        """Nothing stands under it any more, so that nothing about it stays unclear."""
        await platform.start(house.services())
        ref = await platform.chat.post(platform.review, HELLO, "d.1")
        await platform.chat.reply(platform.review, ref, HELLO, "d.2")
        assert await platform.chat.find(platform.review, "d.2", house.clock(), ref)
        platform.wipe()
        assert await platform.chat.find(platform.review, "d.2", house.clock(), ref) is None

    async def test_looking_is_spared(self, platform: SlackPlatform, house: House) -> None:
        """Slack lets some apps look once a minute: an answer needs no look, a second try one, of which both know."""
        await platform.start(house.services())
        await platform.running.chat.say(platform.review, LONG, "answer:1")
        assert looks(platform) == 0
        platform.server.faults["chat.postMessage"] = [Fault(drop=True)]
        with pytest.raises(ChatError):
            await platform.chat.post(platform.review, LONG, "d.1")
        before = looks(platform)
        assert await platform.chat.find(platform.review, "d.1", house.clock()) is None
        await platform.chat.post(platform.review, LONG, "d.1")
        assert looks(platform) == before + 1
        assert len(platform.posted()) == 4


class TestTokens:
    async def test_revoked(self, platform: SlackPlatform, house: House) -> None:
        """Told once for the whole workspace; when the token is good again, that is told too."""
        await subscribed(platform, house)
        platform.server.state.revoked.add(TOKEN)
        assert (await refused_twice(platform)).channel == APP
        assert ["revoked" in line for line in house.told] == [True]
        platform.server.state.revoked.clear()
        await platform.chat.post(platform.review, HELLO, "d.3")
        assert house.told[-1] == "Slack: the app works again"

    async def test_wrong_from_the_start(self, platform: SlackPlatform, house: House) -> None:
        """The start goes on, and the operator hears what to do."""
        await platform.start(house.services(), platform.settings(bot_token="xoxb-wrong", app_token=""))
        await platform.told_soon(house.told, "does not know the token")
        with pytest.raises(ChatError):
            await platform.chat.post(platform.review, HELLO, "d.1")
        assert len(house.told) == 1

    async def test_app_token_refused(self, platform: SlackPlatform, house: House) -> None:
        """Socket Mode says what it needs, once."""
        platform.server.state.revoked.add(APP_TOKEN)
        await platform.start(house.services())
        await platform.told_soon(house.told, "connections:write")
        assert len(house.told) == 1

    async def test_missing_scope(self, platform: SlackPlatform, house: House) -> None:
        """The line names the right that is missing."""
        await subscribed(platform, house)
        platform.server.state.scopes.discard("chat:write")
        await refused_twice(platform)
        assert ["chat:write" in line for line in house.told] == [True]
        assert len(house.store.subscriptions()) == 1

    async def test_uninstalled(self, platform: SlackPlatform, house: House) -> None:
        """The app was taken out of the workspace: told once, nothing is forgotten."""
        await subscribed(platform, house)
        gone = {"type": "app_uninstalled"}
        await platform.server.event(gone)
        await platform.server.event({"type": "tokens_revoked", "tokens": {"bot": ["U0CASCADE"]}})
        await platform.server.send("slash_commands", platform.command("help"))
        await platform.whisper()
        assert "removed from the workspace" in house.told[0]
        assert len(house.store.subscriptions()) == 1


class TestPeople:
    async def test_the_form_came_too_late(self, platform: SlackPlatform, house: House) -> None:
        """An expired trigger: the presser is told to press again, the operator nothing."""
        house.add(one := sighting())
        await platform.start(house.services())
        await platform.server.send("interactive", platform.press(f"fix:{one.id}", trigger_id="expired"))
        assert "press Fix again" in (await platform.whisper())["text"]
        assert house.told == []

    async def test_a_button_from_another_time(self, platform: SlackPlatform, house: House) -> None:
        """A value that Cascade never made is answered with a cure."""
        await platform.start(house.services())
        await platform.server.send("interactive", platform.press("vote:none:confirm"))
        assert "is no sighting" in (await platform.whisper())["text"]

    async def test_payloads_that_are_no_payloads(self, platform: SlackPlatform, house: House) -> None:
        """They are left alone, with one line to the operator, and the next command is answered."""
        await platform.start(house.services())
        bad = platform.command("help")
        del bad["user_id"]
        for payload in (bad, bad):
            await platform.server.send("slash_commands", payload)
        for kind in ("interactive", "events_api"):
            for body in NO_PAYLOADS:
                await platform.server.send(kind, body)
        assert "Cascade" in words((await platform.say("help"))["blocks"])
        assert len({*house.told}) == len(house.told)
        assert any("user_id" in line for line in house.told)

    async def test_a_bug_is_told_plainly(self, platform: SlackPlatform, house: House) -> None:
        """The asker reads one line and no detail, to a command and to a press; the next question is answered."""
        house.add(one := sighting())
        breaking = Breaking(house.run)
        await platform.start(house.services(breaking))
        breaking.armed = True
        for _ in range(3):
            assert "Something went wrong" in (await platform.say("negation"))["text"]
        await platform.server.send("interactive", platform.press(f"vote:{one.id}:confirm"))
        assert "Something went wrong" in (await platform.whisper())["text"]
        assert len([line for line in house.told if "An answer" in line]) == 2  # one of each kind, however often
        breaking.armed = False
        assert "Cascade" in words((await platform.say("help"))["blocks"])

    async def test_a_mention_while_the_database_is_away(self, platform: SlackPlatform, house: House) -> None:
        """Whoever asked in a thread reads it there, as with a command."""
        breaking = Breaking(house.run, StoreAway("The database is away"))
        await platform.start(house.services(breaking))
        breaking.armed = True
        await platform.server.event(platform.mention("negation", thread_ts="1799.1"))
        (answer,) = await platform.posted_soon(1)
        assert (answer.thread, "The database is away" in answer.text) == ("1799.1", True)

    async def test_a_response_url_that_expired(self, platform: SlackPlatform, house: House) -> None:
        """Nobody can be told any more; the program goes on."""
        await platform.start(house.services())
        await platform.server.send("slash_commands", platform.command("help", hook="expired"))
        assert await platform.say("help")


class TestRates:
    async def test_a_post_waits(self, platform: SlackPlatform, house: House) -> None:
        """429 on a post: as long as Slack says, then once more."""
        await platform.start(house.services())
        limited = Fault(status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "7"})
        platform.server.faults["chat.postMessage"] = [limited, limited]
        await platform.chat.post(platform.review, HELLO, "d.1")
        assert platform.waits == [7.0, 7.0]
        assert len(platform.posted()) == 1

    async def test_a_read_waits(self, platform: SlackPlatform, house: House) -> None:
        """429 on anything else is waited out by the client."""
        house.add(sighting())
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        ref = platform.posted()[0].ref
        await platform.react(ref, "ada", "✅")
        limited = Fault(status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "0"})
        platform.server.faults["reactions.get"] = [limited]
        await platform.look_again()
        assert len(house.votes()) == 1

    @pytest.mark.parametrize(
        "fault", [Fault(drop=True), Fault(status=502), Fault(status=500, body={"ok": False, "error": "fatal_error"})]
    )
    async def test_a_post_is_not_repeated(self, platform: SlackPlatform, house: House, fault: Fault) -> None:
        """No answer, or one that leaves it open: whoever posts looks before it tries again."""
        await platform.start(house.services())
        platform.server.faults["chat.postMessage"] = [fault]
        with pytest.raises(ChatError) as lost:
            await platform.chat.post(platform.review, HELLO, "d.1")
        assert lost.value.unclear
        assert len(platform.server.called("chat.postMessage")) == 1


class TestSocket:
    async def test_slack_is_away_at_the_start(self, platform: SlackPlatform, house: House) -> None:
        """The operator hears it once, and once more when it is there: it is connected to without further ado."""
        platform.server.faults["apps.connections.open"] = [Fault(drop=True)] * 2
        await connected(platform, house)
        assert house.told == [AWAY, "Slack: Socket Mode works again"]

    async def test_an_address_that_leads_nowhere(self, platform: SlackPlatform, house: House) -> None:
        """A spent one is given up, and the next one connects."""
        platform.server.spent = 2
        await connected(platform, house)
        assert len(platform.server.called("apps.connections.open")) >= 3


async def connected(platform: SlackPlatform, house: House) -> None:
    """A socket that is quick to try again, once it is connected."""
    there, client = asyncio.Event(), AsyncWebClient(base_url=platform.server.url)
    troubles = Troubles("Slack", house.told.append)
    socket = Socket(AsyncApp(token=TOKEN), APP_TOKEN, client, troubles, there.set, ping=0.02, ticket=0.05)
    async with asyncio.timeout(BOUND):
        await socket.connect()
    assert there.is_set()
    await socket.close()  # type: ignore[no-untyped-call]


class TestDeafSocket:
    async def test_reactions_count_all_the_same(self, platform: SlackPlatform, house: House) -> None:
        """The socket looks healthy and brings nothing: the timer finds the vote, and takes a new socket."""
        house.add(sighting())
        await platform.start(house.services(), platform.settings(read_back_every=0.05))
        await platform.desk.post_new(house.clock())
        platform.server.deaf = True
        ref, people = platform.posted()[0].ref, [f"p{number}" for number in range(200)]

        def replaced() -> bool:
            # One by one: what the socket brought before it went deaf makes it look well at the first of them.
            platform.server.state.toggle(CHANNEL, ref, platform.server.state.person(people.pop()), "x")
            return platform.server.connections == 2

        await platform.server.until(replaced)
        await platform.look_again()
        assert len(house.votes()) == 200 - len(people)
