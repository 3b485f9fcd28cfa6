"""Discord as a service: starts, listens, answers, and says how it is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.asked import asked
from bot.cards import Desk
from bot.discord.answering import PATIENCE, Answerer
from bot.discord.chat import DiscordChat
from bot.discord.client import make_client, sockets
from bot.discord.commands import Where, definition, grow
from bot.discord.connection import DISCORD, Connection
from bot.discord.reviewers import Reviewers
from bot.discord.rooms import PLATFORM
from bot.discord.settings import DiscordSettings
from bot.discord.talk import Talk
from bot.discord.trouble import told_plainly
from bot.services import Services
from bot.steady import Background
from bot.troubles import Troubles
from bot.watch import CardWatch
from cascade.errors import ChatError
from cascade.ports import Place

COMMANDS_NOTE = "discord commands"
CLAIM = 0.5  # seconds; Discord waits for three


@dataclass(frozen=True, kw_only=True)
class Health:
    """How Discord fares. `quiet_for` is the age of the newest event; None when none came since the start."""

    connected: bool
    quiet_for: timedelta | None


class DiscordService:
    """One bot account on Discord, with its desk and its conversations. Fulfils `bot.discord.client.Ears`."""

    def __init__(
        self,
        settings: DiscordSettings,
        services: Services,
        *,
        patience: float = PATIENCE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings, self._services = settings, services
        self.client = make_client(settings, self)
        self.troubles = Troubles("Discord", services.tell_operator)
        self.chat = DiscordChat(self.client, services.draw, services.clock)
        self._place = Place(PLATFORM, settings.review_channel)
        self._reviewers = Reviewers(
            self.chat.rooms, self._place, role=settings.reviewer_role, people=settings.reviewers, clock=services.clock
        )
        self.chat.meet = self._reviewers.meet
        self.desk = self._make_desk() if settings.review_channel else None
        self.watch = self._make_watch(self.desk) if self.desk else None
        self.talk = Talk(
            services=services,
            answerer=Answerer(self.chat, self.troubles, patience),
            desk=self.desk,
            reviewers=self._reviewers,
        )
        self.tree: app_commands.CommandTree[Any] = app_commands.CommandTree(self.client)
        grow(self.tree, self._commanded, services.taxonomy)
        self._connection = Connection(self.client, settings.token, self.troubles, sleep)
        self._begun = asyncio.Event()
        self._is_started = self._are_known = self._is_watching = self._is_connected = False
        self._heard_at: datetime | None = None
        self._background = Background(DISCORD, self.troubles.failed)

    async def start(self) -> None:
        """Connect and make the commands known. Never fails: the operator is told what is wrong.

        When Discord cannot be reached, it goes on in the background.
        """
        self._is_started = True
        running = self._background.go(self._connection.run())
        waiting = [asyncio.create_task(one.wait()) for one in (self._begun, self._connection.tried)]
        await asyncio.wait({running, *waiting}, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()

    async def stop(self) -> None:
        """Say goodbye; what is half done is taken up at the next start."""
        if self._is_started:  # a client of several shards that never ran cannot be closed
            await self.client.close()
        await self._background.stop()

    def health(self) -> Health:
        """Whether the gateway is open, and how long it has said nothing."""
        age = self._services.clock() - self._heard_at if self._heard_at else None
        return Health(connected=self._is_connected and not self.client.is_closed(), quiet_for=age)

    async def quiet_for(self) -> timedelta | None:
        """The age of the newest event; None when there was none since the start."""
        return self.health().quiet_for

    async def mentioned(self, message: discord.Message) -> None:
        """See Ears."""
        if self.client.user is not None:
            await self._once(message.id, partial(self.talk.mention, message, self.client.user.id))

    async def pressed(self, interaction: discord.Interaction[Any], value: str) -> None:
        """See Ears."""
        await self._once(interaction.id, partial(self.talk.press, interaction, value))

    async def submitted(self, interaction: discord.Interaction[Any]) -> None:
        """See Ears."""
        await self._once(interaction.id, partial(self.talk.submitted, interaction))

    def reacted(self, channel: int, message: int) -> None:
        """See Ears."""
        if self.watch is not None and str(channel) == self._settings.review_channel:
            self.watch.hint(str(message))

    def reconnected(self) -> None:
        """See Ears."""
        self._is_connected = True
        self.troubles.worked(DISCORD)
        self._background.go(self._begin())
        if self.watch is not None:
            self.watch.doubt()

    def disconnected(self) -> None:
        """See Ears."""
        self._is_connected = False

    def heard(self) -> None:
        """See Ears."""
        self._heard_at = self._services.clock()

    async def _commanded(self, interaction: discord.Interaction[Any], words: str, where: Where | None = None) -> None:
        await self._once(interaction.id, partial(self.talk.command, interaction, words, where))

    async def _once(self, event: int, step: Callable[[], Awaitable[None]]) -> None:
        """Act on what happened, unless it was acted on: a gateway brings things twice, several bots hear the same."""
        if await self._is_new(event):
            # discord.py would swallow what goes wrong here.
            await self._services.steady("Talking on Discord", step)

    async def _is_new(self, event: int) -> bool:
        """Whether nobody took it yet; what cannot be found out in time is answered, because people wait."""
        now = self._services.clock()
        try:
            async with asyncio.timeout(CLAIM):
                return await self._services.run(lambda store: store.is_new_event(PLATFORM, str(event), now))
        except Exception:  # whatever it is: the answer will say so
            return True

    async def _begin(self) -> None:
        """What waits for a connection; the commands wait for the next one when they could not be made known."""
        if not self._are_known:
            self._are_known = await self._services.steady("Commands on Discord", self._sync_commands)
        if self.watch is not None and not self._is_watching:
            self._is_watching = True
            self._background.go(self.watch.run())
        self._begun.set()

    async def _sync_commands(self) -> None:
        """Commands are a definition: sent when it changed, and only then."""
        wanted = f"{self.client.application_id} {definition(self.tree)}"
        if await self._services.run(lambda store: store.note(COMMANDS_NOTE)) == wanted:
            return
        try:
            with told_plainly("discord"):
                await self.tree.sync()
        except ChatError as error:
            raise ChatError(f"The commands could not be made known: {error}") from error
        await self._services.run(lambda store: store.set_note(COMMANDS_NOTE, wanted))

    def _make_desk(self) -> Desk:
        services = self._services
        return Desk(
            run=services.run,
            look=lambda store, now: asked(services.taxonomy, store, now, team=services.team),
            chat=services.linking(self.chat),
            place=self._place,
            choose=services.choose,
            report=self.troubles.heard,
            reviewers=self._reviewers,
            seed=self.chat.seed,
        )

    def _make_watch(self, desk: Desk) -> CardWatch:
        return CardWatch(
            desk,
            self._services.clock,
            self._services.steady,
            every=self._settings.reread_seconds,
            is_deaf=self._hang_up,
        )

    def _hang_up(self) -> None:
        """The gateway looks healthy and brings nothing: close it, so that discord.py resumes."""
        for socket in sockets(self.client):
            self._background.go(socket.close(code=4000))
