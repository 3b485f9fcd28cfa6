"""What is wrong in a request brings a small clear page, or JSON for programs, under the right status."""

import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import taxonomy
from tests.web.served import BOUND, Seen, Served, public, serve
from web.clocks import Clocks
from web.settings import Settings

ODD = (
    ("/capability/negatoin", 404),
    ("/capability/%00", 404),
    ("/capability/" + "n" * 300, 404),
    ("/stage/video/nowhere", 404),
    ("/stage/image", 404),
    ("/gap/image/closed/image/closed", 404),
    ("/gap/image/nothing", 404),
    ("/gap/a/b/c/d", 404),
    ("/sighting/%3Cscript%3E", 404),
    ("/digests/2026-W99", 404),
    ("/digests/0001-W01", 404),
    ("/digests/9999-W01", 404),
    ("/digests/2026-W33/nobody", 404),
    ("/static/../site.py", 404),
    ("/static/..%2Fsite.py", 404),
    ("/static/%2e%2e/%2e%2e/etc/passwd", 404),
    ("//evil.example/", 404),
    ("/?as_of=yesterday", 400),
    ("/?as_of=2026-02-30", 400),
    ("/?as_of=1999-12-31", 400),
    ("/?as_of=2030-01-01", 400),
    ("/?known_by=2026-8-1", 400),
    ("/?known_by=%3Cb%3E", 400),
    ("/?q=" + "x" * 3000, 414),
)


@pytest.mark.parametrize(("path", "status"), ODD)
def test_odd_addresses(site: Served, path: str, status: int) -> None:
    """The page says what is wrong in a sentence, leads back to the board, and echoes nothing as markup."""
    reply = site.ask(path)
    seen = Seen(reply.text)
    assert reply.status == status
    assert len(reply.body) < 4000
    assert reply.headers["content-security-policy"]
    assert {"href": "/"} in seen.all("a")
    assert not {"script", "b"} & {name for name, _ in seen.tags}
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(("path", "status"), [(path, status) for path, status in ODD if path.startswith("/?")])
def test_programs_get_json(site: Served, path: str, status: int) -> None:
    """The same trouble at an API address is JSON that any site may read."""
    reply = site.ask(f"/api/board{path[1:]}")
    assert reply.status == status
    assert reply.data["error"]["status"] == status
    assert reply.headers["access-control-allow-origin"] == "*"


def test_a_typo_gets_the_nearest(site: Served) -> None:
    """A misspelt capability leads to the one that was meant."""
    assert {"href": "/capability/negation"} in Seen(site.ask("/capability/negatoin").text).all("a")
    assert "/capability/negation" in site.ask("/api/capabilities/negatoin").data["error"]["nearest"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_only_reading_is_possible(site: Served, method: str) -> None:
    """Another method than GET and HEAD is refused and told what is allowed."""
    reply = site.ask("/", method)
    assert reply.status == 405
    assert reply.headers["allow"] == "GET,HEAD"


def test_head_has_no_body(site: Served) -> None:
    """HEAD brings GET's headers alone."""
    head, get = site.ask("/", "HEAD"), site.ask("/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "127.0.0.1:notaport", "a b"])
def test_foreign_names_are_refused(site: Served, host: str) -> None:
    """On loopback only loopback's names are known, so no foreign page can read the board by pointing its name here."""
    assert site.ask("/", headers={"Host": host}).status == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1234", "[::1]:80", "LOCALHOST"])
def test_own_names_are_known(site: Served, host: str) -> None:
    """Loopback's names are known with any port and in any case."""
    assert site.ask("/healthz", headers={"Host": host}).status == 200


def test_the_public_name_is_known(tmp_path: Path) -> None:
    """With CASCADE_PUBLIC_URL its name is known too, and https is insisted on."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, settings=public("https://cascade.example")) as site:
        reply = site.ask("/", headers={"Host": "cascade.example"})
        assert reply.status == 200
        assert reply.headers["strict-transport-security"]
        assert site.ask("/", headers={"Host": "evil.example"}).status == 421


def test_opened_to_others_any_name_will_do(tmp_path: Path) -> None:
    """Bound beyond loopback it stands behind names that it cannot know."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, settings=Settings(host="0.0.0.0", port=1)) as site:
        assert site.ask("/", headers={"Host": "board.internal"}).status == 200
        assert site.ask("/", headers={"Host": "<script>"}).status == 421


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"G" * 9000,
        b"BREW / HTTP/1.1\r\nHost: localhost",
    ],
)
def test_what_is_no_http_is_refused(site: Served, raw: bytes) -> None:
    """Bytes that are no request, or one without a host, get an error; the next request is answered."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=BOUND) as line:
        line.sendall(raw + b"\r\n\r\n")
        status = line.recv(4096).split(b" ")[1:2]
    assert status in ([b"400"], [b"421"])
    assert site.ask("/healthz").status == 200


@given(path=st.text(max_size=60), query=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_it(site: Served, path: str, query: str) -> None:
    """Whatever is asked for, the answer is one that was meant."""
    from urllib.parse import quote

    for room in ("", "capability/", "sighting/", "digests/", "api/sightings/", "static/"):
        assert site.ask(f"/{room}{quote(path)}?as_of={quote(query)}").status in (200, 400, 404, 414)


@given(st.dictionaries(st.sampled_from(["as_of", "known_by", "x"]), st.text(max_size=12)))
def test_dates_are_days_or_refused(query: dict[str, str]) -> None:
    """Any query is two days that may be asked for, or bad input."""
    from contextlib import suppress
    from datetime import date

    from cascade.errors import BadInput

    today = date(2026, 8, 21)
    with suppress(BadInput):
        clocks = Clocks.read(query, today)
        assert all(day is None or date(2000, 1, 1) <= day < today for day in (clocks.as_of, clocks.known_by))
