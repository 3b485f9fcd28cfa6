"""What a digest says: a minute's reading, whatever happened."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cascade.board import Facts, board_at
from cascade.delivery import Statement
from cascade.forecast import Basis, Forecast
from cascade.joined import Joined, joined
from cascade.message import Message, Picture, text_of
from cascade.sighting import Choice, Correction, Person, Sighting, Verdict, Vote
from cascade.subscription import Filter
from cascade.taxonomy import Cell
from cascade.trend import Direction
from cascade.week import Period
from digest.compose import compose, look_back
from digest.findings import Digest, FeedHealth, Outlook
from digest.phrases import behind, behind_of
from digest.wording import BELOW, WORDS, details, say, sections
from storage.atlas import read_taxonomy
from tests.make import (
    ADA,
    DAY,
    GRACE,
    IMAGE,
    MONDAY,
    NEGATION,
    OPEN_IMAGE,
    STYLE,
    TEXT,
    VIDEO,
    atlas,
    sighting,
    taxonomy,
    vote,
)

WEEK = Period(MONDAY - 7 * DAY, MONDAY + timedelta(hours=1))
FULL = read_taxonomy()


def digest(facts: Facts, **more: object) -> Digest:
    """The week's digest of these facts."""
    return compose(look_back(taxonomy(), facts, WEEK), **more)  # type: ignore[arg-type]


def lines(message: Message) -> str:
    """All that stands in a message, pictures apart."""
    shown = replace(message, parts=tuple(part for part in message.parts if not isinstance(part, Picture)))
    return "\n".join(shown.words())


def test_a_move_with_its_evidence() -> None:
    """What works now, since when, where it says so and who confirmed it; the gap it closed and the one it opened."""
    old, new = atlas(TEXT, "2026-01-14"), sighting(seen_at=MONDAY - DAY)
    facts = Facts(sightings=(old, new), votes=(vote(old, ADA, at=MONDAY - 60 * DAY), vote(new, GRACE)))
    said = lines(say(digest(facts)))
    assert "negation reaches closed image models" in said.splitlines()[0]
    assert "Brush 2 since 14 May 2026 (brush.example), confirmed by Grace" in said
    assert "closed image models got negation 3.9 months after closed text models" in said
    assert "open image models may be next for negation" in said


def test_a_quiet_week_is_short() -> None:
    """One line, and one about the feeds."""
    message = say(digest(Facts(), health=FeedHealth(watched=19)))
    assert lines(message).splitlines() == [
        "11–18 May 2026: a quiet week, nothing moved on the frontier",
        "19 feeds watched, all well.",
    ]


def test_taken_back() -> None:
    """What was told and then rejected is taken back, with the name of who did; the page counts people instead."""
    one = sighting(seen_at=MONDAY - 10 * DAY, happened="2026-05-01")
    votes = (vote(one, ADA, at=MONDAY - 9 * DAY), vote(one, ADA, Choice.NONE), vote(one, GRACE, Choice.REJECT))
    found = digest(Facts(sightings=(one,), votes=votes))
    assert "Taken back: negation in closed image models (Brush 2 since 1 May 2026), rejected by Grace" in lines(
        say(found)
    )
    assert "rejected by 1 person" in lines(say(found, names=False))
    told = {Cell(NEGATION, IMAGE): Statement(works=False)}
    assert not digest(Facts(sightings=(one,), votes=votes), told=told).errata


def two_closings(*dates: str) -> Facts:
    """Style and then negation reach images from text; style in April, negation in the week."""
    text, image = dates
    old = (
        atlas(TEXT, "2025-12-15", capability=STYLE),
        atlas(IMAGE, "2026-04-15", capability=STYLE),
        atlas(TEXT, text),
        sighting(IMAGE, image, seen_at=MONDAY - DAY),
    )
    return Facts(sightings=old, votes=tuple(vote(one, ADA, at=one.seen_at) for one in old))


def test_one_closing_is_no_trend() -> None:
    """The usual gap is told before and after; that it grows or shrinks is said only where the trend says so."""
    longer, shorter = two_closings("2025-11-14", "2026-05-14"), two_closings("2026-03-14", "2026-05-14")
    said = lines(say(digest(longer)))
    assert "the usual gap is longer now: 4.0 → 5.0 months (n=2)" in said
    assert "grow" not in said
    assert "the usual gap is shorter now: 4.0 → 3.0 months (n=2)" in lines(say(digest(shorter)))
    assert "the usual gap stays 4.0 months (n=2)" in lines(say(digest(two_closings("2026-01-13", "2026-05-14"))))
    grows = Outlook(trends={IMAGE: Direction.GROWING})
    assert "(n=2); over the years the gaps grow" in lines(say(digest(longer, outlook=grows)))
    unsure = Outlook(trends={IMAGE: Direction.CANNOT_TELL})
    assert lines(say(digest(longer, outlook=unsure))) == said


