"""The times when the database is away: told once, however many suffer from it."""

import time
from collections.abc import Callable

from cascade.errors import StoreAway

BACK = "The database is back"


class Outage:
    """What one process knows of its database."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._is_on = False
        self._answered = 0.0  # when, by the monotonic clock

    def begin(self, error: StoreAway, asked: float) -> None:
        """It did not answer what was asked then. Who asked before the last answer came has waited in vain: no news."""
        if asked < self._answered:
            return
        if not self._is_on:
            self._tell(str(error))
        self._is_on = True

    def end(self) -> None:
        """It answered."""
        if self._is_on:
            self._tell(BACK)
        self._is_on = False
        self._answered = time.monotonic()
