"""Socket Mode: slack_sdk's aiohttp client, which says when it is connected anew and stays calm when it cannot be.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import logging
from collections.abc import Callable

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import code_of
from bot.troubles import Troubles

WHERE = "Socket Mode"
AWAY = "Slack cannot be reached; it is tried again"
CURE = "Slack refuses the app token ({code}): make one with connections:write and set CASCADE_SLACK_APP_TOKEN"
REFUSED_WAIT = 60.0  # seconds before a token that was refused is tried again
PING = 5.0  # seconds; the SDK takes the line for dead after four pings without an answer
TICKET = 20.0  # seconds after which an address that led nowhere is asked for anew


class Socket(SocketModeClient):
    """One connection. `connected` is called after every connect: events may have been lost before it."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        web_client: AsyncWebClient,
        troubles: Troubles,
        connected: Callable[[], None],
        *,
        ping: float = PING,
        ticket: float = TICKET,
    ) -> None:
        # The SDK logs every failed try with its traceback; the operator hears of it once, from here.
        quiet = logging.getLogger("cascade.slack.socket")
        quiet.setLevel(logging.CRITICAL)
        super().__init__(app_token, logger=quiet, web_client=web_client, ping_interval=ping)
        self._app, self._troubles, self._connected, self._ticket = app, troubles, connected, ticket
        self.socket_mode_request_listeners.append(self._handle)

    async def issue_new_wss_url(self) -> str:
        """Where to connect; waits before giving up on a token that Slack refuses."""
        try:
            url = await super().issue_new_wss_url()
        except SlackApiError as error:
            self._troubles.failed(WHERE, CURE.format(code=code_of(error)))
            await asyncio.sleep(REFUSED_WAIT)
            raise
        except (aiohttp.ClientError, TimeoutError, OSError):
            self._troubles.failed(WHERE, AWAY)
            raise
        self._troubles.worked(WHERE)
        # An address is good for one connection and a short while; the SDK would try a spent one for ever.
        asyncio.get_running_loop().call_later(self._ticket, self._give_up_address)
        return url

    def _give_up_address(self) -> None:
        self.wss_uri = None

    async def connect(self) -> None:
        """Connect, for as long as it takes."""
        await super().connect()  # type: ignore[no-untyped-call]
        if not self.closed:
            self._connected()

    async def connect_anew(self) -> None:
        """Drop a line that looks healthy and brings nothing."""
        await self.connect_to_new_endpoint(force=True)

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = asyncio.get_running_loop().time()
        response = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, response, started)
