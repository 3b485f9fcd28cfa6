"""What the reviewer of a replay decides: everything, nothing, or what a file says."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cascade.board import Judged
from cascade.errors import BadInput
from cascade.links import link_key
from cascade.sighting import Choice
from cascade.taxonomy import Cell, Taxonomy
from storage.atlas import read_taxonomy
from storage.texts import read_lines

_VOTES = {"confirm": Choice.CONFIRM, "reject": Choice.REJECT}

USAGE = '{where}: a line is {{"link", "capability", "stage", "vote": "confirm" or "reject"}}'
NO_CELL = "{where}: {cell} is not in the taxonomy: write its ids, as negation and image/open"

Key = tuple[str, Cell]  # what a page claims
Decide = Callable[[Judged], Choice | None]  # None: no vote


def read_reviews(said: str) -> Decide:
    """`all` confirms everything, `none` nothing; else a file of JSON lines. Raises BadInput naming the line."""
    if said in {"all", "none"}:
        return lambda _: Choice.CONFIRM if said == "all" else None
    try:
        lines = read_lines(Path(said))
    except BadInput as error:
        raise BadInput(f"--reviews {error}, or write all or none") from error
    taxonomy, numbered = read_taxonomy(), enumerate(lines, start=1)
    decided = dict(_review(f"{said}, line {number}", line, taxonomy) for number, line in numbered if line.strip())
    return lambda one: next((decided[key] for key in _keys(one) if key in decided), None)


def _review(where: str, line: str, taxonomy: Taxonomy) -> tuple[Key, Choice]:
    try:
        row: Mapping[str, Any] = json.loads(line)
        link, cell, choice = link_key(row["link"]), Cell(row["capability"], row["stage"]), _VOTES[row["vote"]]
        known = cell in taxonomy
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(USAGE.format(where=where)) from error
    if not known:
        raise BadInput(NO_CELL.format(where=where, cell=cell))
    return (link, cell), choice


def _keys(one: Judged) -> Iterable[Key]:
    return ((link_key(evidence.url), one.sighting.cell) for evidence in one.sighting.evidence)
