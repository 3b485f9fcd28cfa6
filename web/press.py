"""Where pages and data are printed, once for each edition, and handed to whoever asks."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any

from aiohttp import web

from cascade.ledger import Entry
from web.answer import HTML, Answer, answer_of, json_answer, respond
from web.archive import KEPT, Archive
from web.clocks import NOW, Clocks
from web.guard import API
from web.kept import Kept
from web.pages import Pages
from web.shelf import Edition, Shelf
from web.shows.page import Page, Way
from web.snapshot import Snapshot
from web.templating import Templates

ANSWERS = 200  # kept at most; each under 100 KB
_TITLES = {400: "This cannot be answered", 404: "Nothing here", 421: "Not known by that name", 503: "Try again soon"}


def ledger_key(entries: Sequence[Entry]) -> tuple[int, int]:
    """Another one whenever a forecast was shown or a score came or went."""
    return len(entries), hash(tuple((one.published.id, one.scored and one.scored.at) for one in entries))


class Press:
    """Prints from the shelf through the templates; what was printed is kept until the store changes."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.shelf = Shelf(pages.taxonomy, pages.run, pages.clock, pages.team)
        self.archive = Archive(pages.taxonomy, pages.run, self.shelf, pages.team, Kept(KEPT))
        self.templates = Templates()
        self._answers: Kept[Answer] = Kept(ANSWERS)

    @property
    def today(self) -> date:
        """The present day, UTC."""
        return self.pages.clock().date()

    def clocks(self, request: web.Request) -> Clocks:
        """Which board the request asks for. Raises BadInput."""
        return Clocks.read(request.query, self.today)

    async def board(self, request: web.Request, make: Callable[[Snapshot], Answer], key: object = "") -> web.Response:
        """What `make` prints from the board that is asked for, or printed before. `key` is all else it reads."""
        clocks, edition = self.clocks(request), await self.shelf.edition()

        async def printed() -> Answer:
            return await asyncio.to_thread(make, await self.shelf.snapshot(edition, clocks))

        return respond(request, await self.once((edition, request.path, clocks, key), printed))

    async def once(self, place: Hashable, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """What was printed for this place, else what `make` prints now."""
        known = self._answers.get(place)
        return known if known is not None else self._answers.put(place, await make())

    async def show(self, request: web.Request, show: Callable[[Snapshot], Page], key: object = "") -> web.Response:
        """A page about the board."""
        return await self.board(request, lambda snapshot: self._printed(request, show(snapshot), snapshot), key)

    async def data(
        self, request: web.Request, facts: Callable[[Snapshot], Mapping[str, Any]], key: object = ""
    ) -> web.Response:
        """The board's facts as JSON."""
        return await self.board(request, lambda snapshot: json_answer(facts(snapshot)), key)

    def plain(self, request: web.Request, page: Page) -> web.Response:
        """A page that is about something other than the board."""
        return respond(request, answer_of(self.templates.page(page, self._frame(request.path)), HTML))

    def tell(self, request: web.Request, status: int, text: str, nearest: tuple[Way, ...] = ()) -> web.Response:
        """An error, small and clear: JSON for programs, a page for people."""
        title = _TITLES.get(status, "This cannot be done")
        if request.path == API or request.path.startswith(f"{API}/"):
            told = {"error": {"status": status, "text": text, "nearest": [way.href for way in nearest]}}
            answer = json_answer(told)
        else:
            page = Page(template="error.html", title=title, words={"text": text, "nearest": nearest})
            answer = answer_of(self.templates.page(page, self._frame("")), HTML)
        headers = {"Cache-Control": "no-store"}
        return web.Response(status=status, body=answer.body, content_type=answer.kind, charset="utf-8", headers=headers)

    async def ledger(self) -> tuple[Entry, ...]:
        """Every forecast that a digest showed."""
        return await self.pages.run(lambda store: store.ledger(self.pages.team))

    async def edition(self) -> Edition:
        """The edition of this moment."""
        return await self.shelf.edition()

    def _printed(self, request: web.Request, page: Page, snapshot: Snapshot) -> Answer:
        frame = self._frame(request.path, snapshot.clocks, snapshot.board.as_of)
        return answer_of(self.templates.page(page, frame), HTML)

    def _frame(self, path: str, clocks: Clocks = NOW, as_of: date | None = None) -> dict[str, Any]:
        return {
            "path": path,
            "clocks": clocks,
            "q": clocks.query,
            "is_now": clocks.is_now,
            "today": self.today,
            "as_of": as_of or self.today,
            "known_by": f"by {clocks.known_by}" if clocks.known_by else "today",
        }
