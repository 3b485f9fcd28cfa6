"""What Slack needs to be told, and the rights that the app asks for."""

import re
from dataclasses import dataclass, field

PLATFORM = "slack"
API = "https://slack.com/api/"
COMMAND = "/cascade"

# The least that does everything; what each is for is told in docs/slack.md. The manifest asks for the same.
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
)

NO_BOT = "Slack: CASCADE_SLACK_BOT_TOKEN is not set, so that Cascade does not talk there: docs/slack.md tells how"
NO_WAY_IN = (
    "Slack: Cascade posts there and hears nothing: set CASCADE_SLACK_APP_TOKEN (Socket Mode) "
    "or CASCADE_SLACK_SIGNING_SECRET (signed HTTP requests)"
)
NO_CHANNEL = (
    "Slack: CASCADE_SLACK_REVIEW_CHANNEL={name!r} is no id such as {form}: "
    "open the channel's name, About, and copy it from the very end"
)
NO_ADDRESS = "Slack: CASCADE_SLACK_API_URL={url!r} is no address: https://slack.com/api/ is Slack's own"
NO_PAGES = "Slack: no workspace can install the app: set CASCADE_SLACK_SIGNING_SECRET too"


@dataclass(frozen=True, kw_only=True)
class OAuth:
    """How further workspaces install the app by themselves."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SlackSettings:
    """One Slack app. With `oauth` it serves many workspaces, without it the one of the bot token.

    With an app token events come through Socket Mode; with a signing secret they may come as signed
    HTTP requests; both may be set.
    """

    bot_token: str = field(default="", repr=False)  # xoxb-…
    app_token: str = field(default="", repr=False)  # xapp-…
    signing_secret: str = field(default="", repr=False)
    api_url: str = API
    review_channel: str = ""  # its id; TEAM/CHANNEL with oauth; "" when there is no review here
    reviewers: tuple[str, ...] = ()  # ids of people (U…) and user groups (S…); () means the channel's members
    oauth: OAuth | None = None
    read_back_every: float = 300.0  # seconds between two looks at all open cards

    @property
    def is_wanted(self) -> bool:
        """Whether there is a Slack to talk to."""
        return bool(self.bot_token or self.oauth)

    def gaps(self) -> tuple[str, ...]:
        """What is missing for it to work, each with its cure."""
        if not self.is_wanted:
            return (NO_BOT,) if self.app_token or self.signing_secret or self.review_channel else ()
        form = "T0123/C0123" if self.oauth else "C0123"
        found = {
            NO_WAY_IN: not (self.app_token or self.signing_secret),
            NO_PAGES: self.oauth is not None and not self.signing_secret,
            NO_CHANNEL.format(name=self.review_channel, form=form): not self._names_a_channel,
            NO_ADDRESS.format(url=self.api_url): not re.fullmatch(r"https?://[^\s/]+/.*", self.api_url),
        }
        return tuple(gap for gap, is_there in found.items() if is_there)

    @property
    def _names_a_channel(self) -> bool:
        form = r"T[A-Z0-9]+/[CG][A-Z0-9]+" if self.oauth else r"[CG][A-Z0-9]+"
        return not self.review_channel or re.fullmatch(form, self.review_channel) is not None
