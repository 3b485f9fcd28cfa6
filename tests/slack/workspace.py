"""A workspace's state, and the Web API methods on it. Answers have the shapes of Slack's reference.

Every method's page is https://docs.slack.dev/reference/methods/NAME; what is named beside a method is
what its shape follows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.slack.settings import SCOPES
from tests.slack.limits import complaints

Json = dict[str, Any]
TEAM, BOT_USER, BOT, CHANNEL = "T0HOME", "U0CASCADE", "B0CASCADE", "C0REVIEW"
ORGANISATION = "E0HOMES"
TOKEN, APP_TOKEN = "xoxb-cascade", "xapp-cascade"
SECRET = "signing-secret"


class Refused(Exception):
    """Slack's `{"ok": false, "error": …}`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass
class State:
    """Everything that the server knows."""

    team: str = TEAM
    messages: dict[str, list[Json]] = field(default_factory=dict)  # by channel, oldest first
    users: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)  # user groups
    archived: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    guests: set[str] = field(default_factory=set)  # people who are in no channel
    absent: set[str] = field(default_factory=set)  # channels that the bot is not in
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    revoked: set[str] = field(default_factory=set)  # tokens
    used_triggers: set[str] = field(default_factory=set)
    views: list[Json] = field(default_factory=list)  # opened and published, oldest first
    files: dict[str, Json] = field(default_factory=dict)
    unready_files: int = 0  # so many posts with a fresh file are still refused
    emit: Callable[[Json], None] = lambda event: None
    number: int = 0

    def person(self, name: str, *, is_bot: bool = False) -> str:
        """The id of a user, added when there is none of this name."""
        user = f"U0{name.upper()}"
        self.users.setdefault(user, {"id": user, "name": name, "real_name": name.title(), "is_bot": is_bot})
        return user

    def next_ts(self) -> str:
        """Message timestamps, each later than the one before."""
        self.number += 1
        return f"{1_800_000_000 + self.number}.{self.number:06d}"

    def message(self, channel: str, ts: str) -> Json:
        """The message of this `ts`."""
        for one in self.messages.get(channel, ()):
            if one["ts"] == ts:
                return one
        raise Refused("message_not_found")

    def toggle(self, channel: str, ts: str, user: str, name: str) -> None:
        """A user reacts, or takes the reaction back; the event follows. Skin tones are reactions of their own."""
        reactions: dict[str, list[str]] = self.message(channel, ts).setdefault("_reactions", {})
        users = reactions.setdefault(name, [])
        kind = "reaction_removed" if user in users else "reaction_added"
        users.remove(user) if user in users else users.append(user)
        item = {"type": "message", "channel": channel, "ts": ts}
        self.emit({"type": kind, "user": user, "reaction": name, "item": item, "event_ts": self.next_ts()})


def call(state: State, method: str, args: Mapping[str, Any], token: str) -> Json:
    """Answer one Web API call. Raises Refused."""
    if token in state.revoked:
        raise Refused("token_revoked")
    if token not in {TOKEN, APP_TOKEN}:
        raise Refused("invalid_auth" if token else "not_authed")
    needed = NEEDS.get(method)
    if needed and needed not in state.scopes:
        raise Refused("missing_scope", needed=needed, provided=",".join(sorted(state.scopes)))
    if method not in METHODS:
        raise Refused("unknown_method")
    return {"ok": True, **METHODS[method](state, args)}


def _auth_test(state: State, args: Mapping[str, Any]) -> Json:
    return {"url": "https://home.slack.com/", "team": "Home", "team_id": state.team, "user_id": BOT_USER, "bot_id": BOT}


def _post(state: State, args: Mapping[str, Any]) -> Json:
    channel = args["channel"]
    _writable(state, channel)
    _check_blocks(state, args.get("blocks", []))
    ts = state.next_ts()
    message = {
        "type": "message",
        "ts": ts,
        "bot_id": BOT,
        "user": BOT_USER,
        "text": args.get("text", ""),
        **{name: args[name] for name in ("blocks", "metadata", "thread_ts") if args.get(name)},
        "_unfurl": (args.get("unfurl_links"), args.get("unfurl_media")),
    }
    state.messages.setdefault(channel, []).append(message)
    return {"channel": channel, "ts": ts, "message": message}


def _update(state: State, args: Mapping[str, Any]) -> Json:
    _writable(state, args["channel"])
    _check_blocks(state, args.get("blocks", []))
    message = state.message(args["channel"], args["ts"])  # metadata that is left out stays, as documented
    message |= {"text": args.get("text", ""), "blocks": args.get("blocks", []), "edited": {"user": BOT_USER}}
    return {"channel": args["channel"], "ts": args["ts"], "text": message["text"]}


def _history(state: State, args: Mapping[str, Any]) -> Json:
    _readable(state, args["channel"])
    everything = state.messages.get(args["channel"], [])
    lead = [one for one in everything if "thread_ts" not in one and float(one["ts"]) > float(args.get("oldest", 0))]
    return _page([_shown(one, everything, args) for one in reversed(lead)], args)


def _replies(state: State, args: Mapping[str, Any]) -> Json:
    _readable(state, args["channel"])
    everything = state.messages.get(args["channel"], [])
    thread = [one for one in everything if args["ts"] in {one["ts"], one.get("thread_ts")}]
    if not any(one["ts"] == args["ts"] for one in thread):
        raise Refused("thread_not_found")
    return _page([_shown(one, everything, args) for one in thread], args)


def _page(messages: list[Json], args: Mapping[str, Any]) -> Json:
    start, limit = int(args.get("cursor") or 0), int(args.get("limit", 100))
    more = str(start + limit) if len(messages) > start + limit else ""
    page = messages[start : start + limit]
    return {"messages": page, "has_more": bool(more), "response_metadata": {"next_cursor": more}}


