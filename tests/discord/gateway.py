"""The gateway's side of the server, as in "Gateway", "Gateway Events" and "Opcodes and Status Codes".

HELLO, IDENTIFY, READY, GUILD_CREATE, heartbeats with their ACK, RESUME with what was missed,
RESUMED, INVALID_SESSION, and the close codes 4004 (token), 4010 (shard) and 4014 (intents).
"""

import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord.state import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 9, 10, 11
MESSAGE_CONTENT, PRIVILEGED = 1 << 15, (1 << 15) | (1 << 1) | (1 << 8)
BAD_TOKEN, BAD_SHARD, BAD_INTENTS = 4004, 4010, 4014


@dataclass
class Session:
    """What Discord remembers of a connection, so that it can go on."""

    intents: int
    shard: tuple[int, int] = (0, 1)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    sent: list[Json] = field(default_factory=list)
    socket: "Socket | None" = None


class Socket:
    """One WebSocket; compressed as a whole when the client asks for zlib-stream."""

    def __init__(self, ws: web.WebSocketResponse, *, compressed: bool) -> None:
        self.ws = ws
        self._zip = zlib.compressobj() if compressed else None

    async def send(self, payload: Json) -> None:
        """One payload."""
        text = json.dumps(payload)
        if self._zip is None:
            await self.ws.send_str(text)
        else:
            await self.ws.send_bytes(self._zip.compress(text.encode()) + self._zip.flush(zlib.Z_SYNC_FLUSH))


class Gateway:
    """All connections, and the events that go to them."""

    def __init__(self, world: World, token: str, address: Callable[[], str]) -> None:
        self.world = world
        self.token = token
        self.address = address
        self.sessions: dict[str, Session] = {}
        self.resumes = self.identifies = self.drops = 0
        self.refused_intents = PRIVILEGED
        self.most_shards = 16

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        socket = Socket(ws, compressed=request.query.get("compress") == "zlib-stream")
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, json.loads(message.data))
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        return ws

    async def send(self, kind: str, data: Json, *, everywhere: bool = False) -> None:
        """An event for the sessions that have the guild, now or when they resume."""
        for session in list(self.sessions.values()):
            if everywhere or self._has_guild(session):
                await self._send(session, kind, data)

    async def drop(self, code: int = 4000) -> None:
        """Cut every connection; the sessions can be resumed."""
        up = [session for session in self.sessions.values() if session.socket is not None]
        self.drops += bool(up)
        for session in up:
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.ws.close(code=code)

    def forget(self) -> None:
        """Let every session be too old to be resumed."""
        self.sessions.clear()

    @property
    def connected(self) -> int:
        """How many connections are up."""
        return sum(session.socket is not None for session in self.sessions.values())

    async def _hear(self, socket: Socket, payload: Json) -> None:
        op, data = payload["op"], payload.get("d") or {}
        if op == HEARTBEAT:
            await socket.send({"op": ACK, "d": None, "s": None, "t": None})
        elif op == IDENTIFY:
            await self._identify(socket, data)
        elif op == RESUME:
            await self._resume(socket, data)

    async def _identify(self, socket: Socket, data: Json) -> None:
        shard = tuple(data.get("shard") or (0, 1))
        wrong = self._refusal(data, shard)
        if wrong:
            await socket.ws.close(code=wrong)
            return
        self.identifies += 1
        session = Session(data["intents"], shard, socket=socket)
        self.sessions[session.id] = session
        world = self.world
        await self._send(session, "READY", {
            "v": 10, "user": world.users[world.bot], "session_id": session.id, "resume_gateway_url": self.address(),
            "guilds": [{"id": str(world.guild), "unavailable": True}] if self._has_guild(session) else [],
            "application": {"id": str(world.application), "flags": 0}, "shard": list(shard),
        })  # fmt: skip
        if self._has_guild(session):
            await self._send(session, "GUILD_CREATE", world.guild_json())

    def _refusal(self, data: Json, shard: tuple[int, ...]) -> int:
        if data["token"] != self.token:
            return BAD_TOKEN
        if shard[1] > self.most_shards:
            return BAD_SHARD
        return BAD_INTENTS if data["intents"] & self.refused_intents else 0

    async def _resume(self, socket: Socket, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            await socket.ws.close(code=BAD_TOKEN)
            return
        if session is None:
            await socket.send({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        self.resumes += 1
        session.socket = socket
        for payload in [one for one in session.sent if one["s"] > (data["seq"] or 0)]:
            await socket.send(payload)
        await self._send(session, "RESUMED", {})

    async def _send(self, session: Session, kind: str, data: Json) -> None:
        payload = {"op": DISPATCH, "t": kind, "s": len(session.sent) + 1, "d": self._as_allowed(session, kind, data)}
        session.sent.append(payload)
        if session.socket is not None and not session.socket.ws.closed:
            await session.socket.send(payload)

    def _has_guild(self, session: Session) -> bool:
        number, total = session.shard
        return (self.world.guild >> 22) % total == number

    def _as_allowed(self, session: Session, kind: str, data: Any) -> Any:
        """Without the message content intent, words come only with mentions, direct messages and one's own."""
        if kind != "MESSAGE_CREATE" or session.intents & MESSAGE_CONTENT:
            return data
        bot = str(self.world.bot)
        named = any(one["id"] == bot for one in data["mentions"])
        if named or data["author"]["id"] == bot or "guild_id" not in data:
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}
