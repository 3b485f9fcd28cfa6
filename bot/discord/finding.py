"""The bot's own messages, with the marks that they carry."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.discord.marks import Mark, mark_of
from bot.discord.trouble import UNKNOWN_CHANNEL

CLOCKS_DIFFER = timedelta(minutes=5)  # Discord's ids tell its own time


async def own_messages(
    there: Any, since: datetime | discord.Object, me: int
) -> AsyncIterator[tuple[discord.Message, Mark]]:
    """Every marked message of the account `me` in a channel or thread since a moment or another message."""
    after = since - CLOCKS_DIFFER if isinstance(since, datetime) else since
    try:
        async for message in there.history(limit=None, after=after):
            mark = mark_of(message.embeds, message.components) if message.author.id == me else None
            if mark is not None:
                yield message, mark
    except discord.NotFound as error:
        if error.code != UNKNOWN_CHANNEL:
            raise
        # A thread that was not begun yet holds nothing; that a whole channel is gone is found out by whoever writes.
