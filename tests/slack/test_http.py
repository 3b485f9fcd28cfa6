"""The HTTP way in: what Slack signed is answered, anything else refused; workspaces install the app by themselves."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot.slack.service import SlackService
from bot.slack.settings import SCOPES, OAuth
from cascade.errors import ChatError
from cascade.message import Message
from cascade.ports import Place
from tests.chat.house import Breaking, House
from tests.make import sighting
from tests.slack.limits import words
from tests.slack.platform import SlackPlatform
from tests.slack.workspace import CHANNEL, ORGANISATION, SECRET, TEAM, Json

Client = TestClient[web.Request, web.Application]
REFUSED = {400, 401}
# https://api.slack.com/enterprise/apps/reference
WHOLE = {"enterprise_id": ORGANISATION, "team_id": TEAM, "user_id": "W0CASCADE", "is_enterprise_install": True}
STALE = timedelta(minutes=6)


async def served(platform: SlackPlatform) -> Client:
    """The adapter's routes on a root of their own."""
    app = web.Application()
    app.add_routes(platform.running.routes)
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def client(platform: SlackPlatform, house: House) -> AsyncIterator[Client]:
    """Slack over signed requests alone."""
    await platform.start(house.services(), platform.settings(app_token=""))
    opened = await served(platform)
    yield opened
    await opened.close()