def test_no_time_between_two_stages() -> None:
    """What came to both in one day is not told as nothing after."""
    said = lines(say(digest(two_closings("2026-05-14", "2026-05-14"))))
    assert "closed image models got negation at the same time as closed text models" in said
    assert (behind(0.0), behind_of(0.0), behind_of(-2.0)) == ("level", "level with", "2.0 months ahead of")


def test_what_is_overdue_leads_where_nothing_moved() -> None:
    """The lead names it, and the line says for how long it has been missing."""
    cell, basis = Cell(NEGATION, OPEN_IMAGE), Basis(emerged=30, open=12, from_atlas=40)
    waiting = Forecast(cell=cell, made=WEEK.start.date(), curve=(0.5,) * 48, basis=basis)
    late = replace(waiting, made=WEEK.end.date(), due=(MONDAY - 3 * DAY).date(), overdue=True)
    outlook = Outlook(before={cell: waiting}, after={cell: late})
    facts = Facts(sightings=(atlas(IMAGE, "2026-01-14"),), votes=(vote(atlas(IMAGE, "2026-01-14"), ADA),))
    facts = replace(facts, votes=tuple(replace(one, at=MONDAY - 60 * DAY) for one in facts.votes))
    said = lines(say(digest(facts, outlook=outlook)))
    assert said.splitlines()[0].endswith(": negation is overdue in open image models")
    assert "open image models still without negation 4.1 months after closed image models" in said
    long_ago = Outlook(before={cell: waiting}, after={cell: replace(late, due=(MONDAY - 30 * DAY).date())})
    assert "overdue" not in lines(say(digest(facts, outlook=long_ago)))


def test_a_forecast_that_moved_leads_where_nothing_else_did() -> None:
    """The lead names the first, and whether it is expected later or sooner."""
    cell, basis = Cell(NEGATION, OPEN_IMAGE), Basis(emerged=30, open=12, from_atlas=40)
    soon = Forecast(cell=cell, made=WEEK.end.date(), curve=(0.6,) * 48, basis=basis)
    late = replace(soon, curve=(0.1,) * 20 + (0.6,) * 28)
    for before, after, word in ((soon, late, "later"), (late, soon, "sooner")):
        message = say(digest(Facts(), outlook=Outlook(before={cell: before}, after={cell: after})))
        assert message.headline.endswith(f": negation is expected {word} in open image models")


def test_what_waits_says_what_it_would_do() -> None:
    """What would change the board most comes first, a failure is named one, and more of the same is only counted."""
    known = atlas(IMAGE, "2026-01-14")
    more = sighting(seen_at=MONDAY - DAY, model="Brush 3")
    fails = sighting(VIDEO, seen_at=MONDAY - DAY, verdict=Verdict.STILL_FAILS)
    first = sighting(OPEN_IMAGE, seen_at=MONDAY - DAY)
    facts = Facts(sightings=(known, more, fails, first), votes=(vote(known, ADA, at=MONDAY - 60 * DAY),))
    assert "3 sightings waiting for review" in lines(say(digest(facts)))
    assert [text_of(line) for line in sections(digest(facts))[0].lines] == [
        f"negation in open image models: Brush 2 ({first.id}), would close a gap of 3.9 months",
        f"negation in closed offline video: Brush 2 still fails ({fails.id})",
    ]


def test_an_inversion_names_its_stage() -> None:
    """What came before its upstream stage says so, in words."""
    early = sighting(OPEN_IMAGE, seen_at=MONDAY - DAY)
    fails = atlas(IMAGE, "2026-05-01", verdict=Verdict.STILL_FAILS)
    facts = Facts(sightings=(atlas(TEXT, "2026-01-14"), fails, early), votes=(vote(fails), vote(early, GRACE)))
    assert "confirmed by Grace; before closed image models: an inversion" in lines(say(digest(facts)))


