"""What goes wrong with a platform is told to the operator once, and once more when it is over."""

from collections.abc import Callable

from cascade.errors import ChatError


class Troubles:
    """Remembers, place by place, what was told last. `tell` gets one line for each change."""

    def __init__(self, platform: str, tell: Callable[[str], None]) -> None:
        self._platform = platform
        self._tell = tell
        self._open: dict[str, str] = {}

    def failed(self, where: str, text: str) -> None:
        """Something does not work in a place; the same again is not told again."""
        if self._open.get(where) != text:
            self._open[where] = text
            self._tell(text)

    def worked(self, where: str) -> None:
        """The place works: told only when it did not before."""
        if self._open.pop(where, None) is not None:
            self._tell(f"{self._platform}: {where} works again")

    def heard(self, error: ChatError) -> None:
        """A ChatError that needs a person; one that will pass by itself is left alone."""
        if error.permanent:
            self.failed(error.channel, str(error))
