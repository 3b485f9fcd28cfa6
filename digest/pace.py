"""How fast messages may go out: one channel at a time, and all channels of an account together. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cascade.ports import Place


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What one platform bears."""

    channel: timedelta  # between two messages in one channel
    account: timedelta  # between two messages of one account, whatever the channel


# Slack: "generally one message per second per channel, while also maintaining a workspace-wide
# limit" that it gives no figure for (docs.slack.dev/apis/web-api/rate-limits); four a second is our
# own caution. Discord: 5 in 5 seconds per channel, 50 requests a second per bot; a fifth is left
# for everything else the bot does.
LIMITS: Mapping[str, Limit] = {
    "slack": Limit(channel=timedelta(seconds=1.1), account=timedelta(seconds=0.25)),
    "discord": Limit(channel=timedelta(seconds=1.1), account=timedelta(seconds=0.025)),
}
FREE = Limit(channel=timedelta(), account=timedelta())  # the terminal waits for nobody


def account_of(place: Place) -> str:
    """Whose limit counts: the platform's, as long as one account serves it all."""
    return place.platform


@dataclass
class Pace:
    """Books moments for messages, each the earliest that no limit forbids."""

    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)
    account: Callable[[Place], str] = account_of
    _channels: dict[Place, datetime] = field(default_factory=dict)
    _accounts: dict[str, datetime] = field(default_factory=dict)

    def book(self, place: Place, now: datetime) -> datetime:
        """When the next message for this place may go out; the moment is taken from then on."""
        limit = self.limits.get(place.platform, FREE)
        account = self.account(place)
        at = max(now, self._channels.get(place, now), self._accounts.get(account, now))
        self._channels[place], self._accounts[account] = at + limit.channel, at + limit.account
        return at

    def forget(self, now: datetime) -> None:
        """Drop what no longer holds anybody up."""
        self._channels = {place: free for place, free in self._channels.items() if free > now}


def plan(places: Sequence[Place], now: datetime, pace: Pace | None = None) -> datetime:
    """When the last of these messages will be out, if the platforms answer at once."""
    booked = pace or Pace()
    return max((booked.book(place, now) for place in places), default=now)
