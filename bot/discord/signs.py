"""Who put which sign on a message, read page by page."""

import re

import discord

from cascade.reconcile import SIGNS
from cascade.sighting import Person

_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_PLATFORM = "discord"


async def read_signs(message: discord.Message) -> frozenset[tuple[Person, str]]:
    """Everybody's signs that may be a vote; bots are left out.

    Normal and super reactions are two lists on Discord, and one person may be in both.
    """
    found: set[tuple[Person, str]] = set()
    for reaction in message.reactions:
        sign = sign_of(reaction.emoji)
        if sign is not None:
            for kind in _kinds(reaction):
                found |= {(person_of(user), sign) async for user in reaction.users(type=kind) if not user.bot}
    return frozenset(found)


def sign_of(emoji: discord.PartialEmoji | discord.Emoji | str) -> str | None:
    """The emoji as `cascade.reconcile` knows it, without its skin tone; None for any that is no vote."""
    bare = _SKIN_TONES.sub("", emoji) if isinstance(emoji, str) else ""
    return bare if bare in SIGNS else None


def person_of(user: discord.User | discord.Member | discord.abc.User) -> Person:
    """A person by the name that others see."""
    return Person(_PLATFORM, str(user.id), user.display_name)


def _kinds(reaction: discord.Reaction) -> list[discord.ReactionType]:
    kinds = [discord.ReactionType.normal] if reaction.normal_count or not reaction.burst_count else []
    return [*kinds, discord.ReactionType.burst] if reaction.burst_count else kinds
