"""The bolt app: every payload is acknowledged at once, then read, then answered."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.fix import FieldErrors
from bot.slack import fixing
from bot.slack.events import Events
from bot.slack.payload import FIX, REPORT, read_command, read_fix_form, read_pressed, read_shortcut
from bot.slack.room import Room
from bot.slack.settings import SlackSettings
from bot.slack.talk import Talk
from cascade.errors import BadInput, ChatError

NOT_CONNECTED = "Cascade is not connected to this workspace: ask its operator to run `cascade doctor`"
UNREADABLE = "Slack: something came that is not as Slack's documents say, and was left alone: {error}"
EVERYTHING = re.compile(".*", re.DOTALL)
Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


def build_app(
    settings: SlackSettings, room: Room, events: Events, talk: Talk, met: Callable[[str, str], Awaitable[None]] | None
) -> AsyncApp:
    """The app with all its listeners; bolt hands them their arguments by name.

    `met` is told which organisation a workspace belongs to; None when one workspace is served.
    """
    app = AsyncApp(
        name="cascade",
        logger=logging.getLogger("cascade.slack"),
        signing_secret=settings.signing_secret,
        request_verification_enabled=False,  # bot/slack/http.py has verified, before anything was read
        client=room.workspaces.client(None),
        authorize=_authorize(room, met),  # type: ignore[arg-type]  # bolt takes None for "not installed"
        user_facing_authorize_error_message=NOT_CONNECTED,
    )

    # Bolt would tell of a workspace without the app at every payload; the operator hears once, from _authorize.
    logging.getLogger("slack_bolt.AsyncMultiTeamsAuthorization").setLevel(logging.CRITICAL)

    async def on_command(ack: Ack, body: Body) -> None:
        await ack()
        await _steadily(room, lambda: talk.command(read_command(body)))

    async def on_press(ack: Ack, body: Body) -> None:
        await ack()
        await _steadily(room, lambda: talk.press(read_pressed(body)))

    async def on_shortcut(ack: Ack, body: Body) -> None:
        await ack()
        await _steadily(room, lambda: talk.shortcut(read_shortcut(body)))

    async def on_fix(ack: Ack, body: Body) -> None:
        await _steadily(room, lambda: _fix(room, ack, body))

    async def on_event(body: Body) -> None:
        await _steadily(room, lambda: events.happened(body))

    app.command(EVERYTHING)(on_command)
    app.action(EVERYTHING)(on_press)
    app.shortcut(REPORT)(on_shortcut)
    app.view(FIX)(on_fix)
    app.event(EVERYTHING)(on_event)
    app.error(_hearing(room))
    return app


def _hearing(room: Room) -> Callable[..., Awaitable[None]]:
    async def on_error(error: Exception) -> None:
        """What broke before a listener was reached, such as looking up a token; Slack reads that it failed."""

        async def broke() -> None:
            raise error

        await _steadily(room, broke)

    return on_error


async def _fix(room: Room, ack: Ack, body: Body) -> None:
    """A form is acknowledged with its errors, so it is read first."""
    try:
        taken = await fixing.take(room, read_fix_form(body))
    except Exception:
        await ack()
        raise
    if isinstance(taken, FieldErrors):
        await ack(response_action="errors", errors=dict(taken.errors))
        return
    await ack()
    if room.desk is not None:
        await room.desk.corrected(taken)


async def _steadily(room: Room, step: Callable[[], Awaitable[None]]) -> None:
    """Do it; the operator hears once of what could not be used or sent, and of a bug."""

    async def heard() -> None:
        try:
            await step()
        except BadInput as error:
            room.troubles.failed("a payload", UNREADABLE.format(error=error))
        except ChatError as error:
            room.troubles.heard(error)

    await room.services.steady("Talking on Slack", heard)


def _authorize(
    room: Room, met: Callable[[str, str], Awaitable[None]] | None
) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult | None:
        try:
            if met and team_id and enterprise_id:
                await met(team_id, enterprise_id)
            workspace = await room.workspaces.of(team_id or "")
        except ChatError as error:
            room.troubles.heard(error)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=workspace.user,
            bot_id=workspace.bot,
            bot_token=workspace.rest.token,
        )

    return authorize
