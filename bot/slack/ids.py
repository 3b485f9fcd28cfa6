"""Slack's ids as ours. Where several workspaces are served, the workspace's id stands before each."""

from dataclasses import dataclass

from bot.slack.settings import PLATFORM
from cascade.ports import Place
from cascade.sighting import Person


@dataclass(frozen=True)
class Ids:
    """How places and people are named; `many` when several workspaces are served."""

    many: bool = False

    def place(self, team: str, channel: str) -> Place:
        """A channel, or a person's direct messages."""
        return Place(PLATFORM, self._whole(team, channel))

    def person(self, team: str, user: str, name: str = "") -> Person:
        """Somebody in a workspace."""
        return Person(PLATFORM, self._whole(team, user), name)

    def split(self, place: Place) -> tuple[str, str]:
        """The workspace ("" where there is only one) and the channel."""
        team, mark, channel = place.id.rpartition("/")
        return (team, channel) if mark else ("", place.id)

    def _whole(self, team: str, name: str) -> str:
        return f"{team}/{name}" if self.many else name
