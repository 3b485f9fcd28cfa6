"""The data leaves whole: every table in three forms that say the same, described, and sealed by hashes."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.export import export
from app.export_tables import TABLES, Source
from cascade.errors import BadInput
from cascade.ports import HOME
from cascade.view import View
from storage.atlas import read_taxonomy
from storage.database import SQLite
from storage.store import Store
from tests.make import DAY, sighting, vote
from tests.web.world import FEED, HOSTILE, NOW, fill

FORMULA = '=HYPERLINK("https://evil.example/", "Brush")'


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A team's store after some months, only read here."""
    store = Store(SQLite(tmp_path_factory.mktemp("source") / "cascade.db"))
    fill(store)
    store.save_sighting(sighting(model=FORMULA))
    yield Source(view=View(taxonomy=read_taxonomy(), facts=store.facts(HOME), now=NOW), store=store)
    store.close()


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It, exported in every form."""
    out = tmp_path_factory.mktemp("export") / "out"
    export(source, out, ["csv", "json", "sqlite"], NOW)
    return out


def _json(folder: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "json" / f"{table}.json").read_text(encoding="utf8"))
    return rows


def test_every_file_is_described_and_sealed(folder: Path) -> None:
    """Sizes and hashes are right, no file is left out, and the licence lies beside them."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf8"))
    for one in package["resources"]:
        content = (folder / one["path"]).read_bytes()
        assert (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}") == (one["bytes"], one["hash"])
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {one["path"] for one in package["resources"]} | {"datapackage.json", "LICENSE"}
    assert package["licenses"] == [{"name": "MIT", "path": "LICENSE"}]


@pytest.mark.parametrize("table", [one.name for one in TABLES])
def test_three_forms_say_the_same(folder: Path, table: str) -> None:
    """CSV, JSON and SQLite hold as many rows, with the columns of the schema."""
    columns = list(next(one.columns for one in TABLES if one.name == table))
    rows = _json(folder, table)
    with (folder / "csv" / f"{table}.csv").open(encoding="utf8", newline="") as file:
        reader = csv.DictReader(file)
        assert len(list(reader)) == len(rows)
        assert reader.fieldnames == columns
    with closing(sqlite3.connect(folder / "cascade.sqlite")) as database:
        found = database.execute(f"SELECT * FROM {table}")
        assert [column[0] for column in found.description] == columns
        assert len(found.fetchall()) == len(rows)
    assert all(list(row) == columns for row in rows)


def test_votes_keep_their_names(folder: Path) -> None:
    """The owner's export knows who said what; the vote that does not count is marked."""
    votes = {(one["person"], one["choice"], one["counts"]) for one in _json(folder, "votes")}
    assert ("terminal:ada", "confirm", True) in votes
    assert ("terminal:linus", "reject", False) in votes


def test_strangers_words_stay_whole_and_run_nothing(folder: Path, source: Source) -> None:
    """A hostile title comes back as it was; in CSV nothing begins like a formula."""
    assert {HOSTILE, FORMULA} <= {one["model"] for one in _json(folder, "sightings")}
    assert HOSTILE in {one["title"] for one in _json(folder, "items") if one["feed"] == FEED}
    for path in (folder / "csv").iterdir():
        with path.open(encoding="utf8", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "@", "+"))]


def test_nothing_is_overwritten(source: Source, folder: Path) -> None:
    """A folder that holds something is refused, and left as it was."""
    before = (folder / "datapackage.json").read_bytes()
    with pytest.raises(BadInput, match="new or empty"):
        export(source, folder, ["csv"], NOW)
    assert (folder / "datapackage.json").read_bytes() == before


def test_a_folder_that_cannot_be(source: Source, tmp_path: Path) -> None:
    """Below a file there is no folder: one line says so, and nothing is left behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        export(source, tmp_path / "file" / "out", ["csv"], NOW)
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize("page", [1, 2, 5, 6])
def test_items_come_whole_over_many_pages(source: Source, page: int) -> None:
    """Every item comes once, however the pages fall."""
    names = [history.item.identity for history in source.store.every_item(page)]
    assert names == [f"item-{n}" for n in range(1, 6)]


def test_joined_claims_leave_as_one(source: Source) -> None:
    """Whatever names a sighting names one that is there, also where a person voted on the part that was joined."""
    older, younger = sighting(story="told-first"), sighting(story="told-later", seen_at=NOW - DAY)
    for one in (older, younger):
        source.store.save_sighting(one)
    source.store.add_votes(HOME, [vote(younger, at=NOW - DAY)])
    source.store.merge_stories({"told-later": "told-first"}, NOW - DAY)
    now = replace(source, view=replace(source.view, facts=source.store.facts(HOME)))
    rows = {one.name: list(one.rows(now)) for one in TABLES}
    there = {row["id"] for row in rows["sightings"]}
    assert older.id in there
    assert younger.id not in there
    named = {row["sighting"] for table in ("evidence", "votes", "corrections") for row in rows[table]}
    assert named <= there
    assert any(row["sighting"] == older.id for row in rows["votes"])
