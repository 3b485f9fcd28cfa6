"""A pass over the feeds, over loopback: polite, undisturbed by bad ones, and nothing is kept twice."""

import asyncio
from datetime import timedelta
from random import Random

from cascade.feed import Failed, Health, Reason
from cascade.item import Fate
from sources.fetch import Fetcher
from sources.keep import Look, keep
from tests.sources.documents import NOW, News, Poller, rss, titles
from tests.sources.site import Names, Request, Site, answer, redirect

DAY = timedelta(days=1)
HOSTS = ("brush.test", "other.test", "third.test", "fourth.test")


def fetcher(*, seconds: float = 2.0) -> Fetcher:
    """Some named hosts, all on this machine."""
    return Fetcher(HOSTS, resolver=Names({host: ["127.0.0.1"] for host in HOSTS}), seconds=seconds)


def old(number: int) -> News:
    """An entry from before we looked."""
    return News(id=f"old-{number}", link=f"https://brush.example/old/{number}", title=f"Older news, number {number}")


async def test_the_first_poll_floods_nobody() -> None:
    """Whatever stands there at first is a baseline; what comes later is new."""
    async with Site() as site, fetcher() as fetch:
        url = site.url("/feed", "brush.test")
        poll = Poller(fetch)
        poll.watch(url)
        site.pages["/feed"] = answer(rss(old(1), old(2)))
        first = await poll()
        assert (first.baseline, first.new) == (2, ())
        site.pages["/feed"] = answer(rss(News(id="3"), old(1), old(2)))
        assert titles(await poll(NOW + DAY)) == ["Brush 2 paints without the elephant"]
        assert poll.store.count_items() == {"baseline": 2, "waiting": 1}


async def test_an_unchanged_feed_costs_a_304_and_no_parsing() -> None:
    """Validators go along; the same bytes without validators are not read again either."""

    async def conditional(request: Request, writer: asyncio.StreamWriter) -> None:
        same = request.headers.get("if-none-match") == '"1"'
        writer.write(answer(b"", status="304 Same") if same else answer(rss(News()), etag='"1"'))

    async with Site({"/a": conditional, "/b": answer(rss(News()))}) as site, fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(site.url("/a", "brush.test"), site.url("/b", "other.test"))
        assert (await poll()).read == 2
        again = await poll(NOW + 2 * DAY)
        assert (again.looked, again.read, again.failures) == (2, 0, ())
        assert "if-none-match" in site.asked[2].headers or "if-none-match" in site.asked[3].headers


async def test_a_changed_entry_is_changed_and_not_new() -> None:
    """New words under a known id edit the item: its story stays, its earlier words are kept."""
    async with Site() as site, fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(site.url("/feed", "brush.test"))
        site.pages["/feed"] = answer(rss(old(1)))
        await poll()
        site.pages["/feed"] = answer(rss(News(), old(1)))
        await poll(NOW + DAY)
        [story] = poll.store.stories_waiting(10)
        poll.store.set_fate(story.lead, Fate.TAGGED, "tagged", NOW + DAY)
        site.pages["/feed"] = answer(rss(News(title="Brush 2.1 paints without it"), old(1)))
        third = await poll(NOW + 2 * DAY)
        assert third.new == ()
        assert [item.title for item in third.changed] == ["Brush 2.1 paints without it"]
        [again] = poll.store.stories_waiting(10)
        assert (again.id, again.lead.title) == (story.id, "Brush 2.1 paints without it")
        [history] = poll.store.items_at("https://brush.example/2")
        assert [change.title for change in history.changes] == ["Brush 2 paints without the elephant"]


async def test_new_dates_and_new_ids_are_no_news() -> None:
    """A feed that re-dates its entries, or gives them new ids, brings nothing new."""
    async with Site() as site, fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(site.url("/feed", "brush.test"))
        for turn, entry in enumerate((News(), News(date="Tue, 19 May 2026 08:00:00 GMT"), News(id="other"))):
            site.pages["/feed"] = answer(rss(entry))
            found = await poll(NOW + turn * DAY)
            assert (found.new, found.changed) == ((), ())
        assert poll.store.count_items() == {"baseline": 1}


async def test_one_host_is_asked_one_by_one_at_its_pace() -> None:
    """Two feeds of one host are a pace apart; two hosts do not wait for each other."""
    async with Site({f"/{name}": answer(rss(News())) for name in "abc"}) as site, fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(site.url("/a", "brush.test"), site.url("/b", "brush.test"), site.url("/c", "other.test"))
        await poll()
        assert poll.slept == [1.0]


async def test_nobody_waits_for_a_host_that_is_away() -> None:
    """Without a connection there is no pace to keep: that there is no network is known at once."""
    async with fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(*(f"http://brush.test:9/{name}" for name in "abc"))
        assert len((await poll()).failures) == 3
        assert poll.slept == []


async def test_a_host_that_is_limited_is_left_alone() -> None:
    """After a 429 none of its feeds is asked before the time it names, whether due or not; they have not failed."""
    limited = answer(b"", status="429 Slow down", retry_after="7200")
    pages = {"/a": limited, "/b": answer(rss(News())), "/early": answer(rss(News()))}
    async with Site(dict(pages)) as site, fetcher() as fetch:
        early, first, second = (site.url(path, "brush.test") for path in ("/early", "/a", "/b"))
        elsewhere = site.url("/b", "other.test")
        poll = Poller(fetch)
        poll.watch(early, elsewhere)
        await poll()
        poll.watch(first, second)
        found = await poll(NOW + timedelta(minutes=30))
        assert (found.looked, site.paths()[2:]) == (1, ["/a"])
        for url in (early, second):
            assert poll.visit(url).next_at == NOW + timedelta(hours=2, minutes=30)
            assert poll.visit(url).failures == 0
        await poll(NOW + timedelta(hours=2))
        assert site.paths()[3:] == ["/b"], "only the other host's"
        assert poll.visit(elsewhere).next_at < NOW + timedelta(hours=4)


