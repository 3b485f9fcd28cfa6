"""The application that `app/` starts: addresses to handlers, the guard around them."""

import asyncio
from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from web.guard import guard
from web.handlers import Handlers
from web.metrics import Metrics
from web.pages import Pages
from web.press import Press
from web.programs import Programs


def make_app(pages: Pages, others: Iterable[web.RouteDef] = ()) -> web.Application:
    """The page, the feed, the API, health and metrics; `others` are answered beside it, by their own rules."""
    press, metrics, beside = Press(pages), Metrics(pages.registry), tuple(others)
    watch = guard(pages.settings, press.tell, frozenset(route.path for route in beside))
    app = web.Application(middlewares=[_counted(metrics), watch])
    app.add_routes(beside)
    app.add_routes(_page_routes(Handlers(press)))
    app.add_routes(_program_routes(Programs(press, metrics)))
    return app


def _page_routes(pages: Handlers) -> list[web.RouteDef]:
    return [
        web.get("/", pages.board),
        web.get("/capability/{id}", pages.capability),
        web.get("/stage/{modality}/{variant}", pages.stage),
        web.get("/gap/{a}/{b}", pages.gap_of_modalities),
        web.get("/gap/{a}/{b}/{c}/{d}", pages.gap),
        web.get("/sighting/{id}", pages.sighting),
        web.get("/forecasts", pages.forecasts),
        web.get("/digests", pages.digests),
        web.get("/digests/{week}", pages.digest),
        web.get("/digests/{week}/{owner}", pages.digest),
        web.get("/sources", pages.sources),
        web.get("/feed.atom", pages.feed),
    ]


def _program_routes(programs: Programs) -> list[web.RouteDef]:
    return [
        web.get("/api", programs.root),
        web.get("/api/openapi.json", programs.openapi),
        web.get("/api/taxonomy", programs.taxonomy),
        web.get("/api/board", programs.board),
        web.get("/api/capabilities/{id}", programs.capability),
        web.get("/api/stages/{modality}/{variant}", programs.stage),
        web.get("/api/gaps/{a}/{b}/{c}/{d}", programs.gap),
        web.get("/api/forecasts", programs.forecasts),
        web.get("/api/sightings", programs.sightings),
        web.get("/api/sightings/{id}", programs.sighting),
        web.get("/api/digests", programs.digests),
        web.get("/api/digests/{week}", programs.digest),
        web.get("/api/sources", programs.sources),
        web.options("/api/{rest:.*}", programs.preflight),
        web.get("/api/{rest:.*}", programs.nothing),
        web.get("/healthz", programs.healthz),
        web.get("/metrics", programs.metrics),
        web.get("/static/{name}", programs.static),
    ]


def _counted(metrics: Metrics) -> Middleware:
    """Count every request by its route; the outermost layer, so that errors count too."""

    @web.middleware
    async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        started = loop.time()
        response = await handler(request)
        resource = request.match_info.route.resource
        metrics.count(resource.canonical if resource else "none", response.status, loop.time() - started)
        return response

    return counted
