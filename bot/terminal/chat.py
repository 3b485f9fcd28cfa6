"""Fulfils the Chat port on a screen: what is posted is printed, and stays there."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.press import Votes, read_press
from bot.terminal.render import render
from cascade.message import Message
from cascade.ports import Place
from cascade.sighting import Person

PLATFORM = "terminal"
HERE = Place(PLATFORM, "here")


class TerminalChat:
    """One screen. There are no reactions to read: people vote by words."""

    platform = PLATFORM

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._printed: dict[str, str] = {}

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Print a message; its marker is its reference."""
        del place
        self._printed[marker] = marker
        self._say("\n".join(("", render(message), *_votes(message), "")))
        return marker

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Leave what was printed; the answer to the vote says what changed."""

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Print below whatever stands there."""
        del ref
        return await self.post(place, message, marker)

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """The reference, when this screen has shown it."""
        del place, since, under
        return self._printed.get(marker)

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """Nobody can react here."""
        del place, ref
        return frozenset()


def _votes(message: Message) -> Iterator[str]:
    """The votes that are buttons elsewhere, as words to type."""
    for offer in message.offers:
        press = read_press(offer.value)
        if isinstance(press, Votes):
            yield f"  {offer.label}: `{press.choice} {press.sighting}`"
