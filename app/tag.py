"""From a story to sightings: the step between the sources and the review."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from cascade.dates import DateRange
from cascade.item import Fate, Item, Story
from cascade.learned import Tag
from cascade.phrases import percent
from cascade.ports import Store
from cascade.sighting import Evidence, Sighting, Verdict, sighting_id
from classifier.read import THRESHOLD, Claim, Reading

AT_ONCE = 200
OLD = timedelta(days=180)  # published this long before it was first seen: a page from an archive, no news

Read = Callable[[Item], Reading]


@dataclass(frozen=True)
class Tagged:
    """What a round of tagging brought."""

    items: int
    sightings: tuple[Sighting, ...]  # new ones


def tag_waiting(store: Store, read: Read, now: datetime) -> Tagged:
    """Read every item that waits, keep its candidates, and say what became of it."""
    items, found = 0, list[Sighting]()
    while stories := store.stories_waiting(AT_ONCE):
        for story in stories:
            for item in story.items:
                items += 1
                found += tag(store, story, item, read(item), now)
    return Tagged(items, tuple(found))


def tag(store: Store, story: Story, item: Item, reading: Reading, now: datetime) -> list[Sighting]:
    """Keep one item's candidates; those that are new. A sighting known already gains the item as evidence."""
    if is_old(item):
        store.set_fate(
            item, Fate.NO_CLAIM, f"first seen more than {OLD.days} days after it was published: no news", now
        )
        return []
    candidates = [to_sighting(story, item, reading, claim, now) for claim in posted(reading)]
    new = [one for one in candidates if store.save_sighting(one)]
    if len(new) < len(candidates) and _is_edited(store, item):
        for one in candidates:
            store.reword_sighting(one)
    store.save_tags(list(map(partial(to_tag, item, reading.version), posted(reading), candidates)))
    fate, why = fate_of(reading, candidates, new)
    store.set_fate(item, fate, why, now)
    return new


def is_old(item: Item) -> bool:
    """Whether the item is a page from an archive that a feed brings up again."""
    return item.published is not None and item.seen_at - item.published > OLD


def _is_edited(store: Store, item: Item) -> bool:
    """Whether its feed changed the item's words: then its cards shall show the new ones."""
    found = (
        one for one in store.items_at(item.url) if (one.item.feed, one.item.identity) == (item.feed, item.identity)
    )
    return any(one.changes for one in found)


def posted(reading: Reading) -> list[Claim]:
    """The claims strong enough to ask people about."""
    return [claim for claim in reading.claims if claim.probability >= THRESHOLD]


def to_sighting(story: Story, item: Item, reading: Reading, claim: Claim, now: datetime) -> Sighting:
    """A claim as a candidate, with the item as its evidence."""
    told = item.published or item.seen_at
    evidence = Evidence(
        url=item.url,
        title=item.title,
        says=claim.quote,
        published=DateRange.day(told.date()),
        kind=reading.tier.value,
    )
    return Sighting(
        id=sighting_id(story.id, claim.cell, claim.verdict),
        cell=claim.cell,
        model=claim.model or reading.model,
        org=claim.org if claim.model else reading.org,
        verdict=claim.verdict,
        happened=reading.happened or DateRange.day(min(told, now).date()),
        evidence=(evidence,),
        quote=claim.quote,
        probability=claim.probability,
        story=story.id,
        seen_at=now,
        only_announced=reading.only_announced and claim.verdict is Verdict.WORKS,
    )


def to_tag(item: Item, version: str, claim: Claim, sighting: Sighting) -> Tag:
    """How a claim was found, to learn from when people have decided on it."""
    return Tag(
        sighting=sighting.id,
        item=item.url or item.identity,
        rule=claim.rule,
        source=item.source or item.feed,
        model=version,
        probability=claim.probability,
        features=claim.features,
    )


def fate_of(reading: Reading, candidates: list[Sighting], new: list[Sighting]) -> tuple[Fate, str]:
    """What became of an item, in a word and in a line for people."""
    if not reading.relevant:
        language = "" if reading.language_supported else "; its language is not supported"
        return (
            Fate.IRRELEVANT,
            f"not about what a generative model can do ({percent(reading.relevance)} sure it is){language}",
        )
    if not candidates:
        return Fate.NO_CLAIM, _weaker(reading)
    named = ", ".join(f"{one.cell} ({percent(one.probability or 0)}, {one.id})" for one in candidates)
    if reading.only_announced:
        return Fate.ANNOUNCED, f"only announced, nobody can use it yet: {named}"
    return (Fate.TAGGED, named) if new else (Fate.FOLDED, f"more evidence for {named}")


def _weaker(reading: Reading) -> str:
    if not reading.claims:
        return "relevant, but its words claim no capability"
    best = max(reading.claims, key=lambda claim: claim.probability)
    sure = f"{percent(best.probability)} (asked from {percent(THRESHOLD)})"
    return f"too weak to ask about: {best.cell} at {sure}, by {best.rule}"
