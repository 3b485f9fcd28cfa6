"""Every page: there, small, plain to read for people and machines, and deaf to what feeds smuggle in."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cascade.board import board_at
from cascade.forecast import forecasts, rows
from cascade.forecasting.arrivals import Arrivals
from storage.atlas import read_atlas, read_taxonomy, read_track_record
from tests.contracts.ledger import MADE
from tests.make import ADA, DAY, GRACE, IMAGE, LINUS, MONDAY, TEXT, facts, sighting, taxonomy, vote
from tests.web.served import Seen, Served, serve
from tests.web.world import HOSTILE, NOW

PAGES = (
    "/",
    "/capability/negation",
    "/stage/image/closed",
    "/stage/video/open-realtime",
    "/gap/image/closed/image/open",
    "/gap/video/closed-offline/3d/closed",
    "/forecasts",
    "/digests",
    "/digests/2026-W33",
    "/sources",
    "/sighting/{candidate}",
    "/sighting/{confirmed}",
    "/sighting/{rejected}",
    "/sighting/{fails}",
    "/sighting/{hostile}",
    "/?as_of=2026-01-01",
    "/?known_by=2026-08-01",
    "/no-such-page",
)
MOST = 100_000  # bytes
SAFE = ("/", "#", "http://", "https://")


def _path(site: Served, page: str) -> str:
    return page.format(**{name: one.id for name, one in site.made.items()})


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_plain(site: Served, page: str) -> None:
    """One heading, one language, labelled fields, nothing inline, nothing from elsewhere, less than 100 KB."""
    reply = site.ask(_path(site, page))
    seen = Seen(reply.text)
    assert reply.status == (404 if page == "/no-such-page" else 200)
    assert len(reply.body) < MOST
    assert len(seen.all("h1")) == len(seen.all("main")) == 1
    assert seen.all("html") == [{"lang": "en"}]
    assert all(link["href"].startswith("/") for link in seen.all("link"))
    labels = {label["for"] for label in seen.all("label")}
    assert {field["id"] for field in seen.all("input")} == labels


@pytest.mark.parametrize("page", PAGES)
def test_hostile_words_stay_words(site: Served, page: str) -> None:
    """No tag, attribute or address of a feed's making comes through."""
    seen = Seen(site.ask(_path(site, page)).text)
    tags = {name for name, _ in seen.tags}
    assert not tags & {"script", "img", "iframe", "object", "style", "base", "embed"}
    attributes = [(name, value) for _, attrs in seen.tags for name, value in attrs.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith(SAFE) for name, value in attributes if name in ("href", "src", "action"))


def test_hostile_words_can_be_read(site: Served) -> None:
    """What the hostile item says is shown, as text, and kept apart from the text around it."""
    seen = Seen(site.ask(_path(site, "/sighting/{hostile}")).text)
    assert "<script>alert('x')</script>" in seen.text
    assert "{{ 7*7 }}" in seen.text
    assert "<!channel>" in HOSTILE
    assert seen.all("bdi")


@pytest.mark.parametrize("page", PAGES)
def test_people_are_counts(site: Served, page: str) -> None:
    """Nobody is named, and no place of the team."""
    text = site.ask(_path(site, page)).text
    for person in (ADA, GRACE, LINUS):
        assert not re.search(rf"\b{person.name}\b", text)
        assert person.key not in text
    assert "C0SECRET" not in text


def test_headers_are_strict(site: Served) -> None:
    """Scripts and foreign content are forbidden, no cookie is set, nothing is guessed."""
    headers = site.ask("/").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


def test_board_is_a_table(site: Served) -> None:
    """Every cell says in words what it is, and leads somewhere."""
    seen = Seen(site.ask("/").text)
    cells = seen.all("td")
    assert len([cell for cell in cells if cell.get("class", "").split()[:1] == ["works"]]) > 100
    for words in ("works since", "still fails as of", "unknown", "expected", "~20"):
        assert words in seen.text
    assert all(row.get("scope") for row in seen.all("th"))


