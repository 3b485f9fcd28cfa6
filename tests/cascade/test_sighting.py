"""What votes decide."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cascade.sighting import ATLAS, Choice, Correction, Status, corrected, decide
from cascade.taxonomy import Cell
from tests.make import ADA, DAY, GRACE, IMAGE, LINUS, MONDAY, OPEN_IMAGE, STYLE, atlas, sighting, vote

LATER = MONDAY + DAY


def test_nobody_voted() -> None:
    """A sighting without votes is a candidate."""
    assert decide(sighting(), [], LATER).status is Status.CANDIDATE


def test_one_vote_decides() -> None:
    """With the usual quorum of one, one person confirms."""
    decision = decide(sighting(), [vote(sighting())], LATER)
    assert (decision.status, decision.confirmed_by, decision.since) == (Status.CONFIRMED, (ADA,), MONDAY)


def test_a_tie_reopens() -> None:
    """One for, one against: nobody leads, so it waits again."""
    votes = [vote(sighting()), vote(sighting(), GRACE, Choice.REJECT, LATER)]
    assert decide(sighting(), votes, LATER).status is Status.CANDIDATE


def test_taking_back() -> None:
    """Taking a vote back is a vote too, and undoes the decision."""
    votes = [vote(sighting()), vote(sighting(), choice=Choice.NONE, at=LATER)]
    assert decide(sighting(), votes, LATER).status is Status.CANDIDATE


def test_unsure_counts_for_neither() -> None:
    """🤔 is recorded and decides nothing."""
    decision = decide(sighting(), [vote(sighting(), choice=Choice.UNSURE)], LATER)
    assert (decision.status, decision.unsure) == (Status.CANDIDATE, (ADA,))


def test_quorum_of_two() -> None:
    """A side has to lead by the quorum."""
    first, second = vote(sighting()), vote(sighting(), GRACE)
    assert decide(sighting(), [first], LATER, quorum=2).status is Status.CANDIDATE
    assert decide(sighting(), [first, second], LATER, quorum=2).status is Status.CONFIRMED


def test_own_report() -> None:
    """Above a quorum of one, nobody counts for their own report."""
    reported = sighting(reported_by=LINUS)
    votes = [vote(reported, LINUS), vote(reported, ADA)]
    assert decide(reported, votes, LATER, quorum=2).status is Status.CANDIDATE
    assert decide(reported, [vote(reported, LINUS)], LATER).status is Status.CONFIRMED


def test_only_reviewers_count() -> None:
    """Anyone's reaction is recorded; only a reviewer's counts."""
    assert decide(sighting(), [vote(sighting(), counts=False)], LATER).status is Status.CANDIDATE


def test_linked_accounts_count_once() -> None:
    """Two accounts of one person are one vote, the latest."""
    votes = [vote(sighting()), vote(sighting(), GRACE)]
    same = {GRACE.key: ADA.key}
    assert decide(sighting(), votes, LATER, quorum=2, same=same).status is Status.CANDIDATE


def test_the_atlas_until_people_decide() -> None:
    """The atlas's word holds until a person says otherwise; a tie gives it back."""
    row = atlas(IMAGE, "2024-05")
    own = vote(row, ATLAS, at=row.seen_at)
    assert decide(row, [own], LATER).from_atlas
    against = vote(row, ADA, Choice.REJECT)
    assert decide(row, [own, against], LATER).status is Status.REJECTED
    assert decide(row, [own, against, vote(row, GRACE)], LATER).status is Status.CONFIRMED


def test_expired_is_not_rejected() -> None:
    """After 30 days without a decision it is expired, and a vote still decides."""
    late = MONDAY + timedelta(days=31)
    assert decide(sighting(), [], late).status is Status.EXPIRED
    assert decide(sighting(), [vote(sighting(), at=late)], late).status is Status.CONFIRMED


def test_later_votes_are_not_known_yet() -> None:
    """A decision as of a moment knows only the votes up to it."""
    assert decide(sighting(), [vote(sighting(), at=LATER)], MONDAY).status is Status.CANDIDATE


def test_a_fix_keeps_the_id() -> None:
    """Corrections apply in their order; a field that is None stays."""
    first = Correction(sighting=sighting().id, by=ADA, at=MONDAY, cell=Cell(STYLE, IMAGE), model="Brush 3")
    second = Correction(sighting=sighting().id, by=GRACE, at=LATER, cell=Cell(STYLE, OPEN_IMAGE))
    fixed = corrected(sighting(), [second, first])
    assert (fixed.id, fixed.cell.stage, fixed.model) == (sighting().id, OPEN_IMAGE, "Brush 3")


@given(st.lists(st.tuples(st.sampled_from([ADA, GRACE, LINUS]), st.sampled_from(list(Choice))), max_size=12))
def test_only_the_latest_word_of_each_counts(said: list[tuple[object, Choice]]) -> None:
    """Whatever was said before, the decision follows from each person's last word."""
    votes = [vote(sighting(), who, choice, MONDAY + n * DAY / 24) for n, (who, choice) in enumerate(said)]  # type: ignore[arg-type]
    last = {cast.person: cast for cast in votes}
    now = MONDAY + DAY
    assert decide(sighting(), votes, now).status is decide(sighting(), last.values(), now).status
