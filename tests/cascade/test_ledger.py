"""The ledger's arithmetic: what is written, how it is scored, what the running score counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.board import Standing, State, board_at
from cascade.dates import DateRange
from cascade.forecast import MODEL, Basis, Forecast
from cascade.forecasting.arrivals import Arrivals
from cascade.ledger import Entry, Published, Result, Scored, fingerprint, first_told, publish, record, score, settle
from cascade.sighting import Verdict
from cascade.taxonomy import Cell
from tests.make import IMAGE, MONDAY, NEGATION, STYLE, TEXT, VIDEO, atlas, facts, sighting, taxonomy, vote

MADE = date(2026, 1, 1)
CELL = Cell(NEGATION, IMAGE)
EVEN = tuple(n / 48 for n in range(1, 49))  # as likely in any half month of the two years
FORECAST = Forecast(cell=CELL, made=MADE, curve=EVEN, basis=Basis(emerged=20, open=9, from_atlas=29))
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def works(since: str) -> Standing:
    """The cell works since then."""
    return Standing(cell=CELL, state=State.WORKS, when=DateRange.parse(since))


OPEN = Standing(cell=CELL, state=State.STILL_FAILS)


def entry(forecast: Forecast = FORECAST, scored: Scored | None = None) -> Entry:
    """A line of the ledger."""
    row = Published(
        id=f"{forecast.cell} {forecast.made}",
        team="home",
        forecast=forecast,
        model=MODEL,
        criteria="",
        board="",
        known_by=datetime(2026, 1, 1, tzinfo=UTC),
        shown_in="general.2026-W01",
    )
    return Entry(published=row, scored=scored)


@pytest.mark.parametrize(
    ("since", "result"),
    [
        ("2026-01-10", Result.EARLY),
        ("2026-08-01", Result.HELD),
        ("2027-01-01", Result.HELD),
        ("2027-12-20", Result.LATE),
        ("2029-05-01", Result.LATE),
        ("2025-12-31", Result.VOID),
        ("2026-01", Result.EARLY),
    ],
)
def test_results(since: str, result: Result) -> None:
    """Before, in or after the 80 % range; void when it was there before the forecast was made."""
    scored = score(FORECAST, works(since), LATER)
    assert scored is not None
    assert scored.result is result


def test_open_until_two_years_have_passed() -> None:
    """A cell that has not emerged is open for 24 months and then resolves as later."""
    assert score(FORECAST, OPEN, LATER) is None
    scored = score(FORECAST, OPEN, LATER + timedelta(days=400))
    assert scored is not None
    assert (scored.result, scored.emerged, scored.brier[12]) == (Result.LATE, None, 0.25)


def test_scored_by_hand() -> None:
    """On the last day of an even curve, the distance is the mean of the squared chances before it."""
    scored = score(FORECAST, works("2029-05-01"), LATER)
    assert scored is not None
    assert scored.crps == pytest.approx(sum(chance**2 for chance in EVEN) / 48)
    assert scored.brier == {3: (6 / 48) ** 2, 6: (12 / 48) ** 2, 12: (24 / 48) ** 2}


def test_settling_tells_only_what_changes() -> None:
    """A new emergence scores, the same one again does nothing, a taken back one clears the score."""
    fresh = entry()
    found = settle([fresh], {CELL: works("2026-08-01")}, LATER)
    scored = found[fresh.published.id]
    assert scored is not None
    kept = replace(fresh, scored=scored)
    assert settle([kept], {CELL: works("2026-08-01")}, LATER + timedelta(days=9)) == {}
    assert settle([kept], {CELL: OPEN}, LATER) == {fresh.published.id: None}


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)),
    st.lists(st.floats(0, 1), min_size=48, max_size=48),
)
def test_any_score_is_sound(day: date, steps: list[float]) -> None:
    """Whatever was forecast and whenever it came, distances lie between 0 and 1."""
    curve = tuple(sorted(steps))
    scored = score(replace(FORECAST, curve=curve), works(day.isoformat()), LATER)
    assert scored is not None
    assert scored.crps is None or 0 <= scored.crps <= 1
    assert all(0 <= distance <= 1 for distance in scored.brier.values())


def test_what_is_published() -> None:
    """A shown forecast carries its criteria, the method's version and its board; what is too few to say is left out."""
    fails = sighting(VIDEO, "2026-02-01", verdict=Verdict.STILL_FAILS)
    board = board_at(taxonomy(), facts(atlas(TEXT, "2024-03"), fails, votes=(vote(fails),)), MONDAY)
    known = Arrivals.of(board)
    row, *others = publish("home", board, known, [FORECAST, replace(FORECAST, curve=())], "general.2026-W20")
    assert others == []
    assert (row.forecast, row.model, row.known_by, row.shown_in) == (FORECAST, MODEL, MONDAY, "general.2026-W20")
    assert "'Not X' is obeyed." in row.criteria
    assert row.board == fingerprint(known)
    assert fingerprint(known.as_known_on(date(2024, 1, 1))) != row.board


def test_published_twice_is_the_same_row() -> None:
    """The same figures give the same id, other figures of the same day another one."""
    board = board_at(taxonomy(), facts(), MONDAY)
    known = Arrivals.of(board)
    told = [FORECAST, FORECAST, replace(FORECAST, curve=(*EVEN[:-1], 0.99))]
    ids = [row.id for row in publish("home", board, known, told, "a")]
    assert ids[0] == ids[1] != ids[2]
    assert publish("other", board, known, told, "a")[0].id != ids[0]


def test_the_running_score() -> None:
    """Hits and misses are counted, void ones are neither, and cells are told apart from forecasts."""
    scored = [
        score(FORECAST, works(since), LATER) for since in ("2026-01-10", "2026-08-01", "2027-12-20", "2025-12-01")
    ]
    lines = [entry(scored=one) for one in scored] + [entry(replace(FORECAST, cell=Cell(STYLE, IMAGE)))]
    found = record(lines)
    assert (found.scored, found.cells, found.early, found.held, found.late) == (3, 1, 1, 1, 1)
    assert (found.open, found.void) == (1, 1)
    distances = [one.crps for one in scored if one and one.crps is not None]
    assert found.crps == pytest.approx(sum(distances) / 3)
    assert record([]).crps is None


def test_the_first_word_counts() -> None:
    """Of several forecasts of one cell, a digest holds itself to the first."""
    late, early = entry(replace(FORECAST, made=MADE + timedelta(days=7))), entry()
    assert first_told([late, early]) == {CELL: early}
