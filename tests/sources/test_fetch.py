"""Fetching: conditional, bounded in size and time, honest about itself, and never an exception."""

import asyncio
import gzip
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from cascade.feed import Answer, Failed, Feed, Fetched, NotModified, Reason, Visit
from sources.fetch import MAX_REDIRECTS, Fetcher
from tests.sources.site import Names, Request, Site, answer, redirect

NOW = datetime(2026, 5, 18, 9, tzinfo=UTC)
HERE = {"127.0.0.1"}


def visit(address: str, *, etag: str = "", modified: str = "") -> Visit:
    """A visit to an address, with the validators of an earlier one."""
    return Visit(feed=Feed(url=address), address=address, etag=etag, modified=modified, next_at=NOW, since=NOW)


async def get(site: Site, path: str = "/", *, max_bytes: int = 100_000, seconds: float = 2.0) -> Answer:
    """What the site's path is answered with."""
    async with Fetcher(HERE, max_bytes=max_bytes, seconds=seconds) as fetch:
        return await fetch(visit(site.url(path)), NOW)


def reason(found: Answer) -> Reason | None:
    """Why it failed; None when it did not."""
    return found.reason if isinstance(found, Failed) else None


async def test_validators_are_kept_and_sent_back() -> None:
    """ETag and Last-Modified return as they came, and a 304 is known as such."""

    async def conditional(request: Request, writer: asyncio.StreamWriter) -> None:
        same = request.headers.get("if-none-match") == 'W/"a b"'
        same = same and request.headers.get("if-modified-since") == "Mon, 18 May 2026 08:00:00 GMT"
        page = answer(b"", status="304 Not Modified", cache_control="max-age=900")
        full = answer(b"news", etag='W/"a b"', last_modified="Mon, 18 May 2026 08:00:00 GMT")
        writer.write(page if same else full)

    async with Site({"/": conditional}) as site, Fetcher(HERE) as fetch:
        first = await fetch(visit(site.url()), NOW)
        assert isinstance(first, Fetched)
        assert first.body == b"news"
        again = await fetch(visit(site.url(), etag=first.etag, modified=first.modified), NOW)
        assert again == NotModified(max_age=timedelta(minutes=15))


@pytest.mark.parametrize("listed", ["bücher.test", " BÜCHER.test ", "xn--bcher-kva.test"])
@pytest.mark.parametrize("asked", ["bücher.test", "xn--bcher-kva.test", "BÜCHER.test"])
async def test_a_host_in_other_letters_is_allowed_by_its_name(listed: str, asked: str) -> None:
    """Whether the setting or the feed writes it as people or as machines do; its neighbours are not."""
    resolver = Names({name: ["127.0.0.1"] for name in ("xn--bcher-kva.test", "bucher.test")})
    async with Site({"/": answer(b"news")}) as site, Fetcher({listed}, resolver=resolver) as fetch:
        assert isinstance(await fetch(visit(site.url("/", asked)), NOW), Fetched)
        assert reason(await fetch(visit(site.url("/", "bucher.test")), NOW)) is Reason.REFUSED


async def test_it_says_who_it_is() -> None:
    """The User-Agent names Cascade, and nothing pretends to be a browser."""
    async with Site({"/": answer(b"news")}) as site:
        await get(site)
        agent = site.asked[0].headers["user-agent"]
        assert agent.startswith("Cascade/")
        assert "Mozilla" not in agent
        assert "cookie" not in site.asked[0].headers


@pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
async def test_a_permanent_redirect_is_a_move(status: str) -> None:
    """The new address is told, and the document comes with it."""
    async with Site({"/": redirect("/new", status), "/new": answer(b"news")}) as site:
        found = await get(site)
        assert isinstance(found, Fetched)
        assert found.moved == site.url("/new")


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
async def test_a_temporary_redirect_is_no_move(status: str) -> None:
    """It is followed and forgotten, and so is a permanent one behind it."""
    pages = {"/": redirect("/then", status), "/then": redirect("/new", "301 Moved"), "/new": answer(b"news")}
    async with Site(dict(pages)) as site:
        found = await get(site)
        assert isinstance(found, Fetched)
        assert found.moved == ""
        assert found.address == site.url("/new")


async def test_a_permanent_redirect_before_a_temporary_one_moves_that_far() -> None:
    """What is stored is the last address that was permanent all the way."""
    pages = {"/": redirect("/then", "301 Moved"), "/then": redirect("/new"), "/new": answer(b"news")}
    async with Site(dict(pages)) as site:
        found = await get(site)
        assert isinstance(found, Fetched)
        assert found.moved == site.url("/then")


