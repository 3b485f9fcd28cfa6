"""What Slack needs to be told, and the rights that the app asks for."""

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
