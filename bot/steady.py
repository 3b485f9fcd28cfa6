"""Work that goes on for as long as Cascade runs outlives what goes wrong in it.

The operator hears of each trouble once, and once more when it is over; the trace of a bug goes to the log.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

from cascade.errors import CascadeError, StoreAway

BROKEN = "{what}: something went wrong inside Cascade ({error}); it goes on, and the log tells where"
_LOG = logging.getLogger("cascade")


def said(what: str, error: BaseException) -> str:
    """What the operator reads of an error: its own words, or of a bug, whose trace is logged, that there is one."""
    causes = list(_causes(error))
    bug = next((one for one in causes if not isinstance(one, CascadeError)), None)
    if bug is None:
        return str(causes[0])
    _LOG.error("%s", what, exc_info=error)
    return BROKEN.format(what=what, error=type(bug).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, or those of the tasks that it was gathered from."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)
    else:
        yield error


class Steady:
    """Does one round after the other of several works, whatever becomes of the round before.

    What several of them suffer together, such as a full disk, is told once.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._troubles: dict[str, set[str]] = {}  # what was told of each work since its last good round

    async def __call__(self, what: str, step: Callable[[], Awaitable[object]]) -> bool:
        """Do a round of a work; False when it failed, so that it has to be done again."""
        try:
            await step()
        except StoreAway:
            return False  # told by the thread that the store lives on, once for the whole process
        except Exception as error:  # a bug in one round must not end all that follow
            self._failed(what, said(what, error))
            return False
        self.worked(what)
        return True

    def worked(self, what: str) -> None:
        """A round went well, or, of a work that is one long round, goes well by now."""
        over = self._troubles.pop(what, set())
        if over - set().union(*self._troubles.values()):
            self._tell(f"{what}: works again")

    def _failed(self, what: str, text: str) -> None:
        known = set().union(*self._troubles.values())
        self._troubles.setdefault(what, set()).add(text)
        if text not in known:
            self._tell(text)


class Background:
    """Tasks beside the conversation: kept while they run, ended together. One that breaks is told of."""

    def __init__(self, what: str, failed: Callable[[str, str], None]) -> None:
        self._what, self._failed = what, failed
        self._tasks: set[asyncio.Task[Any]] = set()

    def go(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Begin a piece of work."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def stop(self) -> None:
        """End everything but the one who asks for it."""
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(self._what, said(self._what, error))
