"""What `cascade doctor` looks at on Slack: the tokens, the rights, and each channel that Cascade writes to."""

from collections.abc import Awaitable, Callable, Collection, Sequence

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor import Check
from bot.slack.errors import INVITE, code_of, translated
from bot.slack.ids import Ids
from bot.slack.oauth import Installations
from bot.slack.settings import PLATFORM, SCOPES, SlackSettings
from bot.slack.socket import CURE
from bot.slack.workspaces import Workspaces
from cascade.errors import ChatError
from cascade.ports import Place

UPDATE = "Paste bot/slack/manifest.yaml into the app's settings and install it again"


class SlackDoctor:
    """Asks Slack, and changes nothing there."""

    def __init__(self, settings: SlackSettings, installations: Installations) -> None:
        self._settings = settings
        self._installations = installations
        self._ids = Ids(many=settings.oauth is not None)
        self._workspaces = Workspaces(settings.api_url, self._token_of, many=settings.oauth is not None)

    async def look(self, places: Collection[Place]) -> Sequence[Check]:
        """One check for each thing; `places` are the channels that subscribed."""
        settings = self._settings
        try:
            found = [Check(name="Slack settings", ok=False, said=gap) for gap in settings.gaps()]
            if settings.bot_token:
                found += await self._checked("Slack bot token", self._token)
            if settings.app_token:
                found += await self._checked("Slack app token", self._app_token)
            for place in sorted(self._channels(places)):
                found += await self._checked(f"Slack channel {place.id}", lambda one=place: self._channel(one))  # type: ignore[misc]
            return found
        finally:
            await self._workspaces.close()

    def _channels(self, places: Collection[Place]) -> set[Place]:
        review = {Place(PLATFORM, self._settings.review_channel)} if self._settings.review_channel else set()
        return review | {
            one for one in places if one.platform == PLATFORM and self._ids.split(one)[1][:1] in {"C", "G"}
        }

    async def _token_of(self, team: str) -> str | None:
        return await self._installations.token_of(team) if self._settings.oauth else self._settings.bot_token

    async def _checked(self, name: str, look: Callable[[], Awaitable[Sequence[Check]]]) -> Sequence[Check]:
        try:
            return await look()
        except ChatError as error:
            return [Check(name=name, ok=False, said=str(error))]

    async def _token(self) -> Sequence[Check]:
        """https://docs.slack.dev/reference/methods/auth.test; the rights stand in a header of every answer."""
        with translated():
            answer = await self._workspaces.client(self._settings.bot_token).auth_test()
        granted = {name.strip() for name in answer.headers.get("x-oauth-scopes", "").split(",")}
        missing = [scope for scope in SCOPES if scope not in granted]
        return [
            Check(name="Slack bot token", ok=True, said=f"{answer.get('user', 'Cascade')} in {answer.get('team')}"),
            Check(
                name="Slack rights",
                ok=not missing,
                said=f"missing {', '.join(missing)}" if missing else f"all {len(SCOPES)}",
                cure=UPDATE if missing else "",
            ),
        ]

    async def _app_token(self) -> Sequence[Check]:
        """https://docs.slack.dev/reference/methods/apps.connections.open."""
        client: AsyncWebClient = self._workspaces.client(self._settings.app_token)
        with translated():
            try:
                await client.apps_connections_open(app_token=self._settings.app_token)
            except SlackApiError as error:
                if not (code := code_of(error)):
                    raise
                return [Check(name="Slack app token", ok=False, said=CURE.format(code=code))]
        return [Check(name="Slack app token", ok=True, said="Socket Mode opens")]

    async def _channel(self, place: Place) -> Sequence[Check]:
        """https://docs.slack.dev/reference/methods/conversations.info."""
        team, channel = self._ids.split(place)
        workspace = await self._workspaces.of(team)
        with translated(channel):
            answer = await workspace.rest.conversations_info(channel=channel)
        known = answer.get("channel") or {}
        trouble = (
            "is archived" if known.get("is_archived") else "" if known.get("is_member") else "has no Cascade in it"
        )
        shown = f"#{known.get('name') or channel}"
        cure = f"{INVITE[0].upper()}{INVITE[1:]}" if trouble else ""
        return [Check(name=f"Slack channel {shown}", ok=not trouble, said=trouble or "can be written to", cure=cure)]
