"""A chat platform that fails the way real ones do, and a fuse that burns through at any step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from cascade.errors import ChatError
from cascade.message import Message
from cascade.ports import Place, Store
from cascade.sighting import Person


class Mood(StrEnum):
    """How the platform takes a call."""

    FINE = "fine"
    LIMITED = "limited"  # 429: surely not taken
    LOST = "lost"  # taken, and the answer lost on the way
    SWALLOWED = "swallowed"  # no answer, and not taken either
    DEAD = "dead"  # cannot be reached
    GONE = "gone"  # the channel is no more


class Crash(BaseException):
    """The machine stops here."""


@dataclass
class Fuse:
    """Counts steps and crashes at one of them: the first, later the second, and so on, over and over."""

    lengths: Iterator[int]
    left: int = field(init=False)
    crashes: int = 0

    def __post_init__(self) -> None:
        self.left = next(self.lengths)

    def step(self) -> None:
        """One more thing is about to happen, or has just happened."""
        self.left -= 1
        if self.left < 0:
            self.crashes += 1
            self.left = next(self.lengths)
            raise Crash


def never() -> Iterator[int]:
    """A fuse that does not burn."""
    while True:
        yield 1 << 60


@dataclass(frozen=True)
class Posted:
    """A message as it stands."""

    ref: str
    marker: str
    message: Message
    thread: str  # the reference of the message it answers; "" in the channel itself


@dataclass
class FakeChat:
    """Fulfils `cascade.ports.Chat`, in the mood it is told to be in."""

    mood: Callable[[Place], Mood] = lambda _: Mood.FINE
    step: Callable[[], None] = lambda: None
    platform: str = "fake"
    posted: dict[Place, list[Posted]] = field(default_factory=dict)
    calls: list[tuple[str, Place]] = field(default_factory=list)
    signs: dict[str, set[tuple[Person, str]]] = field(default_factory=dict)  # the reactions under a message

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Send a message."""
        return self._take("post", place, message, marker, "")

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Answer in a thread."""
        return self._take("reply", place, message, marker, ref)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Replace a message."""
        self._answer("edit", place)
        mine = self.posted.setdefault(place, [])
        self.posted[place] = [
            Posted(one.ref, one.marker, message, one.thread) if one.ref == ref else one for one in mine
        ]

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """Look for one's own message."""
        self._answer("find", place)
        return next((one.ref for one in self.posted.get(place, []) if one.marker == marker), None)

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """The signs that a test put there."""
        return frozenset(self.signs.get(ref, ()))

    def _take(self, call: str, place: Place, message: Message, marker: str, thread: str) -> str:
        self.step()
        mood = self._answer(call, place)
        there = self.posted.setdefault(place, [])
        if mood is not Mood.SWALLOWED:
            there.append(Posted(f"{place.id}/{len(there)}", marker, message, thread))
        self.step()
        if mood is not Mood.FINE:
            raise ChatError("no answer came", channel=str(place), unclear=True)
        return there[-1].ref

    def _answer(self, call: str, place: Place) -> Mood:
        self.calls.append((call, place))
        mood = self.mood(place)
        if mood is Mood.GONE:
            raise ChatError("the channel is gone", channel=str(place), permanent=True)
        if mood in (Mood.LIMITED, Mood.DEAD):
            raise ChatError(f"the platform is {mood}", channel=str(place))
        return mood


# A crash at one of these leaves nothing else behind than one before them.
_WORDS = ("subscriptions", "watches", "last_slots", "last_slot", "slots", "parts", "open_parts", "open_marks")
READS = frozenset((*_WORDS, "told", "facts", "visits", "ledger"))


def breakable(store: Store, step: Callable[[], None]) -> Store:
    """A store that may crash before and after everything that it changes."""
    return cast("Store", _Breakable(store, step))


@dataclass
class _Breakable:
    store: Store
    step: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.store, name)
        if name in READS:
            return real

        def call(*args: Any, **named: Any) -> Any:
            self.step()
            answer = real(*args, **named)
            self.step()
            return answer

        return call
