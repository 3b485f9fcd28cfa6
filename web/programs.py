"""What programs read: the API, health, metrics and the static files."""

from functools import partial

from aiohttp import web

from cascade.errors import StoreError
from web.answer import Answer, answer_of, json_answer, respond
from web.facts import (
    board_facts,
    capability_facts,
    forecast_facts,
    gap_facts,
    sighting_facts,
    sightings_facts,
    stage_facts,
    taxonomy_facts,
)
from web.guard import PREFLIGHT
from web.metrics import Metrics
from web.openapi import read_description, root
from web.press import Press, ledger_key
from web.shows.digests import LISTED, chosen, digest_facts
from web.shows.page import MissingError
from web.shows.sources import visit_facts
from web.templating import read_static
from web.vitals import check

FOR_GOOD = "public, max-age=31536000, immutable"


class Programs:
    """The API; everything only reads."""

    def __init__(self, press: Press, metrics: Metrics) -> None:
        self._press, self._metrics = press, metrics
        self._run, self._clock = press.pages.run, press.pages.clock
        self._static = {name: answer_of(body, kind) for name, (body, kind) in read_static().items()}
        self._description: Answer = json_answer(read_description(press.pages.settings.base))

    async def root(self, request: web.Request) -> web.Response:
        """`/api`: what there is."""
        return respond(request, json_answer(root(self._press.pages.settings.base)))

    async def openapi(self, request: web.Request) -> web.Response:
        """`/api/openapi.json`."""
        return respond(request, self._description)

    async def taxonomy(self, request: web.Request) -> web.Response:
        """`/api/taxonomy`."""
        return respond(request, json_answer(taxonomy_facts(self._press.pages.taxonomy)))

    async def board(self, request: web.Request) -> web.Response:
        """`/api/board`."""
        return await self._press.data(request, board_facts)

    async def capability(self, request: web.Request) -> web.Response:
        """`/api/capabilities/ID`."""
        return await self._press.data(request, partial(capability_facts, capability=request.match_info["id"]))

    async def stage(self, request: web.Request) -> web.Response:
        """`/api/stages/MODALITY/VARIANT`."""
        return await self._press.data(request, lambda snapshot: stage_facts(snapshot, **request.match_info))

    async def gap(self, request: web.Request) -> web.Response:
        """`/api/gaps/MODALITY/VARIANT/MODALITY/VARIANT`."""
        return await self._press.data(request, lambda snapshot: gap_facts(snapshot, **request.match_info))

    async def forecasts(self, request: web.Request) -> web.Response:
        """`/api/forecasts`."""
        ledger = await self._press.ledger()
        return await self._press.data(request, partial(forecast_facts, entries=ledger), key=ledger_key(ledger))

    async def sightings(self, request: web.Request) -> web.Response:
        """`/api/sightings?status=&after=`."""
        status, after = request.query.get("status", ""), request.query.get("after", "")
        facts = partial(sightings_facts, status=status, after=after)
        return await self._press.data(request, facts, key=(status, after))

    async def sighting(self, request: web.Request) -> web.Response:
        """`/api/sightings/ID`."""
        return await self._press.data(request, partial(sighting_facts, sighting=request.match_info["id"]))

    async def digests(self, request: web.Request) -> web.Response:
        """`/api/digests`: what was posted, the newest first."""
        sent = (await self._press.archive.sent())[: 4 * LISTED]
        told = [
            {"id": one.week, "covers": list(one.covers), "platform": one.platform, "html": one.href} for one in sent
        ]
        return respond(request, json_answer({"digests": told}))

    async def digest(self, request: web.Request) -> web.Response:
        """`/api/digests/WEEK`."""
        which = chosen((), request.match_info["week"], "", self._clock())
        messages = await self._press.archive.messages(await self._press.edition(), which)
        return respond(request, json_answer(digest_facts(messages, which)))

    async def sources(self, request: web.Request) -> web.Response:
        """`/api/sources`."""
        visits = await self._run(lambda store: store.visits())
        return respond(request, json_answer({"feeds": [visit_facts(visit) for visit in visits]}))

    async def preflight(self, _request: web.Request) -> web.Response:
        """A browser asks whether another site's page may read: it may."""
        return web.Response(status=204, headers=PREFLIGHT)

    async def nothing(self, _request: web.Request) -> web.Response:
        """Any other address below `/api`."""
        raise MissingError("There is nothing at this address: /api lists what there is.")

    async def healthz(self, _request: web.Request) -> web.Response:
        """`/healthz`: 200 when the storage answers and the scheduler wakes, else 503."""
        visits, trouble = None, ""
        try:
            visits = await self._run(lambda store: store.visits())
        except StoreError as error:
            trouble = str(error)
        found = check(await self._press.pages.vitals(), visits, trouble, self._clock())
        return web.json_response(found.told, status=200 if found.ok else 503, headers={"Cache-Control": "no-store"})

    async def metrics(self, _request: web.Request) -> web.Response:
        """`/metrics` in Prometheus' text format."""
        text = await self._run(self._metrics.gather(await self._press.pages.vitals(), self._clock()))
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"}
        return web.Response(body=text, headers=headers)

    async def static(self, request: web.Request) -> web.Response:
        """`/static/NAME`, out of a closed list."""
        answer = self._static.get(request.match_info["name"])
        if answer is None:
            raise MissingError("There is no such file.")
        return respond(request, answer, keep=FOR_GOOD)
