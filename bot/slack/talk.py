"""Conversation: commands, mentions, presses, shortcuts and the App Home, each answered where it was asked."""

from dataclasses import replace
from functools import partial

from slack_sdk.errors import SlackApiError

from bot import review
from bot.ask import apology
from bot.fix import REVIEWERS_ONLY
from bot.link import PRIVATELY, is_private
from bot.press import SHARE, Asks, AsksWhatCounts, Fixes, Press, Shares, Votes, share_offer
from bot.slack.errors import code_of, translated
from bot.slack.forms import fix_view
from bot.slack.payload import Command, HomeOpened, Mention, Pressed, Shortcut, Who
from bot.slack.room import Room
from bot.slack.whisper import take_back, whisper
from cascade.errors import BadInput, ChatError
from cascade.message import Message, Note, Offer, Paragraph, Strong
from cascade.ports import Place
from cascade.sighting import Person

NO_LINK = "That message has no link: report needs the page that shows the sighting"
TOO_LATE = "Slack closed the door before the form was there: press Fix again"
NOT_HERE = "Cascade is not in this channel yet: invite it with /invite @Cascade, or the digest cannot come"
BOARD = Offer("The board", "ask:board")
_TRIGGERS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})


class Talk:
    """Answers people. What goes wrong is told to the asker in one line."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def command(self, command: Command) -> None:
        """`/cascade words`: the answer is for the asker, with a button to share it."""
        place = self._room.ids.place(command.by.team, command.channel)
        message = await self._answer(command.words, command.by, place)
        if command.words.lower().startswith("subscribe"):
            message = await self._warned(message, place, command.by)
        await self._whisper(command.response_url, _shareable(message, command.words))

    async def mention(self, mention: Mention, event_id: str) -> None:
        """`@cascade words`: the answer stands in the thread, for everybody there."""
        place = self._room.ids.place(mention.by.team, mention.channel)
        alone = mention.channel.startswith("D")  # a direct message: nobody else reads it
        if is_private(mention.words) and not alone:
            message = Message(headline=PRIVATELY)
        else:
            message = await self._answer(mention.words, mention.by, place)
        await self._room.chat.say(place, message, f"answer:{event_id}", mention.thread)

    async def shortcut(self, shortcut: Shortcut) -> None:
        """*Report as sighting* on a message."""
        words = f"report {shortcut.link}"
        message = await self._answer(words, shortcut.by) if shortcut.link else Message(headline=NO_LINK)
        await self._whisper(shortcut.response_url, message)

    async def home(self, opened: HomeOpened) -> None:
        """The App Home: the board."""
        await self._show_home(opened.by, await self._answer("", opened.by))

    async def press(self, pressed: Pressed) -> None:
        """A button, answered where it was pressed."""
        try:
            message = await self._pressed(pressed, pressed.press)
        except Exception as error:  # a bug in one answer must not end the conversation
            message = apology(error, partial(self._room.troubles.failed, "answers"))
        if message is not None and pressed.channel:
            await self._whisper(pressed.response_url, message)
        elif message is not None:
            await self._show_home(pressed.by, message)
        if isinstance(pressed.press, Votes):
            await self._refresh(pressed.press.sighting)

    async def _show_home(self, who: Who, message: Message) -> None:
        back = () if any(offer.value == BOARD.value for offer in message.offers) else (BOARD,)
        shown = replace(message, offers=(*(one for one in message.offers if one.label != SHARE), *back))
        await self._room.chat.show_home(who.team, who.user, shown)

    async def _pressed(self, pressed: Pressed, press: Press) -> Message | None:
        """What the presser is told; None when they see it anyway."""
        place = self._room.ids.place(pressed.by.team, pressed.channel or pressed.by.user)
        match press:
            case Asks(words):
                return _shareable(await self._answer(words, pressed.by, place), words)
            case Votes():
                return await self._vote(press, pressed.by)
            case AsksWhatCounts(sighting):
                person = self._room.ids.person(pressed.by.team, pressed.by.user)
                run = self._room.services.run
                return await run(lambda store: review.answer_counts(self._room.view(store, person), sighting))
            case Fixes(sighting):
                return await self._open_form(pressed, sighting)
            case Shares(words):
                return await self._share(pressed, place, words)

    async def _answer(self, words: str, by: Who, place: Place | None = None) -> Message:
        person = await self._room.person(by)
        counts = await self._room.counts(person)
        message = await self._room.services.answer(words, person, place, counts=counts)
        if isinstance(voted := message.facts.get("id"), str) and "confirmed_by" in message.facts:
            await self._refresh(voted)
        return message

    async def _warned(self, message: Message, place: Place, by: Who) -> Message:
        """The answer to a subscription, with what would keep the digest from coming."""
        try:
            if "error" in message.facts or await self._room.chat.is_in(place, by.user):
                return message
        except ChatError as error:
            return replace(message, parts=(*message.parts, Note((str(error),))))
        return replace(message, parts=(Paragraph((Strong(NOT_HERE),)), *message.parts))

    async def _vote(self, press: Votes, by: Who) -> Message:
        person = await self._room.person(by)
        counts = await self._room.counts(person)
        return await self._room.services.run(
            lambda store: review.answer_vote(
                self._room.view(store, person, counts=counts), press.sighting, press.choice
            )
        )

    async def _refresh(self, sighting: str) -> None:
        if self._room.desk is not None:
            await self._room.desk.refresh(sighting, self._room.services.clock())

    async def _open_form(self, pressed: Pressed, sighting: str) -> Message | None:
        person = self._room.ids.person(pressed.by.team, pressed.by.user)
        if not await self._room.counts(person):
            return Message(headline=REVIEWERS_ONLY)
        one = await self._room.services.run(
            lambda store: review.find_sighting(self._room.view(store, person), sighting)
        )
        workspace = await self._room.workspaces.of(pressed.by.team)
        view = fix_view(self._room.services.taxonomy, one.sighting)
        with translated():
            try:
                await workspace.rest.views_open(trigger_id=pressed.trigger, view=view)
            except SlackApiError as error:
                if code_of(error) in _TRIGGERS:
                    return Message(headline=TOO_LATE)
                raise
        return None

    async def _share(self, pressed: Pressed, place: Place, words: str) -> Message | None:
        """Post the answer for everybody, and take the private one away."""
        if share_offer(words) is None:
            raise BadInput("This cannot be shared: say it again where everybody can read it")
        person = await self._room.person(pressed.by)
        message = _signed(await self._answer(words, pressed.by, place), person)
        await self._room.chat.say(place, message, f"share:{pressed.trigger}", pressed.thread)
        if pressed.ephemeral:
            await take_back(self._room.workspaces.session, pressed.response_url)
        return None

    async def _whisper(self, url: str, message: Message) -> None:
        try:
            await whisper(self._room.workspaces.session, url, message)
        except ChatError as error:
            self._room.troubles.heard(error)


def _shareable(message: Message, words: str) -> Message:
    offer = share_offer(words)
    if offer is None or "error" in message.facts:
        return message
    return replace(message, offers=(offer, *message.offers))


def _signed(message: Message, person: Person) -> Message:
    return replace(message, parts=(*message.parts, Note((f"Shared by {person}",))))
