"""A web page is read for its words and its date, whatever it is made of."""

from datetime import UTC, datetime

import pytest

from sources.page import Page, decode, read_page


def page(markup: str, content_type: str = "text/html") -> Page:
    """A page at Brush's."""
    return read_page(markup.encode(), content_type, "https://brush.example/2?utm_source=x")


def test_title_text_and_date() -> None:
    """From the page's own description and its article; what stands around it is left out."""
    found = page(
        "<html><head><title>Brush 2 | Brushworks</title><meta property='og:title' content='Brush 2 &amp; more'>"
        "<meta property='article:published_time' content='2026-05-18T10:00:00+02:00'></head><body><nav>Home</nav>"
        "<article><h1>Brush 2</h1><script>alert(1)</script><p>It leaves the <b>elephant</b> out.</p></article>"
        "<footer>Imprint</footer></body></html>"
    )
    assert (found.title, found.address) == ("Brush 2 & more", "https://brush.example/2")
    assert found.text == "Brush 2 It leaves the elephant out."
    assert found.published == datetime(2026, 5, 18, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "markup",
    [
        '<script type="application/ld+json">{"datePublished": "2026-05-18"}</script>',
        "<meta name=date content=2026-05-18>",
        "<p>On <time datetime='2026-05-18'>Monday</time></p>",
        "<meta itemprop='datePublished' content='2026-05-18T00:00:00Z'>",
    ],
)
def test_where_dates_stand(markup: str) -> None:
    """In a page's data, head or text."""
    assert page(markup).published == datetime(2026, 5, 18, tzinfo=UTC)


def test_a_page_of_nothing() -> None:
    """It is called by its address, and has no date."""
    assert page("") == Page(
        address="https://brush.example/2", title="https://brush.example/2?utm_source=x", text="", published=None
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("é".encode("latin-1"), "text/html; charset=iso-8859-1"),
        (b"<meta charset='iso-8859-1'>\xe9", "text/html"),
        ("é".encode(), "text/html; charset=no-such"),
        ("é".encode(), ""),
        ("é".encode("utf-16"), "text/html; charset=utf-16"),
    ],
)
def test_encodings(body: bytes, content_type: str) -> None:
    """The header's word, then the page's own, then UTF-8."""
    assert decode(body, content_type).endswith("é")


@pytest.mark.parametrize(
    "piece", ["<meta ", "<link ", "<title ", "<a b='", "<!--", "<article ", "charset=", '"datePublished":"']
)
def test_hostile_markup_is_read_in_bounded_time(piece: str) -> None:
    """A megabyte of the beginnings of tags gives a page like any other: nothing is searched twice."""
    assert len(page(piece * 100_000).text) <= 4000