def signed(house: House, body: str, *, age: timedelta = timedelta(0), secret: str = SECRET) -> dict[str, str]:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    moment = str(int((house.clock() - age).timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


class TestSignatures:
    async def test_a_signed_command(self, platform: SlackPlatform, house: House, client: Client) -> None:
        """Acknowledged empty, and answered by its response URL."""
        body = urlencode(platform.command("help"))
        answer = await client.post("/slack/events", data=body, headers=signed(house, body))
        assert (answer.status, await answer.text()) == (200, "")
        assert "Cascade" in words((await platform.whisper())["blocks"])

    async def test_a_signed_press(self, platform: SlackPlatform, house: House, client: Client) -> None:
        """A button's payload comes as a form field."""
        body = urlencode({"payload": json.dumps(platform.press("ask:help"))})
        assert (await client.post("/slack/events", data=body, headers=signed(house, body))).status == 200
        assert await platform.whisper()

    async def test_redelivered(self, platform: SlackPlatform, house: House, client: Client) -> None:
        """An event that Slack sends again is acknowledged again, and answered once."""
        body = json.dumps(platform.server.wrap(platform.mention("help")))
        for _ in range(2):
            again = {**signed(house, body), "X-Slack-Retry-Num": "1"}
            assert (await client.post("/slack/events", data=body, headers=again)).status == 200
        await platform.posted_soon(1)
        other = json.dumps(platform.server.wrap(platform.mention("help", ts="1801.1")))
        await client.post("/slack/events", data=other, headers=signed(house, other))
        assert [one.thread for one in await platform.posted_soon(2)] == ["1799.5", "1801.1"]

    async def test_the_handshake(self, house: House, client: Client) -> None:
        """Slack asks once whether the address is ours."""
        body = json.dumps({"type": "url_verification", "token": "x", "challenge": "abc"})
        answer = await client.post("/slack/events", data=body, headers=signed(house, body))
        assert (answer.status, await answer.json()) == (200, {"challenge": "abc"})

    async def test_refused(self, platform: SlackPlatform, house: House, client: Client) -> None:
        """A wrong secret, an old request, a changed body, no signature, a nonsense timestamp."""
        body = urlencode(platform.command("subscribe monday 9"))
        good = signed(house, body)
        refused = [
            (body, signed(house, body, secret="other")),
            (body, signed(house, body, age=STALE)),
            (body, signed(house, body, age=-STALE)),
            (body + "&text=x", good),
            (body, {"Content-Type": good["Content-Type"]}),
            (body, {**good, "X-Slack-Request-Timestamp": "yesterday"}),
        ]
        statuses = [(await client.post("/slack/events", data=data, headers=sent)).status for data, sent in refused]
        assert statuses == [401] * len(refused)
        assert house.store.subscriptions() == ()

    @pytest.mark.parametrize("body", ["{", "payload=%7B", "{}", "[]", "payload={}", ""])
    async def test_signed_nonsense(self, platform: SlackPlatform, house: House, client: Client, body: str) -> None:
        """It is refused or left alone, and the next request is answered."""
        answer = await client.post("/slack/events", data=body, headers=signed(house, body))
        assert answer.status in {200, 400, 404}
        good = urlencode(platform.command("help"))
        assert (await client.post("/slack/events", data=good, headers=signed(house, good))).status == 200
        assert await platform.whisper()

    async def test_too_large(self, house: House, client: Client) -> None:
        """A flood is not read."""
        body = "x" * 1_000_001
        assert (await client.post("/slack/events", data=body, headers=signed(house, body))).status in {401, 413}


async def test_a_process_that_takes_requests_alone(platform: SlackPlatform, house: House) -> None:
    """Where another process is connected: a reaction that Slack tells of counts at once, and nothing else is read."""
    house.add(sighting())
    await platform.start(house.services())
    await platform.desk.post_new(house.clock())
    await platform.stop()
    platform.service = SlackService(platform.settings(app_token=""), house.services())
    await platform.running.take_requests()
    client, ref = await served(platform), platform.posted()[0].ref
    platform.server.state.emit = lambda _: None
    await platform.react(ref, "ada", "✅")
    read = len(platform.server.called("reactions.get"))
    item = {"type": "message", "channel": CHANNEL, "ts": ref}
    body = json.dumps(platform.server.wrap({"type": "reaction_added", "user": "U0ADA", "reaction": "x", "item": item}))
    assert (await client.post("/slack/events", data=body, headers=signed(house, body))).status == 200
    await platform.server.until(lambda: len(house.votes()) == 1)
    assert len(platform.server.called("reactions.get")) == read + 1
    await client.close()


async def test_several_processes_behind_one_address(platform: SlackPlatform, house: House) -> None:
    """Slack's second try may come to another one: the mention is answered once, and each takes part in the next."""
    services = [SlackService(platform.settings(app_token=""), house.services()) for _ in range(3)]
    clients = list[Client]()
    for one in services:
        await one.take_requests()
        app = web.Application()
        app.add_routes(one.routes)
        clients.append(TestClient(TestServer(app)))
        await clients[-1].start_server()
    for ts in ("1801.1", "1802.1"):
        body = json.dumps(platform.server.wrap(platform.mention("help", ts=ts)))
        tries = [client.post("/slack/events", data=body, headers=signed(house, body)) for client in clients]
        assert [answer.status for answer in await asyncio.gather(*tries)] == [200] * 3
    assert {one.thread for one in await platform.posted_soon(2)} == {"1801.1", "1802.1"}
    for service, client in zip(services, clients, strict=True):
        await client.close()
        await service.stop()
    assert len(platform.posted()) == 2


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk's use of aiohttp
class TestInstalling:
    async def test_a_workspace_installs(self, platform: SlackPlatform, house: House) -> None:
        """Its token is kept in our store, commands from it are answered, and a restart remembers it."""
        wired = platform.settings(
            bot_token="", app_token="", review_channel="", oauth=OAuth(client_id="1.2", client_secret="s")
        )
        await platform.start(house.services(), wired)
        client = await served(platform)
        assert "not connected" in str(await self._ask(platform, house, client))
        assert await self._end(client, *await self._begin(client)) == 200
        assert "Cascade" in words((await self._ask(platform, house, client))["blocks"])
        await client.close()
        await platform.start(house.services(), wired)
        assert await platform.chat.post(Place("slack", f"{TEAM}/C0REVIEW"), Message(headline="hello"), "d.1")

    async def test_a_token_that_cannot_be_looked_up(self, platform: SlackPlatform, house: House) -> None:
        """Slack reads that it failed, the operator hears of it once, and the next command is answered."""
        breaking = Breaking(house.run)
        wired = platform.settings(
            bot_token="", app_token="", review_channel="", oauth=OAuth(client_id="1.2", client_secret="s")
        )
        await platform.start(house.services(breaking), wired)
        client = await served(platform)
        await self._end(client, *await self._begin(client))
        breaking.armed, body = True, urlencode(platform.command("help"))
        for _ in range(2):
            assert (await client.post("/slack/events", data=body, headers=signed(house, body))).status == 500
        breaking.armed = False
        assert "Cascade" in words((await self._ask(platform, house, client))["blocks"])
        await platform.told_soon(house.told, "works again")
        assert ["went wrong inside Cascade" in line for line in house.told] == [True, False]
        await client.close()

    async def test_a_state_works_once_and_in_time(self, platform: SlackPlatform, house: House) -> None:
        """A foreign, used or old state installs nothing."""
        await platform.start(
            house.services(),
            platform.settings(bot_token="", app_token="", oauth=OAuth(client_id="1.2", client_secret="s")),
        )
        client = await served(platform)
        late, cookie = await self._begin(client)
        house.later(house.clock() + timedelta(minutes=11))
        assert await self._end(client, late, cookie) in REFUSED
        assert await self._end(client, "made-up", "slack-app-oauth-state=made-up") in REFUSED
        fresh, _ = await self._begin(client)
        assert await self._end(client, fresh, "") in REFUSED  # another browser than the one that began
        assert house.store.installation("slack", TEAM) is None
        assert "oauth.v2.access" not in [name for name, _ in platform.server.calls]
        await client.close()

    async def test_an_organisation_installs(self, platform: SlackPlatform, house: House) -> None:
        """Every workspace of it is answered, written to after a restart, and lost when the organisation removes it."""
        wired = platform.settings(
            bot_token="", review_channel="", oauth=OAuth(client_id="1.2", client_secret="s"), app_token=""
        )
        await platform.start(house.services(), wired)
        client = await served(platform)
        assert await self._end(client, *await self._begin(client), code="organisation") == 200
        for team in (TEAM, "T0OTHER"):
            answer = await self._ask(platform, house, client, team_id=team, enterprise_id=ORGANISATION)
            assert "Cascade" in words(answer["blocks"])
        assert "not connected" in str(await self._ask(platform, house, client, team_id="T0STRANGE"))
        await client.close()
        await platform.start(house.services(), wired)
        client, place = await served(platform), Place("slack", "T0OTHER/C0REVIEW")
        assert await platform.chat.post(place, Message(headline="hello"), "d.1")
        gone = {**platform.server.wrap({"type": "app_uninstalled"}), "authorizations": [WHOLE]}
        body = json.dumps(gone)
        await client.post("/slack/events", data=body, headers=signed(house, body))
        await platform.server.until(lambda: house.store.installation("slack", ORGANISATION) is None)
        with pytest.raises(ChatError, match="not installed"):
            await platform.chat.post(place, Message(headline="hello"), "d.2")
        await client.close()

    async def test_uninstalled(self, platform: SlackPlatform, house: House) -> None:
        """The token is forgotten when the workspace takes the app out."""
        await platform.start(
            house.services(), platform.settings(bot_token="", oauth=OAuth(client_id="1.2", client_secret="s"))
        )
        client = await served(platform)
        await self._end(client, *await self._begin(client))
        assert house.store.installation("slack", TEAM)
        await platform.server.event({"type": "app_uninstalled"})
        await platform.told_soon(house.told, "removed")
        await platform.server.until(lambda: house.store.installation("slack", TEAM) is None)
        await client.close()

    async def _begin(self, client: Client) -> tuple[str, str]:
        """The install page leads to Slack, with the least rights and a state, which the browser keeps as a cookie."""
        page = await client.get("/slack/install", allow_redirects=False)
        text = await page.text()
        link = text[text.index("https://slack.com/oauth") :].split('"')[0].replace("&amp;", "&")
        asked = parse_qs(urlsplit(link).query)
        assert set(asked["scope"][0].split(",")) == set(SCOPES)
        return asked["state"][0], page.headers["Set-Cookie"].split(";")[0]

    async def _end(self, client: Client, state: str, cookie: str, code: str = "good") -> int:
        address = f"/slack/oauth_redirect?code={code}&state={state}"
        return (await client.get(address, headers={"Cookie": cookie})).status

    async def _ask(self, platform: SlackPlatform, house: House, client: Client, **where: str) -> Json:
        body = urlencode({**platform.command("help"), **where})
        await client.post("/slack/events", data=body, headers=signed(house, body))
        return await platform.whisper()


async def test_no_secret_no_door(platform: SlackPlatform, house: House) -> None:
    """Without a signing secret nothing is mounted: an unsigned request could be anybody's."""
    await platform.start(house.services(), platform.settings(signing_secret=""))
    assert platform.running.routes == []
    async with ClientSession() as session, session.get(platform.server.base) as answer:
        assert answer.status == 404
