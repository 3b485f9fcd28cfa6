"""`cascade forecast` and `cascade backtest`: any file is answered, or refused in one line."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.commands.forecast import COLUMNS
from cascade.sighting import Verdict
from cascade.taxonomy import Cell
from storage.atlas import DATA, read_atlas, read_taxonomy
from tests.app.test_cli import leave, refused

ATLAS = DATA / "atlas"
STAGES = ("text/closed", "image/closed", "image/open", "video/closed-offline")


def row(capability: str, stage: str, day: str | None, status: str = "emerged") -> dict[str, Any]:
    """The least that a row has."""
    return {"capability": capability, "stage": stage, "status": status, "date": day}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A file of these rows."""
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf8")
    return path


def forecasts(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[dict[str, Any]]:
    """What `forecast --json` prints."""
    assert leave("forecast", "--json", *words) == 0
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    return told


def test_every_open_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped atlas as of a day: a row for each cell that had not emerged, with these columns and no others."""
    told = forecasts(capsys, "--atlas", ATLAS, "--as-of", "2024-07-15")
    works = [one for one in read_atlas() if one.verdict is Verdict.WORKS and one.happened]
    emerged = {one.cell for one in works if one.happened and one.happened.middle <= date(2024, 7, 15)}
    open_cells = {cell for cell in read_taxonomy().cells() if cell not in emerged}
    assert {Cell(one["capability"], one["stage"]) for one in told} == open_cells
    for one in told:
        assert tuple(one) == COLUMNS
        chances = [one[name] for name in ("p3", "p6", "p12", "p24")]
        assert chances == sorted(chances)
        assert 0 <= chances[0] <= chances[-1] <= 1
        days = [one[name] for name in ("q10", "q50", "q90") if one[name] != "later"]
        assert days == sorted(days)
        assert all(day > "2024-07-15" for day in days)


def test_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """People get columns, and what the forecasts rest on."""
    assert leave("forecast", "--atlas", ATLAS) == 0
    out = capsys.readouterr().out
    assert out.startswith("capability")
    assert "from 116 emergences and 11 open cells" in out


ODD = {
    "empty": [],
    "one stage": [row(f"c{n}", "image/closed", f"2024-{n:02}-01") for n in range(1, 13)],
    "one capability": [row("negation", stage, "2024-05-01") for stage in STAGES],
    "no dates": [row(f"c{n}", stage, None) for n in range(12) for stage in STAGES],
    "inverted": [
        row(f"c{n}", stage, f"{2025 - at}-0{1 + n % 9}") for n in range(12) for at, stage in enumerate(STAGES)
    ],
    "the same day": [row(f"c{n}", stage, "2024-05-01") for n in range(12) for stage in STAGES[:3]],
    "the future": [row(f"c{n}", stage, "2190-05-01") for n in range(12) for stage in STAGES],
    "nothing yet": [row(f"c{n}", stage, "2024-05-01", "not-yet") for n in range(12) for stage in STAGES],
    "another taxonomy": [row("c", "smell/closed", "2024-05-01")],
}


@pytest.mark.parametrize("name", ODD)
def test_odd_atlases(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a file tells, there are chances in order, or it is too few to say."""
    file = write(tmp_path / "atlas.jsonl", ODD[name])
    for words in (("--as-of", "2024-06-15"), ()):
        for one in forecasts(capsys, "--atlas", file, *words):
            assert one["q50"] == "too few to say" or 0 <= one["p3"] <= one["p6"] <= one["p12"] <= one["p24"] <= 1
    assert leave("backtest", "--atlas", file, "--json") == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert all(0 <= one["crps"] <= 1 for one in told["methods"])


def test_rows_that_are_not_used_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many rows were left out or taken as they are, and where the first of them stands."""
    rows = [row("negation", stage, "2024-05-01") for stage in STAGES]
    rows += [row("negation", "smell/closed", "2024-05-01"), row("negation", "3d/open", None, "emerging")]
    rows += [row("negaton", "3d/open", "2024-05-01"), row("negation", "code/open", None, "unknown")]
    assert leave("forecast", "--atlas", write(tmp_path / "atlas.jsonl", rows)) == 0
    assert capsys.readouterr().err.splitlines() == [
        "cascade: left out 2 of 8 rows; the first is atlas.jsonl, line 5: 'smell/closed' is no stage of the taxonomy",
        "cascade: 1 of 8 rows name a capability that is not in the taxonomy, and count as they are: "
        "atlas.jsonl, line 7: 'negaton'",
    ]


def test_an_atlas_without_rows_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without an atlas in it says so, and not only that there is nothing to forecast."""
    assert leave("forecast", "--atlas", tmp_path) == 0
    assert "holds no rows" in capsys.readouterr().err


BROKEN = {
    "no JSON": b"capability,stage\nnegation,text/closed\n",
    "no text": b"\xff\xfe\x00\x01",
    "no object": b"[1, 2]\n",
    "no such fields": b'{"a": 1}\n',
    "a list for a name": b'{"capability": ["x"], "stage": "text/closed", "status": "emerged", "date": "2024-01-01"}',
    "no date": b'{"capability": "x", "stage": "text/closed", "status": "emerged", "date": "soon"}',
    "a date beyond all": b'{"capability": "x", "stage": "text/closed", "status": "emerged", "date": "9999-12"}',
    "too deep": b"[" * 200_000,
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", ["forecast", "backtest"])
def test_broken_files(command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be used is named in one line."""
    file = tmp_path / "atlas.jsonl"
    file.write_bytes(BROKEN[name])
    assert leave(command, "--atlas", file) == 2
    line = refused(capsys)
    assert "atlas.jsonl" in line
    assert not any(word in line for word in ("Errno", "Expecting", "codec", "KeyError", "TypeError"))


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file is one line too."""
    assert leave("backtest", "--atlas", tmp_path / "none.jsonl") == 2
    assert "none.jsonl" in refused(capsys)


def test_a_day_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """`--as-of` names the forms that it reads."""
    assert leave("forecast", "--atlas", ATLAS, "--as-of", "next summer") == 2
    assert "write 2026-05-14" in refused(capsys)


def test_too_few_to_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A history that no method could be scored on says so."""
    assert leave("backtest", "--atlas", write(tmp_path / "atlas.jsonl", ODD["one capability"])) == 0
    assert capsys.readouterr().out.startswith("Too few to say")


def test_on_ones_own_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file the database is asked, which begins with the shipped atlas."""
    assert len(forecasts(capsys, "--db", tmp_path / "new.db")) == 28
