"""A small Discord in memory: one guild, its channels, messages, reactions and people.

The shapes follow the resource pages of Discord's developer documentation: Message, Channel,
Guild, User, and "Reaction Count Details" for super reactions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
EPOCH_MS = 1420070400000  # the first second of 2015, from which snowflakes count
TEXT, DM, THREAD, FORUM = 0, 1, 11, 15
HAS_THREAD = 1 << 5
ADMINISTRATOR = 1 << 3
NONCE_LIVES = timedelta(minutes=5)


@dataclass
class Reactions:
    """Who put one emoji on one message, in both ways."""

    normal: dict[int, None] = field(default_factory=dict)
    burst: dict[int, None] = field(default_factory=dict)

    def of(self, kind: int) -> dict[int, None]:
        """The people of a kind: 0 normal, 1 burst."""
        return self.burst if kind else self.normal


class World:
    """Everything that the server knows."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._last_id = 0
        self.bot, self.guild = self.new_id(), self.new_id()
        self.application = self.bot
        self.users: dict[int, Json] = {self.bot: _user(self.bot, "Cascade", bot=True)}
        self.roles: dict[int, list[int]] = {self.bot: []}  # by user
        self.permissions = ((1 << 52) - 1) & ~ADMINISTRATOR  # of everybody, the bot too
        self.channels: dict[int, Json] = {}
        self.messages: dict[int, dict[int, Json]] = {}  # by channel, then by id
        self.reactions: dict[int, dict[str, Reactions]] = {}  # by message, then by emoji
        self._nonces: dict[tuple[int, str], int] = {}

    def new_id(self) -> int:
        """A snowflake: the moment, and what makes it the only one."""
        at = (int(self.clock().timestamp() * 1000) - EPOCH_MS) << 22
        self._last_id = max(at, self._last_id + 1)
        return self._last_id

    def add_user(self, name: str, *, bot: bool = False, roles: Iterable[int] = ()) -> int:
        """Somebody new in the guild."""
        number = self.new_id()
        self.users[number] = _user(number, name, bot=bot)
        self.roles[number] = list(roles)
        return number

    def add_channel(self, name: str, kind: int = TEXT, **more: Any) -> int:
        """A channel, thread, forum or direct conversation."""
        number = more.pop("id", None) or self.new_id()
        home = {} if kind == DM else {"guild_id": str(self.guild)}
        self.channels[number] = {
            "id": str(number), "type": kind, "name": name, "position": 0, "permission_overwrites": [],
            "parent_id": None, "nsfw": False, "last_message_id": None, **home, **more,
        }  # fmt: skip
        self.messages[number] = {}
        return number

    def add_thread(self, parent: int, name: str, message: int | None = None, **more: Any) -> Json:
        """A thread under a message, or a post in a forum."""
        number = self.add_channel(
            name, THREAD, id=message, parent_id=str(parent), owner_id=str(self.bot), message_count=0, member_count=1,
            total_message_sent=0, rate_limit_per_user=0,
            thread_metadata={"archived": False, "auto_archive_duration": 1440, "locked": False,
                             "archive_timestamp": self.clock().isoformat()},
            **more,
        )  # fmt: skip
        if message is not None and message in self.messages[parent]:
            self.messages[parent][message]["flags"] |= HAS_THREAD
        return self.channels[number]

    def archive(self, thread: int) -> None:
        """Close a thread for want of news."""
        self.channels[thread]["thread_metadata"] |= {"archived": True, "archive_timestamp": self.clock().isoformat()}

    def threads(self, *, archived: bool | None = None, parent: int | None = None) -> list[Json]:
        """The open threads, the closed ones, or all."""
        found = [one for one in self.channels.values() if one["type"] == THREAD]
        return [
            one
            for one in found
            if archived in (None, one["thread_metadata"]["archived"]) and parent in (None, int(one["parent_id"]))
        ]

    def add_message(self, channel: int, author: int, payload: Json, files: Iterable[Json] = ()) -> Json:
        """Keep a message; the earlier one when its enforced nonce was seen minutes ago."""
        nonce = (channel, str(payload.get("nonce")))
        if payload.get("enforce_nonce") and (old := self._by_nonce(nonce)):
            return old
        number = self.new_id() if not payload.get("id") else int(payload["id"])
        message = {
            "id": str(number), "channel_id": str(channel), "author": self.users[author],
            "content": payload.get("content") or "", "timestamp": self.clock().astimezone(UTC).isoformat(),
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mention_roles": [], "pinned": False,
            "mentions": [self.users[one] for one in payload.get("mentions", ())], "type": 0,
            "attachments": [*files], "embeds": [_embed(one) for one in payload.get("embeds") or ()],
            "components": payload.get("components") or [], "flags": payload.get("flags") or 0, "edits": 0,
            "allowed_mentions": payload.get("allowed_mentions"), "reference": payload.get("message_reference"),
        }  # fmt: skip
        self.messages[channel][number] = message
        self.channels[channel]["last_message_id"] = str(number)
        self.reactions[number] = {}
        if payload.get("enforce_nonce"):
            self._nonces[nonce] = number
        return message

    def edit_message(self, message: Json, payload: Json, files: Iterable[Json]) -> Json:
        """Replace what the payload names."""
        for name in ("content", "components", "flags"):
            if name in payload:
                message[name] = payload[name] if name != "flags" else payload[name] | message["flags"]
        if "embeds" in payload:
            message["embeds"] = [_embed(one) for one in payload["embeds"]]
        if "attachments" in payload:
            message["attachments"] = [*files]
        message["edits"] += 1
        message["edited_timestamp"] = self.clock().astimezone(UTC).isoformat()
        return message

    def shown(self, message: Json) -> Json:
        """A message as the API tells it: with its reactions."""
        told = {key: value for key, value in message.items() if key not in ("edits", "allowed_mentions", "reference")}
        found = self.reactions[int(message["id"])]
        return {**told, "reactions": [_reaction(self.bot, emoji, one) for emoji, one in found.items()]}

    def react(self, message: int, emoji: str, user: int, *, add: bool = True, burst: bool = False) -> bool:
        """Put a sign on a message, or take it off; False when nothing changed."""
        people = self.reactions[message].setdefault(emoji, Reactions()).of(int(burst))
        changed = (user not in people) is add
        if add:
            people[user] = None
        else:
            people.pop(user, None)
        if not self.reactions[message][emoji].normal and not self.reactions[message][emoji].burst:
            del self.reactions[message][emoji]
        return changed

    def member(self, user: int) -> Json:
        """Somebody as a member of the guild."""
        return {
            "user": self.users[user], "roles": [str(one) for one in self.roles.get(user, ())], "nick": None,
            "joined_at": "2025-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
        }  # fmt: skip

    def guild_json(self) -> Json:
        """GUILD_CREATE's payload."""
        channels = [one for one in self.channels.values() if one["type"] not in (DM, THREAD)]
        return {
            "id": str(self.guild), "name": "Home", "unavailable": False, "owner_id": "1", "emojis": [],
            "roles": [self._everyone()], "features": [], "channels": channels, "threads": self.threads(archived=False),
            "members": [], "member_count": len(self.users), "verification_level": 0, "default_message_notifications": 0,
            "explicit_content_filter": 0, "mfa_level": 0, "premium_tier": 0, "nsfw_level": 0, "large": False,
            "system_channel_flags": 0, "preferred_locale": "en-US", "afk_timeout": 0, "stickers": [],
            "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
        }  # fmt: skip

    def _everyone(self) -> Json:
        return {
            "id": str(self.guild), "name": "@everyone", "permissions": str(self.permissions), "color": 0, "position": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}, "flags": 0,
            "hoist": False, "managed": False, "mentionable": False,
        }  # fmt: skip

    def _by_nonce(self, nonce: tuple[int, str]) -> Json | None:
        number = self._nonces.get(nonce)
        message = self.messages[nonce[0]].get(number) if number else None
        if message and self.clock() - datetime.fromisoformat(message["timestamp"]) < NONCE_LIVES:
            return message
        return None


def _user(number: int, name: str, *, bot: bool = False) -> Json:
    return {"id": str(number), "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None,
            "bot": bot, "public_flags": 0}  # fmt: skip


def _embed(embed: Json) -> Json:
    return {"type": "rich", **embed}


def _reaction(bot: int, emoji: str, one: Reactions) -> Json:
    return {
        "emoji": {"id": None, "name": emoji}, "count": len(one.normal) + len(one.burst), "me": bot in one.normal,
        "me_burst": False, "count_details": {"normal": len(one.normal), "burst": len(one.burst)}, "burst_colors": [],
    }  # fmt: skip
