"""Feed lists: bad lines are named by their number, good ones are taken."""

from pathlib import Path

import pytest

from cascade.errors import BadInput
from cascade.feed import Feed
from cascade.item import Tier
from storage.feedlist import FeedList, parse_feed_list, read_feed_list
from storage.opml import parse_opml, read_opml, write_opml

LIST = """\
# Comments and empty lines are nothing.

[labs]
"https://brush.example/feed" = { title = "Brush", tier = "maker", modalities = ["image"], home = "https://b.example/" }
"https://brush.example/feed" = { title = "Brush again" }
"https://typo.example/feed" = { titel = "Typo" }
"https://tier.example/feed" = { tier = "boss" }
"https://kinds.example/feed" = { modalities = ["smell"] }
"https://number.example/feed" = { title = 7 }
"https://flag.example/feed" = { paused = "yes" }
"https://open.example/feed" = { title = "open
"https://bare.example/feed" = "a title"
"ftp://old.example/feed" = { title = "Old" }
not a line at all
[other]
https://plain.example/feed
"https://last.example/feed" = { paused = true }
"""


def test_every_bad_line_is_named_and_the_others_are_taken() -> None:
    """Duplicates, unknown keys, wrong kinds and broken lines, each with its number and what to do."""
    found = parse_feed_list(LIST, "feeds.toml")
    assert found.feeds == (
        Feed(
            url="https://brush.example/feed",
            title="Brush",
            tier=Tier.MAKER,
            group="labs",
            home="https://b.example/",
            modalities=("image",),
        ),
        Feed(url="https://plain.example/feed", group="other"),
        Feed(url="https://last.example/feed", group="other", paused=True),
    )
    assert found.refused == (
        "feeds.toml, line 5: this feed stands on line 4 already",
        "feeds.toml, line 6: unknown key 'titel': did you mean 'title'?",
        "feeds.toml, line 7: unknown tier 'boss': use maker, weights, tester, press or community",
        "feeds.toml, line 8: modalities must be a list of text, code, image, video or 3d",
        "feeds.toml, line 9: title must be words in quotation marks",
        "feeds.toml, line 10: paused must be true or false",
        'feeds.toml, line 11: write "https://…" = { title = "…" }, or the bare address',
        "feeds.toml, line 12: what follows https://bare.example/feed must stand in braces: { title = … }",
        "feeds.toml, line 13: 'ftp://old.example/feed' is no http or https address",
        'feeds.toml, line 14: write "https://…" = { title = "…" }, or the bare address',
    )


def test_another_kind_of_table_is_named() -> None:
    """TOML knows other ways to write a list: each line that is none here says how it is written."""
    found = parse_feed_list('[[feed]]\nurl = "https://brush.example/feed"\n[labs\n', "mine.toml")
    assert found.feeds == ()
    one_line = '"https://…" = { title = "…" }'
    group = f"a group is one word or more in single brackets, and each feed one line below it: {one_line}"
    assert found.refused == (
        f"mine.toml, line 1: {group}",
        f"mine.toml, line 2: 'url' is no address: each feed is one line, {one_line}",
        f"mine.toml, line 3: {group}",
    )


def test_remarks_stand_behind_a_heading_or_an_address() -> None:
    """As TOML allows; a fragment is no remark."""
    found = parse_feed_list('[ "my labs" ]  # ours\nhttps://brush.example/feed#x  # the maker\n', "mine.toml")
    assert found == FeedList(feeds=(Feed(url="https://brush.example/feed#x", group="my labs"),))


def test_the_list_that_ships_is_whole() -> None:
    """No line of it is refused, most are paused, and every group is named."""
    found = read_feed_list()
    assert found.refused == ()
    assert len(found.feeds) > 100
    assert 40 < sum(not feed.paused for feed in found.feeds) < 70
    assert all(feed.group and feed.title and feed.modalities for feed in found.feeds)


@pytest.mark.parametrize(("content", "says"), [(None, "No such file"), (b"\xff\xfe\x00", "not UTF-8")])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, says: str) -> None:
    """One line with its cure."""
    path = tmp_path / "feeds.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read_feed_list(path)


OPML = b"""<?xml version="1.0"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="labs">
  <outline text="Brush &amp; co" type="rss" xmlUrl="https://brush.example/feed" htmlUrl="https://brush.example/"/>
  <outline text="again" type="rss" xmlUrl="https://brush.example/feed"/>
  <outline text="bad" type="rss" xmlUrl="file:///etc/passwd"/>
</outline>
<outline title="https://plain.example/feed" xmlUrl=" https://plain.example/feed "/>
</body></opml>
"""


def test_opml_in() -> None:
    """Feeds with their groups; what cannot be used is named by its line."""
    found = parse_opml(OPML, "mine.opml")
    assert found.feeds == (
        Feed(url="https://brush.example/feed", title="Brush & co", group="labs", home="https://brush.example/"),
        Feed(url="https://plain.example/feed"),
    )
    assert found.refused == (
        "mine.opml, line 5: this feed stands on line 4 already",
        "mine.opml, line 6: 'file:///etc/passwd' is no http or https address",
    )


def test_opml_out_and_in_again() -> None:
    """What is written is read back as it was, whatever signs it holds."""
    feeds = (
        Feed(url="https://a.example/?x=1&y=2", title='A "quoted" <b> & more', group="g & h", home="https://a.example/"),
        Feed(url="https://b.example/", title="B"),
    )
    assert set(parse_opml(write_opml(feeds).encode(), "x").feeds) == set(feeds)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1: it is no well-formed OPML"),
        (b"<opml><body>", "it is no well-formed OPML"),
        (b"<html></html>", "first element must be <opml>"),
        (b"<rss><channel/></rss>", "first element must be <opml>"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;</opml>', "DOCTYPE"),
        (b'<?xml version="1.0" encoding="no-such"?><opml/>', "no well-formed OPML"),
    ],
)
def test_what_is_no_opml(content: bytes, says: str) -> None:
    """One line that says so."""
    with pytest.raises(BadInput, match=says):
        parse_opml(content, "mine.opml")


def test_no_file(tmp_path: Path) -> None:
    """One line with its cure."""
    with pytest.raises(BadInput, match="No such file"):
        read_opml(tmp_path / "none.opml")