def test_as_of_turns_the_board_back(site: Served) -> None:
    """As of the first day of 2026 less works, the page says which day it shows, and its links stay there."""
    now, past = Seen(site.ask("/").text), Seen(site.ask("/?as_of=2026-01-01").text)
    assert len(past.all("td")) == len(now.all("td"))
    there, then = (sum(cell.get("class", "").startswith("works") for cell in one.all("td")) for one in (now, past))
    assert 100 < then < there
    assert "Not today’s board" in past.text
    ways = [link["href"] for link in past.all("a") if link["href"].startswith(("/stage", "/capability", "/gap"))]
    assert ways
    assert all("as_of=2026-01-01" in way for way in ways)


def test_a_past_board_knows_what_came_later(site: Served) -> None:
    """A cell that came in 2026 was not there in 2025, which is not the same as nobody having looked."""
    text = Seen(site.ask("/capability/reasoning-first?as_of=2026-01-01").text).text
    step = text[text.index("open offline video ○ not there yet") : text.index("closed realtime video · unknown")]
    assert "Nobody has looked" not in step
    assert "Not there yet" in Seen(site.ask("/stage/video/open-offline?as_of=2026-01-01").text).text
    assert "came later" in Seen(site.ask("/?as_of=2026-01-01").text).text
    assert "came later" not in Seen(site.ask("/").text).text


def test_past_forecasts_are_those_of_the_backtest(site: Served) -> None:
    """Page and `cascade forecast --as-of` say the same of a past day: cells that came later count as open then."""
    known = datetime(2026, 8, 11, 23, tzinfo=UTC)  # before anybody of the team had voted
    then = Arrivals.of(board_at(read_taxonomy(), facts(*read_atlas()), known)).as_known_on(date(2026, 1, 1))
    told = {(row["capability"], row["stage"]): row for row in rows(forecasts(then).values())}
    shown = site.ask("/api/forecasts?as_of=2026-01-01&known_by=2026-08-11").data["forecasts"]
    assert {(row["capability"], row["stage"]): row for row in shown} == told


def test_known_by_forgets_later_votes(site: Served) -> None:
    """A cell that people confirmed yesterday was not confirmed last week."""
    name = site.made["confirmed"].id
    assert "Confirmed by 2 people" in site.ask(f"/sighting/{name}").text
    assert "Confirmed by" not in Seen(site.ask(f"/sighting/{name}?known_by=2026-08-18").text).text


def test_a_sighting_tells_its_history(site: Served) -> None:
    """Item, tags, votes and corrections, oldest first; a vote that does not count is told as one."""
    text = Seen(site.ask(_path(site, "/sighting/{confirmed}")).text).text
    assert "Release 2" in text
    assert "Tagged by the classifier, 83 % sure" in text
    assert text.index("Tagged by") < text.index("A person confirmed it") < text.index("no reviewer")
    fixed = Seen(site.ask(_path(site, "/sighting/{candidate}")).text).text
    assert "A person set right: model to Stage Play 3.1" in fixed


def test_forecasts_keep_score(site: Served) -> None:
    """A forecast that a digest showed, and that came due with a vote, is scored on the page."""
    seen = Seen(site.ask("/forecasts").text)
    assert "Track record" in seen.text
    assert str(MADE.date()) in seen.text
    assert "within its range" in seen.text


def test_forecasts_tell_how_the_method_fared_on_the_past(site: Served) -> None:
    """The method stands beside simple ones, and what it said beside what came."""
    text = Seen(site.ask("/forecasts").text).text
    ours = json.loads(read_track_record())["methods"][0]
    assert f"this model {ours['crps']:.3f} {ours['brier3']:.3f}" in text
    assert "constant hazard" in text
    assert "Chance told within 3 months: said, came" in text


def test_sources_tell_trouble_first(site: Served) -> None:
    """The failing feed stands above the one that is well, with its reason."""
    text = Seen(site.ask("/sources").text).text
    assert text.index("failing 404") < text.index("The News")
    assert "5 items" in text


