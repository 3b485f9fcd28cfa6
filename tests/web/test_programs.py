"""What programs read: the API as it is described, the feed, health and metrics."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import feedparser
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from cascade.errors import StoreError
from storage.store import Store
from tests.make import ADA, GRACE, LINUS, sighting, taxonomy
from tests.web.served import Served, public, serve
from tests.web.world import NOW
from web.openapi import read_description
from web.vitals import Vitals

DESCRIPTION = read_description("http://127.0.0.1:1")
EXAMPLES = {
    "/api/capabilities/{id}": "/api/capabilities/negation",
    "/api/stages/{modality}/{variant}": "/api/stages/image/closed",
    "/api/gaps/{a}/{b}/{c}/{d}": "/api/gaps/image/closed/image/open",
    "/api/sightings/{id}": "/api/sightings/{candidate}",
    "/api/digests/{week}": "/api/digests/2026-W33",
}
LOST = "the disk is gone. Mount it again."
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def _address(site: Served, path: str) -> str:
    return EXAMPLES.get(path, path).format(**{name: one.id for name, one in site.made.items()})


def _check(value: Any, schema: Mapping[str, Any], where: str) -> None:
    """The value is as the schema says: the part of JSON Schema that the description uses."""
    if "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "oneOf" in schema:
        _check(value, schema["oneOf"][1 if value is None else 0], where)
    for part in schema.get("allOf", ()):
        _check(value, part, where)
    _check_kind(value, schema.get("type", []), where)
    assert value in schema.get("enum", [value]), where
    _check_parts(value, schema, where)


def _check_kind(value: Any, kinds: str | list[str], where: str) -> None:
    names = [kinds] if isinstance(kinds, str) else kinds
    assert not names or isinstance(value, tuple(kind for name in names for kind in KINDS[name])), f"{where}: {value!r}"


def _check_parts(value: Any, schema: Mapping[str, Any], where: str) -> None:
    if isinstance(value, list):
        for n, one in enumerate(value):
            _check(one, schema["items"], f"{where}[{n}]")
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value), where
        for name, part in schema.get("properties", {}).items():
            _check(value[name], part, f"{where}.{name}")


@pytest.mark.parametrize("path", sorted(DESCRIPTION["paths"]))
def test_answers_are_as_described(site: Served, path: str) -> None:
    """Each answer fits its schema, names nobody, may be read by other sites, and is not sent twice."""
    reply = site.ask(_address(site, path))
    assert reply.status == 200
    schema = DESCRIPTION["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    _check(reply.data, schema, path)
    for person in (ADA, GRACE, LINUS):
        assert not re.search(rf"\b{person.name}\b", reply.text)
        assert person.key not in reply.text
    assert reply.headers["access-control-allow-origin"] == "*"
    again = site.ask(_address(site, path), headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_everything_served_is_described(site: Served) -> None:
    """`/api` lists exactly the described answers, and the description says where it is served."""
    assert site.ask("/api").data["answers"] == sorted(DESCRIPTION["paths"])
    told = site.ask("/api/openapi.json").data
    assert told["openapi"] == "3.1.0"
    assert told["servers"] == [{"url": "http://127.0.0.1:1"}]
    references = re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(told))
    assert references
    assert all(name in told["components"][room] for room, name in references)


def test_a_browser_may_ask_first(site: Served) -> None:
    """A preflight is told that reading with If-None-Match is allowed."""
    reply = site.ask("/api/board", "OPTIONS", {"Origin": "https://other.example"})
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in reply.headers["access-control-allow-headers"]


def test_pages_are_not_for_other_sites(site: Served) -> None:
    """Only the API may be read across sites."""
    assert "access-control-allow-origin" not in site.ask("/").headers


def test_sightings_come_by_status_and_in_pages(site: Served) -> None:
    """A status chooses, `after` goes on behind an id, a wrong status is refused."""
    waiting = site.ask("/api/sightings?status=candidate").data["sightings"]
    assert [one["id"] for one in waiting] == [site.made["candidate"].id]
    everything = [one["id"] for one in site.ask("/api/sightings").data["sightings"]]
    behind = [one["id"] for one in site.ask(f"/api/sightings?after={everything[4]}").data["sightings"]]
    assert behind == everything[5:]
    assert site.ask("/api/sightings?status=maybe").status == 404


def test_votes_are_counts(site: Served) -> None:
    """Two confirmed, one is no reviewer."""
    votes = site.ask(f"/api/sightings/{site.made['confirmed'].id}").data["votes"]
    assert votes == {"confirm": 2, "reject": 0, "unsure": 0, "recorded only": 1}


def test_the_feed_is_atom(site: Served) -> None:
    """Feedparser reads it without a complaint: unique ids, moments, absolute links, digests in full."""
    reply = site.ask("/feed.atom")
    found = feedparser.parse(reply.body, response_headers={"content-type": reply.headers["content-type"]})
    assert reply.headers["content-type"].startswith("application/atom+xml")
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    assert len({entry.id for entry in found.entries}) == len(found.entries) > 20
    assert all(entry.updated_parsed and entry.link.startswith("http://127.0.0.1:1/") for entry in found.entries)
    assert sum("/digests/" in entry.link for entry in found.entries) == 4
    assert [entry.updated for entry in found.entries] == sorted((e.updated for e in found.entries), reverse=True)


def test_the_feed_has_what_atom_asks_for(site: Served) -> None:
    """Feed and entries have id, title and updated, the feed an author and a link to itself (RFC 4287, 4.1)."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(site.ask("/feed.atom").body)
    assert feed.tag == f"{atom}feed"
    for part in (feed, *feed.findall(f"{atom}entry")):
        assert all(part.findtext(f"{atom}{name}") for name in ("id", "title", "updated"))
    assert feed.find(f"{atom}author/{atom}name") is not None
    assert [link.get("href") for link in feed.findall(f"{atom}link[@rel='self']")] == ["http://127.0.0.1:1/feed.atom"]


