"""What can go wrong at the command line is one line that says what to do, and exit code 2."""

import json
import sqlite3
from pathlib import Path

import pytest

from app.cli import main


def leave(*words: str | Path) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0)


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cascade: ")
    assert err.count("\n") == 1, err
    return err


def test_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A first question on an empty machine is answered from the atlas."""
    assert leave("ask", "negation", "--db", tmp_path / "new.db") == 0
    assert capsys.readouterr().out.startswith("negation: works in ")


def test_an_answer_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` gives the same as facts."""
    assert leave("ask", "negation", "--db", tmp_path / "new.db", "--json") == 0
    assert json.loads(capsys.readouterr().out)["capability"] == "negation"


def test_an_unknown_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that stays unclear gets the nearest three, and a code that scripts can see."""
    assert leave("ask", "xylophone", "--db", tmp_path / "new.db") == 2
    assert "What did you mean by “xylophone”?" in capsys.readouterr().out


def test_a_file_that_is_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and left as it was."""
    file = tmp_path / "letter.db"
    file.write_text("Dear Ada, this is not a database at all.")
    assert leave("ask", "--db", file) == 2
    assert "letter.db" in refused(capsys)
    assert file.read_text().startswith("Dear Ada")


def test_a_newer_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of a newer Cascade is refused with the cure."""
    file = tmp_path / "newer.db"
    leave("migrate", "--db", file)
    with sqlite3.connect(file) as db:
        db.execute("INSERT INTO migrations VALUES (999)")
    assert leave("ask", "--db", file) == 2
    assert "newer Cascade" in refused(capsys)


def test_another_programs_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused, and nothing is written into it."""
    file = tmp_path / "notes.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE mine (text)")
    before = file.read_bytes()
    assert leave("ask", "--db", file) == 2
    assert "another program" in refused(capsys)
    assert file.read_bytes() == before


def test_a_reviews_file_that_is_too_deep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that no parser can hold is named by its number."""
    (tmp_path / "2026-05-01").mkdir()
    (tmp_path / "deep.jsonl").write_text("[" * 100_000)
    assert leave("replay", tmp_path, "--reviews", tmp_path / "deep.jsonl") == 2
    assert "line 1" in refused(capsys)


def test_a_folder_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A database where none can be is one line."""
    assert leave("ask", "--db", "/proc/nowhere/cascade.db") == 2
    assert "/proc/nowhere" in refused(capsys)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("CASCADE_ZONE", "Mars/Olympus", "Europe/Berlin"),
        ("CASCADE_QUORUM", "none", "CASCADE_QUORUM"),
        ("CASCADE_CARDS_A_DAY", "-1", "CASCADE_CARDS_A_DAY"),
    ],
)
def test_a_bad_setting(
    name: str, value: str, cure: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with its cure."""
    monkeypatch.setenv(name, value)
    assert leave("ask", "negation") == 2
    line = refused(capsys)
    assert name in line
    assert cure in line


@pytest.mark.parametrize("week", ["2026-W54", "yesterday", "2026-20"])
def test_a_week_that_is_none(week: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A week is written like 2026-W20."""
    assert leave("digest", "--week", week, "--db", tmp_path / "new.db") == 2
    assert "2026-W20" in refused(capsys)


@pytest.mark.parametrize(
    ("count", "ids", "cure"),
    [
        ("4", "0-3", ""),
        ("4", "0,2", ""),
        ("4", "3-4", "CASCADE_DISCORD_SHARDS"),
        ("0", "0", "CASCADE_DISCORD_SHARDS"),
        ("4", "a-b", "0-3"),
    ],
)
def test_shards_of_one_bot(
    count: str, ids: str, cure: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """They are numbers below the count; what is not is told with its cure."""
    monkeypatch.setenv("CASCADE_DISCORD_SHARDS", count)
    monkeypatch.setenv("CASCADE_DISCORD_SHARD_IDS", ids)
    assert leave("ask", "negation", "--db", tmp_path / "new.db") == (2 if cure else 0)
    assert cure in capsys.readouterr().err
