"""Reads the taxonomy, the atlas and the gazetteer from the files that a person can edit."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import cascade
from cascade.dates import DateRange
from cascade.errors import BadInput, no_json
from cascade.sighting import ATLAS, Evidence, Sighting, Verdict, sighting_id
from cascade.taxonomy import Capability, Cell, Modality, Stage, Taxonomy
from storage.texts import read_lines, read_text

DATA = Path(cascade.__file__).parent / "data"
STATUSES = {"emerged": Verdict.WORKS, "not-yet": Verdict.STILL_FAILS, "unknown": None}  # what a row may say

Row = tuple[str, Mapping[str, Any]]  # where it stands, and what it says


def read_taxonomy(path: Path = DATA / "taxonomy.toml") -> Taxonomy:
    """The stages and capabilities of a file; raises BadInput that names the file and what is wrong."""
    raw = _toml(path)
    try:
        return Taxonomy(
            stages=tuple(Stage(**_tupled(row)) for row in raw["stage"]),
            capabilities=tuple(Capability(**_tupled(row)) for row in raw["capability"]),
            modalities=tuple(Modality(**_tupled(row)) for row in raw["modality"]),
            version=str(raw.get("version", "1")),
        )
    except (KeyError, TypeError) as error:
        raise BadInput(
            f"{path}: {error}: a stage needs id, name and modality; a capability id, name and means"
        ) from error


def read_atlas(path: Path = DATA / "atlas") -> tuple[Sighting, ...]:
    """The atlas's sightings: a folder of TOML files, or one file of JSON lines (one row each).

    Raises BadInput that names the file and the row.
    """
    return sightings_of(atlas_rows(path))


def sightings_of(rows: Iterable[Row]) -> tuple[Sighting, ...]:
    """What atlas rows say; those that are unknown, or say nothing that is known, give none. Raises BadInput."""
    return tuple(sighting for where, row in rows if (sighting := _sighting(where, row)))


def atlas_rows(path: Path) -> list[Row]:
    """The rows of a folder of TOML files, or of one file of JSON lines. Raises BadInput."""
    if not path.is_dir():
        return list(_json_rows(path))
    return [
        (f"{file.name}, row {number}", {"capability": raw.get("capability"), **row})
        for file in sorted(path.glob("*.toml"))
        for raw in (_toml(file),)
        for number, row in enumerate(raw.get("row", []), start=1)
    ]


def read_gazetteer(path: Path = DATA / "models.jsonl") -> list[Mapping[str, Any]]:
    """The rows of model families, and of names that belong to no stage. Raises BadInput naming the line."""
    return [row for _, row in _json_rows(path)]


def read_track_record(path: Path = DATA / "track_record.json") -> str:
    """How the forecasts fared when replayed on the shipped atlas, as JSON: `make track-record` writes it."""
    return read_text(path)


def atlas_edition(path: Path = DATA / "atlas") -> str:
    """A name for the atlas's contents: another one when any of its files was edited."""
    together = hashlib.sha256()
    for file in sorted(path.glob("*.toml")):
        together.update(file.read_bytes())
    return together.hexdigest()


def _json_rows(path: Path) -> Iterable[Row]:
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            yield f"{path.name}, line {number}", _json_row(path, number, line)


def _json_row(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path.name}, line {number}: {no_json(error)}: write one object a line") from error
    if not isinstance(row, dict):
        raise BadInput(f"{path.name}, line {number}: a row is an object")
    return row


def _sighting(where: str, row: Mapping[str, Any]) -> Sighting | None:
    try:
        verdict = STATUSES.get(row["status"])
        if verdict is None:
            return None
        cell = Cell(_text_of(row, "capability"), _text_of(row, "stage"))
        evidence = tuple(map(_evidence, row.get("evidence", ())))
        happened = DateRange.parse(row["date"]) if row.get("date") else _newest(evidence)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{where}: a row needs capability, stage, status and dates, all as text") from error
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error
    return Sighting(
        id=sighting_id("", cell, verdict),
        cell=cell,
        model=row.get("model") or "",
        org=row.get("org") or "",
        verdict=verdict,
        happened=happened,
        evidence=evidence,
        seen_at=_known_since(happened),
        reported_by=ATLAS,
        confidence=row.get("confidence") or "",
        note=row.get("note") or "",
        rival=row.get("runner_up") or "",
    )


def _text_of(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _known_since(happened: DateRange | None) -> datetime:
    # A row is known by its own date, so that a board of an earlier moment does not show it.
    return datetime.combine(happened.middle if happened else date.min, time(), UTC)


def _newest(evidence: Iterable[Evidence]) -> DateRange | None:
    return max((one.published for one in evidence if one.published), default=None, key=lambda range_: range_.middle)


def _evidence(row: Mapping[str, Any]) -> Evidence:
    published = DateRange.parse(row["published"]) if row.get("published") else None
    return Evidence(
        url=row["url"],
        title=row.get("title", ""),
        says=row.get("says", ""),
        published=published,
        kind=row.get("kind", ""),
    )


def _tupled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else _tupled(value) if isinstance(value, dict) else value
        for name, value in row.items()
    }


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return _parsed(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: {error}") from error


@lru_cache(maxsize=64)
def _parsed(text: str) -> Mapping[str, Any]:
    """By what a file says, not by its name: one that was edited is read anew. Nobody changes what is handed out."""
    return tomllib.loads(text)
