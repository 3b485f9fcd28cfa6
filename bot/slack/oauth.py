"""Many workspaces: bolt's installation store and state store over Cascade's own store.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import json
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.runner import Run
from bot.slack.http import INSTALL, INSTALLED
from bot.slack.settings import PLATFORM, SCOPES, OAuth

STATE_LIVES = timedelta(minutes=10)
Clock = Callable[[], datetime]
_LOG = logging.getLogger("cascade.slack.oauth")


class Installations(AsyncInstallationStore):
    """What each workspace gave when it installed the app; the newest counts for all of its people."""

    def __init__(self, run: Run, clock: Clock, changed: Callable[[str], None]) -> None:
        self._run, self._clock, self._changed = run, clock, changed

    @property
    def logger(self) -> logging.Logger:
        """Where bolt writes."""
        return _LOG

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation."""
        workspace = installation.team_id or installation.enterprise_id or ""
        content = json.dumps(installation.to_dict_for_copying(), default=str)
        await self._run(lambda store: store.save_installation(PLATFORM, workspace, content, self._clock()))
        self._changed(workspace)

    async def async_save_bot(self, bot: Bot) -> None:
        """Nothing: the installation holds the bot."""

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The workspace's installation."""
        del user_id, is_enterprise_install
        workspace = team_id or enterprise_id or ""
        content = await self._run(lambda store: store.installation(PLATFORM, workspace))
        return Installation(**json.loads(content)) if content else None

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of the workspace's installation."""
        del is_enterprise_install
        found = await self.async_find_installation(enterprise_id=enterprise_id, team_id=team_id)
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget the workspace."""
        workspace = team_id or enterprise_id or ""
        await self._run(lambda store: store.end_installation(PLATFORM, workspace))
        self._changed(workspace)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget the workspace when all of it goes; one person's leaving takes nothing away."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def token_of(self, team: str) -> str | None:
        """The workspace's bot token; None where the app is not installed."""
        found = await self.async_find_installation(enterprise_id=None, team_id=team)
        return found.bot_token if found else None


class States(AsyncOAuthStateStore):
    """Who begins an installation must be the one who ends it, once and within ten minutes."""

    def __init__(self, run: Run, clock: Clock) -> None:
        self._run, self._clock = run, clock

    @property
    def logger(self) -> logging.Logger:
        """Where bolt writes."""
        return _LOG

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """A new state."""
        del args, kwargs
        state = secrets.token_urlsafe(32)
        await self._run(lambda store: store.save_state(state, self._clock() + STATE_LIVES))
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether the state was begun here; it is used up by asking."""
        return await self._run(lambda store: store.take_state(state, self._clock()))


def build_flow(oauth: OAuth, client: AsyncWebClient, installations: Installations, states: States) -> AsyncOAuthFlow:
    """The two pages by which a workspace installs the app."""
    settings = AsyncOAuthSettings(
        client_id=oauth.client_id,
        client_secret=oauth.client_secret,
        scopes=list(SCOPES),
        user_scopes=[],
        install_path=INSTALL,
        redirect_uri_path=INSTALLED,
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=int(STATE_LIVES.total_seconds()),
        logger=_LOG,
    )
    return AsyncOAuthFlow(client=client, logger=_LOG, settings=settings)
