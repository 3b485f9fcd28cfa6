"""The page on a real port of loopback, in a thread of its own, and a plain client that follows nothing."""

import asyncio
import gzip
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from aiohttp import web

from app.threads import StoreThread
from cascade.sighting import Sighting
from cascade.taxonomy import Taxonomy
from storage.atlas import read_atlas, read_taxonomy
from storage.database import SQLite
from storage.store import Store
from tests.web.world import NOW, fill
from web.pages import Pages
from web.settings import Settings
from web.site import make_app
from web.vitals import Vitals

BOUND = 45  # seconds after which a hanging answer is a failure


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A page that listens."""

    port: int
    run: StoreThread
    made: Mapping[str, Sighting]
    loop: asyncio.AbstractEventLoop

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Reply:
        """The answer to one request, unpacked."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=BOUND)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            body, found = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        return Reply(answer.status, found, gzip.decompress(body) if found.get("content-encoding") == "gzip" else body)

    def write(self, work: Callable[[Store], object]) -> None:
        """Do something with the store, on its thread."""
        asyncio.run_coroutine_threadsafe(self.run(work), self.loop).result(BOUND)


async def alive() -> Vitals:
    """A scheduler that woke now, and one platform that has not spoken yet."""
    return Vitals(scheduler_at=NOW, platforms={"slack": NOW, "discord": None})


@contextmanager
def serve(
    folder: Path,
    *,
    taxonomy: Taxonomy | None = None,
    settings: Settings | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
    vitals: Callable[[], Awaitable[Vitals]] = alive,
    others: Sequence[web.RouteDef] = (),
    filled: bool = True,
    kind: type[Store] = Store,
) -> Iterator[Served]:
    """The page over a store as `tests.web.world` fills it; the atlas is in it unless a taxonomy is given."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    store = kind(SQLite(folder / "cascade.db"))
    if taxonomy is None:
        store.save_atlas(read_atlas())
    made = fill(store) if filled else {}
    run = StoreThread(store)
    known = settings or Settings(host="127.0.0.1", port=1)
    pages = Pages(taxonomy=taxonomy or read_taxonomy(), run=run, clock=clock, settings=known, vitals=vitals)
    runner, port = asyncio.run_coroutine_threadsafe(_start(pages, others), loop).result(BOUND)
    try:
        yield Served(port, run, made, loop)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(BOUND)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(BOUND)
        loop.close()
        run.close()


async def _start(pages: Pages, others: Sequence[web.RouteDef]) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(make_app(pages, others), access_log=None, shutdown_timeout=1)
    await runner.setup()
    # The port is the system's choice; what the pages say of their own address stays as it was set.
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


class Seen(HTMLParser):
    """What a browser would make of a page: its tags, its attributes, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


def public(url: str) -> Settings:
    """Reached by people under another name."""
    return replace(Settings(host="127.0.0.1", port=1), public_url=url)
