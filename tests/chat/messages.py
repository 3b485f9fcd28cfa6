"""Generated messages: every part, with texts that try to mention, to format, to break out and to be too long."""

from hypothesis import strategies as st

from cascade.message import (
    Bullets,
    Chart,
    Heading,
    Line,
    Link,
    Message,
    Note,
    Offer,
    Paragraph,
    Part,
    Picture,
    PlaceName,
    Quote,
    Strong,
    Table,
)

HOSTILE = (
    "<!channel>",
    "<!here|x>",
    "<@U0ADA>",
    "<#C0GEN>",
    "@everyone",
    "@here",
    "<@&99>",
    "<https://evil.example|bank>",
    "[bank](https://evil.example)",
    "*bold* _it_ ~no~ `code`",
    "```",
    "**b** __u__ ||spoiler||",
    "> quote",
    "&lt;!channel&gt;",
    "# heading",
    "\u202egnp.exe",
    "a\u0000b\x1b[31m",
    "\n\n\n",
    ":tada:",
    "",
    " ",
)
_words = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.builds(lambda sign, times: sign * times, st.sampled_from("a&<>*_ \n`|"), st.sampled_from((75, 150, 2000, 4100))),
)
texts = st.lists(_words, max_size=4).map(" ".join)
urls = st.sampled_from(
    (
        "https://a.example/x?a=1&b=2",
        "http://b.example/" + "p" * 1900,
        "https://c.example/a|b>c<d e",
        "javascript:alert(1)",
        "",
        "https://d.example/(x)",
    )
)
spans = st.one_of(texts, st.builds(Link, texts, urls), st.builds(Strong, texts), st.builds(PlaceName, texts))
lines: st.SearchStrategy[Line] = st.lists(spans, max_size=4).map(tuple)


def _tables(columns: int) -> st.SearchStrategy[Table]:
    row = st.tuples(*[st.text(max_size=30) | st.sampled_from(HOSTILE)] * columns)
    return st.builds(Table, row, st.lists(row, max_size=30).map(tuple))


parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, lines),
    st.builds(Bullets, st.lists(lines, max_size=20).map(tuple)),
    st.integers(1, 12).flatmap(_tables),
    st.builds(Quote, texts),
    st.builds(Note, lines),
    st.builds(Picture, st.sampled_from(Chart), st.just(()), texts),
)
offers = st.builds(Offer, texts, st.text(max_size=200).map(lambda text: f"ask:{text}"), st.booleans())


def messages(parts_up_to: int = 70) -> st.SearchStrategy[Message]:
    """Messages of any shape."""
    return st.builds(
        Message,
        headline=texts,
        parts=st.lists(parts, max_size=parts_up_to).map(tuple),
        offers=st.lists(offers, max_size=30).map(tuple),
    )
