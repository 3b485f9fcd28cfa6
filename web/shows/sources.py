"""The watched feeds and how they fare."""

from collections.abc import Mapping, Sequence

from cascade.feed import Health, Visit
from cascade.item import Fate
from web.shows.page import Page

_ORDER = (Health.FAILING, Health.GONE, Health.QUIET, Health.NEW, Health.LIVE)
FATES = {
    "waiting": "wait to be tagged",
    Fate.BASELINE: "were there at the first look",
    Fate.FOLDED: "told nothing beyond a story that was tagged already",
    Fate.IRRELEVANT: "were not about what a model can do",
    Fate.NO_CLAIM: "claimed no capability in a stage",
    Fate.ANNOUNCED: "announced what nobody can use yet",
    Fate.TAGGED: "gave a candidate",
}


def sources_page(visits: Sequence[Visit], items: Mapping[str, int]) -> Page:
    """Every feed, those in trouble first and those that rest last, and what became of the items."""
    watched = [visit for visit in visits if not visit.feed.paused]
    return Page(
        template="sources.html",
        title="Sources",
        words={
            "visits": sorted(visits, key=_place),
            "watched": len(watched),
            "paused": len(visits) - len(watched),
            "healths": {health.value: sum(visit.health is health for visit in watched) for health in _ORDER},
            "items": [(words, items.get(fate, 0)) for fate, words in FATES.items()],
            "total": sum(items.values()),
        },
    )


def _place(visit: Visit) -> tuple[bool, int, str]:
    return (visit.feed.paused, _ORDER.index(visit.health), visit.feed.title.lower() or visit.feed.url)


def visit_facts(visit: Visit) -> dict[str, object]:
    """A feed and how it fares, for programs; moments in UTC."""
    return {
        "url": visit.feed.url,
        "title": visit.feed.title,
        "tier": visit.feed.tier.value,
        "paused": visit.feed.paused,
        "health": visit.health.value,
        "reason": visit.reason,
        "since": visit.since.isoformat(),
        "succeeded_at": visit.succeeded_at.isoformat() if visit.succeeded_at else None,
        "newest_at": visit.newest_at.isoformat() if visit.newest_at else None,
        "failures": visit.failures,
    }
