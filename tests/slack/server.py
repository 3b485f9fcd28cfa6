"""Slack on loopback: the Web API, response URLs, and Socket Mode, for the real client library.

Shapes: https://docs.slack.dev/apis/web-api (calls), https://docs.slack.dev/apis/web-api/rate-limits (429),
https://docs.slack.dev/apis/events-api/using-socket-mode (hello, envelopes, acknowledgements, disconnect) and
https://docs.slack.dev/apis/events-api (the wrapper around an event).
"""

import asyncio
import contextlib
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.chat.platform import Answers, Loss
from tests.slack.workspace import APP_TOKEN, ORGANISATION, TOKEN, Json, Refused, State, call

BOUND = 45  # seconds after which a wait is a failure
LISTS = frozenset({"blocks", "files", "view", "metadata"})


@dataclass
class Fault:
    """How the next call of a method fails."""

    status: int = 200
    body: Json | None = None
    headers: dict[str, str] | None = None
    drop: bool = False  # the connection breaks


class SlackServer:
    """One workspace, one app."""

    def __init__(self) -> None:
        self.state = State(emit=self._event)
        self.loss, self.answers = Loss(Random(7)), Answers()
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.calls: list[tuple[str, Json]] = []  # every Web API call, in order
        self.whispers: asyncio.Queue[Json] = asyncio.Queue()  # what came to response URLs
        self.acks: dict[str, tuple[float, Json]] = {}  # by envelope: when, and with what
        self.connections = 0
        self.moved = asyncio.Event()  # set by every call that was answered
        self.linked = asyncio.Event()  # set while a socket is open
        self.deaf = False  # the socket stays open, and brings nothing
        self.spent = 0  # so many addresses of sockets lead nowhere, however often they are tried
        self._addresses = 0
        self._acked: dict[str, asyncio.Event] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._number = 0
        self._tasks: set[asyncio.Task[str]] = set()
        app = web.Application(client_max_size=20_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/hooks/{name}", self._hook)
        app.router.add_get("/link", self._link)
        self._server = TestServer(app)

    async def open(self) -> None:
        """Listen on a free port."""
        await self._server.start_server()

    async def close(self) -> None:
        """Hang up and stop."""
        await self.cut()
        await self._server.close()

    @property
    def base(self) -> str:
        """Where it listens."""
        return str(self._server.make_url("")).rstrip("/")

    @property
    def refuses(self) -> bool:
        """Whether nobody gets a socket: the app token was revoked."""
        return APP_TOKEN in self.state.revoked

    @property
    def url(self) -> str:
        """The base of the Web API."""
        return f"{self.base}/api/"

    async def cut(self) -> None:
        """Break every socket."""
        for socket in list(self._sockets):
            await socket.close()

    async def until(self, fact: Callable[[], bool]) -> None:
        """Return once something is so, which is looked at after each call and now and then."""
        deadline = time.monotonic() + BOUND
        while not fact():
            if time.monotonic() > deadline:
                raise TimeoutError
            self.moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), 0.02)

    def called(self, method: str) -> list[Json]:
        """The arguments of every call of a method."""
        return [args for name, args in self.calls if name == method]

    async def send(self, kind: str, payload: Json) -> str:
        """Send an envelope (`events_api`, `slash_commands`, `interactive`); its id."""
        self._number += 1
        envelope = f"envelope-{self._number}"
        self._acked[envelope] = asyncio.Event()
        if not self.deaf:
            message = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
            for socket in list(self._sockets)[-1:]:
                await socket.send_str(json.dumps(message))
        return envelope

    async def acked(self, envelope: str) -> Json:
        """What the acknowledgement carried, once it is there."""
        async with asyncio.timeout(BOUND):
            await self._acked[envelope].wait()
        return self.acks[envelope][1]

    def wrap(self, event: Json) -> Json:
        """An event in its wrapper."""
        self._number += 1
        return {
            "type": "event_callback",
            "team_id": self.state.team,
            "api_app_id": "A0",
            "event": event,
            "event_id": f"Ev{self._number:08d}",
            "event_time": 1,
        }

    async def event(self, event: Json) -> Json:
        """Something happens, and is delivered; the wrapped event."""
        wrapped = self.wrap(event)
        await self.send("events_api", wrapped)
        return wrapped

    def _event(self, event: Json) -> None:
        wrapped = self.wrap(event)
        for _ in range(self.loss.copies()):
            self._tasks.add(task := asyncio.ensure_future(self.send("events_api", wrapped)))
            task.add_done_callback(self._tasks.discard)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answer(request)
        finally:
            self.moved.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.pop("token", ""))
        self.calls.append((method, args))
        if self.faults[method]:
            return self._fail(request, self.faults[method].pop(0))
        if method == "apps.connections.open":
            return web.json_response(self._ticket(token))
        if method == "oauth.v2.access":
            return web.json_response(_installed(args))
        if method == "chat.postMessage" and self.answers.refuses():
            return _dropped(request)
        return self._call(request, method, args, token)

    def _call(self, request: web.Request, method: str, args: Json, token: str) -> web.StreamResponse:
        try:
            answer = call(self.state, method, {**args, "_base": self.base}, token)
        except Refused as refused:
            answer = refused.answer
        if method == "chat.postMessage" and answer["ok"] and self.answers.loses():
            return _dropped(request)
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(sorted(self.state.scopes))})

    def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.drop:
            return _dropped(request)
        if fault.body is None and fault.status != 200:
            return web.Response(text="Bad Gateway", status=fault.status)  # a proxy between us and Slack
        return web.json_response(fault.body or {"ok": False}, status=fault.status, headers=fault.headers)

    def _ticket(self, token: str) -> Json:
        if token != APP_TOKEN or token in self.state.revoked:
            return {"ok": False, "error": "invalid_auth"}
        self._addresses += 1
        return {"ok": True, "url": f"{self.base.replace('http', 'ws')}/link?ticket={self._addresses}"}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        self.state.files[request.match_info["file"]]["_bytes"] = await request.read()
        return web.Response(text="OK")

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["name"] == "expired":
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        self.whispers.put_nowait({**await request.json(), "_at": time.perf_counter()})
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if int(request.query["ticket"]) <= self.spent:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}, "debug_info": {}}
        await socket.send_str(json.dumps(hello))
        self._sockets.add(socket)
        self.linked.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                self.acks[ack["envelope_id"]] = (time.perf_counter(), ack.get("payload") or {})
                self._acked[ack["envelope_id"]].set()
        self._sockets.discard(socket)
        if not self._sockets:
            self.linked.clear()
        return socket


async def _arguments(request: web.Request) -> Json:
    """From the query, a form or JSON; in the first two, lists and objects are JSON."""
    body = await request.text()
    if request.content_type == "application/json":
        return {**request.query, **json.loads(body or "{}")}
    form = {**request.query, **dict(parse_qsl(body, keep_blank_values=True))}
    return {name: json.loads(value) if name in LISTS else value for name, value in form.items()}


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _installed(args: Json) -> Json:
    """https://docs.slack.dev/reference/methods/oauth.v2.access."""
    if args.get("code") not in {"good", "organisation"}:
        return {"ok": False, "error": "invalid_code"}
    whole = args["code"] == "organisation"  # https://api.slack.com/enterprise/apps/reference
    return {
        "ok": True,
        "access_token": TOKEN,
        "token_type": "bot",
        "scope": "chat:write",
        "bot_user_id": "U0CASCADE",
        "app_id": "A0",
        "team": None if whole else {"id": "T0HOME", "name": "Home"},
        "enterprise": {"id": ORGANISATION, "name": "Homes"} if whole else None,
        "authed_user": {"id": "U0ADA"},
        "is_enterprise_install": whole,
    }
