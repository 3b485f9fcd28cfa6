"""A store as a team has it after some months: the atlas, people's votes, feeds, and hostile words from outside."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cascade.dates import DateRange
from cascade.feed import Entry, Feed, Health, Record, Visit
from cascade.item import Fate, Item, Tier
from cascade.links import link_key
from cascade.ports import HOME, Place
from cascade.sighting import Choice, Correction, Evidence, Sighting, Verdict, Vote, sighting_id
from cascade.subscription import Subscription, Weekday
from cascade.taxonomy import Cell
from storage.atlas import read_track_record
from storage.store import Store
from tests.contracts.ledger import published
from tests.make import ADA, GRACE, LINUS

NOW = datetime(2026, 8, 21, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://news.example/feed"
HOSTILE = (
    "</title><script>alert('x')</script><img src=x onerror=alert(1)>\"'>{{ 7*7 }}\u202egnp.exe &amp; <!channel>\x0b"
)
HOSTILE_LINKS = (
    "javascript:alert(document.domain)",
    "data:text/html,<script>alert(1)</script>",
    'https://evil.example/"onmouseover=alert(1) x="',
)


def fill(store: Store) -> dict[str, Sighting]:
    """Candidates, decisions and corrections by Ada, Grace and Linus, two feeds and a digest's subscription."""
    made = {
        "candidate": _claim("story-1", "style-consistency", "video/closed-realtime", "Stage Play 3"),
        "confirmed": _claim("story-2", "negation", "video/open-offline", "Open Reel 2"),
        "rejected": _claim("story-3", "counting", "3d/open", "Mesh Count"),
        "fails": _claim("story-4", "reasoning-first", "3d/open", "Mesh Count", verdict=Verdict.STILL_FAILS),
        "hostile": _hostile(),
    }
    for one in made.values():
        store.save_sighting(one)
    store.publish((published("video/open-offline"), published("3d/open")))
    store.add_votes(HOME, _votes(made))
    fix = Correction(sighting=made["candidate"].id, by=GRACE, at=NOW - HOUR, model="Stage Play 3.1")
    store.add_correction(HOME, fix)
    _feeds(store)
    store.save_subscription(_subscription())
    store.set_note("backtest", read_track_record())
    return made


def _claim(
    story: str, capability: str, stage: str, model: str, *, verdict: Verdict = Verdict.WORKS, days: int = 6
) -> Sighting:
    cell = Cell(capability, stage)
    seen = NOW - timedelta(days=days)
    return Sighting(
        id=sighting_id(story, cell, verdict),
        cell=cell,
        model=model,
        org="Brushworks",
        verdict=verdict,
        happened=DateRange.day(seen.date()),
        evidence=(Evidence(url=f"https://brush.example/{story}", title=model, says="It does it.", kind="maker"),),
        quote="It keeps one look through the whole session.",
        probability=0.83,
        story=story,
        seen_at=seen,
    )


def _hostile() -> Sighting:
    cell = Cell("style-consistency", "3d/open")
    return Sighting(
        id=sighting_id("story-5", cell, Verdict.WORKS),
        cell=cell,
        model=HOSTILE,
        org=HOSTILE,
        verdict=Verdict.WORKS,
        happened=DateRange.parse("2026-07"),
        evidence=tuple(Evidence(url=url, title=HOSTILE, says=HOSTILE, kind=HOSTILE) for url in HOSTILE_LINKS),
        quote=HOSTILE + "w" * 300,
        probability=0.5,
        story="story-5",
        seen_at=NOW - timedelta(days=9),
        note=HOSTILE,
        rival=HOSTILE,
    )


def _votes(made: dict[str, Sighting]) -> list[Vote]:
    return [
        Vote(sighting=made["confirmed"].id, person=ADA, choice=Choice.CONFIRM, at=NOW - 30 * HOUR),
        Vote(sighting=made["confirmed"].id, person=GRACE, choice=Choice.CONFIRM, at=NOW - 29 * HOUR),
        Vote(sighting=made["confirmed"].id, person=LINUS, choice=Choice.REJECT, at=NOW - 28 * HOUR, counts=False),
        Vote(sighting=made["rejected"].id, person=ADA, choice=Choice.REJECT, at=NOW - 27 * HOUR),
        Vote(sighting=made["fails"].id, person=GRACE, choice=Choice.CONFIRM, at=NOW - 26 * HOUR),
        Vote(sighting=made["hostile"].id, person=GRACE, choice=Choice.CONFIRM, at=NOW - 200 * HOUR),
        Vote(sighting=made["candidate"].id, person=ADA, choice=Choice.UNSURE, at=NOW - 2 * HOUR),
    ]


def _feeds(store: Store) -> None:
    live = Feed(url=FEED, title="The News", tier=Tier.PRESS, home="https://news.example/")
    odd = Feed(url="https://odd.example/feed", title=HOSTILE, tier=Tier.COMMUNITY, home="javascript:alert(1)")
    store.add_feeds((live, odd), NOW - timedelta(days=90))
    entries = tuple(_entry(number) for number in range(1, 6))
    well = Visit(
        feed=live,
        address=live.url,
        next_at=NOW + HOUR,
        polled_at=NOW - HOUR,
        succeeded_at=NOW - HOUR,
        newest_at=NOW - HOUR,
        health=Health.LIVE,
        since=NOW - timedelta(days=90),
    )
    ill = Visit(
        feed=odd,
        address=odd.url,
        next_at=NOW + HOUR,
        polled_at=NOW - HOUR,
        failures=4,
        health=Health.FAILING,
        reason=f"404: {HOSTILE}",
        since=NOW - timedelta(days=3),
    )
    store.record_looks((Record(visit=well, new=entries), Record(visit=ill)), NOW)


def _entry(number: int) -> Entry:
    item = Item(
        feed=FEED,
        identity=f"item-{number}",
        url=f"https://news.example/{number}" if number < 5 else HOSTILE_LINKS[0],
        title=f"Release {number}" if number < 5 else HOSTILE,
        summary="Short.",
        published=NOW - timedelta(days=number),
        seen_at=NOW - timedelta(days=number),
        source="The News",
    )
    return Entry(item=item, digest=f"d{number}", link_key=link_key(item.url), story=f"story-{number}", fate=Fate.TAGGED)


def _subscription() -> Subscription:
    place = Place("slack", "C0SECRET")
    return Subscription(
        id="abcd1234",
        team=HOME,
        place=place,
        weekday=Weekday.MONDAY,
        hour=9,
        zone=ZoneInfo("UTC"),
        since=NOW - timedelta(days=30),
    )
