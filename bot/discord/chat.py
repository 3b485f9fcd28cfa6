"""Fulfils the Chat port on Discord."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import discord

from bot.discord.client import lacking
from bot.discord.finding import own_messages
from bot.discord.marks import Mark, mark_of, name_of
from bot.discord.render import ALT, Page, card, is_card, pages, picture_name
from bot.discord.rooms import PLATFORM, Room, Rooms
from bot.discord.signs import read_signs
from bot.discord.text import cut
from bot.discord.trouble import THREAD_EXISTS, told_plainly
from bot.review import SIGN
from cascade.errors import CascadeError
from cascade.message import Message, Picture
from cascade.ports import Place
from cascade.sighting import Person

THREAD_NAME = 100
ARCHIVE_MINUTES = 10080  # a week: the longest that every server has
LOOK_BACK = timedelta(days=2)  # how far the pages of one message may be apart after a crash
Draw = Callable[[Picture], Awaitable[bytes]]
Meet = Callable[[Iterable[Person]], Awaitable[None]]


async def _nobody(people: Iterable[Person]) -> None:
    """Whoever reacted needs no looking up."""


class DiscordChat:
    """One bot account. References are message ids."""

    platform = PLATFORM

    def __init__(self, client: discord.Client, draw: Draw, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._draw = draw
        self._clock = clock
        self.rooms = Rooms(client)
        self.meet: Meet = _nobody  # told of everybody whose signs were read

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Send a message that carries `marker` unseen; a long one takes several, the first is the reference."""
        room = await self.rooms.find(place)
        made, drawn = await self.prepare(message, room.address, name_of(marker))
        with told_plainly(str(place), sends=True):
            standing = await self._standing(room, marker, len(made), "")
            first = standing.get(1) or await self._first(room, made[0], drawn, message.headline, _mark(marker, 1, made))
            there = self.rooms.thread(first) if room.is_forum else room.channel
            await self._rest(there, made, drawn, marker, standing)
        return first

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Replace a message; what has become longer goes on in a message of its own."""
        room = await self.rooms.find(place)
        with told_plainly(str(place)):
            old = await self.rooms.message(room, ref).fetch()
            mark = mark_of(old.embeds, old.components) or Mark("")
            if old.flags.components_v2:
                made, drawn = [card(message, mark if mark.name else None)], await self._drawn(message)
            else:
                made, drawn = await self.prepare(message, room.address, mark.name, plain=True)
            later = await self._later_pages(room, ref, mark) if mark.total > 1 else []
            for page, one in zip(made, [old, *later], strict=False):
                await one.edit(**edited(page, drawn))
            there = self.rooms.thread(ref) if room.is_forum else room.channel
            for page in made[1 + len(later) :]:
                await there.send(**sent(page, drawn), reference=old.to_reference(fail_if_not_exists=False))

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Answer in the message's thread, which is begun where there is none yet; the reference to the answer."""
        room = await self.rooms.find(place)
        made, drawn = await self.prepare(message, room.address, name_of(marker))
        with told_plainly(str(place), sends=True):
            if room.grows_threads:
                await self._begin_thread(room, ref, message.headline)
            there = self._under(room, ref)
            standing = await self._standing(room, marker, len(made), ref)
            extra: dict[str, Any] = {"nonce": _mark(marker, 1, made).nonce}
            if there is room.channel:
                extra["reference"] = self.rooms.message(room, ref).to_reference()
            first = standing.get(1) or str((await there.send(**sent(made[0], drawn), **extra)).id)
            await self._rest(there, made, drawn, marker, standing)
        return first

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """The reference of one's own message that carries `marker`; None when it is not whole."""
        room = await self.rooms.find(place)
        with told_plainly(str(place)):
            marked = self._marked(room, name_of(marker), since, under)
            found = {mark.number: (ref, mark) async for ref, mark in marked}
        if 1 not in found or len(found) < found[1][1].total:
            return None
        return found[1][0]

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """Every person's signs on a message, super reactions too, skin tones taken off, bots left out."""
        room = await self.rooms.find(place)
        with told_plainly(str(place)):
            found = await read_signs(await self.rooms.message(room, ref).fetch())
        await self.meet({person for person, _ in found})
        return found

    async def seed(self, place: Place, ref: str) -> None:
        """Put the three signs under a card, so that one tap is a vote."""
        room = await self.rooms.find(place)
        with told_plainly(str(place)):
            for sign in SIGN.values():
                await self.rooms.message(room, ref).add_reaction(sign)

    async def lacks(self, place: Place) -> list[str]:
        """The rights that Cascade lacks there; none with a person. Raises ChatError."""
        channel = (await self.rooms.find(place)).channel
        guild = getattr(channel, "guild", None)
        try:
            return lacking(channel.permissions_for(guild.me)) if guild and guild.me else []
        except discord.ClientException:  # a thread whose channel is hidden: who can write in it is not to be seen
            return []

    async def prepare(
        self, message: Message, where: str = "", name: str = "", *, plain: bool = False
    ) -> tuple[list[Page], dict[Picture, bytes]]:
        """A message rendered, and its pictures drawn; one that cannot be drawn leaves its words.

        `plain` renders even a card as embeds: what was sent so cannot be made anything else.
        """
        drawn = await self._drawn(message)
        parts = tuple(part for part in message.parts if not isinstance(part, Picture) or part in drawn)
        message = replace(message, parts=parts)
        if is_card(message) and not plain:
            return [card(message, Mark(name) if name else None)], drawn
        return pages(message, where, name), drawn

    async def _drawn(self, message: Message) -> dict[Picture, bytes]:
        drawn = {}
        for part in message.parts:
            if isinstance(part, Picture):
                try:
                    drawn[part] = await self._draw(part)
                except CascadeError:
                    continue
        return drawn

    async def _first(self, room: Room, page: Page, drawn: dict[Picture, bytes], title: str, mark: Mark) -> str:
        if not room.is_forum:
            return str((await room.channel.send(**sent(page, drawn), nonce=mark.nonce)).id)
        tags = [discord.Object(tag) for tag in room.tags]
        post = await room.channel.create_thread(
            name=cut(title, THREAD_NAME) or "Cascade", applied_tags=tags, **sent(page, drawn)
        )
        return str(post.thread.id)

    async def _rest(
        self, there: Any, made: Sequence[Page], drawn: dict[Picture, bytes], marker: str, standing: dict[int, str]
    ) -> None:
        for number, page in enumerate(made[1:], start=2):
            if number not in standing:
                await there.send(**sent(page, drawn), nonce=_mark(marker, number, made).nonce)

    async def _standing(self, room: Room, marker: str, total: int, under: str) -> dict[int, str]:
        """The pages that an earlier try has sent; nobody needs to look for a message of one page."""
        if total < 2:
            return {}
        since = self._clock() - LOOK_BACK
        return {mark.number: ref async for ref, mark in self._marked(room, name_of(marker), since, under)}

    async def _later_pages(self, room: Room, ref: str, mark: Mark) -> list[discord.Message]:
        there = self.rooms.thread(ref) if room.is_forum else room.channel
        found = {
            one.number: message
            async for message, one in own_messages(there, discord.Object(int(ref)), self._me)
            if one.name == mark.name and one.number > 1
        }
        return [found[number] for number in sorted(found)]

    async def _marked(self, room: Room, name: str, since: datetime, under: str) -> AsyncIterator[tuple[str, Mark]]:
        """Every message of ours in the room, or among the answers `under` one, that carries the name."""
        async for there in self._looked_through(room, since, under):
            async for message, mark in own_messages(there, since, self._me):
                if mark.name == name:
                    yield str(message.id), mark

    async def _looked_through(self, room: Room, since: datetime, under: str) -> AsyncIterator[Any]:
        if under or not room.is_forum:
            yield self._under(room, under) if under else room.channel
            return
        async for post in self.rooms.posts(room, since):
            yield post

    def _under(self, room: Room, ref: str) -> Any:
        """Where the answers to a message stand."""
        return self.rooms.thread(ref) if room.grows_threads or room.is_forum else room.channel

    async def _begin_thread(self, room: Room, ref: str, title: str) -> None:
        try:
            await room.channel.create_thread(
                name=cut(title, THREAD_NAME) or "Cascade",
                message=discord.Object(int(ref)),
                auto_archive_duration=ARCHIVE_MINUTES,
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise

    @property
    def _me(self) -> int:
        return self._client.user.id if self._client.user else 0


def _mark(marker: str, number: int, made: Sequence[Page]) -> Mark:
    return Mark(name_of(marker), number, len(made))


def files(page: Page, drawn: Mapping[Picture, bytes]) -> list[discord.File]:
    """The page's pictures as attachments with their words as alt text."""
    return [
        discord.File(BytesIO(drawn[picture]), picture_name(at), description=cut(picture.alt, ALT) or None)
        for at, picture in enumerate(page.pictures)
    ]


def sent(page: Page, drawn: Mapping[Picture, bytes]) -> dict[str, Any]:
    """A page as discord.py's `send` takes it."""
    told: dict[str, Any] = {"files": files(page, drawn)}
    if page.embeds:
        told["embeds"] = list(page.embeds)
    if page.view is not None:
        told["view"] = page.view
    return told


def edited(page: Page, drawn: Mapping[Picture, bytes]) -> dict[str, Any]:
    """A page as discord.py's `edit` takes it."""
    shown: dict[str, Any] = {"attachments": files(page, drawn), "view": page.view}
    return shown if page.is_card else {**shown, "embeds": list(page.embeds)}
