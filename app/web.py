"""The page, wired: what it reads, how it knows that the rest is alive, and who else answers on its port."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from aiohttp import web

from app import clock
from app.build import House
from app.http import listening
from app.platforms import Platform
from app.settings import Settings
from app.threads import StoreThread
from web.pages import Pages
from web.settings import Settings as WebSettings
from web.site import make_app
from web.vitals import Vitals


@runtime_checkable
class Heard(Protocol):
    """A platform that can tell how long it has heard nothing."""

    async def quiet_for(self) -> timedelta | None:
        """Since the newest event; None: there was none since the start."""


@runtime_checkable
class Routed(Protocol):
    """A platform that is spoken to over HTTP."""

    @property
    def routes(self) -> list[web.RouteDef]:
        """Where; none when it has another way in."""

    async def take_requests(self) -> None:
        """Be ready for requests in a process that does nothing else with the platform."""


@dataclass
class Pulse:
    """When the scheduler last woke."""

    at: datetime | None = None

    def beat(self) -> None:
        """It woke now."""
        self.at = clock.now()


@asynccontextmanager
async def page(
    house: House, run: StoreThread, platforms: Sequence[Platform], pulse: Pulse, tell: Callable[[str], None]
) -> AsyncIterator[str]:
    """Serve the page, and what chat platforms need of HTTP, while inside; the page's address, "" without one."""
    settings = house.settings
    others = [route for one in platforms if isinstance(one, Routed) for route in one.routes]
    if not settings.web and not others:
        yield ""
        return
    pages = Pages(
        taxonomy=house.taxonomy,
        run=run,
        clock=clock.now,
        settings=_settings(settings),
        vitals=_vitals(platforms, pulse),
    )
    async with listening(_app(pages, others, shown=settings.web), settings.listens_at, tell) as listens:
        yield pages.settings.base if listens and settings.web else ""


def _app(pages: Pages, others: Iterable[web.RouteDef], *, shown: bool) -> web.Application:
    if shown:
        return make_app(pages, others)
    app = web.Application()
    app.add_routes(others)
    return app


def _settings(settings: Settings) -> WebSettings:
    host, port = settings.listens_at
    return WebSettings(host=host, port=port, public_url=settings.public_url)


def _vitals(platforms: Sequence[Platform], pulse: Pulse) -> Callable[[], Awaitable[Vitals]]:
    async def vitals() -> Vitals:
        now = clock.now()
        quiet = {one.chat.platform: await one.quiet_for() for one in platforms if isinstance(one, Heard)}
        return Vitals(
            scheduler_at=pulse.at, platforms={name: None if age is None else now - age for name, age in quiet.items()}
        )

    return vitals
