"""`/cascade why LINK`: what became of an item, from the feed that brought it to the digest that printed it."""

from collections.abc import Sequence
from datetime import datetime

from bot.asked import Asked
from bot.review import decision_words
from cascade.board import Judged
from cascade.delivery import Part as Sent
from cascade.errors import BadInput
from cascade.feed import ItemHistory
from cascade.message import Bullets, Heading, Line, Message, Note, Paragraph, Part, PlaceName

NOT_PRINTED = "No digest of this team has printed it."
OTHERS = "Other digests have printed it, too."
SHOWN = 5  # digests: thousands of channels may have got the same


def answer(view: Asked, link: str) -> Message:
    """What became of the item with this link. Raises BadInput when it was never seen."""
    found = view.store.items_at(link)
    if not found:
        raise BadInput(
            f"no feed brought {link[:120]}: `feeds` lists what is watched, `report LINK` puts it up for review"
        )
    parts: list[Part] = [part for history in found for part in _history(history)]
    tagged = _tagged(view, found)
    printed = _printed(view, tagged, min(history.item.seen_at for history in found))
    if tagged:
        parts += [Heading("Its sightings"), Bullets(tuple(map(_sighting_line, tagged)))]
        parts += [*_in_digests(printed), Note((f"`why {tagged[0].sighting.id}` tells more.",))]
    return Message(
        headline=found[0].item.title or link,
        parts=tuple(parts),
        facts={
            "items": [_item_facts(history) for history in found],
            "sightings": [one.sighting.id for one in tagged],
            "printed": [{"digest": one.slot.name, "place": str(one.slot.place)} for one in printed[:SHOWN]],
        },
    )


def _history(history: ItemHistory) -> list[Part]:
    item = history.item
    fate_words = f"{history.fate}: {history.why}" if history.fate else "waits to be tagged"
    said = f", dated {item.published:%Y-%m-%d}" if item.published else ", undated"
    events = [(f"{item.seen_at:%Y-%m-%d %H:%M} UTC: came from {item.source or item.feed}{said}",)]
    events += [
        (f"{change.at:%Y-%m-%d %H:%M} UTC: its words were changed, before: {change.title}",)
        for change in history.changes
    ]
    fated = f"{history.fated_at:%Y-%m-%d %H:%M} UTC: " if history.fated_at else ""
    return [Bullets(tuple(events)), Paragraph((f"{fated}{fate_words}",))]


def _tagged(view: Asked, found: Sequence[ItemHistory]) -> list[Judged]:
    """The sightings of its stories, also of those that became part of them."""
    stories = {name for history in found for name in view.store.names_of_story(history.story)}
    return [one for one in view.judged if one.sighting.story in stories]


def _printed(view: Asked, tagged: Sequence[Judged], since: datetime) -> list[Sent]:
    """Some of the team's digests, sent since then, that lead to the evidence of one of these sightings."""
    links = {shown.url for one in tagged for shown in one.sighting.evidence}
    found = [
        part for link in sorted(links) for part in view.store.parts_with(link, view.team, since, view.place, SHOWN + 1)
    ]
    return list({part.marker: part for part in found}.values())


def _in_digests(printed: Sequence[Sent]) -> list[Part]:
    if not printed:
        return [Paragraph((NOT_PRINTED,))]
    lines = Bullets(tuple(map(_printed_line, printed[:SHOWN])))
    return [lines, Paragraph((OTHERS,))] if len(printed) > SHOWN else [lines]


def _sighting_line(one: Judged) -> Line:
    return (f"{one.sighting.id}, {one.sighting.cell}: {decision_words(one.decision)}",)


def _printed_line(part: Sent) -> Line:
    at = f"{part.tried_at:%Y-%m-%d %H:%M} UTC: " if part.tried_at else ""
    return (f"{at}printed in the digest of {part.slot.name} in ", PlaceName(str(part.slot.place)))


def _item_facts(history: ItemHistory) -> dict[str, object]:
    return {
        "url": history.item.url,
        "title": history.item.title,
        "feed": history.item.feed,
        "story": history.story,
        "fate": history.fate.value if history.fate else None,
        "why": history.why,
    }
