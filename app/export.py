"""All the data in files that other programs read, with schema, licence and hashes beside them.

The description is a Data Package (https://datapackage.org/standard/data-package/): `datapackage.json`.
"""

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app import clock
from app.build import House, open_store
from app.export_tables import TABLES, Row, Source, Table
from app.settings import read_settings
from cascade.errors import BadInput
from cascade.ports import HOME
from cascade.view import View

LICENCE = Path(__file__).parent.parent / "LICENSE"
RIGHTS = (
    "Stages, capabilities, sightings, votes and all that is derived from them: MIT, see LICENSE. Titles, summaries and "
    "quotes of items and evidence are the words of their sources and remain theirs."
)
_SQL = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_all(db: Path | None, folder: Path, formats: Sequence[str]) -> int:
    """Write what is kept into a new folder; how many rows there are. Raises BadInput, StoreError."""
    settings, now = read_settings(db), clock.now()
    store = open_store(settings)
    try:
        view = View(taxonomy=House(settings).taxonomy, facts=store.facts(HOME), now=now)
        return export(Source(view=view, store=store), folder, formats, now)
    finally:
        store.close()


def export(source: Source, folder: Path, formats: Sequence[str], now: datetime) -> int:
    """Write every table as csv, json or sqlite into a new folder; how many rows there are. Raises BadInput.

    The folder appears when it is whole, or not at all.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is there already: name a folder that is new or empty")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        rows = _write(source, unfinished, formats, now)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise BadInput(f"{folder} cannot be written: {error.strerror}") from error
    return rows


def _write(source: Source, folder: Path, formats: Sequence[str], now: datetime) -> int:
    shutil.copyfile(LICENCE, folder / "LICENSE")
    written = [list(_WRITERS[one](source, folder)) for one in formats]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "cascade-export",
        "title": "What generative models can do where, as a team confirmed it",
        "description": RIGHTS,
        "created": now.astimezone(UTC).isoformat(timespec="seconds"),
        "version": source.view.taxonomy.version,
        "licenses": [{"name": "MIT", "path": "LICENSE"}],
        "resources": [resource for files in written for resource, _ in files],
    }
    (folder / "datapackage.json").write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    return sum(number for _, number in written[0])


def _write_csv(source: Source, folder: Path) -> Iterator[tuple[Row, int]]:
    for table in TABLES:
        path = folder / "csv" / f"{table.name}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf8", newline="") as file:
            writer = csv.DictWriter(file, list(table.columns))
            writer.writeheader()
            number = _count(table.rows(source), lambda row, out=writer: out.writerow(_cells(row)))  # type: ignore[misc]
        yield _resource(path, folder, table, "csv", "text/csv"), number


def _write_json(source: Source, folder: Path) -> Iterator[tuple[Row, int]]:
    for table in TABLES:
        path = folder / "json" / f"{table.name}.json"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf8") as file:
            number = 0
            for number, row in enumerate(table.rows(source), 1):
                file.write(("[\n" if number == 1 else ",\n") + json.dumps(row, ensure_ascii=False))
            file.write("\n]\n" if number else "[]\n")
        yield _resource(path, folder, table, "json", "application/json"), number


def _write_sqlite(source: Source, folder: Path) -> Iterator[tuple[Row, int]]:
    path, number = folder / "cascade.sqlite", 0
    with closing(sqlite3.connect(path)) as database, database:
        for table in TABLES:
            database.execute(_create(table))
            marks = ", ".join(f":{name}" for name in table.columns)
            insert = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608  the names are ours
            number += _count(table.rows(source), lambda row, sql=insert: database.execute(sql, row))  # type: ignore[misc]
    schemas = {table.name: _schema(table) for table in TABLES}
    yield {**_file(path, folder, "cascade", "sqlite", "application/vnd.sqlite3"), "tables": schemas}, number


_WRITERS: Mapping[str, Callable[[Source, Path], Iterator[tuple[Row, int]]]] = {
    "csv": _write_csv,
    "json": _write_json,
    "sqlite": _write_sqlite,
}


def _count(rows: Iterable[Row], write: Callable[[Row], object]) -> int:
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007  the last number is the count
        write(row)
    return number


def _cells(row: Row) -> Row:
    """The row as a spreadsheet may open it: a stranger's title that begins like a formula gets an apostrophe."""
    return {
        name: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
        for name, value in row.items()
    }


def _create(table: Table) -> str:
    columns = [f'"{name}" {_SQL.get(kind, "TEXT")}' for name, (kind, _) in table.columns.items()]
    key = ", ".join(f'"{name}"' for name in table.key)
    return f'CREATE TABLE "{table.name}" ({", ".join(columns)}{f", PRIMARY KEY ({key})" if key else ""})'


def _resource(path: Path, folder: Path, table: Table, kind: str, media: str) -> Row:
    name = f"{table.name}-{kind}"
    return {**_file(path, folder, name, kind, media), "title": table.title, "schema": _schema(table)}


def _file(path: Path, folder: Path, name: str, kind: str, media: str) -> Row:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": name,
        "path": path.relative_to(folder).as_posix(),
        "format": kind,
        "mediatype": media,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def _schema(table: Table) -> Row:
    fields = [{"name": name, "type": kind, "description": why} for name, (kind, why) in table.columns.items()]
    return {"fields": fields, "primaryKey": list(table.key)}
