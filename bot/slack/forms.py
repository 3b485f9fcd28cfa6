"""The form of a *Fix* as a Slack view. Pure. https://docs.slack.dev/reference/views/modal-views."""

from collections.abc import Iterable
from typing import Any

from bot.fix import DATE_HINT, LONGEST_MODEL, TITLE, form_values
from bot.slack.payload import FIX
from bot.slack.text import plain
from cascade.sighting import Sighting
from cascade.taxonomy import Capability, Stage, Taxonomy

_OPTION = 75


def fix_view(taxonomy: Taxonomy, sighting: Sighting) -> dict[str, Any]:
    """The form with the sighting's values in it; the sighting's id travels unseen."""
    values = form_values(sighting)
    date = {**_text_input("date", values["date"]), "placeholder": _plain(DATE_HINT)}
    return {
        "type": "modal",
        "callback_id": FIX,
        "private_metadata": sighting.id,
        "title": _plain(TITLE),
        "submit": _plain("Set right"),
        "close": _plain("Leave as it is"),
        "blocks": [
            _input("capability", "Capability", _select("capability", taxonomy.capabilities, values["capability"])),
            _input("stage", "Stage", _select("stage", taxonomy.stages, values["stage"])),
            _input("model", "Model", {**_text_input("model", values["model"]), "max_length": LONGEST_MODEL}),
            _input("date", "Date: works since, or still fails as of", date),
        ],
    }


def _input(name: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    # Optional: an unchanged empty field may stay empty; what was written is checked when it comes back.
    return {"type": "input", "block_id": name, "optional": True, "label": _plain(label), "element": element}


def _text_input(name: str, value: str) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": name}
    return {**element, "initial_value": value} if value else element


def _select(name: str, entries: Iterable[Capability | Stage], chosen: str) -> dict[str, Any]:
    options = {entry.id: {"text": _plain(entry.name), "value": entry.id} for entry in entries}
    element = {"type": "static_select", "action_id": name, "options": list(options.values())}
    return {**element, "initial_option": options[chosen]} if chosen in options else element


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": plain(words, _OPTION)}
