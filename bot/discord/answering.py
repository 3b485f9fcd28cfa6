"""How answers reach people: before Discord's three seconds are over, to the asker alone unless shared."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord

from bot.ask import apology
from bot.discord.chat import DiscordChat, edited, sent
from bot.discord.marks import Mark, name_of
from bot.discord.render import Page
from bot.discord.trouble import told_plainly
from bot.press import share_offer
from bot.troubles import Troubles
from cascade.errors import ChatError
from cascade.message import Message, Picture

PATIENCE = 1.5  # seconds after which Discord is told to wait; at three it gives up
ANSWERS = "Answers on Discord"


@dataclass(frozen=True)
class _Ready:
    """An answer, and what is sent of it."""

    message: Message
    pages: Sequence[Page]
    drawn: Mapping[Picture, bytes]


@dataclass(frozen=True)
class Answerer:
    """Sends what the rest of the house answers."""

    chat: DiscordChat
    troubles: Troubles
    patience: float = PATIENCE  # seconds

    async def answer(
        self, interaction: discord.Interaction[Any], work: Awaitable[Message], *, words: str = "", public: bool = False
    ) -> Message:
        """Await the answer and show it; `words` are what *Share* repeats. What was to be shown is given back."""
        rendering = asyncio.ensure_future(self._render(work, words))
        try:
            with told_plainly("discord"):
                await asyncio.wait({rendering}, timeout=self.patience)
                if not rendering.done():
                    await interaction.response.defer(ephemeral=not public, thinking=True)
                await _show(interaction, await rendering, ephemeral=not public)
            self.troubles.worked(ANSWERS)
        except ChatError as error:
            # What was asked is done all the same: a vote counts although nobody could be told of it.
            self.troubles.failed(ANSWERS, f"{ANSWERS}: {error}")
        return (await rendering).message

    async def reply(self, asked: discord.Message, work: Awaitable[Message]) -> Message:
        """Answer a mention where it stands, under the question."""
        ready = await self._render(work, "")
        place, name = f"discord:{asked.channel.id}", name_of(f"answer:{asked.id}")
        try:
            with told_plainly(place, sends=True):
                for number, page in enumerate(ready.pages, start=1):
                    await asked.channel.send(
                        **sent(page, ready.drawn),
                        nonce=Mark(name, number).nonce,
                        reference=asked.to_reference(fail_if_not_exists=False),
                    )
            self.troubles.worked(place)
        except ChatError as error:
            self.troubles.heard(error)
        return ready.message

    async def _render(self, work: Awaitable[Message], words: str) -> _Ready:
        try:
            message = await work
        except Exception as error:  # a bug in one answer must not end the conversation
            message = apology(error, partial(self.troubles.failed, ANSWERS))
        share = share_offer(words) if words and "error" not in message.facts else None
        shown = replace(message, offers=(*message.offers, share)) if share else message
        return _Ready(message, *await self.chat.prepare(shown))


async def _show(interaction: discord.Interaction[Any], ready: _Ready, *, ephemeral: bool) -> None:
    first, *rest = ready.pages
    if interaction.response.is_done():
        await interaction.edit_original_response(**edited(first, ready.drawn))
    else:
        await interaction.response.send_message(**sent(first, ready.drawn), ephemeral=ephemeral)
    for page in rest:
        await interaction.followup.send(**sent(page, ready.drawn), ephemeral=ephemeral)