def test_the_feed_carries_no_markup_of_strangers(site: Served) -> None:
    """The hostile model's name stands there as words."""
    found = feedparser.parse(site.ask("/feed.atom").body, sanitize_html=False)
    hostile = [entry for entry in found.entries if "alert('x')" in entry.title or "alert(" in entry.title]
    assert len(hostile) == 1
    contents = [content for entry in found.entries for content in entry.get("content", ())]
    markup = [content.value for content in contents if content.type == "text/html"]
    assert len(markup) == 1  # the other three weeks were quiet, and say so in words
    assert len([content for content in contents if content.value]) == len(found.entries)
    assert not any("<script" in text or "<img" in text for text in markup)


def test_links_of_the_feed_are_public(tmp_path: Path) -> None:
    """With CASCADE_PUBLIC_URL they lead there."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, settings=public("https://cascade.example")) as site:
        found = feedparser.parse(site.ask("/feed.atom").body)
        assert {entry.link.partition("/digests")[0] for entry in found.entries} == {"https://cascade.example"}


def test_health(site: Served) -> None:
    """Storage, scheduler, each platform's silence, feeds."""
    reply = site.ask("/healthz")
    assert reply.status == 200
    assert reply.data["storage"] == {"ok": True}
    assert reply.data["scheduler"] == {"ok": True, "seconds_since": 0}
    assert reply.data["platforms"]["slack"] == {"seconds_since_event": 0, "quiet": False}
    assert reply.data["platforms"]["discord"] == {"seconds_since_event": None, "quiet": True}
    assert {name: reply.data["feeds"][name] for name in ("watched", "live", "failing")} == {
        "watched": 2,
        "live": 1,
        "failing": 1,
    }


def test_a_sleeping_scheduler_is_ill(tmp_path: Path) -> None:
    """When it has not woken for ten minutes, the status says so to a load balancer."""

    async def asleep() -> Vitals:
        return Vitals(scheduler_at=NOW - timedelta(minutes=11))

    with serve(tmp_path, taxonomy=taxonomy(), filled=False, vitals=asleep) as site:
        reply = site.ask("/healthz")
        assert (reply.status, reply.data["ok"], reply.data["scheduler"]["ok"]) == (503, False, False)


class _Lost(Store):
    """A store whose disk is gone."""

    def visits(self) -> NoReturn:
        raise StoreError(LOST)


def test_a_lost_store_is_ill(tmp_path: Path) -> None:
    """Health says it as JSON; a page says that it cannot be shown now."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, kind=_Lost) as site:
        assert site.ask("/healthz").status == 503
        assert site.ask("/healthz").data["storage"] == {"ok": False, "trouble": LOST}
        page = site.ask("/sources")
        assert (page.status, page.headers["retry-after"]) == (503, "3")
        assert LOST in page.text


def test_metrics_can_be_scraped(site: Served) -> None:
    """Prometheus' own parser reads them; routes are counted by pattern, never by address."""
    site.ask("/capability/never-heard-of-it")
    families = {family.name: family for family in text_string_to_metric_families(site.ask("/metrics").text)}
    pages = {sample.labels["page"] for sample in families["cascade_web_requests"].samples}
    assert "/capability/{id}" in pages
    assert not any("never-heard" in page for page in pages)
    assert {sample.labels["health"]: sample.value for sample in families["cascade_feeds"].samples}["live"] == 1.0
    assert {sample.labels["what"] for sample in families["cascade_seconds_since"].samples} == {"scheduler", "slack"}


def test_others_answer_beside_it_by_their_own_rules(tmp_path: Path) -> None:
    """A chat platform's address takes posts and foreign names, and gets none of the page's headers."""

    async def hook(_request: web.Request) -> web.Response:
        return web.Response(text="heard")

    with serve(tmp_path, taxonomy=taxonomy(), filled=False, others=[web.post("/slack/events", hook)]) as site:
        reply = site.ask("/slack/events", "POST", {"Host": "hooks.example"})
        assert (reply.status, reply.text) == (200, "heard")
        assert "content-security-policy" not in reply.headers
        site.write(lambda store: store.save_sighting(sighting()))
        assert site.ask("/").status == 200
