"""Keeps a desk's votes in line with the platform: on hints, after every doubt, and by a timer.

A reaction event only marks a card as worth a look. Many hints about one card, or about many
cards, become one look each; a hint that is lost is made good by the timer.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.cards import Desk
from bot.steady import Steady

EVERY = 300.0  # seconds between two looks at all open cards


class CardWatch:
    """Reads a desk's cards back when there is reason to.

    `is_deaf` is called when the timer, and no hint, brought missing votes to light: the socket
    may look healthy and bring nothing.
    """

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        steady: Steady,
        *,
        every: float = EVERY,
        is_deaf: Callable[[], object] = lambda: None,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._steady = steady
        self._every = every
        self._is_deaf = is_deaf
        self._hints: set[str] = set()
        self._doubt = True  # at the start nothing is known
        self._heard = False  # whether any hint came since the timer looked last
        self._wake = asyncio.Event()
        self._wake.set()
        self._idle = asyncio.Event()

    def hint(self, ref: str) -> None:
        """Somebody may have reacted to this message."""
        self._hints.add(ref)
        self._heard = True
        self._stir()

    def doubt(self) -> None:
        """Events may have been lost: look at every open card soon."""
        self._doubt = True
        self._stir()

    async def idle(self) -> None:
        """Return once everything that was hinted at so far has been looked at."""
        await self._idle.wait()

    async def run(self, *, by_timer: bool = True) -> None:
        """Look, wait for a reason, look again; until cancelled. A look that breaks is made good by the next.

        Without a timer only what was hinted at is looked at: another process looks at everything.
        """
        self._doubt = self._doubt and by_timer
        while True:
            in_time = await self._wait(self._every if by_timer else None)
            self._wake.clear()
            hints, self._hints = self._hints, set()
            looked = partial(self._round, hints, by_timer=not in_time)
            if not await self._steady(f"Reading the votes in {self._desk.place}", looked):
                self._hints |= hints
                self._doubt = True
            if not self._wake.is_set():
                self._idle.set()

    async def _round(self, hints: set[str], *, by_timer: bool) -> None:
        doubt, self._doubt = self._doubt, False
        if doubt or by_timer:
            await self._look(None, by_timer=by_timer)
        if hints:
            await self._look(hints, by_timer=False)

    def _stir(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _wait(self, seconds: float | None) -> bool:
        """True for a hint or a doubt, False when the time was up."""
        with contextlib.suppress(TimeoutError):
            # Not wait_for: before Python 3.12 that loses a cancellation that comes together with the wake-up.
            async with asyncio.timeout(seconds):
                await self._wake.wait()
            return True
        return False

    async def _look(self, refs: set[str] | None, *, by_timer: bool) -> None:
        if refs is None:
            await self._desk.settle(self._clock())
        missing = await self._desk.read_back(self._clock(), refs)
        if by_timer:
            if missing and not self._heard:
                self._is_deaf()
            self._heard = False
