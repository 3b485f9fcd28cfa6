"""Discord in `cascade run`: there when a token is set."""

from typing import TYPE_CHECKING

from app.platforms import Platform
from app.settings import Settings, ids, shards
from bot.services import Services

if TYPE_CHECKING:
    from bot.discord.settings import DiscordSettings


def discord(settings: Settings, services: Services) -> list[Platform]:
    """The bot account that the settings name, not yet started; none without a token. Loads discord.py."""
    if not settings.discord_token.strip():
        return []
    from bot.discord.service import DiscordService

    return [DiscordService(discord_settings(settings), services)]


def discord_settings(settings: Settings) -> "DiscordSettings":
    """The part of the settings that is Discord's."""
    from bot.discord.settings import DiscordSettings

    return DiscordSettings(
        token=settings.discord_token.strip(),
        api_url=settings.discord_api_url.strip(),
        gateway_url=settings.discord_gateway_url.strip(),
        review_channel=settings.discord_review_channel,
        reviewer_role=settings.discord_reviewer_role,
        reviewers=ids(settings.discord_reviewers),
        shards=settings.discord_shards,
        shard_ids=shards(settings.discord_shard_ids),
    )
