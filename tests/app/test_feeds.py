"""Feeds at the command line, and a person's own report: over loopback, nothing patched."""

import json
from pathlib import Path

import pytest

from app import clock
from app.build import House, open_store
from app.feeds import told
from app.report import Reporting
from app.settings import read_settings
from app.start import watch_listed
from app.tag import tag_waiting
from app.threads import StoreThread
from bot.answers.feeds import NONE_YET
from cascade.errors import BadInput
from cascade.feed import Record
from cascade.message import Message
from sources.check import Checked, check, stranger
from sources.fetch import Fetcher
from sources.known import sort_out
from sources.parse import parse
from sources.raw import Document
from sources.text import plain
from tests.app.test_cli import leave, refused
from tests.make import LINUS
from tests.sources.documents import News, origin, rss
from tests.sources.site import Names, Site, answer, redirect

OPML = b'<opml><body><outline text="Brush" xmlUrl="https://brush.example/feed"/><outline xmlUrl="x"/></body></opml>'
PAGE = b"""<html><head><title>Brush 2</title><meta property="article:published_time" content="2026-05-18T08:00:00Z">
</head><body><article><p>Our open weights image model FLUX.3 now understands negation: prompts like "no elephant"
finally leave out the elephant. Weights are available today.</p></article></body></html>"""


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What a command printed, on one line."""
    return " ".join(capsys.readouterr().out.split())


def test_an_address_inside_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """One line says why, and the exit code is 2; programs get the reason."""
    assert leave("feeds", "check", "http://169.254.169.254/latest/meta-data/") == 2
    assert "never asked: 169.254.169.254 (link-local; a host of your own must be named in" in (out := said(capsys))
    assert "CASCADE_ALLOW_PRIVATE_HOSTS)" in out
    assert leave("feeds", "check", "file:///etc/passwd", "--json") == 2
    assert json.loads(said(capsys))["reason"] == "refused"


def test_feeds_in_and_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Import takes the good lines, names the bad ones, adds none twice; export gives them back."""
    db, opml = tmp_path / "new.db", tmp_path / "mine.opml"
    opml.write_bytes(OPML)
    assert leave("feeds", "--db", db) == 0
    assert NONE_YET in said(capsys)
    assert leave("feeds", "import", opml, "--db", db) == 0
    assert "1 feed added, 0 watched already, 1 left out" in (out := said(capsys))
    assert "mine.opml, line 1: 'x' is no http or https address" in out
    assert leave("feeds", "import", opml, "--db", db, "--json") == 0
    assert json.loads(said(capsys))["known"] == 1
    assert leave("feeds", "export", "--db", db) == 0
    assert 'xmlUrl="https://brush.example/feed"' in said(capsys)
    assert leave("feeds", "--db", db) == 0
    assert "1 feed" in said(capsys)


def test_a_feed_list_is_imported_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each bad line with its number, the good ones taken."""
    path = tmp_path / "mine.toml"
    path.write_text('https://brush.example/feed\n"https://x.example/" = { titel = "X" }\n')
    assert leave("feeds", "import", path, "--db", tmp_path / "new.db") == 0
    assert "mine.toml, line 2: unknown key 'titel': did you mean 'title'?" in said(capsys)


def test_pausing_and_resuming(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A watched feed is paused and resumed; one that is not watched is refused with a cure."""
    db, path = tmp_path / "new.db", tmp_path / "mine.txt"
    path.write_text("https://brush.example/feed\n")
    leave("feeds", "import", path, "--db", db)
    assert leave("feeds", "pause", "https://brush.example/feed", "--db", db) == 0
    capsys.readouterr()
    assert leave("feeds", "--db", db) == 0
    assert capsys.readouterr().out.startswith("No feed is asked: all are paused\n  Paused: 1. ")
    assert leave("feeds", "resume", "https://brush.example/feed", "--db", db) == 0
    capsys.readouterr()
    assert leave("feeds", "pause", "https://no.example/", "--db", db) == 2
    assert "is not watched" in refused(capsys)


