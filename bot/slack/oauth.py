"""Many workspaces: bolt's installation store and state store over Cascade's own store.

https://docs.slack.dev/authentication/installing-with-oauth. An Enterprise organisation may install the app
for all of its workspaces at once (https://api.slack.com/enterprise/apps): then the token is kept under the
organisation, and which one a workspace belongs to is noted when something first comes from there.
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
ORGANISATION = "slack organisation of {team}"  # a note
Clock = Callable[[], datetime]
_LOG = logging.getLogger("cascade.slack.oauth")


class Installations(AsyncInstallationStore):
    """What each workspace or organisation gave when it installed the app; the newest counts for all of its people."""

    def __init__(self, run: Run, clock: Clock, changed: Callable[[], None]) -> None:
        self._run, self._clock, self._changed = run, clock, changed
        self._met: set[tuple[str, str]] = set()

    @property
    def logger(self) -> logging.Logger:
        """Where bolt writes."""
        return _LOG

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation."""
        where = _key(installation.enterprise_id, installation.team_id, installation.is_enterprise_install)
        content = json.dumps(installation.to_dict_for_copying(), default=str)
        await self._run(lambda store: store.save_installation(PLATFORM, where, content, self._clock()))
        self._changed()

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
        """The workspace's own installation, or its organisation's."""
        del user_id
        own = _key(enterprise_id, team_id, is_enterprise_install)
        for where in dict.fromkeys((own, enterprise_id or "")):
            content = await self._run(lambda store, where=where: store.installation(PLATFORM, where))  # type: ignore[misc]
            if content:
                return Installation(**json.loads(content))
        return None

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of that installation."""
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget the workspace; without one, the organisation."""
        await self._run(lambda store: store.end_installation(PLATFORM, team_id or enterprise_id or ""))
        self._changed()

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget the workspace when all of it goes; one person's leaving takes nothing away."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    async def token_of(self, team: str) -> str | None:
        """The workspace's bot token; None where the app is not installed."""
        organisation = await self._run(lambda store: store.note(ORGANISATION.format(team=team)))
        found = await self.async_find_installation(enterprise_id=organisation, team_id=team)
        return found.bot_token if found else None

    async def met(self, team: str, organisation: str) -> None:
        """Something came from a workspace of an organisation."""
        if (team, organisation) not in self._met:
            await self._run(lambda store: store.set_note(ORGANISATION.format(team=team), organisation))
            self._met.add((team, organisation))


def _key(organisation: str | None, team: str | None, is_organisation: bool | None) -> str:
    return (organisation if is_organisation else team or organisation) or ""


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
