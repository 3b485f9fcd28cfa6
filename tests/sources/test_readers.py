"""The fast reader and the tolerant one find the same, wherever the fast one dares to read."""

import re
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import fast, tolerant
from sources.parse import parse
from sources.raw import Document, Found, to_items
from sources.text import plain
from tests.sources.documents import News, origin, rss
from tests.sources.mutate import mutated
from tests.sources.test_parse import SAMPLES

_HEADER = re.compile(rb"Header:\s+Content-[Tt]ype:\s*([^\n]+)")
_EXPECTED = re.compile(rb"entries\[0\]\['(title|link|id)'\] == u?(['\"])(.+?)\2\s*\n")


def differ(body: bytes, content_type: str = "") -> bool | None:
    """Whether the two readers disagree on a field that is used; None where the fast one leaves it to the other."""
    quick = fast.read(body, content_type)
    if quick is None:
        return None
    slow = tolerant.read(body, content_type)
    return slow is None or _used(quick) != _used(slow)


def _used(found: Found) -> object:
    return plain(found.title, 300), to_items(found.entries, origin(), "Brush")


def spoiled(bodies: Iterable[bytes], rng: Random, times: int) -> list[bytes]:
    """Each document, and some spoiled ones of it."""
    return [one for body in bodies for one in (body, *(mutated(body, rng) for _ in range(times)))]


def test_both_read_the_samples_alike() -> None:
    """The samples, and twenty spoiled ones of each; the fast one reads those that are whole and plain."""
    bodies = [path.read_bytes() for path in sorted(SAMPLES.glob("*.xml"))]
    found = [differ(body) for body in spoiled([*bodies, rss(*[News()] * 3)], Random(7), 20)]
    assert True not in found
    assert found.count(False) >= 5


_WORDS = st.text("ab  \n\t.&;<>/'\"!?=-[]()é\u00a0\u200b😀中#x0", max_size=30)
_MARKUP = st.sampled_from(["", "<p>", "</p>", "<b>", "&amp;", "&nbsp;", "&#39;", "&lt;", "<br/>", "]]>", "<!-- c -->"])
_TEXT = st.lists(_WORDS | _MARKUP, max_size=4).map("".join)
_DATES = st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S GMT")) | st.datetimes().map(
    lambda moment: moment.isoformat() + "Z"
)
_NEWS = st.builds(
    News,
    id=_WORDS,
    link=_WORDS.map("https://brush.example/".__add__) | _WORDS,
    title=_TEXT.map("Brush ".__add__) | _TEXT,
    text=_TEXT,
    date=_DATES,
)


@given(st.lists(_NEWS, min_size=1, max_size=3), st.booleans())
def test_both_read_generated_feeds_alike(entries: list[News], plain_ids: bool) -> None:
    """Whatever stands in the fields, the two agree or the fast one steps back."""
    body = rss(*entries)
    assert differ(body if plain_ids else body.replace(b" isPermaLink='false'", b"")) is not True


@pytest.mark.parametrize(
    "entry",
    [
        News(title="Brush &amp; co"),
        News(title="a < b > c"),
        News(title="&lt;b&gt;"),
        News(title="  many \n  blanks  "),
        News(text="<p>one</p><p>two</p>"),
        News(text="<![CDATA[ in ]]>"),
        News(link="https://brush.example/a?b=c&d=e#f"),
        News(link="HTTPS://BRUSH.EXAMPLE/"),
        News(id="https://brush.example/ä"),
        News(id=" x  y "),
        News(id="HTTP://Brush.Example/1"),
        News(date="Mon, 18 May 2026 08:00:00 +0530"),
        News(date="2026-05-18T08:00:00.5+05:30"),
        News(date="18 May 2026 08:00 EST"),
        News(date="Mon, 32 May 2026 08:00:00 GMT"),
        News(date="Mon, 18 May 2026 24:00:00 GMT"),
        News(date="Tue, 29 Feb 2025 08:00:00 GMT"),
        News(date="0001-01-01T00:00:00Z"),
    ],
)
def test_both_read_odd_entries_alike(entry: News) -> None:
    """Signs, blanks, markup and dates that two parsers may well read differently."""
    body = rss(entry, News(id="2", title="Another"))
    assert differ(body) is not True
    assert differ(body.replace(b" isPermaLink='false'", b"")) is not True


@pytest.mark.parametrize(
    "link",
    [
        "https://brush.example/a?utm_source=x",
        "https://brush.example/;",
        "https://BRUSH.example/a",
        "https://brush.example/\u00a0a",
        "https://brush.example/" + "a" * 600,
        "https://brush.example/a",
    ],
)
@pytest.mark.parametrize("guid", [b"", b"<guid></guid>", b"<guid/>", b"<guid> </guid>"])
def test_both_know_an_entry_without_an_id_by_its_link(link: str, guid: bytes) -> None:
    """No entry has an id, or some have none: the link is what it is known by, made canonical."""
    alone, beside = rss(News(id="", link=link)), rss(News(id="", link=link), News(id="2", title="Another"))
    for body in (alone, beside):
        assert differ(body.replace(b"<guid isPermaLink='false'></guid>", guid)) is not True
    assert differ(alone.replace(b"<guid isPermaLink='false'></guid>", guid)) is False


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_both_read_the_odd_collection_alike(odd: list[Path]) -> None:
    """Every document of feedparser's own tests, and five spoiled ones of each."""
    rng = Random(7)
    wrong = [path.name for path in odd for body in spoiled([path.read_bytes()], rng, 5) if differ(body, _kind(body))]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_both_read_real_feeds_alike(recorded: list[Path]) -> None:
    """Every recorded document; most of them are for the fast reader."""
    found = {path: differ(path.read_bytes()) for path in recorded}
    assert [path for path, wrong in found.items() if wrong] == []
    assert sum(wrong is False for wrong in found.values()) > 0.8 * len(found)


@pytest.mark.slow
def test_the_odd_collection_is_read_as_its_comments_say(odd: list[Path]) -> None:
    """Title, link and id of the first entry are what feedparser's tests expect of it, made plain."""
    checked = 0
    for path in (one for one in odd if one.parent.name != "sanitize"):  # how its own sanitiser words it is its own
        body = path.read_bytes()
        for field, _, value in _EXPECTED.findall(body):
            document = parse(body, _kind(body), origin("http://127.0.0.1:8097/"))
            assert isinstance(document, Document), path
            item, said = document.items[0], plain(value.decode("unicode_escape"), 300)
            mine = {"title": item.title, "link": item.url, "id": item.identity}[field.decode()]
            assert mine.rstrip("/") == said.rstrip("/") or (field == b"link" and not mine), (path, mine, said)
            checked += 1
    assert checked > 10


def _kind(body: bytes) -> str:
    found = _HEADER.search(body[:1000])
    return found[1].decode("latin-1").strip() if found else ""
