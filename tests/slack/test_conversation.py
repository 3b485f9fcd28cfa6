"""What people ask on Slack, over Socket Mode: answered at once, where it was asked, and harmless."""

from pathlib import Path

import pytest

from cascade.sighting import Person
from tests.chat.house import House
from tests.make import atlas, sighting
from tests.slack.limits import breakouts, mrkdwn, words
from tests.slack.platform import SlackPlatform
from tests.slack.workspace import CHANNEL, Json

BOARD = "What works where"


def values(message: Json) -> list[str]:
    """What the buttons of a message carry."""
    return [one["value"] for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]


class TestCommands:
    async def test_answered_to_the_asker_alone(self, platform: SlackPlatform, house: House) -> None:
        """`/cascade negation` is acknowledged empty, and answered in words that only the asker sees."""
        house.store.save_atlas([atlas("image/closed", "2025-03-01")])
        await platform.start(house.services())
        envelope = await platform.server.send("slash_commands", platform.command("negation"))
        assert await platform.server.acked(envelope) == {}
        answer = await platform.whisper()
        assert answer["response_type"] == "ephemeral"
        assert "Old One" in words(answer["blocks"])
        assert platform.posted() == []

    async def test_share(self, platform: SlackPlatform, house: House) -> None:
        """*Share* posts the answer for everybody, signed, with its picture, and takes the private one away."""
        await platform.start(house.services())
        answer = await platform.say("")
        assert values(answer)[0] == "share:"
        await platform.server.send("interactive", platform.press("share:", container={"is_ephemeral": True}))
        assert (await platform.whisper())["delete_original"] is True
        shared = platform.posted()[0]
        assert BOARD in shared.text
        assert "Shared by Ada" in shared.text
        message = platform.server.state.messages[CHANNEL][0]
        image = next(block for block in message["blocks"] if block["type"] == "image")
        assert len(image["alt_text"]) > 20
        assert message["_unfurl"] == (False, False)

    async def test_pictures_have_no_channel(self, platform: SlackPlatform, house: House) -> None:
        """A picture is uploaded without a channel, so that it is seen only where a message shows it."""
        await platform.start(house.services())
        await platform.server.send("interactive", platform.press("share:board"))
        await platform.posted_soon(1)
        (file,) = platform.server.state.files.values()
        assert file["_channel"] is None
        assert file["_bytes"].startswith(b"\x89PNG")

    async def test_a_picture_that_never_becomes_ready(self, platform: SlackPlatform, house: House) -> None:
        """The words are posted without it, and say the same."""
        await platform.start(house.services())
        platform.server.state.unready_files = 99
        await platform.server.send("interactive", platform.press("share:board"))
        (shared,) = await platform.posted_soon(1)
        assert BOARD in shared.text
        assert not any(block["type"] == "image" for block in platform.server.state.messages[CHANNEL][0]["blocks"])

    async def test_did_you_mean(self, platform: SlackPlatform, house: House) -> None:
        """A name that stays unclear gets the nearest as buttons, and a button answers."""
        await platform.start(house.services())
        answer = await platform.say("qwzx")
        offered = [value for value in values(answer) if value.startswith("ask:")]
        assert offered
        await platform.server.send("interactive", platform.press(offered[0]))
        assert "mean" not in (await platform.whisper())["text"]

    async def test_nothing_typed_can_mention(self, platform: SlackPlatform, house: House) -> None:
        """What a person types comes back without its power."""
        await platform.start(house.services())
        answer = await platform.say("why &lt;!channel&gt; <!here> *x* <https://evil.example|y>")
        assert [hit for text in mrkdwn(answer["blocks"]) for hit in breakouts(text)] == []

    async def test_what_cannot_be_used(self, platform: SlackPlatform, house: House) -> None:
        """A wrong subscription is answered with its cure."""
        await platform.start(house.services())
        assert "weekday" in words((await platform.say("subscribe someday 9"))["blocks"])


class TestMentions:
    async def test_answered_in_the_thread(self, platform: SlackPlatform, house: House) -> None:
        """`@cascade negation` inside a thread is answered there."""
        await platform.start(house.services())
        await platform.server.event(platform.mention("negation", thread_ts="1799.1"))
        (answer,) = await platform.posted_soon(1)
        assert answer.thread == "1799.1"

    async def test_in_the_channel(self, platform: SlackPlatform, house: House) -> None:
        """In the channel itself the answer opens a thread under the question."""
        await platform.start(house.services())
        event = platform.mention("negation")
        await platform.server.event(event)
        assert (await platform.posted_soon(1))[0].thread == event["ts"]

    async def test_delivered_again(self, platform: SlackPlatform, house: House) -> None:
        """The same event, at once and an hour later and after a restart, is answered once."""
        await platform.start(house.services())
        wrapped = await platform.server.event(platform.mention("negation"))
        await platform.posted_soon(1)
        await platform.server.send("events_api", wrapped)
        house.later(house.clock().replace(hour=10))
        await platform.start(house.services())
        await platform.server.acked(await platform.server.send("events_api", wrapped))
        await platform.server.event(platform.mention("help", ts="1801.1"))
        assert [one.thread for one in await platform.posted_soon(2)] == ["1799.5", "1801.1"]

    async def test_bots_are_not_answered(self, platform: SlackPlatform, house: House) -> None:
        """Two bots could talk for ever."""
        await platform.start(house.services())
        await platform.server.event(platform.mention("negation", bot_id="B0OTHER"))
        await platform.server.event(platform.mention("help", ts="1801.1"))
        assert [one.thread for one in await platform.posted_soon(1)] == ["1801.1"]

    async def test_direct_message(self, platform: SlackPlatform, house: House) -> None:
        """Words in the bot's direct messages need no mention."""
        await platform.start(house.services())
        event = {**platform.mention("help"), "type": "message", "channel_type": "im", "channel": "D0ADA"}
        await platform.server.event(event)
        assert (await platform.posted_soon(1, "D0ADA"))[0].thread == ""


