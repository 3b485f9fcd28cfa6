"""One handler for each page: what of the address matters, and who shows it."""

from functools import partial

from aiohttp import web

from cascade.item import Story
from web.answer import ATOM, Answer, answer_of, respond
from web.atom import FEED_ID, merged, moves, newest
from web.clocks import NOW
from web.press import Press, ledger_key
from web.shelf import Edition
from web.shows.board import board_page
from web.shows.capability import capability_page
from web.shows.digests import archive_page, chosen, digest_page
from web.shows.forecasts import forecasts_page
from web.shows.gap import gap_page, modality_ways
from web.shows.sighting import judged_of, sighting_page
from web.shows.sources import sources_page
from web.shows.stage import stage_page


class Handlers:
    """The pages for people."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._run = press.pages.run

    async def board(self, request: web.Request) -> web.Response:
        """`/`."""
        return await self._press.show(request, board_page)

    async def capability(self, request: web.Request) -> web.Response:
        """`/capability/ID`."""
        return await self._press.show(request, partial(capability_page, capability=request.match_info["id"]))

    async def stage(self, request: web.Request) -> web.Response:
        """`/stage/MODALITY/VARIANT`."""
        return await self._press.show(request, lambda snapshot: stage_page(snapshot, **request.match_info))

    async def gap(self, request: web.Request) -> web.Response:
        """`/gap/MODALITY/VARIANT/MODALITY/VARIANT`."""
        return await self._press.show(request, lambda snapshot: gap_page(snapshot, **request.match_info))

    async def gap_of_modalities(self, request: web.Request) -> web.Response:
        """`/gap/image/video` leads to the gap between their first stages."""
        clocks = self._press.clocks(request)
        way = modality_ways(self._press.pages.taxonomy, **request.match_info)
        return web.Response(status=302, headers={"Location": f"{way}{clocks.query}"})

    async def forecasts(self, request: web.Request) -> web.Response:
        """`/forecasts`."""
        ledger, replayed = await self._press.ledger(), await self._run(lambda store: store.note("backtest") or "")
        show = partial(forecasts_page, entries=ledger, replayed=replayed)
        return await self._press.show(request, show, key=(ledger_key(ledger), replayed))

    async def sighting(self, request: web.Request) -> web.Response:
        """`/sighting/ID`, with the story that it was tagged in."""
        name = request.match_info["id"]
        snapshot = await self._press.shelf.snapshot(await self._press.edition(), self._press.clocks(request))
        tagged_in = judged_of(snapshot, name).sighting.story
        story: Story | None = await self._run(lambda store: store.story(tagged_in)) if tagged_in else None
        return await self._press.show(request, partial(sighting_page, sighting=name, story=story), key=story)

    async def digests(self, request: web.Request) -> web.Response:
        """`/digests`."""
        sent = await self._press.archive.sent()
        return self._press.plain(request, archive_page(sent, self._press.pages.clock()))

    async def digest(self, request: web.Request) -> web.Response:
        """`/digests/WEEK` and `/digests/WEEK/SUBSCRIPTION`."""
        now, sent = self._press.pages.clock(), await self._press.archive.sent()
        which = chosen(sent, request.match_info["week"], request.match_info.get("owner", ""), now)
        messages = await self._press.archive.messages(await self._press.edition(), which)
        return self._press.plain(request, digest_page(messages, which, sent, now))

    async def sources(self, request: web.Request) -> web.Response:
        """`/sources`."""
        visits, items = await self._run(lambda store: (store.visits(), store.count_items()))
        return self._press.plain(request, sources_page(visits, items))

    async def feed(self, request: web.Request) -> web.Response:
        """`/feed.atom`."""
        edition = await self._press.edition()
        return respond(request, await self._press.once((edition, request.path), lambda: self._feed(edition)))

    async def _feed(self, edition: Edition) -> Answer:
        press = self._press
        snapshot = await press.shelf.snapshot(edition, NOW)
        entries = merged(await press.archive.entries(edition, press.pages.clock()), moves(snapshot))
        text = press.templates.part(
            "feed.xml",
            id=FEED_ID,
            entries=entries,
            base=press.pages.settings.base,
            updated=newest(entries, edition.hour),
        )
        return answer_of(text.strip(), ATOM)
