"""Every kind of document gives items or a named reason, and none gives more than words."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cascade.feed import Failed, Reason
from cascade.item import Item
from sources import fast, tolerant
from sources.parse import parse
from sources.raw import MAX_ENTRIES, MAX_TAGS, Document
from sources.text import plain
from tests.sources.documents import News, origin, rss, titles
from tests.sources.site import Site, answer

SAMPLES = Path(__file__).parents[1] / "samples" / "feeds"
EIGHT = datetime(2026, 5, 18, 8, tzinfo=UTC)


def read(body: bytes, content_type: str = "") -> Document:
    """A document that can be read."""
    found = parse(body, content_type, origin())
    assert isinstance(found, Document), found
    return found


def sample(name: str) -> tuple[Item, ...]:
    """The items of a sample."""
    return read((SAMPLES / name).read_bytes()).items


@pytest.mark.parametrize(
    ("name", "form", "identity", "dated"),
    [
        ("rss090.xml", "rss090", "https://brush.example/1", False),
        ("rss091.xml", "xml", "https://brush.example/1", False),
        ("rss10-rdf.xml", "rss10", "https://brush.example/1", True),
        ("rss20.xml", "xml", "brush-1", True),
        ("atom03.xml", "atom03", "tag:brush.example,2026:1", True),
        ("atom10.xml", "xml", "tag:brush.example,2026:1", True),
        ("atom10-relative.xml", "atom10", "tag:brush.example,2026:1", True),
        ("doctype.xml", "rss091n", "https://brush.example/1", False),
        ("jsonfeed.json", "json", "brush-1", True),
    ],
)
def test_every_dialect_says_the_same(name: str, form: str, identity: str, dated: bool) -> None:
    """RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0 and JSON Feed give one and the same item."""
    document = read((SAMPLES / name).read_bytes())
    item = document.items[0]
    assert (document.format, document.title) == (form, "Brush news")
    assert (item.identity, item.url) == (identity, "https://brush.example/1")
    assert item.title == "Brush 1 & its sister"
    assert item.summary == ("" if name == "rss090.xml" else "Paints an elephant.")
    assert item.published == (EIGHT if dated else None)


@pytest.mark.parametrize("name", ["latin1.xml", "utf16.xml", "wrong-encoding.xml"])
def test_encodings_are_undone(name: str) -> None:
    """Declared ones, one with a byte order mark, and one that is declared wrongly."""
    [item] = sample(name)
    assert (item.title, item.summary) == ("Brush 1 éléphant", "Paints an éléphant.")


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/html; charset=utf-8", "application/octet-stream", "image/png", "x"]
)
def test_a_wrong_content_type_does_not_matter(kind: str) -> None:
    """What counts is how the document begins."""
    assert read(rss(News()), kind).items == read(rss(News())).items


def test_missing_titles_links_ids_and_dates() -> None:
    """Any word or link makes an item; none at all makes none."""
    words, title, link = sample("bare.xml")
    assert words.title == "No title, no link, no id, no date: only these words."
    assert words.identity.startswith("words:")
    assert title.identity.startswith("words:")
    assert (link.title, link.identity) == ("https://brush.example/a-link-alone",) * 2
    assert {item.published for item in (words, title, link)} == {None}


def test_impossible_dates_are_no_dates() -> None:
    """The year one, a plan for 2029 and words are unknown; other zones are told in UTC."""
    assert [item.published for item in sample("dates.xml")] == [None, None, None, EIGHT]


def test_a_broken_document_gives_what_it_has() -> None:
    """Bare ampersands and open tags are read; an entry that is cut off in the middle is left out."""
    [first] = sample("unescaped.xml")
    assert (first.title, first.url) == ("Brush 1 & its sister", "https://brush.example/1?a=1&b=2")
    assert "elephant" in first.summary


def test_one_link_for_many_entries() -> None:
    """Both are items, although nothing but their titles tells them apart."""
    assert len(sample("shared-link.xml")) == 2


def test_nothing_but_words_comes_out() -> None:
    """Markup, scripts, handlers, hidden signs and odd links stay outside."""
    [item] = sample("hidden.xml")
    assert (item.title, item.url) == ("Brush 1", "")
    assert item.summary == "Paints an elephant. @everyone"
    assert "alert" not in sample("rss20.xml")[0].summary


def test_model_lists_are_told_in_sentences() -> None:
    """A list of the Hugging Face hub is a feed of models."""
    image, video = sample("hub.json")
    assert (image.title, image.url) == (
        "Brush/Brush-1-Image (text-to-image)",
        "https://huggingface.co/Brush/Brush-1-Image",
    )
    assert "image-to-image" in image.summary
    assert "license" not in image.summary
    assert image.published == EIGHT
    assert video.title == "Brush/Brush-1-Video"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t ", Reason.EMPTY),
        (b"\xef\xbb\xbf", Reason.EMPTY),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", Reason.NOT_A_FEED),
        (b"Just some words", Reason.NOT_A_FEED),
        (b"<sitemap><url/></sitemap>", Reason.NOT_A_FEED),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), Reason.NOT_A_FEED),
        (b"\x00" * 5000, Reason.NOT_A_FEED),
        (b"{}", Reason.NOT_A_FEED),
        (b'{"items": {"a": 1}}', Reason.NOT_A_FEED),
        (b'{"error": "no"}', Reason.NOT_A_FEED),
        (b'["no", "models"]', Reason.NOT_A_FEED),
        (b"[" * 100_000, Reason.NOT_A_FEED),
        (b'{"a":' * 100_000, Reason.NOT_A_FEED),
        (b"[1", Reason.NOT_A_FEED),
        (b"<rss version='2.0'><channel><item", Reason.BROKEN),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entr", Reason.BROKEN),
    ],
)
def test_what_is_no_feed_says_why(body: bytes, why: Reason) -> None:
    """A named reason, and a line for a person."""
    found = parse(body, "", origin())
    assert isinstance(found, Failed)
    assert (found.reason, bool(found.text)) == (why, True)


def test_a_feed_without_entries_is_a_feed() -> None:
    """ArXiv's are empty on weekends: no failure."""
    assert read(rss()).items == ()


