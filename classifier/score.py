"""How good readings are, measured against labels: precision, recall, ranking and calibration."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cascade.sighting import Verdict
from cascade.taxonomy import Cell
from classifier.labelled import Labelled
from classifier.learn import calibration_error, reliability
from classifier.read import THRESHOLD, Claim, Reading


@dataclass(frozen=True, kw_only=True)
class Score:
    """Counts of right, wrong and missed answers."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the answers that are right; 0 without answers."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the labels that were found; 0 without labels."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that `make eval` prints. Only *works* claims are scored."""

    items: int
    relevant: Score  # is the item about what a generative model can do
    claiming: Score  # does the item claim anything
    capability: Score
    pair: Score  # capability and stage
    by_capability: Mapping[str, Score]
    by_stage: Mapping[str, Score]
    relevance_ap: float  # average precision of the relevance
    claiming_ap: float  # average precision of the strongest claim
    relevance_error: float  # expected calibration error, five equal bins
    claim_error: float
    relevance_table: Sequence[tuple[int, float, float]]  # per bin: how many, said, was
    claim_table: Sequence[tuple[int, float, float]]


def score(labelled: Sequence[Labelled], readings: Sequence[Reading]) -> Report:
    """The readings of these items, in the same order, measured."""
    pairs = list(zip(labelled, readings, strict=True))
    relevance = [(reading.relevance, one.relevant) for one, reading in pairs]
    strongest = [(_strongest(reading), bool(one.cells)) for one, reading in pairs]
    claims = [(claim.probability, claim.cell in one.cells) for one, reading in pairs for claim in working(reading)]
    cells = [(one.cells, frozenset(claim.cell for claim in posted(reading))) for one, reading in pairs]
    return Report(
        items=len(pairs),
        relevant=_yes_or_no([(reading.relevant, one.relevant) for one, reading in pairs]),
        claiming=_yes_or_no([(bool(found), bool(told)) for told, found in cells]),
        capability=_sets(({c.capability for c in told}, {c.capability for c in found}) for told, found in cells),
        pair=_sets(cells),
        by_capability=_by(cells, lambda cell: cell.capability),
        by_stage=_by(cells, lambda cell: cell.stage),
        relevance_ap=average_precision(relevance),
        claiming_ap=average_precision(strongest),
        relevance_error=calibration_error(relevance),
        claim_error=calibration_error(claims),
        relevance_table=reliability(relevance),
        claim_table=reliability(claims),
    )


def working(reading: Reading) -> list[Claim]:
    """The *works* claims, strong or weak."""
    return [claim for claim in reading.claims if claim.verdict is Verdict.WORKS]


def posted(reading: Reading) -> list[Claim]:
    """The *works* claims strong enough to ask people about."""
    return [claim for claim in working(reading) if claim.probability >= THRESHOLD]


def average_precision(pairs: Iterable[tuple[float, bool]]) -> float:
    """The mean of the precision at each right one, strongest first; equals count together."""
    by_score: dict[float, list[bool]] = defaultdict(list)
    for probability, right in pairs:
        by_score[probability].append(right)
    seen = hits = 0
    total = 0.0
    for probability in sorted(by_score, reverse=True):
        rows = by_score[probability]
        seen, hits = seen + len(rows), hits + sum(rows)
        total += sum(rows) * hits / seen
    return total / max(1, hits)


def _strongest(reading: Reading) -> float:
    return max((claim.probability for claim in working(reading)), default=0.0)


def _yes_or_no(pairs: Sequence[tuple[bool, bool]]) -> Score:
    return Score(
        right=sum(said and was for said, was in pairs),
        wrong=sum(said and not was for said, was in pairs),
        missed=sum(was and not said for said, was in pairs),
    )


def _sets(pairs: Iterable[tuple[Iterable[Hashable], Iterable[Hashable]]]) -> Score:
    right = wrong = missed = 0
    for told, found in ((set(told), set(found)) for told, found in pairs):
        right, wrong, missed = right + len(told & found), wrong + len(found - told), missed + len(told - found)
    return Score(right=right, wrong=wrong, missed=missed)


def _by(cells: Sequence[tuple[frozenset[Cell], frozenset[Cell]]], key: Callable[[Cell], str]) -> dict[str, Score]:
    names = sorted({key(cell) for pair in cells for side in pair for cell in side})
    return {
        name: _sets(
            ({c for c in told if key(c) == name}, {c for c in found if key(c) == name}) for told, found in cells
        )
        for name in names
    }
