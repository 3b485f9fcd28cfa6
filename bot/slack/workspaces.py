"""The clients of each workspace: one that never repeats a post, one that waits and repeats for everything else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import APP, CURES, translated
from cascade.errors import ChatError

SECONDS = 30.0  # that a call may take
TRIES = 3
TokenOf = Callable[[str], Awaitable[str | None]]  # a workspace's bot token; None where the app is not installed


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One workspace, and who Cascade is in it."""

    team: str
    posts: AsyncWebClient  # repeats nothing: a post whose answer is lost is looked up
    rest: AsyncWebClient
    user: str  # the bot's user id
    bot: str  # the bot's id, which its messages carry


class Workspaces:
    """Finds the clients of a workspace, and asks each once who it is."""

    def __init__(self, api_url: str, token_of: TokenOf, *, many: bool = False) -> None:
        self._api_url = api_url
        self._token_of = token_of
        self._many = many
        self._known: dict[str, Workspace] = {}
        self._session: aiohttp.ClientSession | None = None

    async def of(self, team: str) -> Workspace:
        """The workspace of this id, or the only one. Raises ChatError."""
        team = team if self._many else ""
        if team not in self._known:
            token = await self._token_of(team)
            if token is None:
                raise ChatError(f"Slack: {CURES['not_installed']}", channel=APP, permanent=True)
            self._known[team] = await self._ask(team, token)
        return self._known[team]

    def forget(self) -> None:
        """Ask again next time: a token has changed, which may be that of many workspaces."""
        self._known.clear()

    def client(self, token: str | None, retries: list[AsyncRetryHandler] | None = None) -> AsyncWebClient:
        """A client with these retries (None: those of a client that may repeat). A token may also go with each call."""
        if retries is None:
            retries = [
                AsyncConnectionErrorRetryHandler(max_retry_count=TRIES),
                AsyncRateLimitErrorRetryHandler(max_retry_count=TRIES),
            ]
        return AsyncWebClient(
            token=token, base_url=self._api_url, session=self.session, timeout=int(SECONDS), retry_handlers=retries
        )

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections that all clients share."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return self._session

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, team: str, token: str) -> Workspace:
        rest = self.client(token)
        with translated():
            who = await rest.auth_test()
        return Workspace(
            team=team or str(who.get("team_id") or ""),  # an organisation's token does not say which workspace
            posts=self.client(token, []),
            rest=rest,
            user=str(who.get("user_id") or ""),
            bot=str(who.get("bot_id") or ""),
        )
