"""What Slack sends, as plain values. Pure; raises BadInput for payloads that are not as documented.

Shapes: https://docs.slack.dev/interactivity/implementing-slash-commands (commands),
https://docs.slack.dev/reference/interaction-payloads (block_actions, shortcut, view_submission) and
https://docs.slack.dev/reference/events (events).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.fix import FIELDS
from bot.press import Press, read_press
from bot.slack.text import links_in, unescape
from cascade.errors import BadInput

Body = Mapping[str, Any]
REPORT, FIX = "report_sighting", "fix"
GONE = {
    "channel_archive": "was archived",
    "group_archive": "was archived",
    "channel_deleted": "was deleted",
    "group_deleted": "was deleted",
    "channel_left": "was left",
    "group_left": "was left",
}
BACK = frozenset({"channel_unarchive", "group_unarchive"})


@dataclass(frozen=True, kw_only=True)
class Who:
    """A person in a workspace."""

    team: str
    user: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Command:
    """`/cascade words`."""

    words: str
    by: Who
    channel: str
    response_url: str


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """A button, on a message or on the App Home."""

    press: Press
    by: Who
    channel: str  # "" on the App Home
    thread: str  # the `ts` to answer under; "" outside of a thread
    response_url: str  # "" on the App Home
    trigger: str
    ephemeral: bool


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """*Report as sighting* on somebody's message: the first link in it, "" when it has none."""

    link: str
    by: Who
    response_url: str


@dataclass(frozen=True, kw_only=True)
class FixForm:
    """The submitted form of a *Fix*."""

    sighting: str
    values: Mapping[str, str]
    by: Who


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Words to the bot in a channel, a thread, or its direct messages."""

    words: str
    by: Who
    channel: str
    thread: str  # the `ts` to answer under
    direct: bool


@dataclass(frozen=True)
class Reacted:
    """A hint that the reactions on a message changed."""

    team: str
    channel: str
    ref: str


@dataclass(frozen=True)
class HomeOpened:
    """Somebody looks at the App Home."""

    by: Who


@dataclass(frozen=True)
class ChannelChanged:
    """A channel can no longer be written to, and why; or can again (`trouble` is "")."""

    team: str
    channel: str
    trouble: str


@dataclass(frozen=True)
class MemberMoved:
    """Somebody joined or left a channel, or a user group changed (`channel` is "")."""

    team: str
    user: str
    channel: str
    left: bool


@dataclass(frozen=True)
class Uninstalled:
    """A workspace, or a whole organisation, removed the app or revoked its token."""

    where: str


Event = Mention | Reacted | HomeOpened | ChannelChanged | MemberMoved | Uninstalled


def read_command(body: Body) -> Command:
    """A slash command."""
    by = Who(team=text(body, "team_id"), user=text(body, "user_id"), name=text(body, "user_name", default=""))
    return Command(
        words=unescape(text(body, "text", default="")),
        by=by,
        channel=text(body, "channel_id"),
        response_url=text(body, "response_url"),
    )


def read_pressed(body: Body) -> Pressed:
    """A press of a button."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions:
        raise BadInput("Slack sent a press without an action")
    return Pressed(
        press=read_press(text(actions[0], "value")),
        by=_who(body),
        channel=text(body, "channel", "id", default=""),
        thread=text(body, "message", "thread_ts", default=""),
        response_url=text(body, "response_url", default=""),
        trigger=text(body, "trigger_id", default=""),
        ephemeral=_within(body, ("container", "is_ephemeral")) is True,
    )


def read_shortcut(body: Body) -> Shortcut:
    """A message shortcut."""
    attached = _within(body, ("message", "attachments"))
    unfurled = [text(one, "from_url", default="") for one in attached] if isinstance(attached, list) else []
    links = [*links_in(text(body, "message", "text", default="")), *filter(None, unfurled)]
    return Shortcut(link=links[0] if links else "", by=_who(body), response_url=text(body, "response_url"))


def read_fix_form(body: Body) -> FixForm:
    """A submitted *Fix*."""
    values = {}
    for name in FIELDS:
        field = _within(body, ("view", "state", "values", name, name))
        if isinstance(field, Mapping):
            chosen = text(field, "selected_option", "value", default="")
            values[name] = chosen or text(field, "value", default="")
    return FixForm(sighting=text(body, "view", "private_metadata"), values=values, by=_who(body))


def read_event(body: Body) -> Event | None:
    """An event; None for one that says nothing to us."""
    kind, team = text(body, "event", "type"), _team(body)
    event = body["event"]
    if kind == "app_mention" or (kind == "message" and event.get("channel_type") == "im"):
        return _mention(event, team, direct=kind == "message")
    if kind in {"reaction_added", "reaction_removed"}:
        if text(event, "item", "type") != "message":
            return None
        return Reacted(team, text(event, "item", "channel"), text(event, "item", "ts"))
    if kind == "app_uninstalled" or (kind == "tokens_revoked" and _within(event, ("tokens", "bot"))):
        return Uninstalled(_organisation(body) or team)
    return _house_keeping(kind, event, team)


def _house_keeping(kind: str, event: Body, team: str) -> Event | None:
    if kind == "app_home_opened":
        is_home = event.get("tab", "home") == "home"
        return HomeOpened(Who(team=team, user=text(event, "user"))) if is_home else None
    if kind in GONE or kind in BACK:
        return ChannelChanged(team, text(event, "channel"), GONE.get(kind, ""))
    if kind in {"member_joined_channel", "member_left_channel"}:
        left = kind == "member_left_channel"
        return MemberMoved(team, text(event, "user"), text(event, "channel"), left)
    if kind == "subteam_members_changed":
        return MemberMoved(team, "", "", left=False)
    return None


def _team(body: Body) -> str:
    """The workspace through which the app hears of this."""
    return text(_authorization(body), "team_id", default="") or text(body, "team_id", default="")


def _organisation(body: Body) -> str:
    """The organisation that installed the app for all of its workspaces; "" when a workspace did."""
    installed = _authorization(body)
    return text(installed, "enterprise_id", default="") if installed.get("is_enterprise_install") is True else ""


def _authorization(body: Body) -> Body:
    """https://docs.slack.dev/apis/events-api: the first of those for whom the event came."""
    found = body.get("authorizations")
    return found[0] if isinstance(found, list) and found and isinstance(found[0], Mapping) else {}


def _mention(event: Body, team: str, *, direct: bool) -> Mention | None:
    # Bots are not answered, nor are edits and other subtypes: two bots could talk for ever.
    if event.get("bot_id") or event.get("subtype"):
        return None
    words = re.sub(r"^\s*<@[^>]+>", "", text(event, "text"))
    ts = text(event, "ts")
    return Mention(
        words=unescape(words),
        by=Who(team=team, user=text(event, "user")),
        channel=text(event, "channel"),
        thread=text(event, "thread_ts", default="" if direct else ts),
        direct=direct,
    )


def _who(body: Body) -> Who:
    name = text(body, "user", "name", default="") or text(body, "user", "username", default="")
    team = text(body, "team", "id", default="") or text(body, "user", "team_id", default="")
    return Who(team=team, user=text(body, "user", "id"), name=name)


def text(body: Body, *path: str, default: str | None = None) -> str:
    """The text at a path; the default, or BadInput, when there is none."""
    found = _within(body, path)
    if isinstance(found, str):
        return found
    if default is None:
        raise BadInput(f"Slack sent no {'.'.join(path)}")
    return default


def _within(body: object, path: tuple[str, ...]) -> object:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body