async def test_circles_and_long_chains_end() -> None:
    """A redirect in a circle, or too many of them, is a reason."""
    pages = {f"/{step}": redirect(f"/{step + 1}") for step in range(MAX_REDIRECTS + 1)}
    pages |= {f"/{MAX_REDIRECTS + 1}": answer(b"news"), "/circle": redirect("/circle")}
    async with Site(dict(pages)) as site:
        assert reason(await get(site, "/circle")) is Reason.REDIRECTS
        assert reason(await get(site, "/0")) is Reason.REDIRECTS
        assert reason(await get(site, "/1")) is None


@pytest.mark.parametrize(
    ("status", "header", "why", "wait"),
    [
        ("404 Not Found", "", Reason.STATUS, None),
        ("500 Oops", "", Reason.STATUS, None),
        ("403 Forbidden", "", Reason.STATUS, None),
        ("204 No Content", "", Reason.STATUS, None),
        ("410 Gone", "", Reason.GONE, None),
        ("429 Too Many", "120", Reason.LIMITED, timedelta(seconds=120)),
        ("429 Too Many", "", Reason.LIMITED, None),
        ("429 Too Many", "soon", Reason.LIMITED, None),
        ("429 Too Many", "-5", Reason.LIMITED, None),
        ("429 Too Many", "99999999999999999999", Reason.LIMITED, None),
        ("429 Too Many", "9999999", Reason.LIMITED, timedelta(days=1)),
        ("503 Busy", "Mon, 18 May 2026 09:30:00 GMT", Reason.LIMITED, timedelta(minutes=30)),
        ("503 Busy", "Mon, 18 May 2026 08:30:00 GMT", Reason.STATUS, timedelta()),
        ("503 Busy", "", Reason.STATUS, None),
    ],
)
async def test_a_refusal_is_a_reason(status: str, header: str, why: Reason, wait: timedelta | None) -> None:
    """Every status that brings nothing is named, with the wait it asks for, at most a day."""
    page = answer(b"", status=status, retry_after=header) if header else answer(b"", status=status)
    async with Site({"/": page}) as site:
        found = await get(site)
        assert isinstance(found, Failed)
        assert (found.reason, found.retry_after) == (why, wait)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(b"news", mtime=0), "gzip"),
        (gzip.compress(b"news", mtime=0), "x-gzip"),
        (zlib.compress(b"news"), "deflate"),
        (zlib.compress(b"news")[2:-4], "deflate"),
        (b"news", "identity"),
    ],
)
async def test_compression_is_undone(body: bytes, coding: str) -> None:
    """Gzip and both kinds of deflate."""
    async with Site({"/": answer(body, content_encoding=coding)}) as site:
        found = await get(site)
        assert isinstance(found, Fetched)
        assert found.body == b"news"


@pytest.mark.parametrize(("body", "coding"), [(b"news", "gzip"), (b"news", "br"), (b"\x78\x9cnews", "deflate")])
async def test_damaged_or_unasked_compression(body: bytes, coding: str) -> None:
    """What cannot be undone is a reason."""
    async with Site({"/": answer(body, content_encoding=coding)}) as site:
        assert reason(await get(site)) is Reason.ENCODING


async def test_size_is_bounded_plain_and_packed() -> None:
    """A large body, an endless one and a decompression bomb all stop at the limit."""

    async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
            await writer.drain()

    bomb = gzip.compress(b"\0" * 20_000_000)
    pages = {
        "/": answer(b"x" * 100_001),
        "/bomb": answer(bomb, content_encoding="gzip"),
        "/fits": answer(b"x" * 100_000),
    }
    async with Site({**pages, "/endless": endless}) as site:
        for path in ("/", "/bomb", "/endless"):
            assert reason(await get(site, path)) is Reason.TOO_LARGE
        assert reason(await get(site, "/fits")) is None


async def test_time_is_bounded() -> None:
    """A host that never answers, one that drips, and one that drips headers are given up."""

    async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.02)

    async def silent(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async def headers(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100):
            writer.write(b"x-%d: y\r\n" % number)
            await asyncio.sleep(0.02)

    async with Site({"/drip": drip, "/silent": silent, "/headers": headers}) as site:
        found = await asyncio.gather(*(get(site, path, seconds=0.3) for path in site.pages))
        assert [reason(one) for one in found] == [Reason.TIMEOUT] * 3


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\r\n\r\n",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ncut",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nlocation: http://[::1\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 999 What\r\ncontent-length: 0\r\n\r\n",
    ],
)
async def test_broken_http_is_a_reason(page: bytes) -> None:
    """Whatever comes over the wire, the answer is a value."""

    async def once(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(page)
        await writer.drain()
        writer.close()

    async with Site({"/": once}) as site:
        assert reason(await get(site)) is not None


async def test_nobody_there() -> None:
    """A closed door is unreachable, and so is a name that nobody knows."""
    async with Site() as site:
        pass
    assert reason(await get(site)) is Reason.UNREACHABLE
