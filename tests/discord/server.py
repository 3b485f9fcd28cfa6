"""A Discord on loopback: REST v10 and the gateway, as far as Cascade uses them.

It follows Discord's developer documentation: "Channel", "Message", "Guild" and "User Resource",
"Receiving and Responding to Interactions", "Application Commands", "Rate Limits" (a 429 carries
`Via`, a JSON `retry_after` and exactly `application/json`) and "Opcodes and Status Codes".
What a test does as a person (write, react, press, type a command) are this class's methods.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from tests.chat.platform import Answers, Loss
from tests.discord.gateway import Gateway
from tests.discord.interactions import Interactions
from tests.discord.limits import complaints
from tests.discord.state import FORUM, THREAD, Json, World

TOKEN = "bot-token"
EPHEMERAL = 1 << 6


@dataclass
class Fault:
    """What goes wrong with the next requests that match."""

    method: str
    path: str  # a regular expression
    times: int = 1
    status: int = 0  # 0: the connection is cut
    code: int = 0
    after: bool = False  # the request is carried out first, its answer lost
    retry_after: float | None = None
    skip: int = 0  # so many that match go well before


class DiscordServer:
    """Start it, point the client to `api_url` and `gateway_url`, stop it."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.world = World(clock)
        self.gateway = Gateway(self.world, TOKEN, lambda: self.gateway_url)
        self.interactions = Interactions(self)
        self.calls: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self.commands: list[Json] = []
        self.command_syncs = 0
        self.loss = Loss(Random(7))
        self.answers = Answers()
        self.api_url = self.gateway_url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> "DiscordServer":
        """Listen on a free port of loopback."""
        app = web.Application(middlewares=[self._trouble, self._authorise], client_max_size=2**25)
        for method, path, handler in self._routes():
            app.router.add_route(method, f"/api/v10{path}", handler)
        app.router.add_get("/gateway/", self.gateway.connect)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url, self.gateway_url = f"http://{host}:{port}/api/v10", f"ws://{host}:{port}/gateway/"
        return self

    async def stop(self) -> None:
        """Hang up."""
        await self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    # What a test does

    def messages(self, channel: int) -> list[Json]:
        """What stands in a channel, oldest first."""
        return [self.world.shown(one) for _, one in sorted(self.world.messages[channel].items())]

    async def write(self, channel: int, user: int, content: str) -> Json:
        """A person writes; `<@BOT>` in the words mentions the bot."""
        named = [self.world.bot] if f"<@{self.world.bot}>" in content else []
        message = self.world.add_message(channel, user, {"content": content, "mentions": named})
        await self._announce("MESSAGE_CREATE", message)
        return message

    async def react(
        self, channel: int, message: int, emoji: str, user: int, *, add: bool = True, burst: bool = False
    ) -> None:
        """A person puts a sign on a message, or takes it off; the event may get lost."""
        if not self.world.react(message, emoji, user, add=add, burst=burst):
            return
        event = {
            "user_id": str(user), "channel_id": str(channel), "message_id": str(message), "burst": burst,
            "guild_id": str(self.world.guild), "emoji": {"id": None, "name": emoji}, "type": int(burst),
            **({"member": self.world.member(user)} if add else {}),
        }  # fmt: skip
        for _ in range(self.loss.copies()):
            await self.gateway.send("MESSAGE_REACTION_ADD" if add else "MESSAGE_REACTION_REMOVE", event)

    def fail(self, method: str, path: str, **how: Any) -> None:
        """Make the next requests that match go wrong; see Fault."""
        self.faults.append(Fault(method, path, **how))

    def count(self, method: str, path: str) -> int:
        """How many requests matched."""
        return sum(one == method and re.search(path, where) is not None for one, where in self.calls)

    # REST

    def _routes(self) -> list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]]:
        channel, message = "/channels/{channel}", "/channels/{channel}/messages/{message}"
        return [
            ("GET", "/users/@me", self._me), ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway_bot), ("POST", "/users/@me/channels", self._direct),
            ("PUT", "/applications/{application}/commands", self._put_commands),
            ("GET", channel, self._channel), ("GET", f"{channel}/messages", self._history),
            ("POST", f"{channel}/messages", self._post), ("GET", message, self._get), ("PATCH", message, self._patch),
            ("PUT", f"{message}/reactions/{{emoji}}/@me", self._seed),
            ("GET", f"{message}/reactions/{{emoji}}", self._reactors),
            ("POST", f"{message}/threads", self._start_thread), ("POST", f"{channel}/threads", self._start_post),
            ("GET", f"{channel}/threads/archived/public", self._archived),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/channels", self._guild_channels),
            ("GET", "/guilds/{guild}/threads/active", self._active),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            *self.interactions.routes(),
        ]  # fmt: skip

    async def _me(self, _request: web.Request) -> web.Response:
        return reply(self.world.users[self.world.bot])

    async def _application(self, _request: web.Request) -> web.Response:
        return reply({
            "id": str(self.world.application), "name": "Cascade", "icon": None, "description": "", "summary": "",
            "bot_public": False, "bot_require_code_grant": False, "verify_key": "", "flags": 0, "team": None,
            "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None},
        })  # fmt: skip

    async def _gateway_bot(self, _request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
        return reply({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def _put_commands(self, request: web.Request) -> web.Response:
        self.commands = await request.json()
        self.command_syncs += 1
        home = {"application_id": str(self.world.application), "version": "1", "default_member_permissions": None}
        blank = {"type": 1, "description": "", **home}
        return reply([{"id": str(self.world.new_id()), **blank, **one} for one in self.commands])

    async def _direct(self, request: web.Request) -> web.Response:
        user = int((await request.json())["recipient_id"])
        if user not in self.world.users:
            return refused(400, 50033, "Invalid Recipient(s)")
        number = self.world.add_channel("", 1, recipients=[self.world.users[user]])
        return reply(self.world.channels[number])

    async def _channel(self, request: web.Request) -> web.Response:
        return reply(self.world.channels[_channel_of(request)])

    async def _history(self, request: web.Request) -> web.Response:
        found = sorted(self.world.messages[_channel_of(request)].items())
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        limit = min(int(request.query.get("limit", 50)), 100)
        between = [one for number, one in found if after < number < before]
        page = between[:limit] if "after" in request.query else between[-limit:]
        return reply([self.world.shown(one) for one in reversed(page)])

    async def _post(self, request: web.Request) -> web.Response:
        channel = _channel_of(request)
        payload, files = await self.read(request)
        if wrong := complaints(payload, len(files)):
            return refused(400, 50035, f"Invalid Form Body: {'; '.join(wrong)}")
        self._may_refuse(request)
        before = len(self.world.messages[channel])
        message = self.world.add_message(channel, self.world.bot, payload, files)
        if len(self.world.messages[channel]) > before:
            await self._announce("MESSAGE_CREATE", message)
        self._may_lose(request)
        return reply({**self.world.shown(message), "nonce": payload.get("nonce")})

    async def _get(self, request: web.Request) -> web.Response:
        return reply(self.world.shown(self._message(request)))

    async def _patch(self, request: web.Request) -> web.Response:
        message = self._message(request)
        payload, files = await self.read(request)
        whole = {"flags": message["flags"], "content": message["content"], "embeds": message["embeds"],
                 "components": message["components"], "attachments": message["attachments"], **payload}  # fmt: skip
        whole["flags"] |= message["flags"]
        if wrong := complaints(whole, len(files)):
            return refused(400, 50035, f"Invalid Form Body: {'; '.join(wrong)}")
        return reply(self.world.shown(self.world.edit_message(message, payload, files)))

    async def _seed(self, request: web.Request) -> web.Response:
        message = self._message(request)
        await self.react(_channel_of(request), int(message["id"]), _emoji(request), self.world.bot)
        return web.Response(status=204)

    async def _reactors(self, request: web.Request) -> web.Response:
        message, kind = self._message(request), int(request.query.get("type", 0))
        found = self.world.reactions[int(message["id"])].get(_emoji(request))
        after = int(request.query.get("after", 0))
        people = sorted(one for one in (found.of(kind) if found else ()) if one > after)
        return reply([self.world.users[one] for one in people[: min(int(request.query.get("limit", 25)), 100)]])

    async def _start_thread(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if int(message["id"]) in self.world.channels:
            return refused(400, 160004, "A thread has already been created for this message")
        thread = self.world.add_thread(_channel_of(request), (await request.json())["name"], int(message["id"]))
        await self.gateway.send("THREAD_CREATE", {**thread, "newly_created": True})
        return reply(thread, 201)

    async def _start_post(self, request: web.Request) -> web.Response:
        payload, files = await self.read(request)
        if wrong := complaints(payload["message"], len(files)):
            return refused(400, 50035, f"Invalid Form Body: {'; '.join(wrong)}")
        self._may_refuse(request)
        tags = payload.get("applied_tags", [])
        thread = self.world.add_thread(_channel_of(request), payload["name"], applied_tags=tags)
        await self.gateway.send("THREAD_CREATE", {**thread, "newly_created": True})
        number = int(thread["id"])
        message = self.world.add_message(number, self.world.bot, {**payload["message"], "id": number}, files)
        self._may_lose(request)
        return reply({**thread, "message": self.world.shown(message)}, 201)

    async def _archived(self, request: web.Request) -> web.Response:
        found = self.world.threads(archived=True, parent=_channel_of(request))
        found.sort(key=lambda one: str(one["thread_metadata"]["archive_timestamp"]), reverse=True)
        return reply({"threads": found, "members": [], "has_more": False})

    async def _active(self, _request: web.Request) -> web.Response:
        return reply({"threads": self.world.threads(archived=False), "members": []})

    async def _guild(self, _request: web.Request) -> web.Response:
        return reply(self.world.guild_json())

    async def _guild_channels(self, _request: web.Request) -> web.Response:
        return reply(self.world.guild_json()["channels"])

    async def _member(self, request: web.Request) -> web.Response:
        user = int(request.match_info["user"])
        if user not in self.world.roles:
            return refused(404, 10007, "Unknown Member")
        return reply(self.world.member(user))

    def _may_refuse(self, request: web.Request) -> None:
        if self.answers.refuses() and request.transport is not None:
            request.transport.abort()
            raise Refusal(500, 0, "nobody hears this")

    def _may_lose(self, request: web.Request) -> None:
        if self.answers.loses() and request.transport is not None:
            request.transport.abort()

    # How requests are read and answered

    async def read(self, request: web.Request) -> tuple[Json, list[Json]]:
        """The payload and the files of a request; attachments that are kept are among the files."""
        if request.content_type != "multipart/form-data":
            payload: Json = await request.json()
            return payload, [one for one in _attachments(payload) if "url" in one]
        sizes: dict[str, int] = {}
        payload = {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name == "payload_json":
                payload = json.loads(await part.text())
            else:
                sizes[str(part.name)] = len(await part.read())
        return payload, [self._file(one, sizes) for one in _attachments(payload)]

    def _file(self, one: Json, sizes: dict[str, int]) -> Json:
        number = self.world.new_id()
        url = f"http://cdn.example/{number}/{one['filename']}"
        size = sizes[f"files[{one['id']}]"]
        return {**one, "id": str(number), "size": size, "url": url, "proxy_url": url, "content_type": "image/png"}

    def _message(self, request: web.Request) -> Json:
        found = self.world.messages[_channel_of(request)].get(int(request.match_info["message"]))
        if found is None:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    async def _announce(self, kind: str, message: Json) -> None:
        channel = self.world.channels[int(message["channel_id"])]
        author = self.world.member(int(message["author"]["id"]))
        home = {"guild_id": str(self.world.guild), "member": author} if "guild_id" in channel else {}
        data = {**self.world.shown(message), **home}
        await self.gateway.send(kind, data)

    @web.middleware
    async def _authorise(self, request: web.Request, handler: Any) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        open_to_all = path.startswith(("/interactions", "/webhooks", "/gateway/"))
        if request.headers.get("Authorization") != f"Bot {TOKEN}" and (not open_to_all or path == "/gateway/bot"):
            return refused(401, 0, "401: Unauthorized")
        channel = request.match_info.get("channel")
        if channel is not None and int(channel) not in self.world.channels:
            return refused(404, 10003, "Unknown Channel")
        try:
            answer: web.StreamResponse = await handler(request)
        except Refusal as refusal:
            return refused(*refusal.args)
        return answer

    @web.middleware
    async def _trouble(self, request: web.Request, handler: Any) -> web.StreamResponse:
        path = unquote(request.path.removeprefix("/api/v10"))
        self.calls.append((request.method, path))
        fault = next((one for one in self.faults if one.method == request.method and re.search(one.path, path)), None)
        if fault is not None and fault.skip:
            fault.skip -= 1
            fault = None
        if fault is None:
            answer: web.StreamResponse = await handler(request)
            return answer
        fault.times -= 1
        if not fault.times:
            self.faults.remove(fault)
        if fault.after:
            await handler(request)
        if not fault.status and request.transport is not None:
            request.transport.abort()
            await asyncio.sleep(0)
        return _faulty(fault)


class Refusal(Exception):
    """A status, a code and a message."""


def reply(data: Any, status: int = 200) -> web.Response:
    """JSON with the content type exactly as Discord sends it."""
    return web.Response(body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json"})


def refused(status: int, code: int, message: str) -> web.Response:
    """An error as Discord words it."""
    return reply({"message": message, "code": code}, status)


def _faulty(fault: Fault) -> web.Response:
    body: Json = {"message": "made to fail", "code": fault.code}
    if fault.retry_after is not None:
        body |= {"retry_after": fault.retry_after, "global": False}
    response = reply(body, fault.status or 500)
    response.headers["Via"] = "1.1 google"
    return response


def _attachments(payload: Json) -> list[Json]:
    return list((payload.get("message") or payload.get("data") or payload).get("attachments") or ())


def _channel_of(request: web.Request) -> int:
    return int(request.match_info["channel"])


def _emoji(request: web.Request) -> str:
    return unquote(request.match_info["emoji"])


__all__ = ["FORUM", "THREAD", "DiscordServer", "Fault"]
