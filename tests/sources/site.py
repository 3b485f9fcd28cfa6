"""A web server on loopback that says exactly what a test wants, byte for byte, and remembers what it was asked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from aiohttp.abc import AbstractResolver, ResolveResult

Handler = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    path: str
    headers: Mapping[str, str]  # names in lower case


@dataclass
class Site:
    """Answers each path with fixed bytes, or as its handler does; an async context manager."""

    pages: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """An address of this site."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [request.path for request in self.asked]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(_request(head), writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):  # the test is over
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.asked.append(request)
        page = self.pages.get(request.path, answer(b"", status="404 Not Found"))
        if isinstance(page, bytes):
            writer.write(page)
            await writer.drain()
        else:
            await page(request, writer)


def answer(body: bytes, *, status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; a header `content_type` is written `content-type`."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    """An answer that points elsewhere."""
    return answer(b"", status=status, location=to)


class Names(AbstractResolver):
    """Name service by hand: each name's addresses, one set for each time it is asked; the last one stays."""

    def __init__(self, names: Mapping[str, list[str]], port: int = 0) -> None:
        self._names = {name: list(addresses) for name, addresses in names.items()}
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's next address."""
        addresses = self._names.get(host) or [socket.inet_ntoa(socket.inet_aton(host))]  # OSError: no such name
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=self._port or port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to let go of."""


def _request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return Request(first.split(" ")[1], {name.strip().lower(): value.strip() for name, _, value in pairs})
