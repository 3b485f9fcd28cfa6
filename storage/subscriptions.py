"""Subscriptions and watches in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cascade.subscription import Subscription, Watch
from storage.database import Database
from storage.digest_rows import subscription_columns, to_subscription, to_watch, watch_columns
from storage.rows import moment

_THIS_WATCH = """
    team = :team AND platform = :platform AND person = :person AND capability = :capability AND stage = :stage
"""


class SubscriptionRows:
    """Who gets digests and direct messages."""

    _db: Database

    def save_subscription(self, subscription: Subscription) -> None:
        """Add it, or replace the one of its id."""
        columns = subscription_columns(subscription)
        with self._db.transaction():
            self._db.run("DELETE FROM subscriptions WHERE id = :id", id=subscription.id)
            self._add("subscriptions", columns)

    def end_subscription(self, subscription: str) -> bool:
        """Forget it; False when there is none of this id. What it was sent stays."""
        return self._db.run("DELETE FROM subscriptions WHERE id = :id", id=subscription) == 1

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Every team's, by id."""
        return tuple(map(to_subscription, self._db.all("SELECT * FROM subscriptions ORDER BY id")))

    def save_watch(self, watch: Watch) -> None:
        """Add it, or replace the one of the same person about the same cells."""
        with self._db.transaction():
            self.end_watch(watch)
            self._add("watches", watch_columns(watch))

    def end_watch(self, watch: Watch) -> bool:
        """Forget it; False when it is not there."""
        named = watch_columns(watch)
        del named["name"], named["since"]
        return self._db.run(f"DELETE FROM watches WHERE {_THIS_WATCH}", **named) == 1  # noqa: S608  a constant

    def watches(self) -> tuple[Watch, ...]:
        """Every person's, the oldest first."""
        rows = self._db.all("SELECT * FROM watches ORDER BY since, platform, person, capability, stage")
        return tuple(map(to_watch, rows))

    def watches_seen(self, watches: Sequence[Watch], now: datetime) -> None:
        """What moved before now need not be told to these."""
        rows = [{**watch_columns(watch), "since": moment(now)} for watch in watches]
        self._db.many(f"UPDATE watches SET since = :since WHERE {_THIS_WATCH}", rows)  # noqa: S608  a constant

    def note_trouble(self, owner: str, trouble: str) -> None:
        """Keep with a subscription why its digest could not be posted; "" when all is well."""
        self._db.run(
            "UPDATE subscriptions SET trouble = :trouble WHERE id = :owner AND trouble <> :trouble",
            owner=owner,
            trouble=trouble,
        )

    def _add(self, table: str, columns: Mapping[str, Any]) -> bool:
        """Insert a row; False when one of its key is there."""
        # Names come from this package's own row functions, never from outside.
        names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        return self._db.run(f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING", **columns) == 1  # noqa: S608