@pytest.mark.parametrize("name", ["none.opml", "none.toml"])
def test_a_list_that_is_not_there(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with its cure."""
    assert leave("feeds", "import", tmp_path / name, "--db", tmp_path / "new.db") == 2
    assert "No such file" in refused(capsys)


def test_a_list_without_a_feed_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To import it, and to the doctor; so is one that is not there."""
    path, db = tmp_path / "mine.toml", tmp_path / "new.db"
    path.write_text('[[feed]]\nurl = "https://brush.example/feed"\n')
    assert leave("feeds", "import", path, "--db", db) == 2
    assert "mine.toml holds no feed: 0 feeds added, 0 watched already, 2 left out" in said(capsys)
    monkeypatch.setenv("CASCADE_FEEDS", str(path))
    leave("doctor", "--db", db)
    assert "✗ Feed list: mine.toml, 0 feeds, 0 of them paused, 2 lines left out. mine.toml, line 1" in said(capsys)
    monkeypatch.setenv("CASCADE_FEEDS", str(tmp_path / "none.toml"))
    leave("doctor", "--db", db)
    assert "none.toml: No such file or directory" in said(capsys)
    monkeypatch.delenv("CASCADE_FEEDS")
    leave("doctor", "--db", db)
    assert "✓ Feed list: feeds.toml" in said(capsys)


def test_why_of_a_link_that_nobody_brought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what can be done."""
    assert leave("why", "https://brush.example/2", "--db", tmp_path / "new.db") == 2
    assert "no feed brought https://brush.example/2" in "".join(capsys.readouterr())


async def reported(tmp_path: Path, link: str, site: Site) -> Message:
    """What Linus is answered when he reports a link; every name leads to the site."""
    store = StoreThread(open_store(read_settings(tmp_path / "cascade.db")))
    names = Names({"brush.test": ["127.0.0.1"], "short.test": ["127.0.0.1"]})
    try:
        async with Fetcher({"brush.test", "short.test"}, resolver=names) as fetch:
            house = House(read_settings(tmp_path / "cascade.db"))
            return await Reporting(house=house, run=store, fetch=fetch, clock=clock.now)(link, LINUS)
    finally:
        store.close()


async def test_a_report_is_read_tagged_and_put_up_for_review(tmp_path: Path) -> None:
    """Its claim waits for a decision under the person's name; a second report of it makes no second sighting."""
    async with Site({"/2": answer(PAGE, content_type="text/html")}) as site:
        first = await reported(tmp_path, site.url("/2?utm_source=x", "brush.test"), site)
        again = await reported(tmp_path, f"<{site.url('/2', 'brush.test')}|Brush 2>", site)
    [sighting] = first.facts["sightings"]
    assert first.headline.startswith("Put up for review: negation in open image models: FLUX.3")
    assert (sighting["capability"], sighting["stage"], sighting["status"]) == ("negation", "image/open", "candidate")
    assert sighting["happened"] == "2026-05-18"
    assert again.headline.startswith("It is known already")
    assert (again.facts["new"], len(again.facts["sightings"])) == ([], 1)
    store = open_store(read_settings(tmp_path / "cascade.db"))
    [kept] = [one for one in store.sightings() if not one.from_atlas]
    assert kept.reported_by == LINUS
    [history] = store.items_at(site.url("/2", "brush.test"))
    assert history.why == f"reported by {LINUS}"
    store.close()


async def test_a_short_link_is_kept_by_where_it_leads(tmp_path: Path) -> None:
    """The page's own address is the evidence."""
    async with Site({"/2": answer(PAGE)}) as site:
        site.pages["/x"] = redirect(site.url("/2", "brush.test"))
        found = await reported(tmp_path, site.url("/x", "short.test"), site)
        assert found.facts["sightings"][0]["links"] == [site.url("/2", "brush.test")]


async def test_a_page_without_a_claim_is_kept_and_said_so(tmp_path: Path) -> None:
    """It is no error, and nothing waits for review."""
    async with Site({"/2": answer(b"<title>Cake</title><p>Take three eggs and some flour.</p>")}) as site:
        found = await reported(tmp_path, site.url("/2", "brush.test"), site)
    assert "claim nothing that Cascade keeps" in found.headline
    assert found.facts["sightings"] == []


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("", "report needs a link"),
        ("negation", "report needs a link"),
        ("javascript:alert(1)", "report needs a link"),
        ("http://127.0.0.1/", "never asked"),
        ("http://brush.test:{port}/none", "status 404"),
        ("http://brush.test:{port}/picture", "its type is 'image/png'"),
    ],
)
async def test_a_report_that_cannot_be_read(link: str, says: str, tmp_path: Path) -> None:
    """One line that says why."""
    async with Site({"/picture": answer(b"\x89PNG", content_type="image/png")}) as site:
        with pytest.raises(BadInput, match=says):
            await reported(tmp_path, link.format(port=site.port), site)