def test_a_page_names_its_feeds() -> None:
    """The links to feeds in a page's head, made absolute; what is no feed or no web address is left out."""
    links = "".join(
        f"<link rel={rel} type='{kind}' href='{to}'>"
        for rel, kind, to in [
            ("alternate", "application/rss+xml", "/feed"),
            ("ALTERNATE", "application/atom+xml", "https://x.example/a?b&amp;c"),
            ("stylesheet", "text/css", "/style"),
            ("alternate", "application/rss+xml", "javascript:alert(1)"),
        ]
    )
    found = parse(f"<html><head>{links}</head></html>".encode(), "text/html", origin())
    assert isinstance(found, Failed)
    assert found.instead == ("https://brush.example/feed", "https://x.example/a?b&c")


def test_bombs_and_external_entities_are_inert() -> None:
    """Neither is anything expanded, nor a file or address read."""
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{lol}]>'
    outside = '<!DOCTYPE rss [<!ENTITY l29 SYSTEM "file:///etc/passwd">]>'
    for head in (bomb, outside):
        body = f"{head}<rss version='2.0'><channel><item><title>&l29;</title></item></channel></rss>".encode()
        found = parse(body, "application/xml", origin())
        said = repr(found)
        assert len(said) < 3000
        assert "root:" not in said
        assert fast.read(body, "") is None


async def test_parsers_are_handed_bytes_and_no_names(tmp_path: Path) -> None:
    """A document that is the name of a file or an address opens neither."""
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss(News(title="secret")))
    async with Site({"/": answer(rss(News(title="secret")))}) as site:
        for name in (str(secret), f"file://{secret}", site.url(), f"{site.url()}\n", f" {site.url()}"):
            found = await asyncio.to_thread(parse, name.encode(), "application/xml", origin())
            assert isinstance(found, Failed)
            assert found.reason is Reason.NOT_A_FEED
            assert await asyncio.to_thread(fast.read, name.encode(), "") is None
            assert await asyncio.to_thread(tolerant.read, name.encode(), "") is None
        assert site.connections == 0


def test_one_document_gives_a_bounded_number_of_items() -> None:
    """The first 3,000 of an archive."""
    many = read(rss(*(News(id=str(n), link=f"https://brush.example/{n}") for n in range(MAX_ENTRIES + 10))))
    assert len(many.items) == MAX_ENTRIES


@pytest.mark.parametrize("bulk", [b"<b/>" * (MAX_TAGS + 1), b"word " * (tolerant.MAX_BYTES // 5)])
def test_the_tolerant_reader_takes_what_is_whole_before_its_bounds(bulk: bytes) -> None:
    """Of a document with too many bytes or tags, the entries before them."""
    entries = [
        b"<item><title>%s</title>%s</item>" % pair for pair in ((b"First", b""), (b"Second", bulk), (b"Third", b""))
    ]
    body = b"<rss><channel>" + b"".join(entries) + b"</channel></rss>"
    found, whole = tolerant.read(body, ""), tolerant.read(body.replace(bulk, b""), "")
    assert found
    assert whole
    assert [entry.title for entry in found.entries] == ["First"]
    assert [entry.title for entry in whole.entries] == ["First", "Second", "Third"]


def test_a_document_of_too_many_tags_is_none_for_the_fast_reader() -> None:
    """It would make a tree of all of them; the tolerant one takes the entries before the bound."""
    body = rss(News(), News(id="2")).replace(b"</channel>", b"<ttl/>" * MAX_TAGS + b"</channel>")
    assert fast.read(body, "") is None
    assert fast.read(body.replace(b"<ttl/>", b""), "")
    assert (read(body).reader, len(read(body).items)) == ("tolerant", 2)


def test_markup_is_read_up_to_its_thousandth_tag() -> None:
    """Thousands of elements in each other would cost seconds."""
    assert plain("<p>few</p>" + "<div>" * 500 + "deep", 4000) == "few deep"
    assert plain("<p>many</p>" + "<div>" * 5000 + "deep", 4000) == "many"


def test_a_long_json_document_is_refused() -> None:
    """With its own reason."""
    found = parse(b"[" + b"{}," * 1_400_000 + b"{}]", "application/json", origin())
    assert isinstance(found, Failed)
    assert (found.reason, found.text) == (Reason.TOO_LARGE, "it is JSON of more than 4 MB")


def test_long_words_are_cut() -> None:
    """A title has at most 300 characters, a text 4,000, cut at a word."""
    [item] = read(rss(News(title="elephant " * 500, text="elephant " * 5000))).items
    assert len(item.title) <= 300
    assert 3900 < len(item.summary) <= 4000
    assert item.summary.endswith("elephant…")
    assert titles(read(rss(News(title="x" * 5000))))[0] == "x" * 299 + "…"
