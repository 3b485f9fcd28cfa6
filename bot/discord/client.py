"""discord.py's client, pointed where the settings say, and deaf to what Cascade does not need."""

import logging
from typing import Any, Protocol

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.buttons import Press
from bot.discord.settings import DiscordSettings
from cascade.errors import ChatError

# The least that works: cards with signs and pictures, threads under them, and looking up what was posted.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
)


def lacking(granted: discord.Permissions) -> list[str]:
    """The rights that Cascade needs and is not granted, as people call them."""
    return [name.replace("_", " ") for name, wanted in PERMISSIONS if wanted and not getattr(granted, name)]


class Ears(Protocol):
    """Who is told what happens on Discord."""

    async def mentioned(self, message: discord.Message) -> None:
        """Somebody wrote to the bot."""

    async def pressed(self, interaction: discord.Interaction[Any], value: str) -> None:
        """Somebody pressed a button of ours."""

    async def submitted(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody sent a form of ours."""

    def reacted(self, channel: int, message: int) -> None:
        """Something about a message's reactions changed; a hint, not a fact."""

    def reconnected(self) -> None:
        """A session began or was resumed: what happened meanwhile may be unheard."""

    def disconnected(self) -> None:
        """The gateway is gone; it is come back to without help."""

    def heard(self) -> None:
        """The gateway said something."""


def intents() -> discord.Intents:
    """The least that works; none of them is privileged. Mentions and direct messages bring their own text."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True)


def point_to(api_url: str, gateway_url: str) -> None:
    """Make discord.py talk to other addresses; "" leaves one as it is. For the whole process."""
    if api_url:
        Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class _Listening(discord.Client):
    """The events that matter, each handed on."""

    ears: Ears

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or self.user is None:
            return
        if message.guild is None or self.user in message.mentions:
            await self.ears.mentioned(message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            await self.ears.submitted(interaction)

    async def pressed(self, interaction: discord.Interaction[Any], value: str) -> None:
        """See `Ears.pressed`."""
        await self.ears.pressed(interaction, value)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self._reaction(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self._reaction(event)

    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        self.ears.reacted(event.channel_id, event.message_id)

    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        self.ears.reacted(event.channel_id, event.message_id)

    async def on_connect(self) -> None:
        self.ears.reconnected()

    async def on_resumed(self) -> None:
        self.ears.reconnected()

    async def on_disconnect(self) -> None:
        self.ears.disconnected()

    async def on_socket_event_type(self, kind: str) -> None:
        del kind
        self.ears.heard()

    def _reaction(self, event: discord.RawReactionActionEvent) -> None:
        if self.user is None or event.user_id != self.user.id:
            self.ears.reacted(event.channel_id, event.message_id)


class Client(_Listening):
    """One connection."""


class ShardedClient(_Listening, discord.AutoShardedClient):
    """As many connections as there are shards."""


def sockets(client: discord.Client) -> list[DiscordWebSocket]:
    """The client's connections to the gateway, one for each shard."""
    shards = client.shards.values() if isinstance(client, discord.AutoShardedClient) else ()
    # The library types it as always there; before the first connection it is None.
    return [one for one in (*(shard._parent.ws for shard in shards), client.ws) if one]


def make_client(settings: DiscordSettings, ears: Ears) -> _Listening:
    """A client that is not yet logged in."""
    # What people can do something about is told by Troubles; discord.py's own log is for those who ask for it.
    logging.getLogger("discord").addHandler(logging.NullHandler())
    point_to(settings.api_url, settings.gateway_url)
    options: dict[str, Any] = {
        "intents": intents(),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,  # nothing is read from a cache that may be behind
        "chunk_guilds_at_startup": False,
        "http_trace": _no_second_post(),
    }
    client = _sharded(settings, options) if settings.shards else Client(**options)
    client.ears = ears
    client.add_dynamic_items(Press)
    return client


def _sharded(settings: DiscordSettings, options: dict[str, Any]) -> ShardedClient:
    mine = settings.shard_ids or range(settings.shards)
    return ShardedClient(shard_count=settings.shards, shard_ids=list(mine), **options)


def _no_second_post() -> aiohttp.TraceConfig:
    """Stops discord.py from repeating a forum post after a 5xx: it takes no nonce and could stand there twice."""
    trace = aiohttp.TraceConfig()

    async def ended(_session: Any, _context: Any, told: aiohttp.TraceRequestEndParams) -> None:
        opens_post = told.method == "POST" and told.url.path.endswith("/threads") and "/messages/" not in told.url.path
        if opens_post and told.response.status >= 500:
            raise ChatError(
                f"Discord answered {told.response.status}; whether the post stands is looked up", unclear=True
            )

    trace.on_request_end.append(ended)
    return trace
