"""`cascade replay DIR`: the whole way on dated folders of feed documents, the clock turned by hand."""

import asyncio
import json
import socket
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from app.build import House, open_store
from app.settings import Settings, read_settings
from app.tag import Tagged, tag_waiting
from app.threads import StoreThread
from bot import review
from bot.asked import asked
from cascade.board import Judged
from cascade.errors import BadInput
from cascade.feed import Feed
from cascade.links import link_key
from cascade.message import Message, Note
from cascade.phrases import counted
from cascade.ports import HOME, Store
from cascade.sighting import Choice, Person, Vote
from cascade.week import Period
from digest.compose import compose, look_back
from digest.wording import say
from sources.fetch import Fetcher
from sources.keep import Pass
from sources.poll import poll

HOST = "replay.invalid"  # a name that no network knows, so that feeds are the same ones at every replay
NOON = time(12)
REVIEWER = Person("replay", "reviewer", "the replay's reviewer")
_VOTES = {"confirm": Choice.CONFIRM, "reject": Choice.REJECT}

Print = Callable[[Message], None]
Decide = Callable[[Judged], Choice | None]  # None: no vote


@dataclass(frozen=True)
class Week:
    """One dated folder, and the moment at which it is looked at."""

    folder: Path
    now: datetime


def replay(folder: Path, reviews: str, db: Path | None, print_: Print) -> None:
    """Live through the folders in order and print one digest a week. Raises BadInput."""
    weeks, decide = read_weeks(folder), read_reviews(reviews)
    with tempfile.TemporaryDirectory(prefix="cascade-replay-") as scratch:
        settings = read_settings(db or Path(scratch) / "replay.db")
        asyncio.run(_live(settings, weeks, decide, print_))


def read_weeks(folder: Path) -> list[Week]:
    """The folders named by a day, oldest first; each is looked at on its noon, UTC."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder: name one that holds folders like 2026-05-01 with feed documents")
    days = [(day, path) for path in sorted(folder.iterdir()) if path.is_dir() and (day := _day(path.name))]
    if not days:
        raise BadInput(f"{folder} holds no dated folder: name them like 2026-05-01")
    return [Week(path, datetime.combine(day, NOON, UTC)) for day, path in days]


def read_reviews(said: str) -> Decide:
    """`all` confirms everything, `none` nothing; else a file of JSON lines. Raises BadInput naming the line."""
    if said in {"all", "none"}:
        return lambda _: Choice.CONFIRM if said == "all" else None
    try:
        lines = Path(said).read_text(encoding="utf8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"--reviews {said}: write all, none, or a file of JSON lines ({error})") from error
    decided = dict(_review(said, number, line) for number, line in enumerate(lines, start=1) if line.strip())
    return lambda one: next((decided[key] for key in _keys(one) if key in decided), None)


async def _live(settings: Settings, weeks: Sequence[Week], decide: Decide, print_: Print) -> None:
    house, run = House(settings), StoreThread(open_store(settings))
    site = _Site()
    start = weeks[0].now - timedelta(days=7)
    try:
        async with site, Fetcher({HOST}, resolver=site) as fetcher:
            for week, since in zip(weeks, (start, *(week.now for week in weeks)), strict=False):
                site.folder = week.folder
                await run(partial(_watch, week=week))
                brought = await poll(run, fetcher, week.now, sleep=_no_wait, rng=Random(0))  # noqa: S311  jitter
                print_(await run(partial(_tell, house=house, week=week, brought=brought, since=since, decide=decide)))
    finally:
        run.close()


def _watch(store: Store, week: Week) -> None:
    store.add_feeds(_feeds(week.folder), week.now)


def _tell(store: Store, *, house: House, week: Week, brought: Pass, since: datetime, decide: Decide) -> Message:
    """Tag what came, ask and decide, and compose the week's digest."""
    tagged = tag_waiting(store, house.reader.read, week.now)
    votes = _vote(house, store, week.now, decide)
    message = say(compose(look_back(house.taxonomy, store.facts(HOME), Period(since, week.now + _A_MOMENT))))
    return replace(message, parts=(*message.parts, Note((_count(week, brought, tagged, votes),))))


_A_MOMENT = timedelta(microseconds=1)  # the digest includes the votes cast at the week's own moment


def _vote(house: House, store: Store, now: datetime, decide: Decide) -> int:
    view = asked(house.taxonomy, store, now, person=REVIEWER)
    votes = [
        Vote(sighting=one.sighting.id, person=REVIEWER, choice=choice, at=now, rules=house.taxonomy.version)
        for one in review.queue(view)
        if (choice := decide(one))
    ]
    store.add_votes(HOME, votes)
    return len(votes)


def _count(week: Week, brought: Pass, tagged: Tagged, votes: int) -> str:
    failed = f", {counted(len(brought.failures), 'feed')} failed" if brought.failures else ""
    base = f"{counted(brought.baseline, 'item')} as the baseline, " if brought.baseline else ""
    return (
        f"{week.now:%Y-%m-%d}: {counted(brought.looked, 'feed')} asked{failed}, {base}"
        f"{counted(len(brought.new), 'new item')}, "
        f"{counted(len(tagged.sightings), 'candidate')}, {counted(votes, 'vote')}."
    )


def _feeds(folder: Path) -> list[Feed]:
    return [
        Feed(url=f"http://{HOST}/{path.name}", title=path.stem.replace("_", " ")) for path in sorted(folder.iterdir())
    ]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _review(file: str, number: int, line: str) -> tuple[tuple[str, str, str], Choice]:
    try:
        row: Mapping[str, Any] = json.loads(line)
        return (link_key(row["link"]), row["capability"], row["stage"]), _VOTES[row["vote"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f'{file}, line {number}: a line is {{"link", "capability", "stage", "vote": "confirm" or "reject"}}'
        ) from error


def _keys(one: Judged) -> Iterable[tuple[str, str, str]]:
    cell = one.sighting.cell
    return ((link_key(evidence.url), cell.capability, cell.stage) for evidence in one.sighting.evidence)


async def _no_wait(seconds: float) -> None:
    """The pause between two requests to one host is not lived through: the clock is turned by hand."""
    del seconds
    await asyncio.sleep(0)


class _Site(AbstractResolver):
    """Serves the current folder over loopback HTTP, and answers every host name with its own address."""

    folder: Path

    async def __aenter__(self) -> "_Site":
        app = web.Application()
        app.router.add_get("/{name}", self._serve)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The site's own address, whatever was asked."""
        del port
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = self.folder / Path(request.match_info["name"]).name
        return web.FileResponse(path) if path.is_file() else web.Response(status=404)
