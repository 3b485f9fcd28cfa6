"""How async edges reach the synchronous store: one call, on a thread of its own."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from cascade.ports import Store

T = TypeVar("T")


class Run(Protocol):
    """Does one piece of work with the store and gives back what it returned."""

    def __call__(self, work: Callable[[Store], T], /) -> Awaitable[T]:
        """Run `work` off the event loop; its exceptions come through."""
