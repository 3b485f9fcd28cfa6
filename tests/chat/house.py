"""A small house around an adapter: a real store in a file, a clock turned by hand, and an operator who listens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.threads import StoreThread
from bot.runner import Run
from bot.services import Services
from cascade.board import Judged
from cascade.message import Message, Picture
from cascade.ports import HOME, Card, Place
from cascade.sighting import Choice, Person, Sighting
from cascade.taxonomy import Taxonomy
from storage.database import SQLite
from storage.store import Store
from tests.clock import HandClock
from tests.make import MONDAY, taxonomy

T = TypeVar("T")
PIXEL = (  # a valid PNG of one grey pixel
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cch\x00\x00\x00\x82\x00\x81w\xcdr\xb6\x00\x00\x00\x00IEND\xaeB`\x82"
)


class Killed(BaseException):
    """The process died here."""


class Dying:
    """A Run that, once armed, works until its n-th call, and dies before or after doing it. Ever after it is dead."""

    def __init__(self, run: Run, at: int, *, done: bool) -> None:
        self._run, self._left, self._done = run, at, done
        self._armed = False

    def arm(self) -> None:
        """Begin to count."""
        self._armed = True

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        """What the work returns, as long as it lives."""
        self._left -= self._armed
        if self._left < 0 or (self._left == 0 and not self._done):
            raise Killed
        result: T = await self._run(work)  # type: ignore[arg-type]
        if self._left == 0:
            raise Killed
        return result


class Breaking:
    """A Run on which every piece of work hits a bug, or another trouble, while it is armed."""

    def __init__(self, run: Run, error: Exception | None = None) -> None:
        self._run, self._error, self.armed = run, error or RuntimeError("a bug"), False

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        """What the work returns, unless it breaks."""
        if self.armed:
            raise self._error
        result: T = await self._run(work)  # type: ignore[arg-type]
        return result


@dataclass
class House:
    """One database with everything around it that an adapter is handed."""

    path: Path
    quorum: int = 1
    clock: HandClock = field(default_factory=lambda: HandClock(MONDAY))
    told: list[str] = field(default_factory=list)  # what the operator heard
    reported: list[str] = field(default_factory=list)  # the links that people reported
    taxonomy: Taxonomy = field(default_factory=taxonomy)

    def __post_init__(self) -> None:
        self.store = Store(SQLite(self.path), quorum=self.quorum)
        self.run = StoreThread(self.store)

    def services(self, run: Run | None = None) -> Services:
        """What an adapter is handed; `run` stands in for the store's thread."""
        return Services(
            taxonomy=self.taxonomy,
            run=run or self.run,
            clock=self.clock,
            draw=_draw,
            report=self._report,
            choose=_all,
            tell_operator=self.told.append,
        )

    def add(self, *sightings: Sighting) -> None:
        """Put sightings up for review."""
        for one in sightings:
            self.store.save_sighting(one)

    def later(self, moment: datetime) -> datetime:
        """Turn the clock forward."""
        self.clock.set(moment)
        return moment

    def votes(self) -> dict[tuple[str, str], Choice]:
        """The newest vote of each person on each sighting, those taken back left out."""
        newest = {(vote.sighting, vote.person.key): vote.choice for vote in self.store.facts(HOME).votes}
        return {key: choice for key, choice in newest.items() if choice is not Choice.NONE}

    def cards(self) -> tuple[Card, ...]:
        """The cards as recorded."""
        return self.store.cards(HOME)

    def close(self) -> None:
        """Let go of the file."""
        self.run.close()

    async def _report(self, link: str, person: Person, place: Place | None = None) -> Message:
        self.reported.append(link)
        return Message(headline=f"{person} reported {link}")


async def _draw(picture: Picture) -> bytes:
    return PIXEL


def _all(waiting: Sequence[Judged], cards: Sequence[Card]) -> Sequence[Judged]:
    return waiting
