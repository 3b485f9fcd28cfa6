"""`/cascade feeds`: the feeds and how they fare."""

from collections import Counter

from bot.asked import Asked
from cascade.feed import Health, Visit
from cascade.message import Bullets, Line, Link, Message, Note
from cascade.phrases import counted, listed

TROUBLED = {
    Health.FAILING: "failing",
    Health.QUIET: "quiet",
    Health.GONE: "gone",
    Health.NEW: "never answered",  # a wrong address, most likely: told at the first look
}
SHOWN = 15
NEW_ONES = "New ones have not been asked yet, or did not answer so far: `cascade run` asks them."
MORE = "{count} more are in trouble: `cascade feeds --json` tells of each."
PAUSED = "Paused: {count}. `cascade feeds resume URL` asks one again."
ALL_PAUSED = "No feed is asked: all are paused"
NONE_YET = "No feed is watched yet: `cascade run` takes up the feed list"


def feeds(view: Asked) -> Message:
    """Every feed's health: those in trouble one by one with the reason and since when, the others counted."""
    known = view.store.visits()
    watched = [visit for visit in known if not visit.feed.paused]
    counts = Counter(visit.health for visit in watched)
    trouble = [visit for health in TROUBLED for visit in watched if visit.health is health and visit.reason]
    said = listed(f"{counts[health]} {health}" for health in Health if counts[health])
    lines = tuple(map(_line, trouble[:SHOWN]))
    hints = {
        MORE.format(count=len(trouble) - SHOWN): len(trouble) > SHOWN,
        NEW_ONES: counts[Health.NEW] > 0,
        PAUSED.format(count=len(known) - len(watched)): len(known) > len(watched),
        f"{_items(view)} `why LINK` tells what became of any of them.": True,
    }
    return Message(
        headline=f"{counted(len(watched), 'feed')}: {said}" if watched else ALL_PAUSED if known else NONE_YET,
        parts=(
            *((Bullets(lines),) if lines else ()),
            *(Note((hint,)) for hint, holds in hints.items() if holds),
        ),
        facts={"feeds": [_facts(visit) for visit in watched]},
    )


def _line(visit: Visit) -> Line:
    name = Link(visit.feed.title or visit.feed.url, visit.feed.home or visit.feed.url)
    return (name, f": {TROUBLED[visit.health]} since {visit.since:%Y-%m-%d}, {visit.reason}")


def _items(view: Asked) -> str:
    counts = view.store.count_items()
    return f"{counted(sum(counts.values()), 'item')} so far, {counts.get('tagged', 0)} of them tagged."


def _facts(visit: Visit) -> dict[str, object]:
    return {
        "url": visit.feed.url,
        "title": visit.feed.title,
        "health": visit.health.value,
        "reason": visit.reason,
        "since": visit.since.isoformat(),
        "newest": visit.newest_at.isoformat() if visit.newest_at else None,
    }
