"""What every Store does with forecasts that were shown: written once, scored with the vote, taken back with it."""

from dataclasses import replace
from datetime import timedelta

from cascade.dates import DateRange
from cascade.delivery import Slot
from cascade.forecast import Basis, Forecast
from cascade.ledger import CRITERIA, Published, Result
from cascade.ports import HOME, Place, Store
from cascade.sighting import Choice, Correction
from cascade.taxonomy import Cell
from cascade.week import Period
from tests.make import ADA, DAY, IMAGE, MONDAY, NEGATION, OPEN_IMAGE, TEXT, VIDEO, atlas, sighting, vote

MADE = MONDAY - timedelta(days=120)
CURVE = tuple(n / 50 for n in range(1, 49))  # 10 % after 2.5 months, 90 % after 22.5
SLOT = Slot(
    owner="general",
    name="2026-W03",
    place=Place("terminal", "here"),
    period=Period(MADE - 7 * DAY, MADE),
    covers=("2026-W03",),
)


def published(stage: str = IMAGE, **changes: object) -> Published:
    """The forecast of negation in closed images that a January digest showed."""
    forecast = Forecast(
        cell=Cell(NEGATION, stage),
        made=MADE.date(),
        curve=CURVE,
        basis=Basis(emerged=30, open=12, from_atlas=40),
        upstream_since=DateRange.parse("2023-03-14").first,
        due=DateRange.parse("2026-03-01").last,
    )
    row = Published(
        id=f"{stage} in January",
        team=HOME,
        forecast=forecast,
        model="tree-1",
        criteria=CRITERIA,
        board="0123456789abcdef",
        known_by=MADE,
        shown_in="general.2026-W03",
    )
    return replace(row, **changes)  # type: ignore[arg-type]


class LedgerContract:
    """Every engine runs this."""

    def test_what_was_shown_comes_back_whole(self, store: Store) -> None:
        """Every figure, the criteria, the model's version and the board's state are kept; nothing is scored yet."""
        store.publish([published()])
        entry = store.ledger(HOME)[0]
        assert (entry.published, entry.scored) == (published(), None)
        assert store.ledger("other") == ()

    def test_written_once(self, store: Store) -> None:
        """The same id again changes nothing: new figures are another row."""
        store.publish([published()])
        store.publish([published(model="tree-2"), published(id="other", model="tree-2")])
        assert {entry.published.id: entry.published.model for entry in store.ledger(HOME)} == {
            published().id: "tree-1",
            "other": "tree-2",
        }

    def test_frozen_with_the_digest(self, store: Store) -> None:
        """The claim that freezes a digest writes its forecasts; a claim that is refused writes none."""
        assert store.claim(SLOT, [], {}, {}, MADE, [published()])
        assert not store.claim(SLOT, [], {}, {}, MADE, [published(OPEN_IMAGE)])
        assert [entry.published.forecast.cell.stage for entry in store.ledger(HOME)] == [IMAGE]

    def test_the_vote_scores_it_and_takes_the_score_back(self, store: Store) -> None:
        """Confirming the cell scores its forecast; un-confirming leaves it as if nothing had been said."""
        seen = sighting(IMAGE, "2026-05-14")
        store.save_sighting(seen)
        store.publish([published(), published(VIDEO)])
        store.add_votes(HOME, [vote(seen)])
        by_stage = {entry.published.forecast.cell.stage: entry.scored for entry in store.ledger(HOME)}
        scored = by_stage[IMAGE]
        assert scored is not None
        assert (scored.result, str(scored.emerged), scored.at) == (Result.HELD, "2026-05-14", MONDAY)
        assert scored.crps is not None
        assert 0 < scored.crps < 1
        assert set(scored.brier) == {3, 6, 12}
        assert by_stage[VIDEO] is None
        store.add_votes(HOME, [vote(seen, choice=Choice.NONE, at=MONDAY + DAY)])
        assert [entry.scored for entry in store.ledger(HOME)] == [None, None]

    def test_a_second_voice_changes_nothing(self, store: Store) -> None:
        """The score stays as it was when more people say the same."""
        seen = sighting(IMAGE, "2026-05-14")
        store.save_sighting(seen)
        store.publish([published()])
        store.add_votes(HOME, [vote(seen)])
        before = store.ledger(HOME)
        store.add_votes(HOME, [vote(seen, ADA, at=MONDAY + DAY)])
        assert store.ledger(HOME) == before

    def test_a_corrected_date_is_scored_anew(self, store: Store) -> None:
        """A *Fix* of the date, or of the cell, changes the score with it."""
        seen = sighting(IMAGE, "2026-05-14")
        store.save_sighting(seen)
        store.publish([published()])
        store.add_votes(HOME, [vote(seen)])
        fix = Correction(sighting=seen.id, by=ADA, at=MONDAY + DAY, happened=DateRange.parse("2026-02-01"))
        store.add_correction(HOME, fix)
        scored = store.ledger(HOME)[0].scored
        assert scored is not None
        assert (scored.result, str(scored.emerged)) == (Result.EARLY, "2026-02-01")
        store.add_correction(HOME, replace(fix, at=MONDAY + 2 * DAY, happened=None, cell=Cell(NEGATION, TEXT)))
        assert store.ledger(HOME)[0].scored is None

    def test_what_only_time_resolves(self, store: Store) -> None:
        """After 24 months without emergence a forecast is scored when the ledger is settled."""
        store.publish([published()])
        store.settle_forecasts(HOME, MADE + timedelta(days=700))
        assert store.ledger(HOME)[0].scored is None
        store.settle_forecasts(HOME, MADE + timedelta(days=731))
        scored = store.ledger(HOME)[0].scored
        assert scored is not None
        assert (scored.result, scored.emerged) == (Result.LATE, None)

    def test_what_the_atlas_resolves(self, store: Store) -> None:
        """An atlas row that closes the cell counts from the next time the ledger is settled."""
        store.publish([published()])
        store.save_atlas([atlas(IMAGE, "2026-05-01")])
        store.settle_forecasts(HOME, MONDAY)
        scored = store.ledger(HOME)[0].scored
        assert scored is not None
        assert scored.result is Result.HELD

    def test_teams_score_for_themselves(self, store: Store) -> None:
        """Another team's vote scores nothing here."""
        seen = sighting(IMAGE, "2026-05-14")
        store.save_sighting(seen)
        store.publish([published()])
        store.add_votes("other", [vote(seen)])
        assert store.ledger(HOME)[0].scored is None