def test_a_quiet_week_with_decisions() -> None:
    """People confirmed once more what works already: nothing moved, and the two lines do not quarrel."""
    old, again = atlas(IMAGE, "2026-01-14"), sighting(seen_at=MONDAY - DAY)
    facts = Facts(sightings=(old, again), votes=(vote(old, ADA, at=MONDAY - 60 * DAY), vote(again, GRACE)))
    assert lines(say(digest(facts))).splitlines()[1:] == ["1 sighting decided by people, none of them a first."]


def test_a_filter_that_matches_nothing() -> None:
    """Its names have left the taxonomy: one clear line with the cure."""
    said = lines(say(digest(Facts(), only=Filter(stages=frozenset({"smell/open"})))))
    assert "/cascade subscribe" in said


def test_a_filter_leaves_the_rest_out() -> None:
    """Who asked for open image models hears of nothing else."""
    here, there = sighting(seen_at=MONDAY - DAY), sighting(OPEN_IMAGE, seen_at=MONDAY - DAY, model="Open 1")
    facts = Facts(sightings=(here, there), votes=(vote(here), vote(there)))
    only = digest(facts, only=Filter(stages=frozenset({OPEN_IMAGE})))
    assert [move.cell.stage for move in only.moves] == [OPEN_IMAGE]
    assert lines(say(only)).endswith("Only open image models")


def test_caught_up_weeks_are_named() -> None:
    """A digest of several weeks says which."""
    message = say(digest(Facts(), weeks=("2026-W19", "2026-W20", "2026-W21")))
    assert message.headline.startswith("3 weeks in one (2026-W19 to 2026-W21)")


def news(rng: Random, many: int) -> Facts:
    """Weeks of any kind: sightings with odd names, confirmed, rejected, taken back, before and within."""
    cells, told, votes = list(FULL.cells()), list[Sighting](), list[Vote]()
    for number in range(many):
        cell, at = rng.choice(cells), MONDAY - rng.randrange(20) * DAY
        one = sighting(
            cell.stage,
            (at - rng.randrange(400) * DAY).date().isoformat(),
            capability=cell.capability,
            verdict=rng.choice(list(Verdict)),
            story=f"story-{number}",
            seen_at=at,
            model=rng.choice(["Brush 2", "An Extremely Long Model Name " * 9, "", "a b\nc\td", "模型"]),
        )
        told.append(one)
        for person in (ADA, GRACE, Person("slack", "U1", "x " * 200)):
            votes.append(vote(one, person, rng.choice(list(Choice)), at=MONDAY - rng.randrange(20) * DAY))
    return Facts(sightings=tuple(told), votes=tuple(votes))


@given(seed=st.integers(0, 1_000_000), many=st.integers(0, 80))
def test_the_start_is_judged_as_by_itself(seed: int, many: int) -> None:
    """The board at the start, made from what holds at the end, is the one that the facts of then make."""
    facts, rng = news(Random(seed), many), Random(seed)
    old = tuple(replace(one, seen_at=one.seen_at - rng.randrange(40) * DAY) for one in facts.sightings)
    fixes = [
        Correction(sighting=one.id, by=GRACE, at=MONDAY - rng.randrange(20) * DAY, model="Fixed") for one in old[::3]
    ]
    stories = {
        one.story: Joined(into="story-0", at=MONDAY - rng.randrange(20) * DAY) for one in old[1:] if rng.random() < 0.5
    }
    facts = replace(facts, sightings=old, corrections=tuple(fixes), joined=joined(old, stories))
    before = board_at(FULL, facts, WEEK.start, (WEEK.start - timedelta(microseconds=1)).date())
    assert look_back(FULL, facts, WEEK).before == before


@given(seed=st.integers(0, 1_000_000), many=st.integers(0, 80), names=st.booleans())
def test_a_minutes_reading(seed: int, many: int, names: bool) -> None:
    """At most 250 words, a quiet week at most three lines; and nothing is lost: the thread has the rest."""
    facts = news(Random(seed), many)
    stretch = look_back(FULL, facts, WEEK)
    found = compose(stretch, health=FeedHealth(watched=19, failing=("a feed " * 20,) * 9, quiet=("b",)))
    said = lines(say(found, names=names))
    assert len(said.split()) <= WORDS
    if found.is_quiet:
        assert len(said.splitlines()) <= 3
    everything = said + "".join(map(lines, details(found, names=names)))
    for move in found.moves:
        assert FULL.stage(move.cell.stage).name in everything
    assert ("more below" in lines(say(found, names=names, rest=BELOW))) == ("more in the thread" in said)
    assert say(found, names=names) == say(compose(stretch, health=found.health), names=names)
