"""What Slack refuses, as ChatErrors with a cure. Codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from cascade.errors import ChatError

APP = "the app"  # in place of a channel, for what is wrong everywhere
REINSTALL = "install the app to the workspace again and set the new CASCADE_SLACK_BOT_TOKEN"
INVITE = "invite it with /invite @Cascade, or name another channel"
# The operator has to do something about these.
CURES = {
    "invalid_auth": f"Slack does not know the token: {REINSTALL}",
    "not_authed": "no token is set: set CASCADE_SLACK_BOT_TOKEN",
    "token_revoked": f"the token was revoked: {REINSTALL}",
    "token_expired": f"the token has expired: {REINSTALL}",
    "account_inactive": f"the app was removed from the workspace: {REINSTALL}",
    "missing_scope": "a right is missing: update the app from bot/slack/manifest.yaml and install it again",
    "not_in_channel": f"Cascade is not in the channel: {INVITE}",
    "channel_not_found": f"the channel is gone, or private without Cascade in it: {INVITE}",
    "is_archived": "the channel is archived: unarchive it, or name another",
    "restricted_action": "the workspace's rules forbid Cascade to post there: ask an admin, or name another channel",
    "not_installed": "the app is not installed in that workspace: open /slack/install on Cascade's web page",
    "team_access_not_granted": "its organisation keeps the app from that workspace: ask its admins to add it there",
    "not_allowed_token_type": "the token is of the wrong kind: CASCADE_SLACK_BOT_TOKEN begins with xoxb-",
}
# The same trouble wherever it shows: told once for the workspace, not for every channel.
OF_THE_APP = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"}
    | {"not_installed", "not_allowed_token_type"}
)
# "Some aspect of the operation may have succeeded": https://docs.slack.dev/reference/methods/chat.postMessage#errors
UNCLEAR = frozenset({"fatal_error", "internal_error"})
BLAMELESS = frozenset({"message_not_found", "ratelimited", "service_unavailable", "request_timeout", *UNCLEAR})


@contextmanager
def translated(channel: str = "") -> Iterator[None]:
    """Turn what the SDK raises into ChatErrors about the channel."""
    try:
        yield
    except SlackApiError as error:
        raise _refused(error, channel) from error
    except aiohttp.ClientConnectorError as error:
        raise ChatError(f"Slack cannot be reached ({error})", channel=channel) from error
    except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
        text = f"Slack broke off without an answer ({type(error).__name__})"
        raise ChatError(text, channel=channel, unclear=True) from error


def code_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; "" when it gave none."""
    data = getattr(error.response, "data", error.response)  # text, when a proxy answered in Slack's place
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def retry_after(error: SlackApiError) -> float | None:
    """Seconds to wait before a further try; None when this was no rate limit."""
    if getattr(error.response, "status_code", 0) != 429 and code_of(error) != "ratelimited":
        return None
    value = getattr(error.response, "headers", {}).get("Retry-After", "1")
    return float(value) if str(value).isdigit() else 1.0


def _refused(error: SlackApiError, channel: str) -> ChatError:
    code = code_of(error)
    if not code:
        return ChatError("Slack's answer cannot be read", channel=channel, unclear=True)
    where = "Slack" if code in OF_THE_APP or not channel else f"Slack channel {channel}"
    needed = f" ({error.response.get('needed')})" if code == "missing_scope" and error.response.get("needed") else ""
    text = f"{where}: {CURES.get(code, f'refused with {code!r}')}{needed}"
    return ChatError(
        text,
        channel=APP if code in OF_THE_APP or not channel else channel,
        permanent=code not in BLAMELESS,
        unclear=code in UNCLEAR,
    )
