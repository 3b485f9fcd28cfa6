"""The board follows from sightings and votes, by two clocks."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cascade.board import Board, Facts, State, board_at
from cascade.sighting import Choice, Verdict
from cascade.taxonomy import Cell
from tests.make import DAY, GRACE, IMAGE, MONDAY, NEGATION, TEXT, atlas, day, facts, sighting, taxonomy, vote

HERE = Cell(NEGATION, IMAGE)


def board(known: Facts, now: datetime = MONDAY + DAY) -> Board:
    """The board of these facts on Tuesday."""
    return board_at(taxonomy(), known, now)


def test_three_states() -> None:
    """Works, still fails and unknown are three things."""
    fails = sighting(verdict=Verdict.STILL_FAILS)
    assert board(facts())[HERE].state is State.UNKNOWN
    assert board(facts(fails, votes=(vote(fails),)))[HERE].state is State.STILL_FAILS
    works = sighting()
    assert board(facts(fails, works, votes=(vote(fails), vote(works))))[HERE].state is State.WORKS


def test_a_candidate_moves_nothing() -> None:
    """Until people confirm it, a sighting is not on the board."""
    assert board(facts(sighting()))[HERE].state is State.UNKNOWN


def test_the_earliest_confirmed_is_the_emergence() -> None:
    """A later find of an earlier date moves the emergence back; others stay as evidence."""
    first, second = sighting(happened="2026-05-14"), sighting(happened="2026-05-02", story="story-2")
    standing = board(facts(first, second, votes=(vote(first), vote(second))))[HERE]
    assert str(standing.when) == "2026-05-02"
    assert len(standing.confirmed) == 2


def test_an_announcement_is_no_emergence() -> None:
    """What nobody can use yet starts nothing, confirmed or not."""
    early = sighting(only_announced=True)
    assert board(facts(early, votes=(vote(early),)))[HERE].state is State.UNKNOWN


def test_as_of_an_earlier_day() -> None:
    """As of the day before it happened it did not work, although we know now."""
    works = sighting(happened="2026-05-14")
    known = facts(works, votes=(vote(works),))
    before = board_at(taxonomy(), known, MONDAY + DAY, as_of=day("2026-05-13"))
    assert before[HERE].state is State.UNKNOWN


def test_as_known_earlier() -> None:
    """Before the vote was cast the board did not know."""
    works = sighting()
    known = facts(works, votes=(vote(works, at=MONDAY + DAY),))
    assert board(known, MONDAY)[HERE].state is State.UNKNOWN
    assert board(known, MONDAY + DAY)[HERE].state is State.WORKS


def test_the_atlas_knows_its_own_past() -> None:
    """An atlas row is known by its own date, so that an old board does not show it."""
    row = atlas(TEXT, "2024-05-13")
    assert board(facts(row), datetime(2024, 5, 1, tzinfo=UTC)).works(Cell(NEGATION, TEXT)) is None
    assert str(board(facts(row)).works(Cell(NEGATION, TEXT))) == "2024-05-13"


def test_a_cell_that_left_the_taxonomy() -> None:
    """A sighting of an unknown cell does not break the board."""
    stray = sighting("smell/closed")
    assert board(facts(stray, votes=(vote(stray),)))[HERE].state is State.UNKNOWN


@given(st.permutations(range(6)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    """The same sightings and votes, in any order, make the same board."""
    some = [sighting(happened=f"2026-05-{n + 2:02}", story=f"story-{n}") for n in range(6)]
    votes = [vote(one, GRACE, Choice.CONFIRM if n % 2 else Choice.REJECT) for n, one in enumerate(some)]
    mixed = facts(*(some[n] for n in order), votes=tuple(votes[n] for n in order))
    assert board(mixed)[HERE] == board(facts(*some, votes=tuple(votes)))[HERE]
