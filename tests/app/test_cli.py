"""What can go wrong at the command line is one line that says what to do, and exit code 2."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.settings import Settings, allowed, read_settings


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


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("board",), "`cascade ask`"),
        (("aks", "negation"), "Did you mean 'ask'?"),
        (("feeds", "foo"), "`cascade feeds --help`"),
        (("why",), "`cascade why --help`"),
        (("ask", "--loud"), "No such option: --loud"),
        (("export", "folder", "--as", "xml"), "'csv', 'json', 'sqlite'"),
    ],
)
def test_words_that_are_no_command(words: tuple[str, ...], cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong command, option or value is one line that says where the right ones stand."""
    assert leave(*words) == 2
    assert cure in refused(capsys)


@pytest.mark.parametrize("words", [["--help"], ["ask", "help"]])
def test_a_reader_that_had_enough(words: list[str], tmp_path: Path) -> None:
    """`cascade --help | head -1` ends quietly, and well."""
    reader, writer = os.pipe()
    os.close(reader)
    code = f"from app.cli import main; main({words!r})"
    env = {**os.environ, "CASCADE_DB": str(tmp_path / "new.db")}
    run = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, env=env, check=False)
    os.close(writer)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("words", ["subscribe monday 9", "/cascade watch negation", "unwatch negation", "unsubscribe"])
def test_what_only_a_chat_can_do(words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody could be told here: where these work is said."""
    assert leave("ask", words, "--db", tmp_path / "new.db", "--json") == 2
    assert "at the prompt of `cascade run`" in json.loads(capsys.readouterr().out)["error"]


def test_words_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte that is no UTF-8 reaches us as half a sign, which no database can hold."""
    assert leave("feeds", "pause", "https://brush.example/\udcff", "--db", tmp_path / "new.db") == 2
    assert "write it in UTF-8" in refused(capsys)


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
    assert capsys.readouterr().out.startswith(f"{file} is up to date")
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
        ("CASCADE_QUORUM", "none", "write a whole number from 1 to 100"),
        ("CASCADE_CARDS_A_DAY", "-1", "write a whole number from 0 to 50"),
        ("CASCADE_LLM_DOLLARS_A_DAY", "few", "write a number from 0 on"),
        ("CASCADE_LLM_SECONDS", "0", "write a number above 0 to 600"),
        ("CASCADE_ALLOW_PRIVATE_HOSTS", "a.internal, http://b.internal", "write names alone, as feeds.internal"),
        ("CASCADE_WEB", "maybe", "write on or off"),
        ("CASCADE_PICTURES", "blue", "write light or dark"),
        ("PORT", "80a", "write a whole number from 1 to 65535"),
    ],
)
def test_a_bad_setting(
    name: str, value: str, cure: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with its cure."""
    monkeypatch.setenv(name, value)
    assert leave("ask", "negation") == 2
    line = refused(capsys)
    assert line.startswith(f"cascade: {name}={value!r}: ")
    assert cure in line


def test_every_setting_can_say_what_it_allows() -> None:
    """Whatever may be wrong with a number, a switch or a choice has its cure in our words."""
    chosen = [name for name, field in Settings.model_fields.items() if field.annotation not in (str, Path, Path | None)]
    assert len(chosen) > 10
    assert all(allowed(name).startswith("write ") for name in chosen)


@pytest.mark.parametrize("name", ["CASCADE_QUORM", "CASCADE_FEED", "CASCADE_SLACK_REVIEW_CHANEL"])
def test_a_misspelt_setting(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not passed over; a name that is near none is somebody else's."""
    monkeypatch.setenv("CASCADE_COLOUR_OF_THE_ROOF", "red")
    monkeypatch.setenv(name, "2")
    assert leave("ask", "negation") == 2
    assert refused(capsys).startswith(f"cascade: {name} is no setting: did you mean CASCADE_")


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`CASCADE_QUORUM=` is as if it were not set."""
    monkeypatch.setenv("CASCADE_QUORUM", "")
    monkeypatch.setenv("CASCADE_FEEDS", "")
    assert read_settings(tmp_path / "new.db") == Settings(db=tmp_path / "new.db")
    assert read_settings().quorum == 1


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