async def test_a_limited_host_puts_off_nobody_elses_feeds() -> None:
    """What another run may be looking at in this moment is not written."""
    async with fetcher() as fetch:
        poll = Poller(fetch)
        limited, early, elsewhere = (f"http://{host}/feed" for host in ("brush.test", "brush.test:81", "other.test"))
        poll.watch(limited, early, elsewhere)
        before, now = poll.visit(elsewhere), NOW + timedelta(hours=1)
        answered = Failed(reason=Reason.LIMITED, text="slow down", retry_after=timedelta(hours=2))
        keep(poll.store, [Look(visit=poll.visit(limited), answer=answered)], now, Random(7))
        assert poll.visit(early).next_at == now + timedelta(hours=2)
        assert poll.visit(elsewhere) == before


async def test_a_permanent_redirect_is_remembered() -> None:
    """The next look goes straight to the new address; the feed keeps its name."""
    async with Site({"/old": redirect("/new", "301 Moved"), "/new": answer(rss(News()))}) as site, fetcher() as fetch:
        poll, url = Poller(fetch), site.url("/old", "brush.test")
        poll.watch(url)
        await poll()
        await poll(NOW + 2 * DAY)
        assert site.paths() == ["/old", "/new", "/new"]
        assert poll.visit(url).address == site.url("/new", "brush.test")


async def test_a_permanent_redirect_to_no_feed_is_not_remembered() -> None:
    """A parked domain does not take a feed along."""
    pages = {"/old": redirect("/new", "301 Moved"), "/new": answer(b"<html>sold</html>")}
    async with Site(dict(pages)) as site, fetcher() as fetch:
        poll, url = Poller(fetch), site.url("/old", "brush.test")
        poll.watch(url)
        await poll()
        assert poll.visit(url).address == url


async def test_a_page_leads_to_the_feed_it_names() -> None:
    """The home page in place of the feed is enough; the feed's own address is remembered."""
    page = b"<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>"
    async with Site({"/": answer(page), "/feed": answer(rss(News()))}) as site, fetcher() as fetch:
        poll, url = Poller(fetch), site.url("/", "brush.test")
        poll.watch(url)
        assert (await poll()).baseline == 1
        assert poll.visit(url).address == site.url("/feed", "brush.test")
        assert poll.visit(url).health is Health.LIVE


async def test_bad_feeds_do_not_stop_the_others() -> None:
    """Broken, missing, refused and silent feeds are told one by one; the good one is read."""

    async def silent(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    pages = {"/ok": answer(rss(News())), "/bad": answer(b"<rss><channel><item")}
    async with Site({**pages, "/none": silent}) as site, fetcher(seconds=0.3) as fetch:
        poll = Poller(fetch)
        paths = zip(("/ok", "/bad", "/none", "/404"), HOSTS, strict=True)
        poll.watch(*(site.url(path, host) for path, host in paths), "http://10.0.0.1/feed", "nonsense")
        found = await poll()
        assert (found.looked, found.baseline, len(found.failures)) == (6, 1, 5)
        assert all(failure.why.text for failure in found.failures)


async def test_one_notice_for_each_change_of_state() -> None:
    """Three failures tell once, a fourth nothing more, and the return once."""
    async with Site({"/": answer(rss(News()))}) as site, fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(site.url("/", "brush.test"))
        fine, down = answer(rss(News())), answer(b"", status="500 Oops")
        told = []
        for turn, page in enumerate((fine, down, down, down, down, fine)):
            site.pages["/"] = page
            told.append([change.now for change in (await poll(NOW + 2 * turn * DAY)).health])
        assert told == [[], [], [], [Health.FAILING], [], [Health.LIVE]]


async def test_a_feed_that_says_410_is_left_alone() -> None:
    """It is told once, and not asked again until a person resumes it."""
    async with Site({"/": answer(b"", status="410 Gone")}) as site, fetcher() as fetch:
        poll, url = Poller(fetch), site.url("/", "brush.test")
        poll.watch(url)
        assert [change.now for change in (await poll()).health] == [Health.GONE]
        assert (await poll(NOW + 100 * DAY)).looked == 0
        assert poll.store.pause_feed(url, paused=False, now=NOW + 100 * DAY)
        assert (await poll(NOW + 100 * DAY)).looked == 1


async def test_our_own_connection_is_not_held_against_the_feeds() -> None:
    """When nothing at all can be reached, no feed fails; it is told as such and tried again soon."""
    async with Site() as site:
        closed = [site.url("/", host) for host in HOSTS]
    async with fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(*closed)
        found = await poll()
        assert found.offline
        assert {visit.failures for visit in poll.store.visits()} == {0}
        assert {visit.next_at for visit in poll.store.visits()} == {NOW + timedelta(minutes=5)}


async def test_one_page_from_two_feeds_is_one_story() -> None:
    """Both are kept, as two items of one story, in whatever spelling they link to it."""
    first, second = News(), News(id="x", link="http://www.brush.example/2/?utm_source=rss", title="Brush 2 is out")
    async with Site() as site, fetcher() as fetch:
        poll = Poller(fetch)
        poll.watch(site.url("/a", "brush.test"), site.url("/b", "other.test"))
        site.pages |= {"/a": answer(rss(old(1))), "/b": answer(rss(old(2)))}
        await poll()
        site.pages |= {"/a": answer(rss(first, old(1))), "/b": answer(rss(second, old(2)))}
        await poll(NOW + 2 * DAY)
        [story] = poll.store.stories_waiting(10)
        assert {item.title for item in story.items} == {first.title, second.title}
