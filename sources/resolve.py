"""Names to addresses on threads of our own: a name server that hangs holds up nobody else's work."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult

THREADS = 32
REMEMBERS = 30.0  # seconds for which a name that was not found is not looked up again: a host may have many feeds

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]
LookUp = Callable[[str, int, socket.AddressFamily], list[Address]]


def look_up(host: str, port: int, family: socket.AddressFamily) -> list[Address]:
    """What the system knows of a name. It blocks, for as long as the name server lets it. Raises OSError."""
    return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)  # type: ignore[return-value]


class Resolver(AbstractResolver):
    """The system's own resolution. aiohttp's would share asyncio's few common threads with all else."""

    def __init__(self, look_up: LookUp = look_up) -> None:
        self._look_up = look_up
        self._free = asyncio.Semaphore(THREADS)
        self._unknown: dict[str, tuple[float, str]] = {}  # until when, and what the system said

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The numeric addresses of a name. Raises OSError when there are none."""
        until, why = self._unknown.get(host, (0.0, ""))
        if asyncio.get_running_loop().time() < until:
            raise OSError(why)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in await self._ask(host, port, family)
            if kind in {socket.AF_INET, socket.AF_INET6}
        ]

    async def close(self) -> None:
        """There is nothing to let go of; a thread that waits for a dead name server is not waited for."""

    async def _ask(self, host: str, port: int, family: socket.AddressFamily) -> list[Address]:
        """Ask on a thread that ends with the process: those of an executor would hold up its end."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[Address]] = loop.create_future()

        def ask() -> None:
            answer: list[Address] | Exception
            try:
                answer = self._look_up(host, port, family)
            except Exception as error:  # of every kind: it is raised where the name was asked for
                answer = error
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._tell, host, found, answer)

        threading.Thread(target=ask, daemon=True).start()
        return await found

    def _tell(self, host: str, found: "asyncio.Future[list[Address]]", answer: list[Address] | Exception) -> None:
        self._free.release()
        if isinstance(answer, OSError):
            self._unknown[host] = found.get_loop().time() + REMEMBERS, str(answer)
        if found.done():  # nobody waits any more
            return
        if isinstance(answer, Exception):
            found.set_exception(answer)
        else:
            found.set_result(answer)
