"""Fulfils the Chat port on Slack: posts are sent once and looked up when in doubt, everything else may repeat."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import APP, code_of, retry_after, translated
from bot.slack.ids import Ids
from bot.slack.people import People
from bot.slack.pictures import Pictures, is_fresh_file
from bot.slack.render import Page, render
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
FRESH_FILE_WAITS = (0.5, 1.0, 2.0, 4.0)  # seconds

Sleep = Callable[[float], Awaitable[None]]


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
            page = render(message, await self._pictures.upload(workspace, message))[0]
            with translated(channel):
                await workspace.rest.chat_update(channel=channel, ts=ref, text=page.text, blocks=list(page.blocks))

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
            first, *more = render(message, files)
            with translated(channel):
                try:
                    ref = await self._send(workspace, channel, first, marker, thread)
                except SlackApiError as error:
                    if not is_fresh_file(error):
                        raise
                    first, *more = render(message)  # the picture never became ready: the words say the same
                    ref = await self._send(workspace, channel, first, marker, thread)
                for number, page in enumerate(more, start=2):
                    await self._send(workspace, channel, page, f"{marker}/{number}", thread or ref)
            return ref

    async def _send(self, workspace: Workspace, channel: str, page: Page, marker: str, thread: str | None) -> str:
        """Post one page; again only when Slack surely did not take it: a rate limit, a picture not ready."""
        fresh_file, rate = list(FRESH_FILE_WAITS), RATE_TRIES
        while True:
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
                if wait is not None and rate:
                    rate -= 1
                elif is_fresh_file(error) and fresh_file:
                    wait = fresh_file.pop(0)
                else:
                    raise
                await self._sleep(wait)

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
    # Anybody's app may write the same metadata; the bot's id is Slack's own word.
    return bool(workspace.bot and message.get("bot_id") == workspace.bot)


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
