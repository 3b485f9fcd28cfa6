"""How the page reaches the synchronous store: one call, on a thread of its own."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from cascade.ports import Store

T = TypeVar("T")


class Readable(Store, Protocol):
    """The store as the page reads it."""

    def stamp(self, team: str) -> str:
        """Another text whenever a sighting, a vote or a correction of the team was added."""

    def evidence_stamp(self) -> str:
        """Another text whenever a known sighting gained evidence; dear, so asked seldom."""


class Run(Protocol):
    """Does one piece of work with the store and gives back what it returned."""

    def __call__(self, work: Callable[[Readable], T], /) -> Awaitable[T]:
        """Run `work` off the event loop; its exceptions come through."""
