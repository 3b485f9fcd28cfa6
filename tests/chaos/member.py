"""One process of the house, with the chat platform of `world.py`: `python -m tests.chaos.member ROLE WORLD`."""

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from app import processes
from app.platforms import Platform
from app.settings import Settings, read_settings
from app.work.queue import Rhythm
from bot.asked import asked
from bot.cards import Desk
from bot.services import Services
from bot.steady import Background
from bot.watch import CardWatch
from cascade.message import Message
from cascade.ports import Place
from cascade.sighting import Person
from tests.make import ADA

PLATFORM = "world"
CHANNELS = tuple(Place(PLATFORM, name) for name in ("models", "video"))
QUICK = Rhythm(beat=0.5, dead=3, tick=1)
CARDS_AT_ONCE = 2


@dataclass
class WorldChat:
    """Fulfils `cascade.ports.Chat` over HTTP. Ada confirms every card."""

    world: str
    platform: str = PLATFORM

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Send a message."""
        del message
        told = {"place": str(place), "marker": marker}
        async with aiohttp.ClientSession() as session, session.post(f"{self.world}/post", json=told) as answer:
            return str((await answer.json())["ref"])

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Answer in a thread."""
        return await self.post(Place(place.platform, f"{place.id}/{ref}"), message, marker)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Nobody looks at the words."""

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """Look for one's own message."""
        del since, under
        asked_for = {"place": str(place), "marker": marker}
        async with aiohttp.ClientSession() as session, session.get(f"{self.world}/find", params=asked_for) as answer:
            ref = (await answer.json())["ref"]
            return str(ref) if ref else None

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """Ada's sign."""
        del place, ref
        return frozenset({(ADA, "✅")})


@dataclass
class WorldPlatform:
    """One channel of the platform."""

    chat: WorldChat
    desk: Desk
    watch: CardWatch
    background: Background

    async def start(self) -> None:
        """Nothing comes in by itself: the votes are read by the timer alone."""
        self.background.go(self.watch.run())

    async def stop(self) -> None:
        """Read no more."""
        await self.background.stop()


def connect(world: str, settings: Settings, services: Services) -> list[Platform]:
    """Both channels."""
    del settings
    chat = WorldChat(world)
    return [platform(chat, desk(chat, place, services), services) for place in CHANNELS]


def platform(chat: WorldChat, one: Desk, services: Services) -> WorldPlatform:
    """A channel whose votes are read every second."""
    watch = CardWatch(one, services.clock, services.steady, every=1)
    return WorldPlatform(chat, one, watch, Background(PLATFORM, lambda _, text: services.tell_operator(text)))


def desk(chat: WorldChat, place: Place, services: Services) -> Desk:
    """A review channel that takes a few cards at a time."""
    return Desk(
        run=services.run,
        look=lambda store, now: asked(services.taxonomy, store, now),
        chat=chat,
        place=place,
        choose=lambda waiting, _: waiting[:CARDS_AT_ONCE],
        report=lambda error: services.tell_operator(str(error)),
    )


async def main(role: str, world: str) -> None:
    """Be one process until killed."""
    async with processes.process(read_settings(), QUICK, lambda *both: connect(world, *both)) as one:
        await getattr(processes, role)(one)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
