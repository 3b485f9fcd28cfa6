"""Interactions as Discord makes them: commands, autocomplete, buttons, forms; and their answers.

"Receiving and Responding": an interaction that is not answered within three seconds is unknown
afterwards (404, 10062); its token serves for fifteen minutes more (then 401, 50027).
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.discord.limits import complaints, modal_complaints
from tests.discord.state import Json

if TYPE_CHECKING:
    from tests.discord.server import DiscordServer

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
EPHEMERAL = 1 << 6
SUBCOMMAND, STRING, CHANNEL = 1, 3, 7


@dataclass
class Interaction:
    """One, with everything that came back."""

    id: int
    token: str
    kind: int
    channel: int
    first: Json | None = None  # the first answer: its type and data
    shown: list[Json] = field(default_factory=list)  # every message that came of it, as it stands now
    is_unknown: bool = False
    is_expired: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # something to read is there

    @property
    def text(self) -> str:
        """All words of the newest message that came back."""
        return words(self.shown[-1])


class Interactions:
    """Makes them and keeps their answers."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server
        self._open: dict[str, Interaction] = {}

    async def command(self, channel: int, user: int, name: str, /, **options: Any) -> Interaction:
        """A person types `/cascade NAME`."""
        return await self._make(COMMAND, channel, user, self._command(name, options))

    async def subscribe_forum(self, channel: int, user: int, forum: int, tags: str) -> Interaction:
        """A person chooses a forum and types its tags."""
        data = self._command("subscribe", {"tags": tags})
        data["options"][0]["options"].append({"name": "forum", "type": CHANNEL, "value": str(forum)})
        data["resolved"] = {"channels": {str(forum): {**self._server.world.channels[forum], "permissions": "0"}}}
        return await self._make(COMMAND, channel, user, data)

    async def autocomplete(self, channel: int, user: int, name: str, option: str, typed: str) -> Interaction:
        """A person is typing into an option."""
        data = self._command(name, {option: typed})
        data["options"][0]["options"][0]["focused"] = True
        return await self._make(AUTOCOMPLETE, channel, user, data)

    async def context(self, channel: int, user: int, name: str, message: Json) -> Interaction:
        """A person chooses a command from a message's menu."""
        data = {"id": "1", "name": name, "type": 3, "target_id": message["id"],
                "resolved": {"messages": {message["id"]: self._server.world.shown(message)}}}  # fmt: skip
        return await self._make(COMMAND, channel, user, data)

    async def press(self, channel: int, user: int, message: Json, custom_id: str) -> Interaction:
        """A person presses a button."""
        world = self._server.world
        shown = world.shown(message) if int(message["id"]) in world.reactions else message
        return await self._make(COMPONENT, channel, user, {"component_type": 2, "custom_id": custom_id}, message=shown)

    async def submit(self, channel: int, user: int, form: Json, values: Json) -> Interaction:
        """A person sends a form; `values` by custom id: a text, or the chosen value of a select."""
        components = [{"type": 18, "id": at, "component": _filled(one["component"], values)}
                      for at, one in enumerate(form["components"]) if one["type"] == 18]  # fmt: skip
        return await self._make(MODAL, channel, user, {"custom_id": form["custom_id"], "components": components})

    def routes(self) -> list[tuple[str, str, Any]]:
        """What answers go to."""
        original = "/webhooks/{application}/{token}/messages/@original"
        return [
            ("POST", "/interactions/{id}/{token}/callback", self._callback),
            ("PATCH", original, self._edit), ("GET", original, self._get),
            ("POST", "/webhooks/{application}/{token}", self._follow),
        ]  # fmt: skip

    async def _make(self, kind: int, channel: int, user: int, data: Json, **more: Any) -> Interaction:
        world = self._server.world
        one = Interaction(world.new_id(), secrets.token_hex(8), kind, channel)
        self._open[one.token] = one
        where = world.channels[channel]
        home = {"guild_id": str(world.guild), "member": {**world.member(user), "permissions": "0"}}
        await self._server.gateway.send("INTERACTION_CREATE", {
            "id": str(one.id), "application_id": str(world.application), "type": kind, "token": one.token, "version": 1,
            "channel_id": str(channel), "channel": where, "data": data, "locale": "en-US", "app_permissions": "0",
            "entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 10**7,
            **(home if "guild_id" in where else {"user": world.users[user]}), **more,
        })  # fmt: skip
        return one

    def _command(self, name: str, options: Json) -> Json:
        given = [{"name": key, "type": STRING, "value": value} for key, value in options.items()]
        chosen = {"name": name, "type": SUBCOMMAND, "options": given}
        return {"id": "1", "name": "cascade", "type": 1, "options": [chosen]}

    async def _callback(self, request: web.Request) -> web.Response:
        from tests.discord.server import refused, reply

        one = self._open[request.match_info["token"]]
        if one.is_unknown or one.first is not None:
            return refused(404, 10062, "Unknown interaction") if one.is_unknown else refused(400, 40060, "Acknowledged")
        payload, files = await self._server.read(request)
        data = payload.get("data") or {}
        wrong = modal_complaints(data) if payload["type"] == FORM else []
        if payload["type"] in (MESSAGE, UPDATE):
            wrong = complaints(data, len(files))
        if wrong:
            return refused(400, 50035, f"Invalid Form Body: {'; '.join(wrong)}")
        one.first = payload
        resource: Json = {"type": payload["type"]}
        if payload["type"] in (MESSAGE, UPDATE):
            resource["message"] = self._show(one, data, files)
        one.answered.set()
        if payload["type"] in (FORM, CHOICES):
            one.settled.set()
        loading = {"response_message_loading": payload["type"] == DEFERRED, "response_message_id": str(one.id)}
        return reply({"interaction": {"id": str(one.id), "type": one.kind, **loading}, "resource": resource})

    async def _edit(self, request: web.Request) -> web.Response:
        return await self._put(request)

    async def _follow(self, request: web.Request) -> web.Response:
        return await self._put(request)

    async def _put(self, request: web.Request) -> web.Response:
        from tests.discord.server import refused, reply

        one = self._open[request.match_info["token"]]
        if one.is_expired:
            return refused(401, 50027, "Invalid Webhook Token")
        payload, files = await self._server.read(request)
        if wrong := complaints(payload, len(files)):
            return refused(400, 50035, f"Invalid Form Body: {'; '.join(wrong)}")
        return reply(self._show(one, payload, files))

    async def _get(self, request: web.Request) -> web.Response:
        from tests.discord.server import reply

        return reply(self._open[request.match_info["token"]].shown[-1])

    def _show(self, one: Interaction, data: Json, files: list[Json]) -> Json:
        """A public answer stands in the channel, an ephemeral one only before the person."""
        world = self._server.world
        hidden = data.get("flags", 0) & EPHEMERAL or ((one.first or {}).get("data") or {}).get("flags", 0) & EPHEMERAL
        kept = world.messages[one.channel].copy()
        message = world.shown(world.add_message(one.channel, world.bot, data, files))
        if hidden:
            world.messages[one.channel] = kept
            message["flags"] |= EPHEMERAL
        one.shown.append(message)
        one.settled.set()
        return message


def _filled(component: Json, values: Json) -> Json:
    value = values.get(component["custom_id"])
    given = {"values": [value] if value else []} if component["type"] == 3 else {"value": value or ""}
    return {"type": component["type"], "id": 9, "custom_id": component["custom_id"], **given}


def words(message: Json) -> str:
    """Every text of a message: content, embeds, text displays."""
    texts = [message["content"], *(f"{one.get('title')}\n{one.get('description', '')}" for one in message["embeds"])]
    stack = list(message["components"])
    while stack:
        one = stack.pop(0)
        texts += [one["content"]] if one["type"] == 10 else []
        stack = [*one.get("components", ()), *stack]
    return "\n".join(text for text in texts if text)