async def test_a_feed_that_is_fine(tmp_path: Path) -> None:
    """What `feeds check` tells of a feed: its title, its items, where it lives."""
    async with Site({"/feed": answer(rss(News()), etag='"1"')}) as site:
        async with Fetcher({"127.0.0.1"}) as fetch:
            found = await check(fetch, site.url("/feed"), clock.now())
        assert isinstance(found, Checked)
        message = told(site.url("/feed"), found)
    assert message.headline == "Brush news: a feed of 1 item, newest 2026-05-18"
    assert message.facts["conditional"]
    assert [item["identity"] for item in message.facts["items"]] == ["1"]


def test_a_changed_entry_edits_its_sighting_and_makes_no_second(tmp_path: Path) -> None:
    """The card's quote becomes the new words; there is one sighting, and one item with its earlier words."""
    settings = read_settings(tmp_path / "cascade.db")
    store, house = open_store(settings), House(settings)
    quotes = []
    for number, elephant in enumerate(("the elephant", "every elephant")):
        page = PAGE.replace(b"the elephant", elephant.encode())
        found = parse(rss(News(title="FLUX.3 is out", text=plain(page.decode(), 4000))), "", origin())
        assert isinstance(found, Document)
        entries = sort_out(found.items, store.known_items(origin().feed))
        visit = stranger(origin().feed, clock.now())
        store.record_looks([Record(visit=visit, new=entries.new, changed=entries.changed)], clock.now())
        assert len(tag_waiting(store, house.reader.read, clock.now()).sightings) == 1 - number
        [kept] = [one for one in store.sightings() if not one.from_atlas]
        quotes.append(kept.quote)
    assert "leave out the elephant" in quotes[0]
    assert "leave out every elephant" in quotes[1]
    store.close()


def test_an_edited_list_is_followed_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it pauses, resumes or renames happens; what a person paused by command stays paused."""
    path = tmp_path / "feeds.toml"
    monkeypatch.setenv("CASCADE_FEEDS", str(path))
    settings = read_settings(tmp_path / "cascade.db")
    store = open_store(settings)
    line = '"https://{0}.example/" = {{ title = "{1}", paused = {2} }}\n'
    path.write_text(line.format("a", "A", "true") + line.format("b", "B", "false") + line.format("c", "C", "false"))
    watch_listed(store, settings)
    store.pause_feed("https://c.example/", paused=True, now=clock.now())
    path.write_text(line.format("a", "A2", "false") + line.format("b", "B", "true") + line.format("c", "C", "false"))
    watch_listed(store, settings)
    found = {visit.feed.title: visit.feed.paused for visit in store.visits()}
    assert found == {"A2": False, "B": True, "C": True}
    store.close()


@pytest.mark.parametrize("words", [("report",), ("ask", "report"), ("ask", "/cascade report negation")])
def test_report_is_a_word_everywhere(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a command and as a question; without a link it says what it needs."""
    more = ("no link",) if words == ("report",) else ()
    assert leave(*words, *more, "--db", tmp_path / "new.db") == 2
    assert "report needs a link" in "".join(capsys.readouterr())
