"""What `app/build.py` hands to every platform adapter."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from bot.ask import apology, ask, reported_link
from bot.asked import asked
from bot.cards import Choose
from bot.pages import Linking, linked
from bot.runner import Run
from bot.steady import Steady
from bot.troubles import Troubles
from cascade.message import Message, Picture
from cascade.ports import HOME, Chat, Place, Store
from cascade.sighting import Person
from cascade.taxonomy import Taxonomy

ANSWERS = "answering"  # as the operator reads of it


@dataclass(frozen=True, kw_only=True)
class Services:
    """The rest of the house, seen from a chat platform."""

    taxonomy: Taxonomy
    run: Run
    clock: Callable[[], datetime]  # aware, UTC
    draw: Callable[[Picture], Awaitable[bytes]]  # a picture as PNG
    report: Callable[[str, Person], Awaitable[Message]]  # a person's link, read and put up for review
    choose: Choose
    tell_operator: Callable[[str], None]  # one line, once for each change of state
    team: str = HOME
    public_url: str = ""  # where people reach the page; "" when nobody said

    @cached_property
    def steady(self) -> Steady:
        """What keeps this process's repeated work going."""
        return Steady(self.tell_operator)

    @cached_property
    def _troubles(self) -> Troubles:
        return Troubles("Cascade", self.tell_operator)

    def linking(self, chat: Chat) -> Chat:
        """The platform, with a link to its page below each message that has one."""
        return Linking(chat, self.public_url) if self.public_url else chat

    async def answer(self, words: str, person: Person, place: Place | None = None, *, counts: bool = True) -> Message:
        """The answer to a person's words in a place; never raises. `counts` is whether the person may review."""

        def work(store: Store) -> Message:
            view = asked(self.taxonomy, store, self.clock(), person=person, place=place, team=self.team, counts=counts)
            return ask(view, words)

        link = reported_link(words)
        try:
            told = linked(await self.run(work), self.public_url) if link is None else await self.report(link, person)
        except Exception as error:  # a bug in one answer must not end the conversation
            return apology(error, partial(self._troubles.failed, ANSWERS))
        self._troubles.worked(ANSWERS)
        return told
