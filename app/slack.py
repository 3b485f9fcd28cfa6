"""Slack in `cascade run`: there when a token is set."""

from typing import TYPE_CHECKING

from app.platforms import Platform
from app.settings import Settings, ids
from bot.services import Services

if TYPE_CHECKING:
    from bot.slack.settings import SlackSettings


def slack(settings: Settings, services: Services) -> list[Platform]:
    """The app that the settings name, not yet started; none without a token. Loads Slack's SDK."""
    wired = slack_settings(settings)
    if not wired.is_wanted:
        for gap in wired.gaps():
            services.tell_operator(gap)
        return []
    from bot.slack.service import SlackService

    return [SlackService(wired, services)]


def slack_settings(settings: Settings) -> "SlackSettings":
    """The part of the settings that is Slack's."""
    from bot.slack.settings import OAuth, SlackSettings

    client_id, secret = settings.slack_client_id.strip(), settings.slack_client_secret.strip()
    return SlackSettings(
        bot_token="".join(settings.slack_bot_token.split()),
        app_token="".join(settings.slack_app_token.split()),
        signing_secret=settings.slack_signing_secret.strip(),
        api_url=settings.slack_api_url.strip().rstrip("/") + "/",
        review_channel=settings.slack_review_channel.strip(),
        reviewers=ids(settings.slack_reviewers),
        oauth=OAuth(client_id=client_id, client_secret=secret) if client_id and secret else None,
    )
