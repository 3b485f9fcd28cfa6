"""The store lives on one thread; the event loop asks it there and goes on."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.build import open_store
from app.outage import Outage
from app.settings import Settings
from cascade.errors import StoreAway
from storage.store import Store

T = TypeVar("T")


class StoreThread:
    """Runs work with the store on its own thread, one piece after the other; on PostgreSQL on several.

    `tell` hears once when the database goes away, and once when it is back.
    """

    def __init__(self, store: Store, threads: int = 1, tell: Callable[[str], None] = lambda _: None) -> None:
        self.outage = Outage(tell)
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="store")

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        """What `work` returns for the store; its exceptions come through."""
        asked = time.monotonic()
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, work, self._store)
        except StoreAway as error:
            self.outage.begin(error, asked)
            raise
        self.outage.end()
        return found

    def close(self) -> None:
        """Finish what runs, then let go."""
        self._thread.shutdown(wait=True)
        self._store.close()


def store_thread(settings: Settings, tell: Callable[[str], None]) -> StoreThread:
    """The store of these settings on its thread; on PostgreSQL on one for each connection. Raises StoreError."""
    threads = settings.connections if settings.database_url else 1
    return StoreThread(open_store(settings), threads=threads, tell=tell)