class TestHome:
    async def test_shows_the_board(self, platform: SlackPlatform, house: House) -> None:
        """The App Home is the board, with its picture; a button on it answers in place, with a way back."""
        await platform.start(house.services())
        opened = {"type": "app_home_opened", "user": platform.server.state.person("ada"), "tab": "home"}
        await platform.server.event(opened)
        home = await platform.view_soon(1)
        assert home["type"] == "home"
        assert BOARD in words(home["blocks"])
        assert any(block["type"] == "image" for block in home["blocks"])
        offered = values(home)[0]
        await platform.server.send("interactive", platform.press(offered, channel=None, response_url=None))
        assert values(await platform.view_soon(2))[-1] == "ask:board"


class TestShortcut:
    async def test_report_as_sighting(self, platform: SlackPlatform, house: House) -> None:
        """The first link of a message is reported in the person's name."""
        await platform.start(house.services())
        await platform.server.send("interactive", platform.shortcut("look: <https://a.example/x?a=1&amp;b=2|this>"))
        assert "reported" in (await platform.whisper())["text"]
        assert house.reported == ["https://a.example/x?a=1&b=2"]

    async def test_a_message_without_a_link(self, platform: SlackPlatform, house: House) -> None:
        """There is nothing to read, and the person is told."""
        await platform.start(house.services())
        await platform.server.send("interactive", platform.shortcut("no link here"))
        assert "no link" in (await platform.whisper())["text"]


class TestReview:
    async def test_vote_by_button(self, platform: SlackPlatform, house: House) -> None:
        """A press counts, the card is edited in place, and the thread tells what it changed."""
        house.add(one := sighting())
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        await platform.server.send("interactive", platform.press(f"vote:{one.id}:confirm"))
        assert "recorded" in (await platform.whisper())["text"]
        card, told = await platform.posted_soon(2)
        assert "Confirmed" in card.text
        assert told.thread == card.ref
        assert len(platform.server.called("chat.postMessage")) == 2

    async def test_skin_tones_and_synonyms(self, platform: SlackPlatform, house: House) -> None:
        """A thumb of any colour is a vote; a bot's is none."""
        house.add(sighting())
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        ref = platform.posted()[0].ref
        state = platform.server.state
        state.toggle(CHANNEL, ref, state.person("ada"), "+1::skin-tone-4")
        state.toggle(CHANNEL, ref, state.person("robot", is_bot=True), "white_check_mark")
        await platform.look_again()
        assert [key[1] for key in house.votes()] == ["slack:U0ADA"]

    @pytest.mark.parametrize("reviewers", [("S0REVIEW",), ("U0GRACE",), ()], ids=["group", "list", "members"])
    async def test_only_reviewers_count(
        self, platform: SlackPlatform, house: House, reviewers: tuple[str, ...]
    ) -> None:
        """With a user group, a list or the channel's members, another's reaction is recorded and decides nothing."""
        house.add(sighting())
        platform.server.state.groups["S0REVIEW"] = [platform.server.state.person("grace")]
        platform.server.state.guests.add(platform.server.state.person("ada"))
        await platform.start(house.services(), platform.settings(reviewers=reviewers))
        await platform.desk.post_new(house.clock())
        ref = platform.posted()[0].ref
        await platform.react(ref, "ada", "❌")
        await platform.look_again()
        assert len(house.votes()) == 1
        assert "Waits" in platform.posted()[0].text
        await platform.react(ref, "grace", "✅")
        await platform.look_again()
        assert "Confirmed" in platform.posted()[0].text

    async def test_fix(self, platform: SlackPlatform, house: House) -> None:
        """The form opens with the sighting's values, comes back with field errors, and then corrects the card."""
        house.add(one := sighting())
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        await platform.server.send("interactive", platform.press(f"fix:{one.id}"))
        form = await platform.view_soon(1)
        assert form["private_metadata"] == one.id
        wrong = await platform.server.send("interactive", platform.form(one.id, date="someday"))
        assert list((await platform.server.acked(wrong))["errors"]) == ["date"]
        right = await platform.server.send("interactive", platform.form(one.id, model="Brush 3"))
        assert await platform.server.acked(right) == {}
        card, told = await platform.posted_soon(2)
        assert "Brush 3" in card.text
        assert "set right" in told.text

    async def test_what_counts(self, platform: SlackPlatform, house: House) -> None:
        """The rules are shown to the asker alone."""
        house.add(one := sighting())
        await platform.start(house.services())
        await platform.server.send("interactive", platform.press(f"counts:{one.id}"))
        assert "What counts" in (await platform.whisper())["text"]

    async def test_ones_own_report(self, platform: SlackPlatform, tmp_path: Path) -> None:
        """With a quorum above one, whoever reported a sighting is told that somebody else has to confirm it."""
        house = House(tmp_path / "two.db", quorum=2)
        house.add(one := sighting(reported_by=Person("slack", "U0ADA")))
        await platform.start(house.services())
        await platform.server.send("interactive", platform.press(f"vote:{one.id}:confirm"))
        assert "somebody else" in words((await platform.whisper())["blocks"])
        house.close()
