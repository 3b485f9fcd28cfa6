"""*Fix* as a modal with selects. All that its sending needs stands in it, so that a restart loses none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot.discord.text import cut
from bot.fix import DATE_HINT, LONGEST_MODEL, TITLE, form_values
from cascade.sighting import Sighting
from cascade.taxonomy import Capability, Stage, Taxonomy

PREFIX = "fix:"
OPTIONS, OPTION = 25, 100  # Discord's most, in number and in characters
CAPABILITY, STAGE, MODEL, DATE = "Capability", "Stage", "Model", "Date"


def fix_form(taxonomy: Taxonomy, sighting: Sighting) -> discord.ui.Modal:
    """The form of one sighting, filled with what is known."""
    known = form_values(sighting)
    form = discord.ui.Modal(title=TITLE, custom_id=f"{PREFIX}{sighting.id}", timeout=None)
    form.add_item(_choice(CAPABILITY, "capability", taxonomy.capabilities, known["capability"]))
    form.add_item(_choice(STAGE, "stage", taxonomy.stages, known["stage"]))
    form.add_item(_text(MODEL, "model", known["model"], LONGEST_MODEL))
    form.add_item(_text(DATE, "date", known["date"], 30, DATE_HINT))
    return form


def submitted_values(data: Mapping[str, Any]) -> dict[str, str]:
    """What a person sent, by field; a field that was left empty is missing, which means as before."""
    return {name: value for name, value in _values(data.get("components", ())) if value}


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in components:
        inner = one.get("component") or one
        if "custom_id" in inner:
            yield inner["custom_id"], inner.get("value") or next(iter(inner.get("values") or ()), "")
        yield from _values(one.get("components") or ())


def _choice(label: str, name: str, entries: Sequence[Capability | Stage], current: str) -> discord.ui.Label[Any]:
    if len(entries) > OPTIONS:  # a taxonomy grown beyond a select: its ids can be typed
        return _text(label, name, current, OPTION, ", ".join(one.id for one in entries))
    options = [
        discord.SelectOption(label=cut(one.name, OPTION), value=one.id, default=one.id == current) for one in entries
    ]
    return discord.ui.Label(text=label, component=discord.ui.Select(custom_id=name, options=options))


def _text(label: str, name: str, value: str, longest: int, hint: str = "") -> discord.ui.Label[Any]:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, default=value or None, required=False, max_length=longest, placeholder=cut(hint, 100) or None
    )
    return discord.ui.Label(text=label, component=field)
