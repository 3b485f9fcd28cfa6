"""A database that cannot be used, through the real command: one line that says what to do, and exit code 2."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.cli import main
from cascade.errors import StoreError
from storage.database import SQLite
from storage.lock import OneRun
from storage.postgres import Postgres, connect, in_postgres
from storage.schema import newest, steps
from storage.store import Store
from tests.postgres import Server

RAW = ("Errno", "sqlite", "unable to", "readonly", "psycopg", "failed:", "SQLSTATE", "\n")
NOBODY = 65534


def ended(*words: str | Path) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """The one line of a command that cannot be done, in our words."""
    assert ended(*words) == 2
    out, err = capsys.readouterr()
    assert (out, err[:9], err[-1]) == ("", "cascade: ", "\n")
    assert not [word for word in RAW if word in err[:-1]], err
    return err


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("postgresql://ada:secret@127.0.0.1:1/cascade", "check that the server runs"),
        ("postgresql://ada:secret@no-such-host.invalid/cascade", "the host in DATABASE_URL is not known"),
        ("postgresql://ada:secret@127.0.0.1:nonsense/cascade", "write DATABASE_URL like"),
        ("postgresql://ada:secret@127.0.0.1/cascade?colour=red", "write DATABASE_URL like"),
        ("mysql://ada:secret@somewhere/cascade", "write DATABASE_URL like"),
    ],
)
def test_a_wrong_url(url: str, cure: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each says what is wrong with it, and no password: to a question and at a start, which does not wait."""
    monkeypatch.setenv("DATABASE_URL", url)
    for words in (["ask", "negation"], ["run"]):
        said = refused(capsys, *words)
        assert cure in said
        assert "secret" not in said


@pytest.fixture
def guarded(postgres: Server) -> Iterator[str]:
    """The URL of a user whom the server asks for a password, and who may write nowhere."""
    postgres.execute("CREATE ROLE ada LOGIN PASSWORD 'right'")
    rules = Path(postgres.folder) / "pg_hba.conf"
    before = rules.read_text("utf8")
    rules.write_text(f"local all ada scram-sha-256\n{before}", "utf8")
    postgres.execute("SELECT pg_reload_conf()")
    schema = postgres.new_schema()
    postgres.execute(f"GRANT USAGE ON SCHEMA {schema.rpartition('%3D')[2]} TO ada")
    yield schema.replace("postgres:@", "ada:right@")
    rules.write_text(before, "utf8")
    postgres.execute("SELECT pg_reload_conf()")
    postgres.execute(f"DROP SCHEMA {schema.rpartition('%3D')[2]} CASCADE")
    postgres.execute("DROP ROLE ada")


def test_a_wrong_password(guarded: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The server refuses it."""
    monkeypatch.setenv("DATABASE_URL", guarded.replace("right@", "wrong@"))
    assert "the user or the password" in refused(capsys, "ask", "negation")


def test_no_rights(guarded: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Let in, and not allowed to create tables."""
    monkeypatch.setenv("DATABASE_URL", guarded)
    assert "give the user of DATABASE_URL the right" in refused(capsys, "migrate")


def test_no_such_database(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is to be created, or another named."""
    monkeypatch.setenv("DATABASE_URL", postgres.url("nowhere"))
    assert "create that database" in refused(capsys, "migrate")


def test_an_older_and_a_newer_schema_on_a_server(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The older one is brought up to date by whatever comes first, the newer one left alone."""
    url = postgres.new_schema()
    monkeypatch.setenv("DATABASE_URL", url)
    with connect(url) as old:
        old.execute("CREATE TABLE migrations (number BIGINT PRIMARY KEY)")
        for statement in steps()[0][1]:
            old.execute(in_postgres(statement).encode())
        old.execute("INSERT INTO migrations (number) VALUES (1)")
    assert ended("migrate") == 0
    assert f"is up to date (schema {newest()})" in capsys.readouterr().out
    with connect(url) as grown:
        assert [row["number"] for row in grown.execute("SELECT MAX(number) AS number FROM migrations")] == [newest()]
        grown.execute("INSERT INTO migrations (number) VALUES (999)")
    for words in (("ask", "negation"), ("migrate",), ("worker",)):
        assert "written by a newer Cascade" in refused(capsys, *words)


@pytest.mark.parametrize("words", [("ask",), ("run",), ("migrate",), ("why", "1")])
@pytest.mark.parametrize("place", ["", "file.db/deeper.db", "x" * 300])
def test_paths_that_cannot_be(
    words: tuple[str, ...], place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder, something below a file, a name that is too long."""
    (tmp_path / "file.db").write_bytes(b"")
    assert "Check the path" in refused(capsys, *words, "--db", tmp_path / place)


@contextmanager
def by_nobody() -> Iterator[None]:
    """As a user without rights of their own, where the tests run as root."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that others may look into, with a database that was used."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert ended("ask", "negation", "--db", folder / "kept.db") == 0
        (folder / "kept.db").chmod(0o444)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_file_that_may_only_be_read(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Questions are answered and nothing is left beside it; what would be written is refused in one line."""
    capsys.readouterr()
    with by_nobody():
        assert ended("ask", "negation", "--db", shelf / "kept.db") == 0
        assert capsys.readouterr().out.startswith("negation: works in")
        assert "may only be read" in refused(capsys, "ask", "link", "--db", shelf / "kept.db")
        assert "right" in refused(capsys, "ask", "--db", shelf / "none.db")
        with pytest.raises(StoreError, match="right"):  # `cascade run` would write
            OneRun(shelf / "kept.db")
    assert [one.name for one in shelf.iterdir()] == ["kept.db"]


def test_a_file_that_another_process_writes_is_read_as_it_is_now(shelf: Path) -> None:
    """What still stands beside the file belongs to it."""
    shelf.chmod(0o755)
    (shelf / "kept.db").chmod(0o644)
    writing = Store(SQLite(shelf / "kept.db"))
    writing.set_note("fresh", "yes")
    for one in shelf.iterdir():
        one.chmod(0o644)
    with by_nobody():
        reading = Store(SQLite(shelf / "kept.db"))
        assert reading.note("fresh") == "yes"
        reading.close()
    writing.close()


def test_every_connection_taken(postgres: Server) -> None:
    """A server without room is told from one that is away."""
    postgres.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 1")
    url = postgres.url().replace("postgres:@", "few:@")
    with psycopg.connect(url), pytest.raises(StoreError, match="no connection left"):
        Postgres(url)
    postgres.execute("DROP ROLE few")
