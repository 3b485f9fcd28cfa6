"""A clock for tests."""

from datetime import datetime


class HandClock:
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __call__(self) -> datetime:
        """The moment it was set to."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Turn it forward, never back."""
        self._moment = max(moment, self._moment)
