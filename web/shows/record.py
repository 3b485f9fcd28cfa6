"""The track record: how the forecasts that digests showed have fared."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from cascade.ledger import Entry, Record, Result, record
from cascade.taxonomy import Taxonomy
from web.shows.page import capability_href
from web.words import median_words, range_words

LISTED = 40  # scored forecasts on the page; the newest
RESULTS = {
    Result.HELD: "within its range",
    Result.EARLY: "earlier than its range",
    Result.LATE: "later than its range",
    Result.VOID: "there already: not scored",
}


@dataclass(frozen=True, kw_only=True)
class Fared:
    """One scored forecast in words."""

    name: str
    href: str
    made: date
    median: str
    range: str
    emerged: str
    result: str
    words: str


def known(entries: Iterable[Entry], moment: datetime) -> list[Entry]:
    """The ledger as it read at a moment."""
    shown = [one for one in entries if one.published.known_by <= moment]
    return [one if one.scored and one.scored.at <= moment else replace(one, scored=None) for one in shown]


def record_words(taxonomy: Taxonomy, entries: Sequence[Entry]) -> dict[str, object]:
    """The running score, and the newest scored forecasts first."""
    fared = [one for entry in entries if (one := _fared(taxonomy, entry))]
    newest = sorted(fared, key=lambda one: (one.made, one.name), reverse=True)
    return {"record": record(entries), "fared": newest[:LISTED]}


def record_facts(entries: Sequence[Entry]) -> dict[str, object]:
    """The running score for programs."""
    found: Record = record(entries)
    return asdict(found)


def _fared(taxonomy: Taxonomy, entry: Entry) -> Fared | None:
    forecast, scored = entry.published.forecast, entry.scored
    if scored is None or forecast.cell not in taxonomy:
        return None
    cell = forecast.cell
    return Fared(
        name=f"{taxonomy.capability(cell.capability).name} in {taxonomy.stage(cell.stage).name}",
        href=capability_href(cell.capability),
        made=forecast.made,
        median=median_words(forecast),
        range=range_words(forecast),
        emerged=str(scored.emerged or "not within 24 months"),
        result=scored.result.value,
        words=RESULTS[scored.result],
    )
