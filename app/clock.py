"""The only place that reads the clock, and a clock that is turned by hand."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


class HandClock:
    """A clock that stands still until it is set: replays and dry runs live by it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __call__(self) -> datetime:
        """The moment it was set to."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Turn it forward, never back."""
        self._moment = max(moment, self._moment)
