"""The HTTP way in: requests that Slack signed, and the pages by which workspaces install the app.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier

EVENTS, INSTALL, INSTALLED = "/slack/events", "/slack/install", "/slack/oauth_redirect"
LONGEST = 1_000_000  # bytes of a request; Slack's own are far smaller

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Clock(SlackClock):
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def now(self) -> float:
        """The moment in seconds since 1970."""
        return self._clock().timestamp()


def routes(
    app: AsyncApp, signing_secret: str, clock: Callable[[], datetime], oauth: AsyncOAuthFlow | None = None
) -> list[web.RouteDef]:
    """Where Slack knocks: none without a signing secret. A bad signature or one older than five minutes is refused."""
    if not signing_secret:
        return []
    found = [web.post(EVENTS, _events(app, SignatureVerifier(signing_secret, _Clock(clock))))]
    if oauth is not None:
        found += [web.get(INSTALL, _asks(oauth.handle_installation)), web.get(INSTALLED, _asks(oauth.handle_callback))]
    return found


def _events(app: AsyncApp, verifier: SignatureVerifier) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if (request.content_length or 0) > LONGEST:
            return web.Response(status=413, text="too large")
        body = await request.read()
        if len(body) > LONGEST or not _is_signed(verifier, request, body):
            return web.Response(status=401, text="the signature is wrong or too old")
        try:
            bolt_request = await to_bolt_request(request)
        except ValueError:
            return web.Response(status=400, text="this is no JSON")
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return handle


def _is_signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    try:
        return verifier.is_valid(
            body.decode(),
            request.headers.get("X-Slack-Request-Timestamp"),
            request.headers.get("X-Slack-Signature"),
        )
    except ValueError:  # a timestamp that is no number, a body that is no text
        return False


def _asks(page: Callable[..., Awaitable[object]]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await page(await to_bolt_request(request)))  # type: ignore[arg-type]

    return handle
