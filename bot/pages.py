"""Links from chat to the page, where the operator has told under which address people reach it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cascade.message import Link, Message, Note
from cascade.ports import Chat, Place
from cascade.sighting import Person

WORDS = "See it on the page"
_PAGES = (  # which facts a message must have, and the page of the first that fits
    (("error",), ""),
    (("moves", "weeks"), "/digests/{week}"),
    (("id", "verdict"), "/sighting/{id}"),
    (("earlier", "later"), "/gap/{earlier}/{later}"),
    (("capability", "stage"), "/capability/{capability}#{anchor}"),
    (("capability",), "/capability/{capability}"),
    (("stage",), "/stage/{stage}"),
    (("pairs", "inversions"), "/forecasts#order"),
    (("cells", "as_of"), "/"),
)


def page_of(facts: Mapping[str, Any]) -> str:
    """The path of the page that tells of the same as a message with these facts; "" when there is none."""
    path = next((path for needs, path in _PAGES if set(needs) <= facts.keys()), "")
    week, anchor = (facts.get("weeks") or [""])[-1], str(facts.get("stage", "")).replace("/", "-")
    return path.format(**{**facts, "week": week, "anchor": anchor})


def linked(message: Message, public_url: str) -> Message:
    """The message with a link to its page; as it is when it has none, or nobody is told where the page is."""
    path = page_of(message.facts)
    if not public_url or not path:
        return message
    return replace(message, parts=(*message.parts, Note((Link(WORDS, public_url + path),))))


class Linking:
    """A chat platform on which every message carries the link to its page. Fulfils `cascade.ports.Chat`."""

    def __init__(self, chat: Chat, public_url: str) -> None:
        self.platform = chat.platform
        self._chat, self._public_url = chat, public_url

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """See Chat."""
        return await self._chat.post(place, linked(message, self._public_url), marker)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """See Chat."""
        await self._chat.edit(place, ref, linked(message, self._public_url))

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """See Chat."""
        return await self._chat.reply(place, ref, linked(message, self._public_url), marker)

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """See Chat."""
        return await self._chat.find(place, marker, since, under)

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """See Chat."""
        return await self._chat.reactions(place, ref)
