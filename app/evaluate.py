"""Measures the classifier on labelled items that its model did not see, and holds it to a floor."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.build import House
from app.settings import read_settings
from cascade.dates import DateRange
from cascade.errors import BadInput
from cascade.phrases import percent
from classifier.gazetteer import Gazetteer
from classifier.labelled import Labelled, read_labelled
from classifier.learn import FOLDS, fold_of
from classifier.read import THRESHOLD, Reader, Reading
from classifier.score import Report, Score, score
from classifier.teach import teach
from storage.atlas import read_gazetteer
from storage.texts import read_lines, read_text


def measure(path: Path, split: str | None) -> Report:
    """The report on a file: trained before the day `split` and tested after it, or by folds. Raises BadInput."""
    labelled = read_file(path)
    house = House(read_settings())
    gazetteer = Gazetteer(read_gazetteer())
    tested, readings = list[Labelled](), list[Reading]()
    for rest, held in _divided(labelled, split):
        model = teach(house.reader, rest, version="held-out", report={})
        reader = Reader(house.taxonomy, gazetteer, model)
        tested += held
        readings += [reader.read(one.item) for one in held]
    return score(tested, readings)


def read_file(path: Path) -> list[Labelled]:
    """The labelled items of a file. Raises BadInput that names it."""
    return read_labelled(read_lines(path))


def under_floor(report: Report, floor: Path) -> list[str]:
    """A line for each value that is worse than the floor allows; raises BadInput."""
    least = _floor(floor)
    reached = values(report)
    unknown = least.keys() - reached.keys()
    if unknown:
        raise BadInput(f"{floor} names {', '.join(sorted(unknown))}: known are {', '.join(reached)}")
    return [
        f"{name} is {reached[name]:.3f}, its floor is {bound}"
        for name, bound in least.items()
        if (reached[name] > bound if name.endswith("error") else reached[name] < bound)
    ]


def _floor(path: Path) -> Mapping[str, float]:
    try:
        least = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: no TOML: write lines like pair_f1 = 0.75") from error
    wrong = next((name for name, bound in least.items() if not isinstance(bound, int | float)), None)
    if wrong:
        raise BadInput(f"{path}: {wrong} is no number: write lines like pair_f1 = 0.75")
    return least


def values(report: Report) -> Mapping[str, float]:
    """The figures that can have a floor (for errors: a ceiling)."""
    return {
        "item_f1": report.relevant.f1,
        "item_average_precision": report.relevance_ap,
        "claiming_f1": report.claiming.f1,
        "claiming_average_precision": report.claiming_ap,
        "capability_f1": report.capability.f1,
        "pair_f1": report.pair.f1,
        "relevance_error": report.relevance_error,
        "claim_error": report.claim_error,
    }


def words(report: Report) -> str:
    """The report as a table for people."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    said = f"claims from {percent(THRESHOLD)}; only works claims are scored."
    yield f"{report.items} items that the model did not see; {said}"
    yield f"{'':34}{'precision':>10}{'recall':>10}{'F1':>10}"
    yield _row("item: relevant", report.relevant)
    yield _row("item: claims something", report.claiming)
    yield _row("capability", report.capability)
    yield _row("(capability, stage)", report.pair)
    yield ""
    for name, one in (*report.by_capability.items(), *report.by_stage.items()):
        yield f"{_row(name, one)}  of {one.right + one.missed}"
    yield ""
    yield f"average precision: relevant {report.relevance_ap:.3f}, strongest claim {report.claiming_ap:.3f}"
    yield f"expected calibration error: relevant {report.relevance_error:.3f}, claims {report.claim_error:.3f}"
    yield from _reliability("relevant", report.relevance_table)
    yield from _reliability("claims", report.claim_table)


def _row(name: str, one: Score) -> str:
    return f"{name:34}{one.precision:>10.3f}{one.recall:>10.3f}{one.f1:>10.3f}"


def _reliability(name: str, table: Sequence[tuple[int, float, float]]) -> Iterator[str]:
    yield f"{name:34}{'number':>10}{'said':>10}{'was':>10}"
    for at, (count, said, was) in enumerate(table):
        yield f"  {at / len(table):.1f} to {(at + 1) / len(table):.1f}{count:>33}{said:>10.3f}{was:>10.3f}"


def _divided(labelled: Sequence[Labelled], split: str | None) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """What to train on and what to test on: by a day, or fold by fold."""
    if split is not None:
        split = DateRange.parse(split).first.isoformat()
        before = [one for one in labelled if _day(one) < split]
        after = [one for one in labelled if _day(one) >= split]
        if not before or not after:
            raise BadInput(f"--split {split}: no items on one side of that day")
        yield before, after
        return
    for fold in range(FOLDS):
        held = [one for one in labelled if fold_of(one.item.identity) == fold]
        yield [one for one in labelled if fold_of(one.item.identity) != fold], held


def _day(one: Labelled) -> str:
    return one.item.published.date().isoformat() if one.item.published else ""
