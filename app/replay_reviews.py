"""What the reviewer of a replay decides: everything, nothing, or what a file says."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cascade.board import Judged
from cascade.errors import BadInput
from cascade.links import link_key
from cascade.sighting import Choice
from storage.texts import read_lines

_VOTES = {"confirm": Choice.CONFIRM, "reject": Choice.REJECT}

Decide = Callable[[Judged], Choice | None]  # None: no vote


def read_reviews(said: str) -> Decide:
    """`all` confirms everything, `none` nothing; else a file of JSON lines. Raises BadInput naming the line."""
    if said in {"all", "none"}:
        return lambda _: Choice.CONFIRM if said == "all" else None
    try:
        lines = read_lines(Path(said))
    except BadInput as error:
        raise BadInput(f"--reviews {error}, or write all or none") from error
    decided = dict(_review(said, number, line) for number, line in enumerate(lines, start=1) if line.strip())
    return lambda one: next((decided[key] for key in _keys(one) if key in decided), None)


def _review(file: str, number: int, line: str) -> tuple[tuple[str, str, str], Choice]:
    try:
        row: Mapping[str, Any] = json.loads(line)
        return (link_key(row["link"]), row["capability"], row["stage"]), _VOTES[row["vote"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(
            f'{file}, line {number}: a line is {{"link", "capability", "stage", "vote": "confirm" or "reject"}}'
        ) from error


def _keys(one: Judged) -> Iterable[tuple[str, str, str]]:
    cell = one.sighting.cell
    return ((link_key(evidence.url), cell.capability, cell.stage) for evidence in one.sighting.evidence)
