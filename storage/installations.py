"""Installations of chat apps, their half-finished installations, and the events that were acted on, in SQL."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.rows import moment

# Slack repeats an event for up to a day: https://docs.slack.dev/apis/events-api#delayed-events
REMEMBERED = timedelta(days=2)


class InstallationRows:
    """Fulfils `cascade.ports.InstallationStore`."""

    _db: Database

    def is_new_event(self, platform: str, event: str, now: datetime) -> bool:
        """Remember an event; False when it was seen before. Forgotten after two days."""
        with self._db.transaction():
            self._db.run("DELETE FROM seen_events WHERE at < :old", old=moment(now - REMEMBERED))
            return (
                self._db.run(
                    """INSERT INTO seen_events (platform, event, at) VALUES (:platform, :event, :now)
                       ON CONFLICT (platform, event) DO NOTHING""",
                    platform=platform,
                    event=event,
                    now=moment(now),
                )
                == 1
            )

    def save_installation(self, platform: str, workspace: str, content: str, now: datetime) -> None:
        """Keep what a workspace gave, in place of what it gave before."""
        self._db.run(
            """INSERT INTO installations (platform, workspace, content, at)
               VALUES (:platform, :workspace, :content, :now)
               ON CONFLICT (platform, workspace) DO UPDATE SET content = excluded.content, at = excluded.at""",
            platform=platform,
            workspace=workspace,
            content=content,
            now=moment(now),
        )

    def installation(self, platform: str, workspace: str) -> str | None:
        """What the workspace gave; None where the app is not installed."""
        rows = self._db.all(
            "SELECT content FROM installations WHERE platform = :platform AND workspace = :workspace",
            platform=platform,
            workspace=workspace,
        )
        return str(rows[0]["content"]) if rows else None

    def end_installation(self, platform: str, workspace: str) -> None:
        """Forget what the workspace gave."""
        self._db.run(
            "DELETE FROM installations WHERE platform = :platform AND workspace = :workspace",
            platform=platform,
            workspace=workspace,
        )

    def save_state(self, state: str, expires_at: datetime) -> None:
        """Begin an installation."""
        self._db.run(
            "INSERT INTO oauth_states (state, expires_at) VALUES (:state, :expires_at)",
            state=state,
            expires_at=moment(expires_at),
        )

    def take_state(self, state: str, now: datetime) -> bool:
        """Finish an installation that was begun; False for a state that is unknown, taken or too old."""
        with self._db.transaction():
            self._db.run("DELETE FROM oauth_states WHERE expires_at < :now", now=moment(now))
            return self._db.run("DELETE FROM oauth_states WHERE state = :state", state=state) == 1
