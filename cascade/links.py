"""Links: one spelling to show, and one key by which two links to the same page are found equal."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

MAX_LINK = 2000
_TRACKERS = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref_src|ref_url|_hs\w+|at_\w+|cmpid)", re.ASCII
)
_MARKERS = re.compile(r"(:~:|utm_|xtor=|atom-|rss|comments?$|respond$|disqus).*", re.ASCII)
_SAME_HOST = {"twitter.com": "x.com", "mobile.twitter.com": "x.com", "old.reddit.com": "reddit.com"}
# Most links are as plain as this and stay as they are; the whole of `canonical` costs ten times as much.
_PLAIN = re.compile(r"https?://([a-z0-9][a-z0-9.-]*[a-z0-9])(/[A-Za-z0-9/._~%+@=!-]*)", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\"<>\\^`{|}]")
_ARXIV = re.compile(r"/(?:abs|pdf|html)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?", re.ASCII)


def canonical(link: str, base: str = "") -> str:
    """The link as it is shown and kept: absolute http or https, without trackers; "" for anything else."""
    link = link.strip()
    if _PLAIN.fullmatch(link) and len(link) <= MAX_LINK:
        return link
    try:
        parts = urlsplit(urljoin(base, link) if base and link else link)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or len(link) > MAX_LINK or _UNPRINTABLE.search(link):
        return ""
    netloc = _netloc(host, port, parts.scheme)
    fragment = "" if _MARKERS.fullmatch(parts.fragment) else parts.fragment
    return urlunsplit((parts.scheme, netloc, parts.path or "/", _query(parts.query), fragment))


def link_key(link: str) -> str:
    """A key that two spellings of one page share; "" for no link. Only for comparing, never to be opened."""
    plain = _PLAIN.fullmatch(link)
    if plain:
        return _key(plain[1], plain[2], "", "")
    parts = urlsplit(canonical(link))
    return _key(parts.netloc, parts.path, parts.query, parts.fragment) if parts.netloc else ""


def _key(host: str, path: str, query: str, fragment: str) -> str:
    host = host.removeprefix("www.").removeprefix("m.")
    host, path = _SAME_HOST.get(host, host), path.rstrip("/")
    if host == "youtu.be":
        host, path, query = "youtube.com", "/watch", f"v={path[1:]}"
    elif host.endswith("arxiv.org") and (paper := _ARXIV.fullmatch(path)):
        host, path = "arxiv.org", f"/abs/{paper[1]}"
    ordered = "?" + "&".join(sorted(query.split("&"))) if query else ""
    return host + path + ordered + (f"#{fragment}" if fragment else "")


def _netloc(host: str, port: int | None, scheme: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port in {None, {"http": 80, "https": 443}[scheme]} else f"{name}:{port}"


def _query(query: str) -> str:
    if not query or not any(_TRACKERS.fullmatch(pair.partition("=")[0]) for pair in query.split("&")):
        return query  # untouched: a second spelling of the same query may be another page to the server
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKERS.fullmatch(name)]
    return urlencode(kept)
