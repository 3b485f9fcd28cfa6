"""Which entries are new, changed or known: identity is the id, else the link, never the date."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cascade.feed import Known
from sources.known import Sorted, sort_out
from sources.parse import parse
from sources.raw import Document
from tests.sources.documents import News, origin, rss


def sorted_out(entries: Sequence[News], known: Sequence[Known] = ()) -> Sorted:
    """A document of these entries, matched with what is known."""
    found = parse(rss(*entries), "", origin())
    assert isinstance(found, Document)
    return sort_out(found.items, known)


def after(*documents: Sequence[News]) -> list[Known]:
    """What is known after these documents came one after the other."""
    known: dict[str, Known] = {}
    for entries in documents:
        found = sorted_out(entries, list(known.values()))
        for entry in (*found.new, *found.changed):
            item = entry.item
            known[item.identity] = Known(identity=item.identity, url=item.url, title=item.title, digest=entry.digest)
    return list(known.values())


def test_the_same_entry_again_is_nothing() -> None:
    """Not new, not changed."""
    assert sorted_out([News()], after([News()])) == Sorted()


def test_another_date_is_no_change() -> None:
    """Generated feeds re-date their entries."""
    assert sorted_out([News(date="Tue, 19 May 2026 08:00:00 GMT")], after([News()])) == Sorted()


def test_other_words_are_a_change_under_the_same_identity() -> None:
    """Its story stays empty: the stored one holds."""
    found = sorted_out([News(title="Brush 2.1")], after([News()]))
    assert found.new == ()
    assert [(entry.item.identity, entry.story) for entry in found.changed] == [("1", "")]


def test_another_id_with_the_same_link_and_title_is_the_same_entry() -> None:
    """Some feeds give new ids at every build."""
    assert sorted_out([News(id="new")], after([News(id="old")])) == Sorted()


def test_entries_that_share_an_id_are_told_apart_by_their_titles() -> None:
    """A feed with one guid for all of them gives as many items, and the same ones when it comes again."""
    entries = [News(title=f"Piece {number}", link=f"https://brush.example/{number}") for number in range(3)]
    known = after(entries)
    assert len(known) == 3
    assert sorted_out(entries, known) == Sorted()
    assert sorted_out(entries[:2], known) == Sorted()


def test_a_link_that_entries_share_makes_no_story_of_them() -> None:
    """One feed whose entries all link to its front page has as many stories as entries."""
    shared = [News(id=str(number), title=f"Piece {number}", link="https://brush.example/news") for number in range(3)]
    assert len({entry.story for entry in sorted_out(shared).new}) == 3


def test_two_feeds_with_one_link_meet_in_one_story() -> None:
    """Without looking each other up, in any spelling of the link."""
    one = sorted_out([News()])
    other = sorted_out([News(id="x", link="http://www.brush.example/2/?utm_source=x", title="Something else")])
    assert one.new[0].story == other.new[0].story


_ENTRIES = st.lists(
    st.builds(
        News,
        id=st.sampled_from(["a", "b", ""]),
        link=st.sampled_from(["https://brush.example/1", "https://brush.example/2"]),
        title=st.sampled_from(["one", "two"]),
        text=st.sampled_from(["x", "y"]),
    ),
    max_size=5,
)


@given(_ENTRIES)
def test_a_document_that_comes_twice_brings_nothing(entries: list[News]) -> None:
    """However its ids and links are shared, nothing is new the second time."""
    assert sorted_out(entries, after(entries)).new == ()
