"""Slack as one thing that is started and stopped: the Chat port, the desk, the ways in, and its health."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.asked import asked
from bot.cards import Desk
from bot.services import Services
from bot.slack import http
from bot.slack.app import build_app
from bot.slack.chat import SlackChat
from bot.slack.errors import APP
from bot.slack.events import Events
from bot.slack.ids import Ids
from bot.slack.oauth import Installations, States, build_flow
from bot.slack.people import People, Reviewers
from bot.slack.pictures import Pictures, Sleep
from bot.slack.room import Room
from bot.slack.settings import PLATFORM, SlackSettings
from bot.slack.socket import Socket
from bot.slack.talk import Talk
from bot.slack.workspaces import Workspaces
from bot.steady import Background
from bot.troubles import Troubles
from bot.watch import CardWatch
from cascade.errors import ChatError
from cascade.ports import Place


class SlackService:
    """Everything that Slack needs, wired. `desk` is None without a review channel."""

    def __init__(self, settings: SlackSettings, services: Services, sleep: Sleep = asyncio.sleep) -> None:
        self._settings, self._services = settings, services
        self._troubles = Troubles("Slack", services.tell_operator)
        self._workspaces = Workspaces(settings.api_url, self._token_of, many=settings.oauth is not None)
        self._installations = Installations(services.run, services.clock, self._workspaces.forget)
        self._ids = Ids(many=settings.oauth is not None)
        self._people = People(services.clock)
        pictures = Pictures(services.draw, lambda text: self._troubles.failed("pictures", text))
        self.chat = SlackChat(
            self._workspaces, self._ids, self._people, pictures, self._troubles, services.clock, sleep
        )
        self._reviewers = self._build_reviewers()
        self.desk = self._build_desk()
        self._watch = self._build_watch()
        self._socket: Socket | None = None
        self._background = Background("Slack", self._troubles.failed)
        self._heard_at: datetime | None = None
        self._build_app()

    @property
    def routes(self) -> list[web.RouteDef]:
        """What the web root mounts; see `bot.slack.http.routes`."""
        flow = None
        if self._settings.oauth is not None:
            client = self._workspaces.client(None)
            flow = build_flow(
                self._settings.oauth, client, self._installations, States(self._services.run, self._services.clock)
            )
        return http.routes(self._app, self._settings.signing_secret, self._services.clock, flow)

    @property
    def listens(self) -> bool:
        """Whether it takes a socket; without one, Slack comes in by signed requests alone."""
        return bool(self._settings.app_token)

    @property
    def watch(self) -> CardWatch | None:
        """What keeps the desk's votes in line; None without a desk."""
        return self._watch

    async def start(self) -> None:
        """Begin to listen. Never fails: what is wrong is told to the operator, and tried again."""
        for gap in self._settings.gaps():
            self._services.tell_operator(gap)
        if self._settings.oauth is None:
            self._background.go(self._check_token())
        if self._watch is not None:
            self._background.go(self._watch.run())
        if self._settings.app_token:
            client = self._workspaces.client(None)
            self._socket = Socket(self._app, self._settings.app_token, client, self._troubles, self._connected)
            self._background.go(self._socket.connect())

    async def take_requests(self) -> None:
        """Look at the cards that Slack's requests hint at, where another process does all else that `start` begins."""
        if self._watch is not None:
            self._background.go(self._watch.run(by_timer=False))

    async def stop(self) -> None:
        """Stop listening and let go of every connection."""
        if self._socket is not None:
            await self._socket.close()  # type: ignore[no-untyped-call]
        await self._background.stop()
        await self._workspaces.close()

    async def quiet_for(self) -> timedelta | None:
        """The age of the newest payload; None when there was none since the start."""
        return self._services.clock() - self._heard_at if self._heard_at else None

    async def reconnect(self) -> None:
        """Drop the socket and take a new one, because this one may be deaf."""
        if self._socket is not None:
            await self._socket.connect_anew()

    def _build_reviewers(self) -> Reviewers | None:
        channel = self._settings.review_channel
        if not channel:
            return None
        place = Place(PLATFORM, channel)
        return Reviewers(self._workspaces, self._ids, place, self._settings.reviewers, self._services.clock)

    def _build_desk(self) -> Desk | None:
        if self._reviewers is None:
            return None
        services = self._services
        return Desk(
            run=services.run,
            look=lambda store, now: asked(services.taxonomy, store, now, team=services.team),
            chat=services.linking(self.chat),
            place=Place(PLATFORM, self._settings.review_channel),
            choose=services.choose,
            report=self._troubles.heard,
            reviewers=self._reviewers,
            seed=self.chat.seed,
        )

    def _build_watch(self) -> CardWatch | None:
        if self.desk is None:
            return None
        return CardWatch(
            self.desk,
            self._services.clock,
            self._services.steady,
            every=self._settings.read_back_every,
            is_deaf=lambda: self._background.go(self.reconnect()),
        )

    def _build_app(self) -> None:
        room = Room(
            services=self._services,
            workspaces=self._workspaces,
            ids=self._ids,
            people=self._people,
            chat=self.chat,
            troubles=self._troubles,
            desk=self.desk,
            watch=self._watch,
            reviewers=self._reviewers,
        )
        talk = Talk(room)
        met = self._installations.met if self._settings.oauth else None
        self._app: AsyncApp = build_app(self._settings, room, Events(room, talk, self._uninstalled), talk, met)
        self._app.middleware(self._heard)

    async def _heard(self, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002  bolt's name
        self._heard_at = self._services.clock()
        await next()

    async def _token_of(self, team: str) -> str | None:
        if self._settings.oauth is None:
            return self._settings.bot_token
        return await self._installations.token_of(team)

    async def _check_token(self) -> None:
        try:
            await self._workspaces.of("")
        except ChatError as error:
            if error.permanent or not self.listens:  # that Slack is away is told by the socket too
                self._troubles.failed(APP, str(error))

    async def _uninstalled(self, where: str) -> None:
        self._workspaces.forget()
        if self._settings.oauth is not None:
            await self._installations.async_delete_all(enterprise_id=None, team_id=where)

    def _connected(self) -> None:
        if self._watch is not None:
            self._watch.doubt()
