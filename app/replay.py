"""`cascade replay DIR`: the whole way on dated folders of feed documents, the clock turned by hand."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import NoReturn
from urllib.parse import quote, unquote

from app.build import House, open_store
from app.digests import make_desk
from app.jobs import budget
from app.replay_reviews import Decide, read_reviews
from app.replay_site import HOST, Site
from app.settings import Settings, read_settings
from app.tag import Tagged, tag_waiting
from app.threads import StoreThread
from bot import review
from bot.asked import asked
from bot.cards import Desk
from bot.runner import Run
from cascade.errors import BadInput, ChatError
from cascade.feed import Feed
from cascade.message import Bullets, Message, Note
from cascade.phrases import counted
from cascade.ports import HOME, Place, Store
from cascade.sighting import Person, Vote
from cascade.week import Period
from digest.wording import BELOW, details, say, together
from sources.fetch import Fetcher
from sources.keep import Pass
from sources.poll import poll

NOON = time(12)
UNREAD_SHOWN = 10
REVIEWER = Person("replay", "reviewer", "the replay's reviewer")

Print = Callable[[Message], None]


@dataclass(frozen=True)
class Week:
    """One dated folder, and the moment at which it is looked at."""

    folder: Path
    now: datetime


def replay(folder: Path, reviews: str, db: Path | None, print_: Print) -> None:
    """Live through the folders in order and print one digest a week. Raises BadInput."""
    with tempfile.TemporaryDirectory(prefix="cascade-replay-") as scratch:
        live(read_settings(db or Path(scratch) / "replay.db"), folder, reviews, print_)


def live(settings: Settings, folder: Path, reviews: str, print_: Print) -> None:
    """The same, on the database of these settings. Raises BadInput."""
    asyncio.run(_live(settings, read_weeks(folder), read_reviews(reviews), print_))


def read_weeks(folder: Path) -> list[Week]:
    """The folders named by a day, oldest first; each is looked at on its noon, UTC."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder: name one that holds folders like 2026-05-01 with feed documents")
    days = [(day, path) for path in sorted(folder.iterdir()) if path.is_dir() and (day := _day(path.name))]
    if not days:
        raise BadInput(f"{folder} holds no dated folder: name them like 2026-05-01")
    return [Week(path, datetime.combine(day, NOON, UTC)) for day, path in days]


async def _live(settings: Settings, weeks: Sequence[Week], decide: Decide, print_: Print) -> None:
    house, run = House(settings), StoreThread(open_store(settings))
    site = Site()
    start = weeks[0].now - A_WEEK
    try:
        async with site, Fetcher({HOST}, resolver=site) as fetcher:
            for week, since in zip(weeks, (start, *(week.now for week in weeks)), strict=False):
                site.folder = week.folder
                print_(await _one(house, run, fetcher, week, since, decide))
    finally:
        run.close()


async def _one(house: House, run: Run, fetcher: Fetcher, week: Week, since: datetime, decide: Decide) -> Message:
    """One week: poll, tag, ask, decide, tell."""
    await run(partial(_watch, week=week))
    brought = await poll(run, fetcher, week.now, sleep=_no_wait, rng=Random(0))  # noqa: S311  jitter
    tagged = await run(lambda store: tag_waiting(store, house.reader.read, week.now))
    cards = await _desk(house, run, week).post_new(week.now)
    votes = await run(lambda store: _vote(house, store, week.now, decide))
    message = await run(lambda store: _tell(house, store, Period(since + _A_MOMENT, week.now + _A_MOMENT)))
    unread = _unread(week, brought)
    counts = _counts(brought, len(unread), tagged, cards, votes)
    lines = tuple((f"{name}: {why}",) for name, why in list(unread.items())[:UNREAD_SHOWN])
    return replace(
        message,
        parts=(*message.parts, Note((_count_words(week, counts),)), *((Bullets(lines),) if lines else ())),
        facts={**message.facts, "folder": week.folder.name, **counts, "unread": unread},
    )


def _watch(store: Store, week: Week) -> None:
    store.add_feeds(_feeds(week.folder), week.now)


def _desk(house: House, run: Run, week: Week) -> Desk:
    """A review channel that nobody sees: the folder's week is one step of the clock, with a week's cards."""
    return Desk(
        run=run,
        look=lambda store, now: asked(house.taxonomy, store, now, person=REVIEWER),
        chat=_Unseen(),
        place=Place(_Unseen.platform, "review"),
        choose=budget(7 * house.settings.cards_a_day, A_WEEK, lambda: week.now),
        report=_raise,
    )


def _tell(house: House, store: Store, period: Period) -> Message:
    digest = make_desk(house.taxonomy, store).digest(HOME, period)
    return together((say(digest, rest=BELOW), *details(digest)))


A_WEEK = timedelta(days=7)
# A digest has the votes cast at its week's own moment, not those of the one before.
_A_MOMENT = timedelta(microseconds=1)


def _vote(house: House, store: Store, now: datetime, decide: Decide) -> int:
    view = asked(house.taxonomy, store, now, person=REVIEWER)
    votes = [
        Vote(sighting=one.sighting.id, person=REVIEWER, choice=choice, at=now, rules=house.taxonomy.version)
        for one in review.queue(view)
        if (choice := decide(one))
    ]
    store.add_votes(HOME, votes)
    return len(votes)


def _counts(brought: Pass, failed: int, tagged: Tagged, cards: int, votes: int) -> dict[str, int]:
    return {
        "feeds": brought.looked,
        "absent": len(brought.failures) - failed,
        "failed": failed,
        "baseline": brought.baseline,
        "new_items": len(brought.new),
        "candidates": len(tagged.sightings),
        "cards": cards,
        "votes": votes,
    }


def _unread(week: Week, brought: Pass) -> dict[str, str]:
    """The documents of the folder that could not be read, and why; a feed of another week has none in it."""
    failed = {unquote(failure.visit.feed.url.rpartition("/")[2]): failure.why.text for failure in brought.failures}
    return {name: why for name, why in failed.items() if (week.folder / name).is_file()}


def _count_words(week: Week, counts: Mapping[str, int]) -> str:
    absent = f", {counts['absent']} without a document here" if counts["absent"] else ""
    failed = f", {counted(counts['failed'], 'feed')} failed" if counts["failed"] else ""
    base = f"{counted(counts['baseline'], 'item')} as the baseline, " if counts["baseline"] else ""
    brought = [
        counted(counts[f"{noun.replace(' ', '_')}s"], noun) for noun in ("new item", "candidate", "card", "vote")
    ]
    return f"{week.now:%Y-%m-%d}: {counted(counts['feeds'], 'feed')} asked{absent}{failed}, {base}{', '.join(brought)}."


def _feeds(folder: Path) -> list[Feed]:
    return [
        Feed(url=f"http://{HOST}/{quote(path.name)}", title=path.stem.replace("_", " "))
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


async def _no_wait(seconds: float) -> None:
    """The pause between two requests to one host is not lived through: the clock is turned by hand."""
    del seconds
    await asyncio.sleep(0)


def _raise(error: ChatError) -> NoReturn:
    raise error


class _Unseen:
    """Fulfils the Chat port: takes everything, shows nothing."""

    platform = "replay"

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """The marker is the reference."""
        del place, message
        return marker

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """There is nothing to edit."""

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """The marker is the reference."""
        del place, ref, message
        return marker

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """Whatever was posted is there."""
        del place, since, under
        return marker

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """Nobody reacts."""
        del place, ref
        return frozenset()
