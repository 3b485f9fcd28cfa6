"""`cascade doctor` on Slack: what is wrong, and its cure; and the manifest asks for what the code needs."""

import re
from pathlib import Path

from bot.doctor import Check
from bot.slack.doctor import SlackDoctor
from bot.slack.oauth import Installations
from bot.slack.payload import BACK, GONE, REPORT
from bot.slack.settings import COMMAND, SCOPES, OAuth, SlackSettings
from cascade.ports import Place
from tests.chat.house import House
from tests.slack.platform import SlackPlatform
from tests.slack.workspace import APP_TOKEN, CHANNEL, TOKEN

MANIFEST = Path("bot/slack/manifest.yaml").read_text()


async def look(platform: SlackPlatform, house: House, settings: SlackSettings, *channels: str) -> dict[str, Check]:
    """The checks by name."""
    doctor = SlackDoctor(settings, Installations(house.run, house.clock, lambda: None))
    return {check.name: check for check in await doctor.look({Place("slack", name) for name in channels})}


async def test_all_is_well(platform: SlackPlatform, house: House) -> None:
    """Tokens, rights and both channels."""
    found = await look(platform, house, platform.settings(), "C0OTHER", "U0ADA")
    assert [check.ok for check in found.values()] == [True] * 5
    assert "C0OTHER" in "".join(found)


async def test_each_failure_has_a_cure(platform: SlackPlatform, house: House) -> None:
    """A missing right, a channel without the bot, an archived one, a refused app token."""
    state = platform.server.state
    state.scopes.discard("files:write")
    state.absent.add("C0OTHER")
    state.archived.add(CHANNEL)
    state.revoked.add(APP_TOKEN)
    found = await look(platform, house, platform.settings(), "C0OTHER", "C1GONE")
    bad = {name: f"{check.said} {check.cure}" for name, check in found.items() if not check.ok}
    assert "files:write" in bad["Slack rights"]
    assert "manifest" in bad["Slack rights"]
    assert "CASCADE_SLACK_APP_TOKEN" in bad["Slack app token"]
    assert "/invite" in bad["Slack channel #C0OTHER"]
    assert "archived" in bad["Slack channel #C0REVIEW"]
    assert "gone" in bad["Slack channel C1GONE"]


async def test_a_wrong_token(platform: SlackPlatform, house: House) -> None:
    """Slack does not know it: install again."""
    platform.server.state.revoked.add(TOKEN)
    found = await look(platform, house, platform.settings(app_token="", signing_secret="", review_channel=""))
    assert "CASCADE_SLACK_BOT_TOKEN" in found["Slack bot token"].said
    assert "CASCADE_SLACK_APP_TOKEN" in found["Slack settings"].said


def test_settings_that_cannot_work(platform: SlackPlatform) -> None:
    """A channel by its name, a channel without its workspace, an address that is none: each is named with its form."""
    many = OAuth(client_id="1.2", client_secret="s")
    [by_name] = platform.settings(review_channel="general").gaps()
    [without_team] = platform.settings(review_channel="C0REVIEW", oauth=many).gaps()
    [address] = platform.settings(api_url="nonsense/").gaps()
    assert "'general' is no id such as C0123" in by_name
    assert "such as T0123/C0123" in without_team
    assert "CASCADE_SLACK_API_URL='nonsense/'" in address
    assert platform.settings(review_channel="T0HOME/C0REVIEW", oauth=many).gaps() == ()


def test_the_manifest_asks_for_what_is_used() -> None:
    """The same rights as the code, the command, the shortcut, and every event that is read."""
    assert re.findall(r"^      - ([a-z_:]+:[a-z]+|commands)$", MANIFEST, re.MULTILINE) == list(SCOPES)
    assert f"command: {COMMAND}\n" in MANIFEST
    assert f"callback_id: {REPORT}\n" in MANIFEST
    events = set(re.findall(r"^      - ([a-z_.]+)$", MANIFEST, re.MULTILINE)) - {"commands"}
    assert events >= {*GONE, *BACK, "app_mention", "message.im", "reaction_added", "reaction_removed"}
