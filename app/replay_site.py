"""The far side of a replay's wire: the current folder, served over loopback HTTP under one name."""

import socket
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

HOST = "replay.invalid"  # a name that no network knows, so that feeds are the same ones at every replay


class Site(AbstractResolver):
    """Serves the current folder over loopback HTTP, and answers every host name with its own address."""

    folder: Path

    async def __aenter__(self) -> "Site":
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
