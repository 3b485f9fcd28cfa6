"""One document over HTTP: conditional, bounded in size and time, and never from inside the network.

Every connection of the guarded session passes `_guarded_socket`, which sees the numeric address that
is about to be connected to: whatever spelling, name, redirect or second DNS answer led there.
Redirects are followed by hand, so that each hop is checked and chosen its session again.
"""

import asyncio
import os
import socket
import zlib
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from cascade.feed import Answer, Failed, Fetched, NotModified, Reason, Visit
from sources.addresses import refusal
from sources.resolve import Resolver

USER_AGENT = "Cascade/0.1 (feed reader; keeps conditional requests and Retry-After)"
MAX_BYTES = 10_000_000
MAX_REDIRECTS = 5
TOTAL_SECONDS, CONNECT_SECONDS, SILENCE_SECONDS = 30.0, 10.0, 15.0
MAX_HEADER = 32_768  # some sites send security policies beyond aiohttp's 8 KB
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_PERMANENT, _REDIRECTS = {301, 308}, {301, 302, 303, 307, 308}
_MAX_WAIT = timedelta(days=1)
_NEVER = "it leads to an address that is never asked: "
_CURE = "a host of your own must be named in CASCADE_ALLOW_PRIVATE_HOSTS"


class PrivateAddress(OSError):
    """Raised where a connection would leave for an address that is never asked."""


