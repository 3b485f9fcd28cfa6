"""Items as JSON lines: what `cascade classify` reads and writes, and the sets that the classifier is measured on."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cascade.errors import BadInput, no_json
from cascade.item import Item
from cascade.taxonomy import Cell
from classifier.read import Claim, Reading, at_threshold

NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)  # when an item was seen, if its line gives no date
ONE_OBJECT = "a line holds one JSON object: id, published, source, url, title, summary"
LABELS = "an item needs relevant (true or false) and claims (a list of capability and stage) too"
ID_CAP = 200  # characters of an id that are given back


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """An item with what a careful reader found in it."""

    item: Item
    relevant: bool
    cells: frozenset[Cell]  # of its *works* claims


def read_line(line: str) -> Item:
    """The item of a JSON line (`id, published, source, url, title, summary`); raises BadInput saying what is wrong."""
    return _item(_object(line))


def answer_line(item: Item, reading: Reading) -> dict[str, Any]:
    """What `cascade classify` writes for an item: its claims at or above the threshold, strongest first."""
    return {
        "id": item.identity,
        "relevant": reading.relevant,
        "probability": round(reading.relevance, 4),
        "model": reading.model or None,
        "org": reading.org or None,
        "only_announced": reading.only_announced,
        "language_supported": reading.language_supported,
        "claims": [_claim(claim) for claim in at_threshold(reading.claims)],
    }


def broken_line(error: BadInput) -> dict[str, Any]:
    """What `cascade classify` writes for a line that cannot be read."""
    return {"id": None, "relevant": False, "model": None, "org": None, "claims": [], "error": str(error)}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "capability": claim.cell.capability,
        "stage": claim.cell.stage,
        "verdict": claim.verdict.value,
        "probability": round(claim.probability, 4),
        "quote": claim.quote,
    }


def read_labelled(lines: Iterable[str]) -> list[Labelled]:
    """A labelled set; raises BadInput that names the line."""
    return [_labelled(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _labelled(number: int, line: str) -> Labelled:
    try:
        row = _object(line)
        cells = frozenset(Cell(claim["capability"], claim["stage"]) for claim in row["claims"])
        return Labelled(item=_item(row), relevant=bool(row["relevant"]), cells=cells)
    except BadInput as error:
        raise BadInput(f"line {number} of the labelled set: {error}") from error
    except (KeyError, TypeError) as error:
        raise BadInput(f"line {number} of the labelled set: {LABELS}") from error


def _object(line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{no_json(error)}: {ONE_OBJECT}") from error
    if not isinstance(row, dict):
        raise BadInput(ONE_OBJECT)
    return row


def _item(row: Mapping[str, Any]) -> Item:
    published = _moment(_text(row, "published"))
    return Item(
        feed="",
        identity=_text(row, "id")[:ID_CAP],
        url=_text(row, "url"),
        title=_text(row, "title"),
        summary=_text(row, "summary"),
        published=published,
        seen_at=published or NO_DAY,
        source=_text(row, "source"),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise BadInput(f"{name} has to be text, not a {type(value).__name__}")
    return str(value)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
