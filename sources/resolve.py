"""Names to addresses on threads of our own: a name server that hangs holds up nobody else's work."""

import asyncio
import contextlib
import socket
import threading

from aiohttp.abc import AbstractResolver, ResolveResult

THREADS = 32


class Resolver(AbstractResolver):
    """The system's own resolution. aiohttp's would share asyncio's few common threads with all else."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(THREADS)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The numeric addresses of a name. Raises OSError when there are none."""
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

    async def _ask(self, host: str, port: int, family: socket.AddressFamily) -> "list[type_of_answer]":
        """Ask on a thread that ends with the process: those of an executor would hold up its end."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[type_of_answer]] = loop.create_future()

        def look_up() -> None:
            answer = _look_up(host, port, family)
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._tell, found, answer)

        threading.Thread(target=look_up, daemon=True).start()
        return await found

    def _tell(self, found: "asyncio.Future[list[type_of_answer]]", answer: "list[type_of_answer] | Exception") -> None:
        self._free.release()
        if found.done():  # nobody waits any more
            return
        if isinstance(answer, Exception):
            found.set_exception(answer)
        else:
            found.set_result(answer)


type_of_answer = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]


def _look_up(host: str, port: int, family: socket.AddressFamily) -> "list[type_of_answer] | Exception":
    try:
        return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)  # type: ignore[return-value]
    except Exception as error:  # of every kind: it is raised where the name was asked for
        return error
