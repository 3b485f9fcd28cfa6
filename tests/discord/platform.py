"""Discord for the shared tests, and what people do there."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.discord.answering import PATIENCE
from bot.discord.client import sockets
from bot.discord.marks import name_of, read_mark
from bot.discord.service import DiscordService
from bot.discord.settings import DiscordSettings
from bot.services import Services
from cascade.ports import Place
from tests.chat.platform import LONG, Posted, Running
from tests.discord.interactions import Interaction, words
from tests.discord.server import TOKEN, DiscordServer
from tests.discord.state import TEXT, Json
from tests.make import MONDAY

BOUND = 45  # seconds after which a wait has failed


class DiscordPlatform(Running[DiscordService]):
    """Fulfils `tests.chat.platform.Platform`."""

    name = "discord"

    def __init__(self, kind: int = TEXT) -> None:
        self._services: Services | None = None
        self.server = DiscordServer(self._now)
        self.loss, self.answers = self.server.loss, self.server.answers
        self.channel = self.server.world.add_channel("review", kind)
        self.review = Place("discord", str(self.channel))
        self._people: dict[str, int] = {}

    async def open(self) -> None:
        """Start the server, empty."""
        await self.server.start()

    async def close(self) -> None:
        """Stop the adapter, if one runs, and the server."""
        await self.stop()
        await self.server.stop()

    async def start(
        self, services: Services, settings: DiscordSettings | None = None, patience: float = PATIENCE
    ) -> None:
        """Start an adapter; returns once it is connected."""
        await self.stop()
        self._services = services
        self.service = DiscordService(settings or self.settings(), services, patience=patience)
        async with asyncio.timeout(LONG):
            await self.service.start()
            if self.service.watch is not None:
                await self.service.watch.idle()

    async def start_slowly(self, services: Services, settings: DiscordSettings | None = None) -> None:
        """Start an adapter whose first tries fail; returns when that is known."""
        self._services = services
        self.service = DiscordService(settings or self.settings(), services, sleep=lambda _: asyncio.sleep(0.01))
        async with asyncio.timeout(BOUND):
            await self.service.start()

    def settings(self, **more: object) -> DiscordSettings:
        """Settings that point at the server."""
        wired = {"token": TOKEN, "api_url": self.server.api_url, "gateway_url": self.server.gateway_url}
        return DiscordSettings(**{**wired, "review_channel": str(self.channel), **more})  # type: ignore[arg-type]

    async def stop(self) -> None:
        """Stop the adapter in an orderly way."""
        if self.service is not None:
            service, self.service = self.service, None
            async with asyncio.timeout(BOUND):
                await service.stop()

    async def kill(self) -> None:
        """End the adapter as a crash does: every connection is gone at once."""
        if self.service is not None:
            for socket in sockets(self.service.client):
                if socket._keep_alive is not None:
                    socket._keep_alive.stop()  # a thread, which would beat on after the test
            await self.service.client.http.close()
        await self.stop()

    async def cut(self) -> None:
        """Break the event connection, once there is one; the adapter is left to come back by itself."""
        if self.service is not None:
            await self.until(lambda: self.server.gateway.connected > 0)
        await self.server.gateway.drop()

    def person(self, who: str) -> int:
        """A person's id, made at the first mention."""
        if who not in self._people:
            self._people[who] = self.server.world.add_user(who.capitalize())
        return self._people[who]

    async def react(self, ref: str, who: str, sign: str) -> None:
        """A person puts ✅, ❌ or 🤔 under a message, or takes it back."""
        user, message = self.person(who), int(ref)
        signs = self.server.world.reactions[message].get(sign)
        await self.server.react(self.channel, message, sign, user, add=signs is None or user not in signs.normal)

    def wipe(self) -> None:
        """Take away everything that was posted, threads and all."""
        for thread in self.server.world.threads(parent=self.channel):
            del self.server.world.channels[int(thread["id"])]
        self.server.world.messages[self.channel].clear()

    def reactions(self) -> set[tuple[str, str, str]]:
        """(ref, the person's key, the sign) for every person's reaction."""
        world = self.server.world
        return {
            (str(message), f"discord:{user}", sign)
            for message in world.messages[self.channel]
            for sign, people in world.reactions[message].items()
            for user in (*people.normal, *people.burst)
            if user != world.bot
        }

    def posted(self) -> list[Posted]:
        """Everything that the bot has posted in the review channel and its threads."""
        world = self.server.world
        threads = [int(one["id"]) for one in world.threads(parent=self.channel)]
        return [
            Posted(
                ref=one["id"],
                marker=marker_of(one),
                text=words(one),
                thread="" if thread == one["id"] else thread,  # what begins a forum post answers nothing
                pictures=len(one["attachments"]),
            )
            for channel, thread in [(self.channel, ""), *((number, str(number)) for number in threads)]
            for one in self.server.messages(channel)
            if int(one["author"]["id"]) == world.bot
        ]

    async def command(self, name: str, /, who: str = "ada", channel: int = 0, **options: object) -> Interaction:
        """A person types `/cascade NAME`; returns when something is to be read."""
        made = self.server.interactions.command(channel or self.channel, self.person(who), name, **options)
        return await self.settled(made)

    async def press(self, message: Json, value: str, who: str = "ada") -> Interaction:
        """A person presses the button that carries this value."""
        found = next(one for one in custom_ids(message["components"]) if one.partition("#")[0] == value)
        channel = int(message["channel_id"])
        return await self.settled(self.server.interactions.press(channel, self.person(who), message, found))

    async def settled(self, made: Awaitable[Interaction]) -> Interaction:
        """The interaction, once something came of it."""
        async with asyncio.timeout(BOUND):
            one = await made
            await one.settled.wait()
        return one

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something to become so."""
        async with asyncio.timeout(BOUND):
            while not holds():  # noqa: ASYNC110  what is waited for has no event of its own
                await asyncio.sleep(0.005)

    def _now(self) -> datetime:
        """The server's clock goes as the house's does."""
        return self._services.clock() if self._services else MONDAY


def marker_of(message: Json) -> str:
    """What the message carries unseen. A mark is a digest of the marker, so those that may be meant are tried."""
    ids = custom_ids(message["components"])
    texts = [*ids, *(one.get("url") or "" for one in message["embeds"])]
    mark = next((mark for text in texts if (mark := read_mark(text))), None)
    sightings = {one.split(":")[1] for one in ids if one.startswith("vote:")}
    possible = [*(f"card:{one}" for one in sightings), *(f"d1.2026-W20.0.{number}" for number in range(3))]
    return {name_of(one): one for one in possible}.get(mark.name, mark.name) if mark else ""


def custom_ids(components: list[Json]) -> list[str]:
    """Those of all buttons, in reading order."""
    inner = [found for one in components for found in custom_ids(one.get("components") or [])]
    return [*(one["custom_id"] for one in components if one.get("custom_id")), *inner]