def _shown(message: Json, everything: list[Json], args: Mapping[str, Any]) -> Json:
    replies = sum(one.get("thread_ts") == message["ts"] for one in everything)
    hidden = {"_reactions", "_unfurl"} | (set() if args.get("include_all_metadata") in {"1", True} else {"metadata"})
    counted = {"reply_count": replies} if replies else {}
    return {**{name: value for name, value in message.items() if name not in hidden}, **counted}


def _reactions_get(state: State, args: Mapping[str, Any]) -> Json:
    """Without `full` the users of a reaction are only some of them: here the first three."""
    _readable(state, args["channel"])
    message = state.message(args["channel"], args["timestamp"])
    full = args.get("full") in {"1", True, "true"}
    reactions = [
        {"name": name, "users": users if full else users[:3], "count": len(users)}
        for name, users in message.get("_reactions", {}).items()
        if users
    ]
    return {"type": "message", "channel": args["channel"], "message": {"ts": message["ts"], "reactions": reactions}}


def _reactions_add(state: State, args: Mapping[str, Any]) -> Json:
    _writable(state, args["channel"])
    reactions = state.message(args["channel"], args["timestamp"]).get("_reactions", {})
    if BOT_USER in reactions.get(args["name"], ()):
        raise Refused("already_reacted")
    state.toggle(args["channel"], args["timestamp"], BOT_USER, args["name"])
    return {}


def _users_info(state: State, args: Mapping[str, Any]) -> Json:
    """Also https://docs.slack.dev/reference/objects/user-object."""
    if args["user"] not in state.users:
        raise Refused("user_not_found")
    return {"user": state.users[args["user"]]}


def _members(state: State, args: Mapping[str, Any]) -> Json:
    _readable(state, args["channel"])
    everybody = [*sorted(state.users.keys() - state.guests), BOT_USER]
    start, limit = int(args.get("cursor") or 0), int(args.get("limit", 100))
    more = str(start + limit) if len(everybody) > start + limit else ""
    return {"members": everybody[start : start + limit], "response_metadata": {"next_cursor": more}}


def _info(state: State, args: Mapping[str, Any]) -> Json:
    channel = args["channel"]
    for first, needed in (("D", "im:read"), ("G", "mpim:read")):
        if channel.startswith(first) and needed not in state.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(sorted(state.scopes)))
    if not channel.startswith("C0"):
        raise Refused("channel_not_found")
    is_in = channel not in state.absent
    return {"channel": {"id": channel, "is_archived": channel in state.archived, "is_member": is_in}}


def _views(state: State, args: Mapping[str, Any]) -> Json:
    """`views.open` and `views.publish`; a trigger works once and for three seconds."""
    trigger = args.get("trigger_id")
    if trigger is not None and (trigger in state.used_triggers or trigger == "expired"):
        raise Refused("expired_trigger_id")
    state.used_triggers.add(trigger or "")
    view = args["view"]
    if found := complaints(view["blocks"], 100):
        raise Refused("invalid_arguments", response_metadata={"messages": found})
    state.views.append({**view, "_user": args.get("user_id")})
    return {"view": {**view, "id": f"V{len(state.views)}"}}


def _upload_url(state: State, args: Mapping[str, Any]) -> Json:
    file = f"F0{len(state.files):08d}"
    state.files[file] = {"id": file, "name": args["filename"], "alt_txt": args.get("alt_txt"), "_done": False}
    return {"file_id": file, "upload_url": f"{args['_base']}/upload/{file}"}


def _upload_done(state: State, args: Mapping[str, Any]) -> Json:
    for file in args["files"]:
        state.files[file["id"]] |= {"_done": True, "title": file.get("title"), "_channel": args.get("channel_id")}
    return {"files": [{"id": file["id"], "title": file.get("title")} for file in args["files"]]}


def _writable(state: State, channel: str) -> None:
    _readable(state, channel)
    if channel in state.archived:
        raise Refused("is_archived")


def _readable(state: State, channel: str) -> None:
    if channel[:2] not in {"C0", "D0"} or channel in state.deleted:
        raise Refused("channel_not_found")
    if channel in state.absent:
        raise Refused("not_in_channel")


def _check_blocks(state: State, blocks: list[Json]) -> None:
    found = complaints(blocks)
    for number, block in enumerate(blocks):
        file = block.get("slack_file", {}).get("id")
        if file and (not state.files.get(file, {}).get("_done") or state.unready_files):
            state.unready_files = max(state.unready_files - 1, 0)
            found.append(f"invalid slack file [json-pointer:/blocks/{number}/slack_file]")
    if found:
        raise Refused("invalid_blocks", errors=found, response_metadata={"messages": found})


METHODS: dict[str, Callable[[State, Mapping[str, Any]], Json]] = {
    "auth.test": _auth_test,
    "chat.postMessage": _post,
    "chat.update": _update,
    "conversations.history": _history,
    "conversations.info": _info,
    "conversations.members": _members,
    "conversations.open": lambda state, args: {"channel": {"id": f"D0{args['users'][2:]}"}},
    "conversations.replies": _replies,
    "files.completeUploadExternal": _upload_done,
    "files.getUploadURLExternal": _upload_url,
    "reactions.add": _reactions_add,
    "reactions.get": _reactions_get,
    "usergroups.users.list": lambda state, args: {"users": state.groups.get(args["usergroup"], [])},
    "users.info": _users_info,
    "views.open": _views,
    "views.publish": _views,
}
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.members": "channels:read",
    "conversations.info": "channels:read",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
}
