"""What lies outside: blogs that grow, and a chat platform that remembers what it was told, over real HTTP."""

import asyncio
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web

HOSTS = tuple(f"127.0.0.{n}" for n in range(2, 8))  # all of them this machine
SLOW = 0.2  # seconds from a message's arrival to the answer: time to be killed in


@dataclass
class World:
    """Runs on a thread of its own. Every feed has one entry more with every step."""

    step: int = 0
    slow: float = 0  # seconds from a feed's being asked to the answer
    posted: list[tuple[str, str]] = field(default_factory=list)  # place and marker
    asked: Counter[str] = field(default_factory=Counter)  # by the path of the feed
    port: int = 0

    def feeds(self, of_each: int) -> list[str]:
        """The addresses of so many feeds on every host."""
        return [f"http://{host}:{self.port}/feed/{n}" for host in HOSTS for n in range(of_each)]

    def start(self) -> None:
        """Listen, on a thread that ends with the process."""
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        while not self.port:
            time.sleep(0.01)

    async def _serve(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/feed/{name}", self._feed),
                web.post("/post", self._post),
                web.get("/find", self._find),
            ]
        )
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", 0).start()
        self.port = runner.addresses[0][1]
        await asyncio.Event().wait()

    async def _feed(self, request: web.Request) -> web.Response:
        self.asked[f"{request.host}{request.path}"] += 1
        await asyncio.sleep(self.slow)
        where = f"http://{request.host}{request.path}"
        entries = "".join(
            f"<item><guid>{where}/{n}</guid><link>{where}/{n}</link><title>Note {n} of {where}</title></item>"
            for n in range(self.step + 1)
        )
        body = f"<rss version='2.0'><channel><title>{where}</title>{entries}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml")

    async def _post(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.posted.append((told["place"], told["marker"]))
        ref = str(len(self.posted))
        await asyncio.sleep(SLOW)
        return web.json_response({"ref": ref})

    async def _find(self, request: web.Request) -> web.Response:
        asked = (request.query["place"], request.query["marker"])
        refs = [str(number) for number, one in enumerate(self.posted, 1) if one == asked]
        return web.json_response({"ref": refs[0] if refs else None})