class Fetcher:
    """An async context manager; `await fetcher(visit, now)` answers one look, and never raises.

    `private_hosts` are host names (or literal addresses) that may lie inside the network. `resolver`
    is for tests and benchmarks that name hosts no DNS knows.
    """

    def __init__(
        self,
        private_hosts: Collection[str] = (),
        *,
        resolver: AbstractResolver | None = None,
        seconds: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._private_hosts = {host.strip().strip("[]").lower() for host in private_hosts}
        self._resolver, self._seconds, self._max_bytes = resolver, seconds, max_bytes

    async def __aenter__(self) -> Self:
        """Open the two sessions: the guarded one, and the one for hosts allowed by name."""
        self._guarded = self._session(guarded=True)
        self._trusted = self._session(guarded=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._guarded.close()
        await self._trusted.close()

    async def __call__(self, visit: Visit, now: datetime) -> Answer:
        """Ask for the visit's document, unless it has not changed since."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(visit.address, _conditions(visit), now)
        except TimeoutError:
            return Failed(reason=Reason.TIMEOUT, text=f"it did not answer within {self._seconds:.0f} s")
        except _TooLarge:
            return Failed(reason=Reason.TOO_LARGE, text=f"its document is larger than {_size(self._max_bytes)}")
        except _Undecodable as error:
            return Failed(reason=Reason.ENCODING, text=str(error))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _failure(error)

    async def _follow(self, address: str, conditions: Mapping[str, str], now: datetime) -> Answer:
        moved, permanent = "", True
        for _ in range(MAX_REDIRECTS + 1):
            url = _checked(address)
            async with self._choose(url).get(url, headers=conditions, allow_redirects=False) as response:
                if response.status not in _REDIRECTS or "Location" not in response.headers:
                    return await self._answer(response, moved, now)
                permanent = permanent and response.status in _PERMANENT
                address = str(url.join(URL(response.headers["Location"])))
                moved = address if permanent else moved
        return Failed(reason=Reason.REDIRECTS, text=f"it redirects more than {MAX_REDIRECTS} times")

    async def _answer(self, response: aiohttp.ClientResponse, moved: str, now: datetime) -> Answer:
        headers = response.headers
        if response.status == 304:
            return NotModified(moved=moved, max_age=_max_age(headers))
        if response.status != 200:
            return _refused(response.status, headers, now)
        body = await _read(response, self._max_bytes)
        return Fetched(
            body=body,
            address=str(response.url),
            content_type=headers.get("Content-Type", ""),
            etag=headers.get("ETag", ""),
            modified=headers.get("Last-Modified", ""),
            moved=moved,
            max_age=_max_age(headers),
        )

    def _choose(self, url: URL) -> aiohttp.ClientSession:
        return self._guarded if self._private_hosts.isdisjoint(_names(url)) else self._trusted

    def _session(self, *, guarded: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,  # how many at once is the pass's decision
            use_dns_cache=False,
            resolver=self._resolver or Resolver(),
            keepalive_timeout=5,
            socket_factory=_guarded_socket if guarded else None,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS),
            headers={"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # done below, with a bound on what comes out
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
        )


class _TooLarge(Exception):
    pass


class _Undecodable(Exception):
    pass


def _guarded_socket(info: tuple[int, int, int, str, tuple[str, int]]) -> socket.socket:
    family, kind, protocol, _, (address, *_) = info
    if why := refusal(address):
        raise PrivateAddress(f"{_NEVER}{address} ({why}; {_CURE})")
    return socket.socket(family, kind, protocol)


def _checked(address: str) -> URL:
    url = URL(address)
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise PrivateAddress(f"{_NEVER}{address[:80]!r} (not http or https)")
    return url


def _names(url: URL) -> set[str]:
    """The host as machines and as people write it; only a name in other letters has to be decoded, which takes long."""
    host = (url.raw_host or "").lower()
    return {host, (url.host or "").lower()} if "xn--" in host else {host}


def _conditions(visit: Visit) -> dict[str, str]:
    found = {"If-None-Match": visit.etag, "If-Modified-Since": visit.modified}
    return {name: value for name, value in found.items() if value}


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    whole = bytearray()
    async for piece in _pieces(response, limit):
        whole += piece
        if len(whole) > limit:
            raise _TooLarge
    return bytes(whole)


async def _pieces(response: aiohttp.ClientResponse, limit: int) -> AsyncIterator[bytes]:
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding in {"", "identity"}:
        async for piece in response.content.iter_any():
            yield piece
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise _Undecodable(f"it sends {coding[:40]!r} encoding, which was not asked for")
    inflate: zlib._Decompress | None = None
    try:
        async for piece in response.content.iter_any():
            inflate = inflate or zlib.decompressobj(_window(coding, piece))
            yield inflate.decompress(piece, limit + 1)
            if inflate.unconsumed_tail:
                raise _TooLarge
    except zlib.error as error:
        raise _Undecodable("its compressed document is damaged") from error


def _window(coding: str, start: bytes) -> int:
    if coding != "deflate":
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if start[:1] == b"\x78" else -zlib.MAX_WBITS  # some servers send it bare


def _refused(status: int, headers: Mapping[str, str], now: datetime) -> Failed:
    wait = _retry_after(headers.get("Retry-After", ""), now)
    if status == 410:
        return Failed(reason=Reason.GONE, text="it says that it is gone for good (410)")
    if status == 429 or (status == 503 and wait):
        return Failed(reason=Reason.LIMITED, text=f"it asks to come back later ({status})", retry_after=wait)
    return Failed(reason=Reason.STATUS, text=f"it answers with status {status}", retry_after=wait)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(timedelta(seconds=int(value)), _MAX_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), _MAX_WAIT)


def _max_age(headers: Mapping[str, str]) -> timedelta | None:
    for word in headers.get("Cache-Control", "").split(","):
        name, _, value = word.strip().partition("=")
        if name.lower() == "max-age" and value.isascii() and value.isdigit() and len(value) < 10:
            return min(timedelta(seconds=int(value)), _MAX_WAIT)
    return None


def _failure(error: Exception) -> Failed:
    if refused := _refused_address(error):
        return Failed(reason=Reason.REFUSED, text=refused)
    if isinstance(error, aiohttp.ServerTimeoutError):
        return Failed(reason=Reason.TIMEOUT, text="it stopped answering")
    if isinstance(error, ValueError):  # InvalidURL is one
        return Failed(reason=Reason.REFUSED, text="its address cannot be read")
    return Failed(reason=Reason.UNREACHABLE, text=f"it could not be reached: {_why(error)}")


def _why(error: Exception) -> str:
    """What the connection ran into, in few words; the libraries' own repeat the address."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no such host, or no network"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return "no secure connection came about"
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error)[:160] or type(error).__name__


def _refused_address(error: BaseException | None) -> str:
    """Look for our own refusal: the connector wraps it, and joins several into one text."""
    while error:
        if _NEVER in str(error):
            return _NEVER + str(error).rpartition(_NEVER)[2]
        error = error.__cause__
    return ""


def _size(count: int) -> str:
    return f"{count / 1_000_000:.0f} MB" if count >= 1_000_000 else f"{count // 1000} KB"
