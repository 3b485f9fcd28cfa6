"""Discord in `cascade run`: there when a token is set."""

from app.platforms import Platform
from app.settings import Settings, ids
from bot.services import Services


def discord(settings: Settings, services: Services) -> list[Platform]:
    """The bot account that the settings name, not yet started; none without a token. Loads discord.py."""
    if not settings.discord_token.strip():
        return []
    from bot.discord.service import DiscordService
    from bot.discord.settings import DiscordSettings

    return [
        DiscordService(
            DiscordSettings(
                token=settings.discord_token.strip(),
                api_url=settings.discord_api_url,
                gateway_url=settings.discord_gateway_url,
                review_channel=settings.discord_review_channel,
                reviewer_role=settings.discord_reviewer_role,
                reviewers=ids(settings.discord_reviewers),
                shards=settings.discord_shards,
            ),
            services,
        )
    ]
