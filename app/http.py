"""Where HTTP comes in: one application, listening on one port."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

IDLE = 30.0  # seconds that a silent connection is kept
BREATH = 1.0  # seconds that open answers get when Cascade is stopped


@asynccontextmanager
async def listening(app: web.Application, at: tuple[str, int], tell: Callable[[str], None]) -> AsyncIterator[bool]:
    """Serve `app` while inside; False, and one line told, when the port cannot be had: the rest runs on."""
    host, port = at
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=IDLE, shutdown_timeout=BREATH)
    await runner.setup()
    try:
        yield await _listens(runner, host, port, tell)
    finally:
        await runner.cleanup()


async def _listens(runner: web.AppRunner, host: str, port: int, tell: Callable[[str], None]) -> bool:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        tell(f"the page cannot listen at {host}:{port} ({why}): set CASCADE_WEB_PORT to a free one")
        return False
    return True
