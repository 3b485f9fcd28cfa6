"""The whole way once: a feed's bytes over loopback, a card, a reaction, the board, the posted digest."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from app.build import House
from app.jobs import A_DAY, Jobs, budget
from app.settings import Settings
from app.threads import StoreThread
from bot.ask import ask
from bot.asked import Asked, asked
from bot.cards import Desk
from cascade.feed import Feed
from cascade.ports import Place, Store
from sources.fetch import Fetcher
from storage.database import SQLite
from storage.store import Store as SQLStore
from tests.clock import HandClock
from tests.fakes_chat import FakeChat
from tests.make import ADA, weekly

CHANNEL = Place("fake", "models")
WEDNESDAY = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
OLD = """<item><guid>old</guid><link>https://maker.example/old</link><title>We moved our office</title></item>"""
NEWS = """<item><guid>kontext</guid><link>https://maker.example/kontext</link>
  <pubDate>Wed, 20 May 2026 13:00:00 GMT</pubDate>
  <title>FLUX.1 Kontext [dev]: open weights for image editing</title>
  <description>Change one object with a text instruction and leave the rest of the picture untouched:
  precise local edits. The weights are on Hugging Face today. &lt;!channel&gt;</description></item>"""


class Site:
    """A maker's blog: one feed, whose entries a test sets."""

    def __init__(self) -> None:
        self.entries = OLD

    async def feed(self, request: web.Request) -> web.Response:
        """The feed as it is now."""
        del request
        body = f"<rss version='2.0'><channel><title>Maker</title>{self.entries}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml")


class Team:
    """One channel with a review desk and a weekly digest, on a real store."""

    def __init__(self, path: Path, fetch: Fetcher) -> None:
        self.house, self.clock, self.chat = House(Settings()), HandClock(WEDNESDAY), FakeChat()
        self.store: Store = SQLStore(SQLite(path))
        self.run = StoreThread(self.store)
        self.desk = Desk(
            run=self.run,
            look=self.look,
            chat=self.chat,
            place=CHANNEL,
            choose=budget(2, A_DAY, self.clock),
            report=lambda error: pytest.fail(str(error)),
        )
        self.jobs = Jobs(
            house=self.house,
            run=self.run,
            fetch=fetch,
            clock=self.clock,
            rng=Random(0),
            chats={"fake": self.chat},
            desks=[self.desk],
            tell=pytest.fail,
        )

    async def beat(self) -> None:
        """What the scheduler wakes every minute."""
        await self.jobs.look()
        await self.jobs.cards(self.desk)

    def look(self, store: Store, now: datetime) -> Asked:
        """The team's view of the board."""
        return asked(self.house.taxonomy, store, now, person=ADA, place=CHANNEL)

    def said(self) -> list[str]:
        """Everything that stands in the channel and its threads, as text."""
        return ["\n".join(one.message.words()) for one in self.chat.posted.get(CHANNEL, [])]


@pytest.fixture
async def site() -> AsyncIterator[tuple[Site, str]]:
    """The blog, and the address of its feed."""
    site = Site()
    app = web.Application()
    app.router.add_get("/feed.xml", site.feed)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield site, f"http://127.0.0.1:{runner.addresses[0][1]}/feed.xml"
    await runner.cleanup()


async def test_from_feed_bytes_to_the_posted_digest(site: tuple[Site, str], tmp_path: Path) -> None:
    """News becomes a candidate, a reaction confirms it, the board shows it, Monday's digest tells it once."""
    blog, url = site
    async with Fetcher({"127.0.0.1"}) as fetch:
        team = Team(tmp_path / "cascade.db", fetch)
        try:
            async with asyncio.timeout(45):
                await _a_week(team, blog, url)
        finally:
            team.run.close()


async def _a_week(team: Team, blog: Site, url: str) -> None:
    await team.run(lambda store: _furnish(store, url))
    await team.beat()
    assert team.said() == [], "the first look at a feed is a baseline that floods nobody"

    blog.entries = NEWS + OLD
    team.clock.set(team.clock() + timedelta(hours=12))
    await team.beat()
    assert len(team.said()) == 1
    assert team.said()[0].startswith("fine-grained editing in open image models")

    card = team.chat.posted[CHANNEL][0]
    team.chat.signs[card.ref] = {(ADA, "✅")}
    await team.desk.read_back(team.clock())
    assert "Confirmed" in team.said()[0], "the card follows at once"
    assert "Confirmed" in team.said()[1], "and the thread tells it"
    answer = await team.run(lambda store: ask(team.look(store, team.clock()), "fine-grained editing"))
    assert "works in 1 of 12 stages" in answer.headline

    team.clock.set(datetime(2026, 5, 25, 7, 5, tzinfo=UTC))  # Monday, 09:05 in Berlin
    await team.jobs.digests()
    team.clock.set(team.clock() + timedelta(minutes=1))
    await team.jobs.digests()
    digests = [text for text in team.said() if "fine-grained editing reaches open image models" in text]
    assert len(digests) == 1
    assert "Ada" in digests[0]
    answer = await team.run(
        lambda store: ask(team.look(store, team.clock()), "why http://www.maker.example/kontext?utm_source=x")
    )
    said = "\n".join(answer.words())
    assert "came from Maker, dated 2026-05-20" in said
    assert "Confirmed: ✅ Ada" in said
    assert "2026-05-25 07:05 UTC: printed in the digest of 2026-W22 in fake:models" in said


def _furnish(store: Store, url: str) -> None:
    store.add_feeds([Feed(url=url, title="Maker")], WEDNESDAY)
    store.save_subscription(weekly(CHANNEL, WEDNESDAY, zone=ZoneInfo("Europe/Berlin")))
