"""The review budget: who is asked first, who waits quietly, and that nothing is dropped."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cascade import priority
from cascade.board import Board, Judged, board_at, judge
from cascade.sighting import EXPIRES_AFTER, Choice, Sighting, Verdict, Vote
from tests.make import (
    ADA,
    DAY,
    GRACE,
    IMAGE,
    MONDAY,
    OPEN_IMAGE,
    STYLE,
    TEXT,
    VIDEO,
    atlas,
    facts,
    sighting,
    taxonomy,
    vote,
)

KNOWN = (atlas(TEXT, "2023-03-14"), atlas(IMAGE, "2024-03-01"))


def looked(*new: Sighting, votes: tuple[Vote, ...] = (), days: int = 1) -> tuple[Board, list[Judged]]:
    """The board that knows text and image, and what waits on it."""
    all_facts = facts(*KNOWN, *new, votes=votes)
    now = MONDAY + days * DAY
    waiting = [one for one in judge(all_facts, now) if one.sighting.id in {each.id for each in new}]
    return board_at(taxonomy(), all_facts, now), waiting


def ids(judged: Sequence[Judged]) -> list[str]:
    """Who, in order."""
    return [one.sighting.id for one in judged]


def test_what_would_change_the_board_comes_first() -> None:
    """A likely first in its stage goes before a surer word on what works already."""
    first, known = sighting(OPEN_IMAGE, probability=0.6), sighting(IMAGE, probability=0.95, story="story-2")
    board, waiting = looked(known, first)
    assert ids(priority.queue(board, waiting)) == [first.id, known.id]


def test_the_likelier_of_two_firsts() -> None:
    """Probability times what it changes."""
    weak, strong = sighting(OPEN_IMAGE, probability=0.5), sighting(VIDEO, probability=0.9, story="story-2")
    board, waiting = looked(weak, strong)
    assert ids(priority.queue(board, waiting)) == [strong.id, weak.id]


def test_an_inversion_goes_before_a_closed_gap() -> None:
    """A first in video while style still fails in image models."""
    fails = atlas(IMAGE, "2026-05-01", capability=STYLE, verdict=Verdict.STILL_FAILS)
    inverts = sighting(VIDEO, capability=STYLE, probability=0.8)
    closes = sighting(OPEN_IMAGE, probability=0.8, story="story-2")
    board, waiting = looked(fails, closes, inverts)
    assert ids(priority.queue(board, waiting))[:2] == [inverts.id, closes.id]


def test_what_works_already_is_not_asked() -> None:
    """More evidence stays in the queue, and gets no card."""
    board, waiting = looked(sighting(IMAGE))
    assert priority.to_ask(board, waiting, ()) == []
    assert len(priority.queue(board, waiting)) == 1


def test_one_card_for_a_claim_at_a_time() -> None:
    """The second model that claims the same cell waits until the first is decided."""
    one, two = sighting(OPEN_IMAGE, probability=0.9), sighting(OPEN_IMAGE, probability=0.8, story="story-2")
    board, waiting = looked(one, two)
    assert ids(priority.to_ask(board, waiting, ())) == [one.id]
    assert priority.to_ask(board, waiting, {one.id}) == []


def test_a_failure_beside_a_success_is_its_own_claim() -> None:
    """Both verdicts of a cell may be asked about."""
    board, waiting = looked(sighting(OPEN_IMAGE), sighting(OPEN_IMAGE, verdict=Verdict.STILL_FAILS))
    assert len(priority.to_ask(board, waiting, ())) == 2


def test_disputed_goes_up_unsure_goes_back() -> None:
    """A tie is worth settling; where somebody was unsure, others are asked first."""
    tied, calm, doubted = (sighting(OPEN_IMAGE, story=f"story-{number}") for number in range(3))
    votes = (vote(tied, ADA), vote(tied, GRACE, Choice.REJECT), vote(doubted, ADA, Choice.UNSURE))
    board, waiting = looked(doubted, calm, tied, votes=votes)
    assert ids(priority.queue(board, waiting)) == [tied.id, calm.id, doubted.id]


def test_expired_goes_to_the_back() -> None:
    """Nobody decided in 30 days: last, and still there."""
    old = sighting(OPEN_IMAGE, probability=0.99)
    new = sighting(VIDEO, probability=0.5, story="story-2", seen_at=MONDAY + 20 * DAY)
    board, waiting = looked(old, new, days=EXPIRES_AFTER.days + 1)
    assert ids(priority.queue(board, waiting)) == [new.id, old.id]


@given(st.lists(st.tuples(st.sampled_from([OPEN_IMAGE, VIDEO, IMAGE]), st.floats(0.5, 1)), max_size=8))
def test_nothing_is_dropped(told: list[tuple[str, float]]) -> None:
    """The queue holds all that waits; what is asked is part of it, in the same order."""
    new = [sighting(stage, probability=chance, story=f"story-{at}") for at, (stage, chance) in enumerate(told)]
    board, waiting = looked(*new)
    ordered, asked = ids(priority.queue(board, waiting)), ids(priority.to_ask(board, waiting, ()))
    assert sorted(ordered) == sorted(one.id for one in new)
    assert asked == [one for one in ordered if one in asked]


def test_the_news_of_an_emergence_that_only_the_atlas_knows_is_asked() -> None:
    """In the fortnight of that emergence a person's word is wanted; later, or when one was given, it is evidence."""
    known = atlas(VIDEO, "2026-05-11")
    news, late = sighting(VIDEO, happened="2026-05-14"), sighting(VIDEO, happened="2026-07-14", story="story-2")
    others = sighting(VIDEO, happened="2026-05-12", story="story-3")

    def asked(*votes: Vote) -> list[str]:
        all_facts = facts(known, news, late, others, votes=votes)
        waiting = [one for one in judge(all_facts, MONDAY + DAY) if one.sighting.id in (news.id, late.id)]
        return ids(priority.to_ask(board_at(taxonomy(), all_facts, MONDAY + DAY), waiting, ()))

    assert asked() == [news.id]
    assert asked(vote(others, ADA)) == []
