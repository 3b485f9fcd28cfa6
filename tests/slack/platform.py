"""Slack for the shared tests, and the payloads that people cause."""

import asyncio

from bot.services import Services
from bot.slack.service import SlackService
from bot.slack.settings import SlackSettings
from cascade.ports import Place
from tests.chat.platform import Posted, Running
from tests.slack.limits import words
from tests.slack.server import BOUND, SlackServer
from tests.slack.workspace import APP_TOKEN, BOT_USER, CHANNEL, SECRET, TOKEN, Json

NAMES = {"✅": "white_check_mark", "❌": "x", "🤔": "thinking_face"}
SIGNS = {name: sign for sign, name in NAMES.items()}


class SlackPlatform(Running[SlackService]):
    """Fulfils `tests.chat.platform.Platform`."""

    name = "slack"
    review = Place("slack", CHANNEL)

    def __init__(self) -> None:
        self.server = SlackServer()
        self.loss, self.answers = self.server.loss, self.server.answers
        self.waits: list[float] = []  # what the adapter would have slept

    async def open(self) -> None:
        """Start the server, empty."""
        await self.server.open()

    async def close(self) -> None:
        """Stop the adapter, if one runs, and the server."""
        await self.stop()
        await self.server.close()

    async def start(self, services: Services, settings: SlackSettings | None = None) -> None:
        """Start an adapter; returns once it is connected."""
        await self.stop()
        self.service = SlackService(settings or self.settings(), services, self._sleep)
        await self.service.start()
        async with asyncio.timeout(BOUND):
            if self.running.listens and not self.server.refuses:
                await self.server.linked.wait()
            if self.service.watch is not None:
                await self.service.watch.idle()

    def settings(self, **more: object) -> SlackSettings:
        """Settings that point at the server."""
        wired = {"bot_token": TOKEN, "app_token": APP_TOKEN, "signing_secret": SECRET, "api_url": self.server.url}
        return SlackSettings(**{**wired, "review_channel": CHANNEL, **more})  # type: ignore[arg-type]

    async def stop(self) -> None:
        """Stop the adapter in an orderly way."""
        if self.service is not None:
            service, self.service = self.service, None
            await service.stop()

    async def kill(self) -> None:
        """End the adapter as a crash does. Whatever was in the air is dropped by closing every connection."""
        await self.stop()

    async def cut(self) -> None:
        """Break the event connection, once there is one; the adapter is left to come back by itself."""
        async with asyncio.timeout(BOUND):
            await self.server.linked.wait()
        await self.server.cut()

    async def react(self, ref: str, who: str, sign: str) -> None:
        """A person puts ✅, ❌ or 🤔 under a message, or takes it back."""
        self.server.state.toggle(CHANNEL, ref, self.server.state.person(who), NAMES.get(sign, sign))
        await asyncio.sleep(0)

    def wipe(self) -> None:
        """Take away everything that was posted."""
        self.server.state.messages.clear()

    def reactions(self) -> set[tuple[str, str, str]]:
        """(ref, the person's key, the sign) for every person's reaction."""
        return {
            (message["ts"], f"slack:{user}", SIGNS[name])
            for message in self.server.state.messages.get(CHANNEL, ())
            for name, users in message.get("_reactions", {}).items()
            for user in users
            if user != BOT_USER
        }

    def posted(self, channel: str = CHANNEL) -> list[Posted]:
        """Everything that the bot has posted."""
        return [
            Posted(
                ref=message["ts"],
                marker=message.get("metadata", {}).get("event_payload", {}).get("marker", ""),
                text=words(message.get("blocks", ())),
                thread=message.get("thread_ts", ""),
                pictures=sum(block["type"] == "image" for block in message.get("blocks", ())),
            )
            for message in self.server.state.messages.get(channel, ())
        ]

    def command(self, words: str, who: str = "ada", *, channel: str = CHANNEL, hook: str = "1") -> Json:
        """https://docs.slack.dev/interactivity/implementing-slash-commands."""
        return {
            "command": "/cascade",
            "text": words,
            "team_id": self.server.state.team,
            "user_id": self.server.state.person(who),
            "user_name": who,
            "channel_id": channel,
            "response_url": f"{self.server.base}/hooks/{hook}",
            "trigger_id": f"t.{words}",
        }

    def press(self, value: str, who: str = "ada", **more: object) -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload."""
        return {
            "type": "block_actions",
            "team": {"id": self.server.state.team},
            "user": {"id": self.server.state.person(who), "username": who, "team_id": self.server.state.team},
            "channel": {"id": CHANNEL},
            "container": {"type": "message", "is_ephemeral": False},
            "trigger_id": f"t.{value}",
            "response_url": f"{self.server.base}/hooks/1",
            "actions": [{"type": "button", "action_id": "offer:0", "value": value}],
            **more,
        }

    def mention(self, words: str, who: str = "ada", *, ts: str = "1799.5", **more: object) -> Json:
        """https://docs.slack.dev/reference/events/app_mention."""
        return {
            "type": "app_mention",
            "user": self.server.state.person(who),
            "text": f"<@{BOT_USER}> {words}",
            "ts": ts,
            "channel": CHANNEL,
            "event_ts": ts,
            **more,
        }

    def shortcut(self, text: str, who: str = "ada") -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload."""
        return {
            "type": "message_action",
            "callback_id": "report_sighting",
            "trigger_id": "t.shortcut",
            "response_url": f"{self.server.base}/hooks/1",
            "team": {"id": self.server.state.team},
            "user": {"id": self.server.state.person(who), "name": who},
            "channel": {"id": CHANNEL, "name": "review"},
            "message": {"type": "message", "user": "U0LINUS", "ts": "1799.1", "text": text},
        }

    def form(self, sighting: str, who: str = "ada", **fields: str) -> Json:
        """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
        typed = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in fields.items()}
        return {
            "type": "view_submission",
            "team": {"id": self.server.state.team},
            "user": {"id": self.server.state.person(who), "name": who, "team_id": self.server.state.team},
            "view": {"type": "modal", "callback_id": "fix", "private_metadata": sighting, "state": {"values": typed}},
        }

    async def posted_soon(self, count: int, channel: str = CHANNEL) -> list[Posted]:
        """Everything that was posted, once there are so many."""
        await self.server.until(lambda: len(self.posted(channel)) >= count)
        return self.posted(channel)

    async def view_soon(self, count: int) -> Json:
        """The newest of so many views."""
        await self.server.until(lambda: len(self.server.state.views) >= count)
        return self.server.state.views[-1]

    async def told_soon(self, told: list[str], part: str) -> list[str]:
        """Everything that the operator heard, once a line with this in it is there."""
        await self.server.until(lambda: any(part in line for line in told))
        return told

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    async def whisper(self) -> Json:
        """The next answer that only one person sees."""
        async with asyncio.timeout(BOUND):
            return await self.server.whispers.get()

    async def say(self, words: str, who: str = "ada", **more: object) -> Json:
        """A command, acknowledged and answered; the answer."""
        await self.server.send("slash_commands", self.command(words, who, **more))  # type: ignore[arg-type]
        return await self.whisper()
