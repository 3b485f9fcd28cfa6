"""Fulfils the Chat port on Slack: posts are sent once and looked up when in doubt, everything else may repeat."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import APP, code_of, retry_after, translated
from bot.slack.ids import Ids
from bot.slack.people import People
from bot.slack.pictures import Pictures, Sleep, when_ready
from bot.slack.render import Files, Page, render, render_home
from bot.slack.settings import PLATFORM
from bot.slack.workspaces import Workspace, Workspaces
from bot.troubles import Troubles
from cascade.errors import ChatError
from cascade.message import Message
from cascade.ports import Place
from cascade.reconcile import SIGNS
from cascade.sighting import Person

METADATA = "cascade_message"  # https://docs.slack.dev/messaging/message-metadata
SEEDS = ("white_check_mark", "x", "thinking_face")
SKEW = timedelta(minutes=2)  # that Slack's clock and ours may differ by
HISTORY, PAGES = 200, 5  # messages a look-up reads at most: 1,000
RATE_TRIES = 5


class SlackChat:
    """Slack, seen from the middle. A reference is the message's `ts`."""

    platform = PLATFORM

    def __init__(
        self,
        workspaces: Workspaces,
        ids: Ids,
        people: People,
        pictures: Pictures,
        troubles: Troubles,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._workspaces, self._ids, self._people = workspaces, ids, people
        self._pictures, self._troubles, self._sleep = pictures, troubles, sleep
        self._direct: dict[tuple[str, str], str] = {}  # the channel of a person's direct messages

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Send a message that carries `marker` unseen; its `ts`. What does not fit goes into its thread."""
        return await self._post(place, message, marker, None)

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Answer in the message's thread; the answer's `ts`."""
        return await self._post(place, message, marker, ref)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Replace a message by the first page of another."""
        with self._heard(place):
            workspace, channel = await self._where(place)
            files = await self._pictures.upload(workspace, message)

            async def update(shown: Files) -> None:
                page = render(message, shown)[0]
                await workspace.rest.chat_update(channel=channel, ts=ref, text=page.text, blocks=list(page.blocks))

            with translated(channel):
                await when_ready(files, self._sleep, update)

    async def show_home(self, team: str, user: str, message: Message) -> None:
        """Show a person a message on the App Home. Raises ChatError."""
        workspace = await self._workspaces.of(team)
        files = await self._pictures.upload(workspace, message)

        async def publish(shown: Files) -> None:
            view = {"type": "home", "blocks": render_home(message, shown)}
            await workspace.rest.views_publish(user_id=user, view=view)

        with translated():
            await when_ready(files, self._sleep, publish)

    async def is_in(self, place: Place) -> bool:
        """Whether Cascade may write there: always to a person; in a channel as its member. Raises ChatError."""
        workspace, channel = await self._where(place)
        with translated(channel):
            try:
                answer = await workspace.rest.conversations_info(channel=channel)
            except SlackApiError as error:
                if code_of(error) not in {"channel_not_found", "not_in_channel"}:
                    raise
                return False
        known = answer.get("channel") or {}
        return bool(known.get("is_im") or known.get("is_member")) and not known.get("is_archived")

    async def find(self, place: Place, marker: str, since: datetime) -> str | None:
        """The `ts` of one's own message that carries `marker`, in the channel or in a thread that is one's own.

        Raises ChatError, also when the channel has seen so many messages since that the look-up
        ended before it was through.
        """
        with self._heard(place):
            workspace, channel = await self._where(place)
            oldest = f"{(since - SKEW).timestamp():.6f}"
            async for found in self._own(workspace, channel, oldest):
                if _marker(found) == marker:
                    return str(found["ts"])
                if found.get("reply_count"):
                    ref = await self._find_in_thread(workspace, channel, str(found["ts"]), marker)
                    if ref is not None:
                        return ref
            return None

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """Every person's reactions that mean something, without skin tones; bots left out."""
        with self._heard(place):
            workspace, channel = await self._where(place)
            with translated(channel):
                answer = await workspace.rest.reactions_get(channel=channel, timestamp=ref, full=True)
            shown = list(_signs(answer, workspace.user))
            people = await self._people.look_up_all(workspace, {user for user, _ in shown})
        return frozenset(
            (self._ids.person(workspace.team, user, people[user].name), sign)
            for user, sign in shown
            if not people[user].is_bot
        )

    async def seed(self, place: Place, ref: str) -> None:
        """Put ✅ ❌ 🤔 under a card, for people to press."""
        with self._heard(place):
            workspace, channel = await self._where(place)
            for name in SEEDS:
                with translated(channel):
                    try:
                        await workspace.rest.reactions_add(channel=channel, timestamp=ref, name=name)
                    except SlackApiError as error:
                        if code_of(error) != "already_reacted":
                            raise

    @contextmanager
    def _heard(self, place: Place) -> Iterator[None]:
        """The operator hears once when a place stops working, and once when it works again."""
        try:
            yield
        except ChatError as error:
            self._troubles.heard(error)
            raise
        self._troubles.worked(self._ids.split(place)[1])
        self._troubles.worked(APP)

    async def _where(self, place: Place) -> tuple[Workspace, str]:
        team, channel = self._ids.split(place)
        workspace = await self._workspaces.of(team)
        if channel[:1] not in {"U", "W"}:
            return workspace, channel
        if (workspace.team, channel) not in self._direct:
            with translated(channel):
                answer = await workspace.rest.conversations_open(users=channel)
            self._direct[workspace.team, channel] = str(answer["channel"]["id"])
        return workspace, self._direct[workspace.team, channel]

    async def _post(self, place: Place, message: Message, marker: str, thread: str | None) -> str:
        with self._heard(place):
            workspace, channel = await self._where(place)
            files = await self._pictures.upload(workspace, message)

            async def send(shown: Files) -> tuple[str, list[Page]]:
                first, *more = render(message, shown)
                return await self._send(workspace, channel, first, marker, thread), more

            with translated(channel):
                ref, more = await when_ready(files, self._sleep, send)
                for number, page in enumerate(more, start=2):
                    await self._send(workspace, channel, page, f"{marker}/{number}", thread or ref)
            return ref

    async def _send(self, workspace: Workspace, channel: str, page: Page, marker: str, thread: str | None) -> str:
        """Post one page; again only after a rate limit, when Slack surely did not take it."""
        for tries_left in reversed(range(RATE_TRIES + 1)):
            try:
                answer = await workspace.posts.chat_postMessage(
                    channel=channel,
                    text=page.text,
                    blocks=list(page.blocks),
                    thread_ts=thread,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata={"event_type": METADATA, "event_payload": {"marker": marker}},
                )
                return str(answer["ts"])
            except SlackApiError as error:
                wait = retry_after(error)
                if wait is None or not tries_left:
                    raise
                await self._sleep(wait)
        raise AssertionError  # the last try returns or raises

    async def _own(self, workspace: Workspace, channel: str, oldest: str) -> AsyncIterator[Mapping[str, Any]]:
        """Cascade's own messages in a channel since a moment, newest first."""
        cursor: str | None = None
        for _ in range(PAGES):
            with translated(channel):
                answer = await workspace.rest.conversations_history(
                    channel=channel, oldest=oldest, include_all_metadata=True, limit=HISTORY, cursor=cursor
                )
            for found in answer.get("messages") or ():
                if _is_own(found, workspace):
                    yield found
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return
        raise ChatError(f"Slack channel {channel}: too much was written since to look a message up", channel=channel)

    async def _find_in_thread(self, workspace: Workspace, channel: str, ts: str, marker: str) -> str | None:
        cursor: str | None = None
        for _ in range(PAGES):
            with translated(channel):
                answer = await workspace.rest.conversations_replies(
                    channel=channel, ts=ts, include_all_metadata=True, limit=HISTORY, cursor=cursor
                )
            for found in answer.get("messages") or ():
                if _is_own(found, workspace) and _marker(found) == marker:
                    return str(found["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None
        return None


def _is_own(message: Mapping[str, Any], workspace: Workspace) -> bool:
    # Anybody's app may write the same metadata; who sent a message is Slack's own word.
    own = {workspace.bot, workspace.user} - {""}
    return message.get("bot_id") in own or message.get("user") in own


def _marker(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    return (metadata.get("event_payload") or {}).get("marker")


def _signs(answer: AsyncSlackResponse, own: str) -> Iterator[tuple[str, str]]:
    """(user, sign) of a message; `+1::skin-tone-3` is a `+1`. https://docs.slack.dev/reference/methods/reactions.get."""
    message = answer.get("message") or {}
    for reaction in message.get("reactions") or ():
        sign = str(reaction.get("name", "")).partition("::")[0]
        if sign in SIGNS:
            yield from ((user, sign) for user in reaction.get("users") or () if user != own)
