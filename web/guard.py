"""What stands before and after every request: odd names and long addresses out, strict headers on."""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from cascade.errors import BadInput, CascadeError
from web.settings import Settings
from web.shows.page import MissingError, Way

LONGEST = 2000  # characters of path and query
API = "/api"

# Nothing but the page itself, its one style sheet and its own pictures: markup that slipped
# through the escaping could still run nothing, load nothing and send nothing.
CSP = "; ".join((
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "Cascade",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
Tell = Callable[[web.Request, int, str, tuple[Way, ...]], web.Response]

_TEXTS = {
    404: "There is nothing at this address.",
    405: "This site is read only: GET and HEAD are answered here.",
}


def guard(settings: Settings, tell: Tell, beside: frozenset[str] = frozenset()) -> Middleware:
    """The middleware; `tell` makes the page or the JSON that an error is told by. Paths `beside` it pass."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in beside:
            return await handler(request)
        response = await _answered(settings, tell, request, handler)
        if not response.prepared:
            _add_headers(settings, request, response)
        return response

    return guarded


async def _answered(settings: Settings, tell: Tell, request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        if refused := _refused(settings, request):
            return tell(request, *refused, ())
        return await handler(request)
    except CascadeError as error:
        return _told(tell, request, error)
    except web.HTTPException as error:
        return _retold(tell, request, error)
    except Exception:  # a bug: it is logged whole, and the reader gets a small page instead of a torn one
        request.app.logger.exception("%s could not be shown", request.path)
        return tell(request, 500, "Something is wrong here, and it was noted in the log.", ())


def _told(tell: Tell, request: web.Request, error: CascadeError) -> web.StreamResponse:
    """An error that was foreseen: what it says, under its status."""
    match error:
        case MissingError():
            return tell(request, 404, str(error), error.nearest)
        case BadInput():
            return tell(request, 400, str(error), ())
    response = tell(request, 503, str(error), ())
    response.headers["Retry-After"] = "3"
    return response


def _retold(tell: Tell, request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """An error of the framework in this site's words."""
    response = tell(request, error.status, _TEXTS.get(error.status, f"{error.reason}."), ())
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _refused(settings: Settings, request: web.Request) -> tuple[int, str] | None:
    if len(request.raw_path) > LONGEST:
        return 414, f"This address is longer than {LONGEST} characters."
    if not _is_known(settings, request.headers.get("Host", "")):
        return 421, "This page is not known by that name. If it should be, set CASCADE_PUBLIC_URL to its address."
    return None


def _is_known(settings: Settings, host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        urlsplit(f"//{host}").port  # noqa: B018  raises for what is no port
    except ValueError:
        return False
    if settings.hosts is not None:
        return name in settings.hosts
    return bool(name) and (_is_address(name) or all(sign.isalnum() or sign in "-._" for sign in name))


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def _add_headers(settings: Settings, request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(API):
        response.headers.update(CORS)
    else:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if settings.public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
