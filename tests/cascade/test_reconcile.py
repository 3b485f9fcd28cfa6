"""Votes are a set read back from the platform."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from cascade.reconcile import missing_votes
from cascade.sighting import Choice, Person, Status, Vote, decide
from tests.make import ADA, DAY, GRACE, LINUS, MONDAY, sighting, vote

CARD = "slack:C1"
SIGHTING = sighting().id


def read(reactions: Iterable[tuple[Person, str]], known: Iterable[Vote] = ()) -> list[Vote]:
    """The votes that a look at the card on Tuesday adds."""
    return missing_votes(SIGHTING, CARD, reactions, known, MONDAY + DAY)


def test_a_reaction_is_a_vote() -> None:
    """Each sign, and its common synonyms, is a choice."""
    votes = read([(ADA, "white_check_mark"), (GRACE, "thumbsdown"), (LINUS, "🤔")])
    assert {cast.person: cast.choice for cast in votes} == {
        ADA: Choice.CONFIRM,
        GRACE: Choice.REJECT,
        LINUS: Choice.UNSURE,
    }


def test_reading_twice_adds_nothing() -> None:
    """A second look at the same card finds the record in line."""
    votes = read([(ADA, "✅")])
    assert read([(ADA, "✅")], votes) == []


def test_taken_back() -> None:
    """A reaction that is gone takes the vote back."""
    assert [cast.choice for cast in read([], read([(ADA, "✅")]))] == [Choice.NONE]


def test_a_button_is_not_undone_by_a_missing_reaction() -> None:
    """Who pressed the button and never reacted keeps the vote."""
    assert read([], [vote(sighting())]) == []


def test_a_button_is_not_undone_by_an_old_reaction() -> None:
    """Who reacted and then pressed another button is taken at the later word."""
    reacted = read([(ADA, "✅")])
    pressed = vote(sighting(), choice=Choice.REJECT, at=MONDAY + 2 * DAY)
    assert read([(ADA, "✅")], [*reacted, pressed]) == []


def test_both_signs_are_unsure() -> None:
    """Who says yes and no says unsure."""
    assert [cast.choice for cast in read([(ADA, "✅"), (ADA, "❌")])] == [Choice.UNSURE]


def test_other_signs_say_nothing() -> None:
    """A party hat is no vote."""
    assert read([(ADA, "tada")]) == []


def test_who_may_not_review_is_recorded() -> None:
    """Everyone's reaction is kept; only a reviewer's counts."""
    votes = missing_votes(SIGHTING, CARD, [(ADA, "✅"), (GRACE, "✅")], [], MONDAY, reviewers={GRACE.key})
    assert {cast.person: cast.counts for cast in votes} == {ADA: False, GRACE: True}


people = st.sampled_from([ADA, GRACE, LINUS])
sets = st.frozensets(st.tuples(people, st.sampled_from(["✅", "❌", "🤔", "tada"])), max_size=6)


@given(st.lists(sets, max_size=6))
def test_after_any_history_the_last_set_stands(history: list[frozenset[tuple[Person, str]]]) -> None:
    """However often the card was read, the votes equal what stands on it now."""
    known: list[Vote] = []
    for hour, reactions in enumerate(history):
        known += missing_votes(SIGHTING, CARD, reactions, known, MONDAY + hour * DAY)
    now = MONDAY + len(history) * DAY
    fresh = missing_votes(SIGHTING, CARD, history[-1] if history else [], [], now)
    assert decide(sighting(), known, now).status in (decide(sighting(), fresh, now).status, Status.EXPIRED)
