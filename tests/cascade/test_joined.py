"""Claims of joined stories are one claim: its votes united, its evidence together, its past left alone."""

from dataclasses import replace

from cascade.board import Facts, judge
from cascade.joined import Joined, joined
from cascade.sighting import Choice, Correction, Status, Verdict
from tests.make import ADA, DAY, GRACE, MONDAY, OPEN_IMAGE, atlas, facts, sighting, vote

FIRST = sighting(happened="2026-05-14")
SECOND = replace(
    sighting(happened="2026-05-13", story="story-2", seen_at=MONDAY + DAY),
    evidence=(replace(FIRST.evidence[0], url="https://news.example/brush"),),
)
WEDNESDAY = MONDAY + 2 * DAY
STORIES = {"story-2": Joined(into="story-1", at=WEDNESDAY)}


def both(*votes: tuple[object, ...]) -> Facts:
    """Both claims with these votes, joined on Wednesday."""
    cast = tuple(vote(on, person, choice, at) for on, person, choice, at in votes)  # type: ignore[arg-type]
    return replace(facts(FIRST, SECOND, votes=cast), joined=joined([FIRST, SECOND], STORIES))


def test_the_same_claim_of_a_joined_story_is_joined() -> None:
    """The same cell and verdict of one piece of news; another cell, verdict or story stays."""
    others = [
        sighting(OPEN_IMAGE, story="story-2"),
        sighting(verdict=Verdict.STILL_FAILS, story="story-2"),
        sighting(story="story-3"),
        atlas("image/closed", "2024-05"),
    ]
    assert joined([SECOND, *others, FIRST], STORIES) == {SECOND.id: Joined(into=FIRST.id, at=WEDNESDAY)}
    assert joined([FIRST, SECOND], {}) == {}


def test_the_claim_seen_first_lives_also_when_its_story_does_not() -> None:
    """What was tagged later under the older story's name is part of the claim that was there."""
    stories = {"story-1": Joined(into="story-2", at=WEDNESDAY)}
    assert joined([SECOND, FIRST], stories) == {SECOND.id: Joined(into=FIRST.id, at=WEDNESDAY)}


def test_votes_are_united_and_each_person_counts_once() -> None:
    """Ada on both cards is one voice, and Grace on the younger one is heard."""
    told = both(
        (FIRST, ADA, Choice.CONFIRM, MONDAY),
        (SECOND, ADA, Choice.CONFIRM, MONDAY + DAY),
        (SECOND, GRACE, Choice.REJECT, MONDAY + DAY),
    )
    [one] = judge(told, WEDNESDAY)
    assert one.sighting.id == FIRST.id
    assert (one.decision.confirmed_by, one.decision.rejected_by) == ((ADA,), (GRACE,))
    assert one.decision.status is Status.CANDIDATE


def test_the_evidence_of_both_and_the_date_of_the_first() -> None:
    """A date that nobody confirmed moves nothing; a correction of either claim is one of both."""
    [one] = judge(both(), WEDNESDAY)
    assert [str(shown.url) for shown in one.sighting.evidence] == [
        "https://brush.example/2",
        "https://news.example/brush",
    ]
    assert str(one.sighting.happened) == "2026-05-14"
    fix = Correction(sighting=SECOND.id, by=ADA, at=WEDNESDAY, model="Brush 2 Pro")
    [fixed] = judge(replace(both(), corrections=(fix,)), WEDNESDAY)
    assert fixed.sighting.model == "Brush 2 Pro"


def test_what_was_known_before_stays_as_it_was() -> None:
    """A board of Tuesday does not know what was joined on Wednesday."""
    told = both((SECOND, ADA, Choice.CONFIRM, MONDAY + DAY))
    assert [one.sighting.id for one in judge(told, MONDAY + DAY)] == [FIRST.id, SECOND.id]
    assert [one.decision.status for one in judge(told, MONDAY + DAY)] == [Status.CANDIDATE, Status.CONFIRMED]
