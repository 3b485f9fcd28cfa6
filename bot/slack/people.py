"""Who people are, and who may review. Remembered for some minutes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.slack.errors import code_of, translated
from bot.slack.ids import Ids
from bot.slack.workspaces import Workspace, Workspaces
from cascade.ports import Place

REMEMBERED = timedelta(minutes=10)
PAGE = 200
PAGES = 50


@dataclass(frozen=True)
class Known:
    """A user as last seen."""

    name: str
    is_bot: bool
    at: datetime


class People:
    """Names, and which users are bots. A user who cannot be looked up raises ChatError."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[tuple[str, str], Known] = {}

    async def look_up(self, workspace: Workspace, user: str) -> Known:
        """The user; https://docs.slack.dev/reference/methods/users.info."""
        known = self._known.get((workspace.team, user))
        if known is None or self._clock() - known.at > REMEMBERED:
            known = await self._ask(workspace, user)
            self._known[workspace.team, user] = known
        return known

    async def look_up_all(self, workspace: Workspace, users: set[str]) -> dict[str, Known]:
        """Several users, asked for side by side."""
        ordered = sorted(users)
        found = await asyncio.gather(*(self.look_up(workspace, user) for user in ordered))
        return dict(zip(ordered, found, strict=True))

    async def _ask(self, workspace: Workspace, user: str) -> Known:
        with translated():
            try:
                answer = await workspace.rest.users_info(user=user)
            except SlackApiError as error:
                if code_of(error) not in {"user_not_found", "user_not_visible"}:
                    raise
                return Known(user, False, self._clock())  # from another organisation, or deleted: a person still
        return _read(answer.get("user") or {}, self._clock())


class Reviewers:
    """Whose votes count: people and user groups by id, or the review channel's members."""

    def __init__(
        self,
        workspaces: Workspaces,
        ids: Ids,
        channel: Place,
        chosen: tuple[str, ...],
        clock: Callable[[], datetime],
    ) -> None:
        self._workspaces, self._ids, self._channel = workspaces, ids, channel
        self._chosen, self._clock = chosen, clock
        self._known: frozenset[str] = frozenset()
        self._at: datetime | None = None

    async def __call__(self) -> frozenset[str]:
        """The keys of everybody whose vote counts now. Raises ChatError."""
        if self._at is None or self._clock() - self._at > REMEMBERED:
            self._known, self._at = await self._ask(), self._clock()
        return self._known

    def forget(self) -> None:
        """Ask again next time: somebody joined or left."""
        self._at = None

    async def _ask(self) -> frozenset[str]:
        team, channel = self._ids.split(self._channel)
        workspace = await self._workspaces.of(team)
        groups = [name for name in self._chosen if name.startswith("S")]
        users = {name for name in self._chosen if not name.startswith("S")}
        with translated(channel):
            for group in groups:
                answer = await workspace.rest.usergroups_users_list(usergroup=group, team_id=workspace.team)
                users |= set(answer.get("users") or ())
            if not self._chosen:
                users = await _members(workspace, channel)
        return frozenset(self._ids.person(workspace.team, user).key for user in users)


async def _members(workspace: Workspace, channel: str) -> set[str]:
    """https://docs.slack.dev/reference/methods/conversations.members."""
    users: set[str] = set()
    cursor: str | None = None
    for _ in range(PAGES):
        answer = await workspace.rest.conversations_members(channel=channel, cursor=cursor, limit=PAGE)
        users |= set(answer.get("members") or ())
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    return users


def _read(user: dict[str, object], now: datetime) -> Known:
    """https://docs.slack.dev/reference/objects/user-object."""
    profile = user.get("profile")
    names = [profile.get("display_name"), profile.get("real_name")] if isinstance(profile, dict) else []
    name = next((str(one) for one in (*names, user.get("real_name"), user.get("name")) if one), "")
    return Known(name, bool(user.get("is_bot")), now)