def test_feeds_that_rest_are_not_watched(tmp_path: Path) -> None:
    """A paused feed is told apart on the page and to the machine that watches."""
    with serve(tmp_path, taxonomy=taxonomy()) as site:
        site.write(lambda store: store.pause_feed("https://odd.example/feed", paused=True, now=NOW))
        assert "1 feed watched: 1 live; 1 paused." in Seen(site.ask("/sources").text).text
        feeds = site.ask("/healthz").data["feeds"]
        assert (feeds["watched"], feeds["paused"], feeds["failing"]) == (1, 1, 0)


def test_modalities_lead_to_their_first_stages(site: Served) -> None:
    """`/gap/image/video` is the gap between closed image models and closed offline video."""
    reply = site.ask("/gap/image/video?as_of=2026-01-01")
    assert reply.status == 302
    assert reply.headers["location"] == "/gap/image/closed/video/closed-offline?as_of=2026-01-01"


def test_unchanged_pages_are_not_sent_again(site: Served) -> None:
    """The tag of a page brings 304 without a body; packed and unpacked say the same."""
    first = site.ask("/", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert first.body == site.ask("/").body
    again = site.ask("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_a_vote_shows_at_once(tmp_path: Path) -> None:
    """The page follows the store without being told."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, clock=lambda: MONDAY + DAY) as site:
        assert site.ask("/sighting/none").status == 404
        one = sighting()
        site.write(lambda store: store.save_sighting(one))
        assert "Waits for people" in site.ask(f"/sighting/{one.id}").text
        site.write(lambda store: store.add_votes("home", [vote(one)]))
        assert "Confirmed by 1 person" in site.ask(f"/sighting/{one.id}").text
        assert "works since" in site.ask("/").text


def test_a_joined_sighting_leads_to_the_one_that_lives(tmp_path: Path) -> None:
    """Both ids open one page, with the votes and the history of both."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, clock=lambda: MONDAY + DAY) as site:
        first, second = sighting(), sighting(story="story-2", seen_at=MONDAY + DAY)
        site.write(lambda store: [store.save_sighting(one) for one in (first, second)])
        site.write(lambda store: store.add_votes("home", [vote(second, at=MONDAY + DAY)]))
        assert "Waits for people" in site.ask(f"/sighting/{first.id}").text
        site.write(lambda store: store.merge_stories({"story-2": "story-1"}, MONDAY + DAY))
        pages = [Seen(site.ask(f"/sighting/{one.id}").text).text for one in (first, second)]
        assert all("Confirmed by 1 person" in page and "A person confirmed it" in page for page in pages)


def test_no_lag_is_said_so(tmp_path: Path) -> None:
    """A stage that got it on the same day is level with the one before, not 0 days behind."""
    both = [sighting(stage, story=stage) for stage in (TEXT, IMAGE)]
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, clock=lambda: MONDAY + DAY) as site:
        site.write(lambda store: [store.save_sighting(one) for one in both])
        site.write(lambda store: store.add_votes("home", [vote(one) for one in both]))
        assert "it is level with closed text" in Seen(site.ask(f"/stage/{IMAGE}").text).text
        assert "on the same day as closed text" in Seen(site.ask(f"/gap/{TEXT}/{IMAGE}").text).text


def test_an_empty_store_has_every_page(tmp_path: Path) -> None:
    """Before the first item, feed or digest each page says that there is nothing yet."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False) as site:
        for page in ("/", "/forecasts", "/digests", "/digests/2026-W33", "/sources", "/feed.atom", "/api/board"):
            assert site.ask(page).status == 200, page
        assert "No forecast that a digest showed has come due yet" in site.ask("/forecasts").text
        board = Seen(site.ask("/").text).text
        assert "expected too few" in board
        assert "Nothing has come by" in board


def test_the_archive_names_whole_weeks(site: Served) -> None:
    """A week runs from Monday to Sunday; the present one is not told before it is over."""
    text = Seen(site.ask("/digests").text).text
    assert "2026-W33 10 August to 16 August 2026" in text
    assert "2026-W34" not in text
