"""Names become addresses on threads that hold up nobody."""

import asyncio
import socket

import pytest

from sources.resolve import THREADS, Address, Resolver


async def test_more_names_than_threads() -> None:
    """All are answered, also after some that nobody waited for any more."""
    resolver = Resolver()
    left = [asyncio.create_task(resolver.resolve("127.0.0.1", 80)) for _ in range(2 * THREADS)]
    await asyncio.sleep(0)
    for task in left:
        task.cancel()
    found = await asyncio.gather(*(resolver.resolve("127.0.0.1", 80) for _ in range(3 * THREADS)))
    assert {one["host"] for answer in found for one in answer} == {"127.0.0.1"}


async def test_a_name_that_can_be_none() -> None:
    """What the system will not even look up is raised where it was asked for."""
    with pytest.raises(ValueError, match="label"):
        await Resolver().resolve(f"{'a' * 70}.example")


async def test_a_name_that_is_not_found_is_asked_once() -> None:
    """However many feeds a host has, its dead name server is waited for once."""
    asked = list[str]()

    def nobody(host: str, port: int, family: socket.AddressFamily) -> list[Address]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    resolver = Resolver(nobody)
    for _ in range(3):
        with pytest.raises(OSError, match="Temporary failure"):
            await resolver.resolve("brush.test", 443)
    assert asked == ["brush.test"]
