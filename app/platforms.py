"""The chat platforms of this start: the terminal where there is one, and each platform whose token is set."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from app.once import me
from bot.asked import asked
from bot.cards import Desk
from bot.services import Services
from bot.terminal.chat import HERE, TerminalChat
from bot.terminal.prompt import converse
from bot.terminal.screen import Screen
from cascade.message import Message
from cascade.ports import Chat


class Platform(Protocol):
    """One place where people talk, as `cascade run` sees it."""

    @property
    def chat(self) -> Chat:
        """What messages travel on."""

    @property
    def desk(self) -> Desk | None:
        """Where its cards are reviewed; None when nothing is reviewed there."""

    async def start(self) -> None:
        """Connect and listen. Raises ChatError that says what to do."""

    async def stop(self) -> None:
        """Let go of everything; what is half done is taken up at the next start."""


@dataclass
class Terminal:
    """The person at the keyboard, with a review desk like any channel's."""

    services: Services
    screen: Screen
    left: asyncio.Event = field(default_factory=asyncio.Event)  # set when the person says goodbye
    _talk: "asyncio.Task[None] | None" = field(default=None, init=False)

    @cached_property
    def chat(self) -> TerminalChat:
        """See Platform."""
        return TerminalChat(self.screen.say)

    @property
    def desk(self) -> Desk:
        """See Platform."""
        services = self.services
        return Desk(
            run=services.run,
            look=lambda store, now: asked(services.taxonomy, store, now, person=me(), place=HERE),
            chat=self.chat,
            place=HERE,
            choose=services.choose,
            report=lambda error: services.tell_operator(str(error)),
        )

    async def start(self) -> None:
        """See Platform."""
        self._talk = asyncio.create_task(self._converse())

    async def stop(self) -> None:
        """See Platform."""
        if self._talk:
            self._talk.cancel()

    async def _converse(self) -> None:
        try:
            await converse(self.screen.ask, self.screen.say, self._answer)
        finally:
            self.left.set()

    async def _answer(self, words: str) -> Message:
        return await self.services.answer(words, me(), HERE)


async def start_all(platforms: Sequence[Platform], services: Services) -> None:
    """Start each; one that cannot start is told of, and leaves the others alone."""
    for platform in platforms:
        await services.steady(f"The start of {platform.chat.platform}", platform.start)


def introduce(desks: Sequence[Desk]) -> None:
    """Let each desk know the others, so that a vote on one shows on the cards of all."""
    for desk in desks:
        desk.neighbours = [one for one in desks if one is not desk]
