"""Offers as buttons that outlive every restart: all that a press needs stands in its custom id."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, cast

import discord

from bot.discord.marks import Mark
from bot.discord.text import cut
from cascade.message import Offer

LABEL, CUSTOM_ID, A_ROW, MOST = 80, 100, 5, 25
TEMPLATE = re.compile(r"(?P<value>(?:ask|vote|share|fix|counts|watch):[^#]*)(?P<mark>#[0-9a-f.]+)?")


class Pressed(Protocol):
    """The client, as a button sees it."""

    async def pressed(self, interaction: discord.Interaction[Any], value: str) -> None:
        """Somebody pressed the button of this value."""


class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """One offer; recognised by its custom id alone, on messages of any age."""

    def __init__(self, custom_id: str, label: str = "…", *, main: bool = False) -> None:
        style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
        super().__init__(discord.ui.Button(style=style, label=label, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> "Press":
        """Make the pressed button again."""
        del interaction, item
        return cls(match.string)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the value to the client."""
        found = TEMPLATE.fullmatch(self.custom_id)
        if found:
            await cast("Pressed", interaction.client).pressed(interaction, found["value"])


def buttons(offers: Sequence[Offer], mark: Mark | None = None) -> list[Press]:
    """The offers as buttons, the first with the mark; those that cannot be carried whole are left out."""
    made: dict[str, Press] = {}
    for offer in offers:
        custom_id = f"{offer.value}{mark or ''}" if not made else offer.value
        if len(made) < MOST and _fits(custom_id):
            label = cut(offer.label, LABEL) or "…"
            made.setdefault(offer.value, Press(custom_id, label, main=offer.main))
    return list(made.values())


def rows(made: Sequence[Press]) -> Iterator[Sequence[Press]]:
    """Five beside each other at most."""
    return (made[at : at + A_ROW] for at in range(0, len(made), A_ROW))


def _fits(custom_id: str) -> bool:
    return len(custom_id.encode()) <= CUSTOM_ID and TEMPLATE.fullmatch(custom_id) is not None
