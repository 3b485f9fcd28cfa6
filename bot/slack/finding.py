"""Cascade's own messages, known again by the metadata they carry: https://docs.slack.dev/messaging/message-metadata."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.errors import code_of, translated
from bot.slack.workspaces import Workspace
from cascade.errors import ChatError

METADATA = "cascade_message"
SKEW = timedelta(minutes=2)  # that Slack's clock and ours may differ by
HISTORY, PAGES = 200, 5  # messages a look-up reads at most: 1,000
TOO_MUCH = "Slack channel {channel}: too much was written since to look a message up"


class TooMuchWritten(ChatError):
    """The look-up ended before it was through."""


@dataclass(frozen=True)
class Mark:
    """What a message carries unseen: it is page `page` of the `pages` that the message of this marker takes."""

    marker: str
    page: int = 1
    pages: int = 1

    @property
    def metadata(self) -> dict[str, Any]:
        """As Slack takes it."""
        return {"event_type": METADATA, "event_payload": vars(self)}


@dataclass(frozen=True)
class Standing:
    """Which pages of a message stand where they belong, each with its `ts`."""

    refs: Mapping[int, str]
    pages: int = 1  # that there have to be, by the word of the first

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is missing."""
        return 1 in self.refs and len(self.refs) >= self.pages


NOTHING = Standing({})


async def standing(workspace: Workspace, channel: str, marker: str, since: datetime, under: str = "") -> Standing:
    """What stands of a message: in the channel since a moment, or in the thread `under` a message. Raises ChatError.

    Further pages of what stands in the channel are in the thread below it.
    """
    if under:
        return await _collected(_own_replies(workspace, channel, under), marker)
    oldest = f"{(since - SKEW).timestamp():.6f}"
    async for ts, mark in _own_messages(workspace, channel, oldest):
        if mark.marker == marker and mark.page == 1:
            more = await _collected(_own_replies(workspace, channel, ts), marker) if mark.pages > 1 else NOTHING
            return Standing({**more.refs, 1: ts}, mark.pages)
    return NOTHING


async def _collected(found: AsyncIterator[tuple[str, Mark]], marker: str) -> Standing:
    mine = {mark.page: (ts, mark) async for ts, mark in found if mark.marker == marker}
    return Standing({page: ts for page, (ts, _) in mine.items()}, mine[1][1].pages if 1 in mine else 1)


async def _own_messages(workspace: Workspace, channel: str, oldest: str) -> AsyncIterator[tuple[str, Mark]]:
    """Newest first."""
    read = workspace.rest.conversations_history
    async for found in _pages(workspace, read, channel=channel, oldest=oldest):
        yield found


async def _own_replies(workspace: Workspace, channel: str, ts: str) -> AsyncIterator[tuple[str, Mark]]:
    read = workspace.rest.conversations_replies
    async for found in _pages(workspace, read, channel=channel, ts=ts):
        yield found


async def _pages(workspace: Workspace, read: Any, **where: str) -> AsyncIterator[tuple[str, Mark]]:
    cursor: str | None = None
    for _ in range(PAGES):
        with translated(where["channel"]):
            try:
                answer = await read(**where, include_all_metadata=True, limit=HISTORY, cursor=cursor)
            except SlackApiError as error:
                if code_of(error) != "thread_not_found":  # somebody deleted the message: nothing stands under it
                    raise
                return
        for message in answer.get("messages") or ():
            if _is_own(message, workspace) and (mark := _mark(message)) is not None:
                yield str(message["ts"]), mark
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return
    raise TooMuchWritten(TOO_MUCH.format(channel=where["channel"]), channel=where["channel"])


def _is_own(message: Mapping[str, Any], workspace: Workspace) -> bool:
    # Anybody's app may write the same metadata; who sent a message is Slack's own word.
    own = {workspace.bot, workspace.user} - {""}
    return message.get("bot_id") in own or message.get("user") in own


def _mark(message: Mapping[str, Any]) -> Mark | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    told = metadata.get("event_payload") or {}
    return Mark(str(told.get("marker")), int(told.get("page", 1)), int(told.get("pages", 1)))
