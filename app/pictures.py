"""Draws the pictures of messages, one after the other, on a thread of their own."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from app.threads import StoreThread
from cascade.message import Chart, Picture
from cascade.ports import HOME
from cascade.taxonomy import Taxonomy
from cascade.view import View
from digest.pictures.theme import Theme
from storage.store import Store

KEPT = 32  # pictures: one that is asked for again in the same hour, with nothing new, is not drawn again
Rows = Sequence[Mapping[str, Any]]
Key = tuple[Picture, str, datetime]


class Drawing:
    """Fulfils the `draw` of `bot.services.Services`."""

    def __init__(self, taxonomy: Taxonomy, run: StoreThread, clock: Callable[[], datetime], theme: Theme) -> None:
        self._taxonomy, self._run, self._clock, self._theme = taxonomy, run, clock, theme
        self._pen = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._drawn: OrderedDict[Key, bytes] = OrderedDict()

    async def __call__(self, picture: Picture) -> bytes:
        """The picture as a PNG. Raises BadInput when its subject is not on the board."""
        view, stamp, fifths = await self._run(lambda store: self._look(store, picture))
        key = (picture, stamp, view.now.replace(minute=0, second=0, microsecond=0))
        if key not in self._drawn:
            drawn = await asyncio.get_running_loop().run_in_executor(
                self._pen, _draw, picture, view, self._theme, fifths
            )
            self._drawn[key] = drawn
        self._drawn.move_to_end(key)
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return self._drawn[key]

    def _look(self, store: Store, picture: Picture) -> tuple[View, str, Rows]:
        now = picture.known_by or self._clock()
        record = json.loads(store.note("backtest") or "{}")
        view = View(taxonomy=self._taxonomy, facts=store.facts(HOME), now=now)
        return view, store.stamp(HOME), record.get("fifths", [])


def _draw(picture: Picture, view: View, theme: Theme, fifths: Rows) -> bytes:
    from cascade.backtest import fifths_of
    from digest.pictures.draw import draw

    return draw(picture, view, theme, fifths_of(fifths) if picture.chart is Chart.CALIBRATION else ())
