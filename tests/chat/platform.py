"""The harness that a platform brings: a server that speaks its protocol on loopback, and our adapter as its client."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Generic, Protocol, TypeVar

from bot.cards import Desk
from bot.services import Services
from bot.watch import CardWatch
from cascade.ports import Chat, Place


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A message of the bot's as the server holds it."""

    ref: str  # what the adapter calls it
    marker: str  # "" when it carries none
    text: str  # everything a person can read on it
    thread: str = ""  # the ref of the message it answers; "" when it stands in the channel
    pictures: int = 0  # that are shown with it


@dataclass
class Loss:
    """How unreliable the delivery of events is. The state on the server is never touched by it."""

    rng: Random
    lost: float = 0.0  # the share of events that never arrive
    doubled: float = 0.0  # the share that arrives twice

    def copies(self) -> int:
        """How often the next event arrives."""
        luck = self.rng.random()
        return 0 if luck < self.lost else 2 if luck < self.lost + self.doubled else 1


@dataclass
class Answers:
    """How the server treats the next messages that are sent to it."""

    lost: int = 0  # so many are taken, and the connection breaks before the answer
    refused: int = 0  # so many find the connection broken before anything is taken
    after: int = 0  # so many are treated well before that
    taken: asyncio.Event = field(default_factory=asyncio.Event)  # set when the server has taken one after those

    def refuses(self) -> bool:
        """Whether the message that comes now finds the connection broken."""
        if self.after or not self.refused:
            return False
        self.refused -= 1
        return True

    def loses(self) -> bool:
        """Whether the answer to the message that was taken now is lost."""
        if self.after:
            self.after -= 1
            return False
        self.taken.set()
        if not self.lost:
            return False
        self.lost -= 1
        return True


LONG = 90.0  # seconds after which reading every card back has failed


class Adapter(Protocol):
    """What Slack's and Discord's services have in common."""

    @property
    def chat(self) -> Chat:
        """The Chat port."""

    @property
    def desk(self) -> Desk | None:
        """Where cards are reviewed."""

    @property
    def watch(self) -> CardWatch | None:
        """What keeps the votes in line."""


S = TypeVar("S", bound=Adapter)


class Running(Generic[S]):
    """A platform's hold on the adapter that runs."""

    service: S | None = None

    @property
    def running(self) -> S:
        """The adapter that runs."""
        assert self.service is not None
        return self.service

    @property
    def desk(self) -> Desk:
        """The running adapter's desk."""
        assert self.running.desk is not None
        return self.running.desk

    @property
    def chat(self) -> Chat:
        """The running adapter's Chat port."""
        return self.running.chat

    async def look_again(self) -> None:
        """What the timer does; see Platform."""
        watch = self.running.watch
        assert watch is not None
        watch.doubt()
        async with asyncio.timeout(LONG):
            await watch.idle()


class Platform(Protocol):
    """One chat platform in a test."""

    name: str  # as in Place and Person
    review: Place  # the channel where cards stand; all people of the server are in it
    loss: Loss
    answers: Answers

    async def open(self) -> None:
        """Start the server, empty."""

    async def close(self) -> None:
        """Stop the adapter, if one runs, and the server."""

    async def start(self, services: Services) -> None:
        """Start an adapter; returns once it is connected."""

    async def stop(self) -> None:
        """Stop the adapter in an orderly way."""

    async def kill(self) -> None:
        """End the adapter as a crash does: nothing that is under way is finished."""

    async def cut(self) -> None:
        """Break the event connection; the adapter is left to come back by itself."""

    @property
    def desk(self) -> Desk:
        """The running adapter's desk."""

    @property
    def chat(self) -> Chat:
        """The running adapter's Chat port."""

    async def react(self, ref: str, who: str, sign: str) -> None:
        """A person (any name of letters and digits) puts ✅, ❌ or 🤔 under a message, or takes it back."""

    async def look_again(self) -> None:
        """What the timer does: every open card is read back. Returns when that, and every hint so far, is done."""

    def wipe(self) -> None:
        """Take away everything that was posted."""

    def reactions(self) -> set[tuple[str, str, str]]:
        """The truth: (ref, the person's key, ✅ or ❌ or 🤔) for every person's reaction, the bot's own left out."""

    def posted(self) -> list[Posted]:
        """Everything that the bot has posted and not deleted, oldest first."""
