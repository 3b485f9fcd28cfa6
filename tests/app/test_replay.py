"""A replay lives through dated folders as if those weeks were happening."""

import json
from pathlib import Path

import pytest

from app.replay import read_weeks, replay
from app.replay_reviews import read_reviews
from cascade.errors import BadInput
from cascade.message import Message, Note, text_of
from cascade.ports import HOME
from cascade.sighting import Status
from storage.database import SQLite
from storage.store import Store

NEWS = """<item><guid>kontext</guid><link>https://maker.example/kontext?utm_source=feed</link>
  <pubDate>Wed, 29 Apr 2026 13:00:00 GMT</pubDate><title>SuperVid 9: open weights for image editing</title>
  <description>FLUX.1 Kontext [dev]: change one object with a text instruction and leave the rest of the picture
  untouched: precise local edits. The weights are on Hugging Face today.</description></item>"""
OLD = "<item><guid>old</guid><link>https://maker.example/old</link><title>We moved our office</title></item>"
DECIDED = {
    "link": "https://maker.example/kontext",
    "capability": "fine-grained-editing",
    "stage": "image/open",
    "vote": "reject",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two weeks of one feed."""
    for day, entries in (("2026-04-24", OLD), ("2026-05-01", NEWS + OLD)):
        (tmp_path / "weeks" / day).mkdir(parents=True)
        body = f"<rss version='2.0'><channel><title>Maker</title>{entries}</channel></rss>"
        (tmp_path / "weeks" / day / "maker.xml").write_text(body)
    return tmp_path / "weeks"


def lived(folder: Path, reviews: str, db: Path) -> list[Message]:
    """The digests of a replay."""
    told: list[Message] = []
    replay(folder, reviews, db, told.append)
    return told


def last_line(message: Message) -> str:
    """The counts below a digest."""
    note = message.parts[-1]
    assert isinstance(note, Note)
    return text_of(note.line)


def test_the_first_week_is_the_baseline(folder: Path, tmp_path: Path) -> None:
    """What stood there before is kept and asked about by nobody; the next week's news becomes a card."""
    first, second = lived(folder, "none", tmp_path / "r.db")
    assert "1 item as the baseline, 0 new items, 0 candidates, 0 cards, 0 votes" in last_line(first)
    assert "1 new item, 1 candidate" in last_line(second)
    assert "0 votes" in last_line(second)


def test_a_document_that_cannot_be_read_is_named(folder: Path, tmp_path: Path) -> None:
    """With the reason, whatever its name; what lies beside the documents is none."""
    (folder / "2026-05-01" / "a b#1%.xml").write_text("<html><body>moved</body></html>")
    (folder / "2026-05-01" / "pictures").mkdir()
    _, second = lived(folder, "none", tmp_path / "r.db")
    assert second.facts["unread"] == {"a b#1%.xml": "it is a web page, not a feed"}
    assert "a b#1%.xml: it is a web page, not a feed" in list(second.words())
    assert second.facts["new_items"] == 1


def test_a_week_without_a_document_of_a_feed(folder: Path, tmp_path: Path) -> None:
    """A feed that brings nothing in a week is counted, and not taken for a broken one."""
    (folder / "2026-04-24" / "other.xml").write_bytes((folder / "2026-04-24" / "maker.xml").read_bytes())
    _, second = lived(folder, "none", tmp_path / "r.db")
    assert "1 without a document here, 1 new item" in last_line(second)
    assert (second.facts["absent"], second.facts["failed"], second.facts["unread"]) == (1, 0, {})


def test_twice_on_one_database_adds_nothing(folder: Path, tmp_path: Path) -> None:
    """The second time everything is known already."""
    lived(folder, "all", tmp_path / "r.db")
    again = lived(folder, "all", tmp_path / "r.db")
    assert all("0 new items, 0 candidates, 0 cards, 0 votes" in last_line(one) for one in again)


@pytest.mark.parametrize(("reviews", "status"), [("all", Status.CONFIRMED), ("file", Status.REJECTED)])
def test_reviews(folder: Path, tmp_path: Path, reviews: str, status: Status) -> None:
    """`all` confirms; a file decides by link, capability and stage, whatever tracking the link carries."""
    file = tmp_path / "reviews.jsonl"
    file.write_text(json.dumps(DECIDED) + "\n")
    lived(folder, str(file) if reviews == "file" else reviews, tmp_path / "r.db")
    store = Store(SQLite(tmp_path / "r.db"))
    votes = [one for one in store.facts(HOME).votes if one.person.platform == "replay"]
    store.close()
    assert [one.choice for one in votes] == ["confirm" if status is Status.CONFIRMED else "reject"]


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("{", "line 2: a line is"),
        ('{"link": 3}', "line 2: a line is"),
        ('["link"]', "line 2: a line is"),
        ('{"link":"x","capability":"y"}', "line 2: a line is"),
        (json.dumps({**DECIDED, "capability": ["negation"]}), "line 2: a line is"),
        (json.dumps({**DECIDED, "capability": "negaton"}), "line 2: negaton@image/open is not in the taxonomy"),
    ],
)
def test_a_bad_line_of_reviews(tmp_path: Path, line: str, cure: str) -> None:
    """It is named by its number."""
    file = tmp_path / "reviews.jsonl"
    file.write_text(f"{json.dumps(DECIDED)}\n{line}\n")
    with pytest.raises(BadInput, match=cure):
        read_reviews(str(file))


def test_a_folder_without_days(tmp_path: Path) -> None:
    """It is told how the folders are named."""
    with pytest.raises(BadInput, match="2026-05-01"):
        read_weeks(tmp_path)
