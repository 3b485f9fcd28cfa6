"""Gaps have a least, a most and a sign."""

from cascade.board import board_at
from cascade.gaps import Gap, GapKind, between, gaps, order
from cascade.phrases import behind_words, gap_words, lag_words
from cascade.sighting import Sighting, Verdict
from cascade.taxonomy import Cell
from tests.make import DAY, IMAGE, MONDAY, NEGATION, OPEN_IMAGE, TEXT, atlas, facts, sighting, taxonomy, vote


def gap_of(stage: str, *rows: Sighting):  # type: ignore[no-untyped-def]
    """The gap before a stage, on Tuesday 19 May 2026."""
    board = board_at(taxonomy(), facts(*rows), MONDAY + DAY)
    return next((gap for gap in gaps(board) if gap.cell == Cell(NEGATION, stage)), None)


def test_closed_between_days() -> None:
    """Two known days give one length."""
    gap = gap_of(IMAGE, atlas(TEXT, "2024-01-01"), atlas(IMAGE, "2024-03-01"))
    assert (gap.kind, gap.least, gap.most) == (GapKind.CLOSED, 60, 60)


def test_closed_between_months() -> None:
    """Months give a least and a most."""
    gap = gap_of(IMAGE, atlas(TEXT, "2024-01"), atlas(IMAGE, "2024-03"))
    assert (gap.least, gap.most) == (30, 90)


def test_open_grows() -> None:
    """With only the earlier stage there, the gap is what has passed so far, and has no most."""
    gap = gap_of(IMAGE, atlas(TEXT, "2026-05-09"))
    assert (gap.kind, gap.least, gap.most, gap.unknown) == (GapKind.OPEN, 10, None, True)


def test_inversion_keeps_its_sign() -> None:
    """When the later stage came first the gap is negative, and a finding."""
    gap = gap_of(IMAGE, atlas(TEXT, "2024-03-01"), atlas(IMAGE, "2024-01-01"))
    assert (gap.least, gap.is_inversion) == (-60, True)


def test_asked_against_the_order_nothing_is_inverted() -> None:
    """From the later stage back to the earlier the signs turn round; what came in order stays no finding."""
    board = board_at(taxonomy(), facts(atlas(TEXT, "2024-01-01"), atlas(IMAGE, "2024-03-01")), MONDAY + DAY)
    (gap,) = between(board, IMAGE, TEXT)
    assert (gap.least, gap.is_inversion) == (-60, False)


def test_a_month_is_no_inversion() -> None:
    """Within a month of each other both orders are in order."""
    assert not gap_of(IMAGE, atlas(TEXT, "2024-03-20"), atlas(IMAGE, "2024-03-01")).is_inversion


def test_ahead_of_a_stage_that_fails() -> None:
    """Only the later stage has it, and the earlier was tested: an inversion that lasts."""
    fails = sighting(IMAGE, "2026-05-01", verdict=Verdict.STILL_FAILS)
    board = board_at(taxonomy(), facts(atlas(OPEN_IMAGE, "2026-01-01"), fails, votes=(vote(fails),)), MONDAY + DAY)
    gap = next(gap for gap in gaps(board) if gap.cell == Cell(NEGATION, OPEN_IMAGE))
    assert (gap.kind, gap.unknown, gap.is_inversion) == (GapKind.AHEAD, False, True)


def test_neither_there() -> None:
    """Without any emergence there is no gap."""
    assert gap_of(IMAGE) is None


def test_order_leaves_out_what_nobody_looked_at() -> None:
    """The share of pairs in order counts only pairs whose ends were both looked at."""
    rows = (atlas(TEXT, "2024-01-01"), atlas(IMAGE, "2024-03-01"), atlas(OPEN_IMAGE, "2023-03-01"))
    found = order(gaps(board_at(taxonomy(), facts(*rows), MONDAY)))
    assert (found.pairs, found.in_order, len(found.inversions)) == (2, 1, 1)
    assert order([]).share is None


def test_a_range_has_one_unit() -> None:
    """Both ends are told in the unit of the longer, also where one alone would be told in another."""
    text, image = Cell(NEGATION, TEXT), Cell(NEGATION, IMAGE)

    def told(least: int, most: int) -> str:
        return gap_words(Gap(cell=image, upstream=text, kind=GapKind.CLOSED, least=least, most=most))

    assert told(40, 60) == "1.3 to 2.0 months after"
    assert told(700, 760) == "1.9 to 2.1 years after"
    assert told(-70, -40) == "1.3 to 2.3 months before"
    assert told(20, 40) == "20 to 40 days after"


def test_on_the_same_day() -> None:
    """No time between two emergences is said as that, with the stage before or without."""
    gap = Gap(cell=Cell(NEGATION, IMAGE), upstream=Cell(NEGATION, TEXT), kind=GapKind.CLOSED, least=0, most=0)
    assert gap_words(gap) == "on the same day"
    assert gap_words(gap, "closed text models") == "on the same day as closed text models"
    assert (lag_words(0.2), lag_words(12), lag_words(-61)) == (
        "on the same day as",
        "12 days after",
        "2.0 months before",
    )
    assert (behind_words(0.2), behind_words(12), behind_words(-61)) == (
        "level with",
        "12 days behind",
        "2.0 months ahead of",
    )
