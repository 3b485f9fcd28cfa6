"""A person's own sighting: the page they name is read, tagged, and put up for review."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app import clock
from app.build import House, open_store
from app.clock import Clock
from app.learning import model_in_use
from app.settings import read_settings
from app.tag import fate_of, posted, to_sighting
from app.threads import StoreThread
from bot import review
from bot.asked import asked
from bot.runner import Run
from cascade.board import Judged
from cascade.errors import BadInput
from cascade.feed import Entry, Failed
from cascade.item import Fate, Item, Story
from cascade.links import canonical, link_key
from cascade.message import Line, Message, Note, Paragraph, Part, Quote
from cascade.ports import Store
from cascade.sighting import Person, Sighting
from sources.check import Fetch, read_link
from sources.known import digest, solitary
from sources.page import Page

REPORTED = "reported"  # the feed of what people bring: no address, never asked
HOW = "report needs a link, as in `report https://example.com/news`"
NO_CLAIM = "The page was read, and its words claim nothing that Cascade keeps"


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """`await reporting(link, person)` answers `report LINK` on every platform."""

    house: House
    run: Run
    fetch: Fetch
    clock: Clock

    async def __call__(self, link: str, person: Person) -> Message:
        """What was put up for review. Raises BadInput when the page cannot be had or the link is none."""
        url = canonical(link.strip().strip("<>").partition("|")[0])  # Slack writes <link|words>
        if not url:
            raise BadInput(HOW)
        now = self.clock()
        page = await read_link(self.fetch, url, now)
        if isinstance(page, Failed):
            raise BadInput(f"{url[:120]}: {page.text}")
        return await self.run(lambda store: put_up(store, self.house, page, person, now))


def put_up(store: Store, house: House, page: Page, person: Person, now: datetime) -> Message:
    """Keep a page as an item of its story, and its claims as candidates that this person reported."""
    item, story = _kept(store, page, person, now)
    house.reader.model = model_in_use(store, house.reader.model)  # another process may have trained it
    reading = house.reader.read(item)
    # A person vouches for it: where no claim is strong enough to ask by itself, the strongest one is asked.
    claims = posted(reading) or reading.claims[:1]
    found = [replace(to_sighting(Story(id=story), item, reading, claim, now), reported_by=person) for claim in claims]
    new = [one for one in found if store.save_sighting(one)]
    fate, why = (Fate.TAGGED, f"reported by {person}") if found else fate_of(reading, [], [])
    store.set_fate(item, fate, why, now)
    view = asked(house.taxonomy, store, now, person=person)
    ids = {one.id for one in found}
    judged = [one for one in view.judged if one.sighting.id in ids]
    return _answer(house, page, judged, new) if judged else _nothing(page, why)


def report_once(db: Path | None, link: str) -> Message:
    """`cascade report`: the same from the command line."""
    return asyncio.run(_once(db, link))


async def _once(db: Path | None, link: str) -> Message:
    from app.once import me
    from sources.fetch import Fetcher

    settings = read_settings(db)
    store = StoreThread(open_store(settings))
    try:
        async with Fetcher(settings.private_hosts) as fetch:
            return await Reporting(house=House(settings), run=store, fetch=fetch, clock=clock.now)(link, me())
    finally:
        store.close()


def _kept(store: Store, page: Page, person: Person, now: datetime) -> tuple[Item, str]:
    """The item, and the story that it belongs to: that of the feeds that brought the page before, if any."""
    key = link_key(page.address)
    item = Item(
        feed=REPORTED,
        identity=key,
        url=page.address,
        title=page.title,
        summary=page.text,
        published=page.published if page.published and page.published <= now else None,
        seen_at=now,
        source=f"a report by {person}",
    )
    known = store.items_at(page.address)
    story = known[0].story if known else store.merged_into(solitary(item, key))
    store.keep_entry(Entry(item=item, digest=digest(item), link_key=key, story=story))
    return item, story


def _answer(house: House, page: Page, judged: Sequence[Judged], new: Sequence[Sighting]) -> Message:
    first = judged[0].sighting
    said = "Put up for review" if new else "It is known already"
    parts: list[Part] = [Quote(first.quote)] if first.quote else []
    parts += [Paragraph(_line(house, one)) for one in judged]
    parts.append(Note((f"Read from {page.address}: {page.title}",)))
    return Message(
        headline=f"{said}: {review.claim(house.taxonomy, first)}",
        parts=tuple(parts),
        offers=review.vote_offers(first),
        facts={"sightings": [review.sighting_facts(one) for one in judged], "new": [one.id for one in new]},
    )


def _line(house: House, one: Judged) -> Line:
    asked_for = review.claim(house.taxonomy, one.sighting)
    return (f"{asked_for}. {review.decision_words(one.decision)}; `why {one.sighting.id}` tells more.",)


def _nothing(page: Page, why: str) -> Message:
    return Message(
        headline=f"{NO_CLAIM}: {page.title}",
        parts=(Paragraph((f"{why}.",)), Note((f"It is kept: `why {page.address}`.",))),
        facts={"sightings": [], "new": [], "why": why},
    )
