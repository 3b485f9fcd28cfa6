"""Where a Place leads on Discord: a channel, a thread, a forum with tags, or one person.

A place's id is a snowflake; a forum's may go on with the tags for its posts (`123+45,67`), and a
person's begins with `@`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from bot.discord.trouble import UNKNOWN_CHANNEL, told_plainly
from cascade.errors import ChatError
from cascade.ports import Place

PLATFORM = "discord"
CHANNELS = "https://discord.com/channels"


@dataclass(frozen=True, kw_only=True)
class Room:
    """A place that was found on Discord."""

    channel: Any  # discord.py's channel, thread or direct message
    tags: tuple[int, ...] = ()  # for posts in a forum

    @property
    def is_forum(self) -> bool:
        """Whether every message is a post of its own."""
        return isinstance(self.channel, discord.ForumChannel)

    @property
    def grows_threads(self) -> bool:
        """Whether a message here can have a thread of its own."""
        return isinstance(self.channel, discord.TextChannel)

    @property
    def address(self) -> str:
        """The channel in a browser."""
        guild = getattr(self.channel, "guild", None)
        return f"{CHANNELS}/{guild.id if guild else '@me'}/{self.channel.id}"


def place_of(where: discord.Interaction[Any] | discord.Message) -> Place:
    """Where something was asked."""
    channel = where.channel_id if isinstance(where, discord.Interaction) else where.channel.id
    return Place(PLATFORM, str(channel))


class Rooms:
    """Finds rooms, and remembers the channel that a person's messages stand in."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._direct: dict[int, Any] = {}

    async def find(self, place: Place) -> Room:
        """The room of a place. Raises ChatError when it is gone, hidden or no room for messages."""
        if self._client.user is None or self._client.is_closed():
            raise ChatError("Discord is not connected", channel=str(place))
        head, _, tags = place.id.partition("+")
        number, person = _snowflake(head.removeprefix("@"), place), head.startswith("@")
        with told_plainly(str(place)):
            channel = await self._person(number) if person else await self._channel(number)
        if not isinstance(channel, discord.abc.Messageable | discord.ForumChannel):
            raise ChatError("that channel takes no messages: choose another one", channel=str(place), permanent=True)
        return Room(channel=channel, tags=tuple(_snowflake(tag, place) for tag in tags.split(",") if tag))

    def message(self, room: Room, ref: str) -> discord.PartialMessage:
        """A message by its reference; a post in a forum is the first message of its own thread."""
        at = int(ref) if room.is_forum else room.channel.id
        return self._client.get_partial_messageable(at).get_partial_message(int(ref))

    def thread(self, ref: str) -> discord.PartialMessageable:
        """The thread of a message, which has the message's id."""
        return self._client.get_partial_messageable(int(ref))

    async def posts(self, room: Room, since: datetime) -> AsyncIterator[discord.Thread]:
        """A forum's posts that may hold a message as young as that, closed ones too."""
        for thread in await room.channel.guild.active_threads():
            if thread.parent_id == room.channel.id and _last_message(thread) >= since:
                yield thread
        async for thread in room.channel.archived_threads(limit=None):
            if thread.archive_timestamp < since:
                return
            yield thread

    async def _channel(self, number: int) -> Any:
        try:
            return (
                self._client.get_channel(number) or self._direct.get(number) or await self._client.fetch_channel(number)
            )
        except discord.NotFound as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            try:
                return await self._person(number)  # a watcher's place is the person
            except discord.HTTPException:
                raise error from None

    async def _person(self, number: int) -> Any:
        if number not in self._direct:
            self._direct[number] = await self._client.create_dm(discord.Object(number))
        return self._direct[number]


def _last_message(thread: discord.Thread) -> datetime:
    return discord.utils.snowflake_time(thread.last_message_id or thread.id)


def _snowflake(text: str, place: Place) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 20:
        raise ChatError(f"{place} is no place on Discord: an id has digits only", channel=str(place), permanent=True)
    return int(text)
