"""Fulfils the Chat port on Slack: posts are sent once and looked up when in doubt, everything else may repeat."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import APP, code_of, retry_after, translated
from bot.slack.finding import NOTHING, Mark, Standing, TooMuchWritten, standing
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

SEEDS = ("white_check_mark", "x", "thinking_face")
LOOK_BACK = timedelta(days=2)  # how far the pages of one message may be apart after a crash
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
        clock: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._workspaces, self._ids, self._people = workspaces, ids, people
        self._pictures, self._troubles, self._clock, self._sleep = pictures, troubles, clock, sleep
        self._direct: dict[tuple[str, str], str] = {}  # the channel of a person's direct messages
        self._torn: dict[tuple[Place, str], Standing] = {}  # what stood of a message that was looked for in vain

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Send a message that carries `marker` unseen; its `ts`. What does not fit goes into its thread."""
        return await self._post(place, message, marker, "", may_stand=True)

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Answer in the message's thread; the answer's `ts`."""
        return await self._post(place, message, marker, ref, may_stand=True)

    async def say(self, place: Place, message: Message, marker: str, thread: str = "") -> None:
        """Send what is sent once and never tried again, such as an answer: nothing of it can stand there yet."""
        await self._post(place, message, marker, thread, may_stand=False)

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

    async def is_in(self, place: Place, user: str) -> bool:
        """Whether Cascade may write where this person is: in their direct messages with it; in a channel as its member.

        Raises ChatError.
        """
        workspace, channel = await self._where(place)
        if channel.startswith("D"):  # two people's messages look the same to a command
            return channel == await self._direct_of(workspace, user)
        with translated(channel):
            try:
                answer = await workspace.rest.conversations_info(channel=channel)
            except SlackApiError as error:
                # Cascade has no right to look at several people's direct messages (mpim:read), nor a place in them.
                is_group = code_of(error) == "missing_scope" and "mpim" in str(error.response.get("needed"))
                if is_group or code_of(error) in {"channel_not_found", "not_in_channel"}:
                    return False
                raise
        known = answer.get("channel") or {}
        return bool(known.get("is_member")) and not known.get("is_archived")

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """The `ts` of one's own message that carries `marker`; None also when a page of it is missing.

        Raises ChatError, also when so much was written there since that the look-up ended before it
        was through.
        """
        with self._heard(place):
            workspace, channel = await self._where(place)
            there = await standing(workspace, channel, marker, since, under)
        if there.is_whole:
            return there.refs[1]
        self._torn[place, marker] = there
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
        return workspace, await self._direct_of(workspace, channel)

    async def _direct_of(self, workspace: Workspace, user: str) -> str:
        """The channel of a person's direct messages."""
        if (workspace.team, user) not in self._direct:
            with translated(user):
                answer = await workspace.rest.conversations_open(users=user)
            self._direct[workspace.team, user] = str(answer["channel"]["id"])
        return self._direct[workspace.team, user]

    async def _post(self, place: Place, message: Message, marker: str, thread: str, *, may_stand: bool) -> str:
        with self._heard(place):
            workspace, channel = await self._where(place)
            files = await self._pictures.upload(workspace, message)
            looked_for = self._torn.pop((place, marker), None)

            async def begin(shown: Files) -> tuple[str, list[tuple[Mark, Page]]]:
                pages = render(message, shown)
                made = [(Mark(marker, number, len(pages)), page) for number, page in enumerate(pages, start=1)]
                there = looked_for or NOTHING
                if may_stand and looked_for is None and len(made) > 1:
                    there = await self._standing(workspace, channel, marker, thread)
                ref = there.refs.get(1) or await self._send(workspace, channel, *made[0], thread)
                return ref, [one for one in made[1:] if one[0].page not in there.refs]

            with translated(channel):
                ref, missing = await when_ready(files, self._sleep, begin)
                for mark, page in missing:
                    await self._send(workspace, channel, mark, page, thread or ref)
            return ref

    async def _standing(self, workspace: Workspace, channel: str, marker: str, thread: str) -> Standing:
        """The pages that an earlier try has sent; nobody needs to look for a message of one page."""
        try:
            return await standing(workspace, channel, marker, self._clock() - LOOK_BACK, thread)
        except TooMuchWritten:
            return NOTHING  # `find` looks as far: what it found out about is among what was read

    async def _send(self, workspace: Workspace, channel: str, mark: Mark, page: Page, thread: str) -> str:
        """Post one page; again only after a rate limit, when Slack surely did not take it."""
        for tries_left in reversed(range(RATE_TRIES + 1)):
            try:
                answer = await workspace.posts.chat_postMessage(
                    channel=channel,
                    text=page.text,
                    blocks=list(page.blocks),
                    thread_ts=thread or None,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata=mark.metadata,
                )
                return str(answer["ts"])
            except SlackApiError as error:
                wait = retry_after(error)
                if wait is None or not tries_left:
                    raise
                await self._sleep(wait)
        raise AssertionError  # the last try returns or raises


def _signs(answer: AsyncSlackResponse, own: str) -> Iterator[tuple[str, str]]:
    """(user, sign) of a message; `+1::skin-tone-3` is a `+1`. https://docs.slack.dev/reference/methods/reactions.get."""
    message = answer.get("message") or {}
    for reaction in message.get("reactions") or ():
        sign = str(reaction.get("name", "")).partition("::")[0]
        if sign in SIGNS:
            yield from ((user, sign) for user in reaction.get("users") or () if user != own)
