"""What `cascade doctor` looks at on Discord: the token, the way to invite the bot, and each channel it writes to."""

from collections.abc import Collection, Sequence
from typing import Any

import aiohttp
import discord

from bot.discord.client import PERMISSIONS, intents, lacking, point_to
from bot.discord.rooms import PLATFORM
from bot.discord.settings import DiscordSettings
from bot.discord.trouble import start_trouble, told_plainly
from bot.doctor import Check
from cascade.errors import ChatError
from cascade.ports import Place

INVITE = "Invite the bot again with the link above, or give its role these rights in the channel"
TOKEN, LINK = "Discord token", "Discord invite link"


class DiscordDoctor:
    """Asks Discord over REST alone, and changes nothing there."""

    def __init__(self, settings: DiscordSettings) -> None:
        self._settings = settings
        point_to(settings.api_url, settings.gateway_url)
        self._client = discord.Client(intents=intents())

    async def look(self, places: Collection[Place]) -> Sequence[Check]:
        """One check for each thing; `places` are those that subscribed."""
        try:
            await self._client.login(self._settings.token)
            found = [Check(name=TOKEN, ok=True, said=str(self._client.user)), self._link()]
            return [*found, *[await self._channel(one) for one in sorted(self._channels(places))]]
        except (discord.LoginFailure, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            return [Check(name=TOKEN, ok=False, said=str(start_trouble(error)))]
        finally:
            await self._client.close()

    def _channels(self, places: Collection[Place]) -> set[Place]:
        ours = {one.id.partition("+")[0] for one in places if one.platform == PLATFORM}
        heads = ours | {self._settings.review_channel}
        return {Place(PLATFORM, one) for one in heads if one.isascii() and one.isdigit()}

    def _link(self) -> Check:
        return Check(name=LINK, ok=True, said=invite(self._client.application_id or 0))

    async def _channel(self, place: Place) -> Check:
        name = f"Discord channel {place.id}"
        try:
            with told_plainly(str(place)):
                channel = await self._client.fetch_channel(int(place.id))
                missing = await self._missing(channel)
        except ChatError as error:
            return Check(name=name, ok=False, said=str(error))
        if missing:
            return Check(name=name, ok=False, said=f"missing {', '.join(missing)}", cure=INVITE)
        return Check(name=name, ok=True, said=f"#{getattr(channel, 'name', place.id)}")

    async def _missing(self, channel: Any) -> list[str]:
        """The rights that Cascade needs and lacks there; a thread has those of its channel."""
        if getattr(channel, "guild", None) is None or self._client.user is None:
            return []
        guild = await self._client.fetch_guild(channel.guild.id)
        me = await guild.fetch_member(self._client.user.id)
        home = getattr(channel, "parent_id", None) if isinstance(channel, discord.Thread) else channel.id
        there = next(one for one in await guild.fetch_channels() if one.id == home)
        return lacking(there.permissions_for(me))


def invite(application: int) -> str:
    """The link that adds the bot to a server, with the least rights that work."""
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))
