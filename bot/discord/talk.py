"""Conversation: commands, mentions, buttons and forms, each answered where it was asked."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot import review
from bot.asked import asked
from bot.cards import Desk
from bot.discord.answering import Answerer
from bot.discord.commands import Where, no_link
from bot.discord.form import PREFIX, fix_form, submitted_values
from bot.discord.reviewers import Reviewers
from bot.discord.rooms import place_of
from bot.discord.signs import person_of
from bot.discord.trouble import told_plainly
from bot.fix import REVIEWERS_ONLY, FieldErrors, correct, fix_words
from bot.link import PRIVATELY, is_private
from bot.press import Asks, AsksWhatCounts, Fixes, Shares, Votes, read_press
from bot.services import Services
from cascade.errors import BadInput, CascadeError, ChatError
from cascade.message import Bullets, Message, Note, Offer, Paragraph, Strong
from cascade.ports import Place, Store
from cascade.sighting import Correction, Person

TRY_AGAIN, NOT_SAVED = "Try again", "Nothing was saved yet"
SAVED = "Saved. "
LACKING = "Cascade lacks rights here: {rights}. Give them to its role, or the digest cannot come"
Hit = discord.Interaction[Any]


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Answers people."""

    services: Services
    answerer: Answerer
    desk: Desk | None  # None: no review channel is set
    reviewers: Reviewers | None

    async def command(self, hit: Hit, words: str, where: Where | None = None) -> None:
        """A `/cascade` command: the answer is for the asker, with a button to share it."""
        if words == "report":
            await self.answerer.answer(hit, _ready(no_link()))
            return
        await self._voted(await self.answerer.answer(hit, self._answer(hit, words, where), words=words))

    async def mention(self, message: discord.Message, bot: int) -> None:
        """A mention, or a direct message: the answer stands there, for everybody."""
        words = " ".join(re.sub(rf"<@!?{bot}>", " ", message.content).split())
        if message.guild is not None and is_private(words):
            await self.answerer.reply(message, _ready(Message(headline=PRIVATELY)))
            return

        async def work() -> Message:
            person = person_of(message.author)
            return await self.services.answer(words, person, place_of(message), counts=await self._counts(person))

        await self._voted(await self.answerer.reply(message, work()))

    async def press(self, hit: Hit, value: str) -> None:
        """A button."""
        try:
            press = read_press(value)
        except BadInput as error:
            await self.answerer.answer(hit, _ready(Message(headline=str(error))))
            return
        match press:
            case Asks(words):
                await self.command(hit, words)
            case Shares(words):
                await self.answerer.answer(hit, self._shared(hit, words), public=True)
            case Votes():
                await self._voted(await self.answerer.answer(hit, self._vote(hit, press)))
            case AsksWhatCounts(sighting):
                await self.answerer.answer(hit, self._viewed(hit, lambda view: review.answer_counts(view, sighting)))
            case Fixes(sighting):
                await self._open_form(hit, sighting)

    async def submitted(self, hit: Hit) -> None:
        """A form that was sent."""
        data: Any = hit.data or {}
        form = str(data.get("custom_id", ""))
        if not form.startswith(PREFIX):
            return
        done: list[Correction] = []
        await self.answerer.answer(hit, self._take(hit, form.removeprefix(PREFIX), submitted_values(data), done))
        if done and self.desk is not None:
            await self.desk.corrected(done[0])

    async def _answer(self, hit: Hit, words: str, where: Where | None = None) -> Message:
        person, place = person_of(hit.user), where() if where else place_of(hit)
        message = await self.services.answer(words, person, place, counts=await self._counts(person))
        return await self._warned(message, place) if words.lower().startswith("subscribe") else message

    async def _warned(self, message: Message, place: Place) -> Message:
        """The answer to a subscription, with what would keep the digest from coming."""
        try:
            missing = [] if "error" in message.facts else await self.answerer.chat.lacks(place)
        except ChatError as error:
            return replace(message, parts=(*message.parts, Note((str(error),))))
        warning = Paragraph((Strong(LACKING.format(rights=", ".join(missing))),))
        return replace(message, parts=(warning, *message.parts)) if missing else message

    async def _shared(self, hit: Hit, words: str) -> Message:
        message = await self._answer(hit, words)
        return replace(message, parts=(*message.parts, Note((f"Shared by {person_of(hit.user)}",))))

    async def _vote(self, hit: Hit, press: Votes) -> Message:
        counts = await self._counts(person_of(hit.user))
        return await self._viewed(
            hit, lambda view: review.answer_vote(view, press.sighting, press.choice), counts=counts
        )

    async def _viewed(self, hit: Hit, work: Callable[[Any], Message], *, counts: bool = True) -> Message:
        return await self.services.run(lambda store: work(self._view(store, person_of(hit.user), counts=counts)))

    async def _take(self, hit: Hit, sighting: str, values: dict[str, str], done: list[Correction]) -> Message:
        person = person_of(hit.user)
        if not await self._counts(person):
            return Message(headline=REVIEWERS_ONLY)

        read = await self.services.run(lambda store: correct(self._view(store, person), sighting, values))
        if isinstance(read, FieldErrors):
            lines = tuple((Strong(name), f": {trouble}") for name, trouble in read.errors.items())
            again = (Offer(TRY_AGAIN, f"fix:{sighting}"),)
            return Message(headline=NOT_SAVED, parts=(Bullets(lines),), offers=again)
        done.append(read)
        return Message(headline=f"{SAVED}{fix_words(read)}")

    async def _open_form(self, hit: Hit, sighting: str) -> None:
        """The form itself is the first answer: Discord opens it within three seconds or not at all."""
        person = person_of(hit.user)
        try:
            if not await self._counts(person):
                raise BadInput(REVIEWERS_ONLY)
            one = await self.services.run(lambda store: review.find_sighting(self._view(store, person), sighting))
            form = fix_form(self.services.taxonomy, one.sighting)
            with told_plainly("discord"):
                await hit.response.send_modal(form)
            form.stop()  # what is sent is read by its id, see `submitted`
        except ChatError as error:
            self.answerer.troubles.failed("Forms on Discord", str(error))
        except CascadeError as error:
            await self.answerer.answer(hit, _ready(Message(headline=str(error))))

    async def _counts(self, person: Person) -> bool:
        """Whether the person may review; nobody may while that cannot be found out."""
        if self.desk is None or self.reviewers is None:
            return True
        try:
            await self.reviewers.meet([person])
            return await self.desk.may_review(person)
        except ChatError:
            return False

    async def _voted(self, message: Message) -> None:
        """Let the card follow an answer that was a vote."""
        voted = message.facts.get("id")
        if self.desk is not None and isinstance(voted, str) and "confirmed_by" in message.facts:
            await self.desk.refresh(voted, self.services.clock())

    def _view(self, store: Store, person: Person, *, counts: bool = True) -> Any:
        services = self.services
        return asked(services.taxonomy, store, services.clock(), person=person, team=services.team, counts=counts)


def _ready(message: Message) -> Awaitable[Message]:
    async def given() -> Message:
        return message

    return given()
