"""Events, each acted on once however often Slack sends it. Reactions are hints, so those may come as they like."""

from collections.abc import Awaitable, Callable

from bot.slack.errors import APP, CURES
from bot.slack.payload import (
    Body,
    ChannelChanged,
    HomeOpened,
    MemberMoved,
    Mention,
    Reacted,
    Uninstalled,
    read_event,
    text,
)
from bot.slack.room import Room
from bot.slack.settings import PLATFORM
from bot.slack.talk import Talk
from cascade.errors import ChatError, StoreError

KEPT = "its subscriptions are kept and go on when it is back"


class Events:
    """Knows what each event means. `uninstalled` forgets the tokens of a workspace or an organisation."""

    def __init__(self, room: Room, talk: Talk, uninstalled: Callable[[str], Awaitable[None]]) -> None:
        self._room, self._talk, self._uninstalled = room, talk, uninstalled

    async def happened(self, body: Body) -> None:
        """Act on an event. Raises BadInput for a payload that is not as documented, and ChatError."""
        event = read_event(body)
        if isinstance(event, Reacted):
            self._reacted(event)
        elif event is not None and await self._is_new(text(body, "event_id")):
            await self._act(event, text(body, "event_id"))

    async def _is_new(self, event_id: str) -> bool:
        now = self._room.services.clock()
        try:
            return await self._room.services.run(lambda store: store.is_new_event(PLATFORM, event_id, now))
        except StoreError:  # whoever waits for an answer reads it there
            return True

    async def _act(
        self, event: Mention | HomeOpened | ChannelChanged | MemberMoved | Uninstalled, event_id: str
    ) -> None:
        match event:
            case Mention():
                await self._talk.mention(event, event_id)
            case HomeOpened():
                await self._talk.home(event)
            case ChannelChanged(_, channel, trouble):
                self._changed(channel, f"Slack channel {channel} {trouble}: {KEPT}" if trouble else "")
            case MemberMoved():
                await self._moved(event)
            case Uninstalled(where):
                self._room.troubles.failed(APP, f"Slack: {CURES['account_inactive']}")
                await self._uninstalled(where)

    def _reacted(self, event: Reacted) -> None:
        room = self._room
        if room.desk and room.watch and room.desk.place == room.ids.place(event.team, event.channel):
            room.watch.hint(event.ref)

    def _changed(self, channel: str, trouble: str) -> None:
        if trouble:
            self._room.troubles.failed(channel, trouble)
        else:
            self._room.troubles.worked(channel)

    async def _moved(self, event: MemberMoved) -> None:
        if self._room.reviewers is not None:
            self._room.reviewers.forget()
        try:
            own = (await self._room.workspaces.of(event.team)).user
        except ChatError:
            return
        if event.user == own:
            gone = f"Slack channel {event.channel}: Cascade was removed; {KEPT}"
            self._changed(event.channel, gone if event.left else "")
