"""`/cascade feeds`: the feeds and how they fare; `why LINK`: what became of an item."""

from collections import Counter

from bot.asked import Asked
from bot.review import decision_words
from cascade.errors import BadInput
from cascade.feed import Health, ItemHistory, Visit
from cascade.message import Bullets, Heading, Line, Link, Message, Note, Paragraph, Part
from cascade.phrases import listed

TROUBLED = (Health.FAILING, Health.QUIET, Health.GONE)
SHOWN = 15
NONE_YET = "No feed is watched yet: `cascade run` takes up the feed list"


def feeds(view: Asked) -> Message:
    """Every feed's health: those in trouble one by one with the reason and since when, the others counted."""
    watched = [visit for visit in view.store.visits() if not visit.feed.paused]
    counts = Counter(visit.health for visit in watched)
    trouble = [visit for health in TROUBLED for visit in watched if visit.health is health]
    said = listed(f"{counts[health]} {health}" for health in Health if counts[health])
    lines = tuple(map(_line, trouble[:SHOWN]))
    return Message(
        headline=f"{len(watched)} feeds: {said}" if watched else NONE_YET,
        parts=(
            *((Bullets(lines),) if lines else ()),
            Note((f"{_items(view)} `why LINK` tells what became of any of them.",)),
        ),
        facts={"feeds": [_facts(visit) for visit in watched]},
    )


def fate(view: Asked, link: str) -> Message:
    """What became of the item with this link, from its feed to the board. Raises BadInput when it was never seen."""
    found = view.store.items_at(link)
    if not found:
        raise BadInput(
            f"no feed brought {link[:120]}: `feeds` lists what is watched, `report LINK` puts it up for review"
        )
    parts: list[Part] = [part for history in found for part in _history(history)]
    stories = {history.story for history in found}
    tagged = [one for one in view.judged if one.sighting.story in stories]
    if tagged:
        parts += [
            Heading("Its sightings"),
            Bullets(
                tuple((f"{one.sighting.id}, {one.sighting.cell}: {decision_words(one.decision)}",) for one in tagged)
            ),
            Note((f"`why {tagged[0].sighting.id}` tells more.",)),
        ]
    return Message(
        headline=found[0].item.title or link,
        parts=tuple(parts),
        facts={"items": [_item_facts(history) for history in found], "sightings": [one.sighting.id for one in tagged]},
    )


def _line(visit: Visit) -> Line:
    name = Link(visit.feed.title or visit.feed.url, visit.feed.home or visit.feed.url)
    return (name, f": {visit.health} since {visit.since:%Y-%m-%d}{f', {visit.reason}' if visit.reason else ''}")


def _items(view: Asked) -> str:
    counts = view.store.count_items()
    return f"{sum(counts.values())} items so far, {counts.get('tagged', 0)} of them tagged."


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


def _facts(visit: Visit) -> dict[str, object]:
    return {
        "url": visit.feed.url,
        "title": visit.feed.title,
        "health": visit.health.value,
        "reason": visit.reason,
        "since": visit.since.isoformat(),
        "newest": visit.newest_at.isoformat() if visit.newest_at else None,
    }


def _item_facts(history: ItemHistory) -> dict[str, object]:
    return {
        "url": history.item.url,
        "title": history.item.title,
        "feed": history.item.feed,
        "story": history.story,
        "fate": history.fate.value if history.fate else None,
        "why": history.why,
    }
