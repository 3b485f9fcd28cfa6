"""A disk that is full, for real: a small one in memory, where this user may mount one."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import main
from cascade.errors import StoreError
from storage.database import SQLite
from storage.postgres import Postgres
from storage.store import Store
from tests.make import sighting
from tests.postgres import Server

SAFE = "make room"
BIG = "x" * 100_000


@pytest.fixture
def disk() -> Iterator[Path]:
    """Sixteen megabytes, where the server's user may come, too."""
    here = Path(tempfile.mkdtemp(prefix="cascade-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", here], capture_output=True, check=False
    )
    if mounted.returncode:
        here.rmdir()
        pytest.skip("this user may not mount a small disk")
    yield here
    subprocess.run(["umount", "-l", here], check=True)
    here.rmdir()


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out:
        while True:
            try:
                out.write(bytes(4096))
            except OSError:
                return filler


def write_until_refused(store: Store) -> str:
    """What the store says in the end."""
    for number in range(1000):
        try:
            store.set_note(f"note {number}", BIG)
        except StoreError as error:
            return str(error)
    raise AssertionError("there was room")


def goes_on(store: Store, disk: Path) -> None:
    """The store says in one line that it is full, keeps what it has, and writes again when there is room."""
    filler = fill(disk)
    said = write_until_refused(store)
    assert (SAFE in said, "\n" in said) == (True, False)
    assert store.sightings() == (sighting(),)
    filler.unlink()
    store.set_note("after", "room")
    assert store.note("after") == "room"


def test_sqlite_says_so_and_goes_on_when_there_is_room(disk: Path) -> None:
    """What was stored stays, the write that did not fit is not half there, and the same process goes on."""
    store = Store(SQLite(disk / "cascade.db"))
    store.save_sighting(sighting())
    goes_on(store, disk)
    store.close()
    again = Store(SQLite(disk / "cascade.db"))
    assert (again.sightings(), again.note("after")) == ((sighting(),), "room")
    again.close()


def test_a_command_on_a_full_disk(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and exit code 2; with room it works."""
    filler = fill(disk)
    with pytest.raises(SystemExit) as ended:
        main(["ask", "negation", "--db", str(disk / "cascade.db")])
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n"), "room" in err) == (2, "", 1, True), err
    filler.unlink()
    with pytest.raises(SystemExit) as ended:
        main(["ask", "negation", "--db", str(disk / "cascade.db")])
    assert ended.value.code == 0


def test_postgres_says_so_and_goes_on_when_there_is_room(disk: Path, postgres: Server) -> None:
    """The same with a database whose tables lie on the small disk."""
    owner = Path(postgres.folder).stat()
    tables = disk / "tables"
    tables.mkdir()
    for one in (disk, tables):
        os.chown(one, owner.st_uid, owner.st_gid)
    postgres.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
    url = postgres.new_schema()
    store = Store(Postgres(f"{url}%20-cdefault_tablespace%3Dsmall", connections=1))
    store.save_sighting(sighting())
    store._db.run("ALTER TABLE notes ALTER value SET STORAGE EXTERNAL")  # not made small before it is written
    goes_on(store, disk)
    store.close()
    postgres.execute(f"DROP SCHEMA {url.rpartition('%3D')[2]} CASCADE")
    postgres.execute("DROP TABLESPACE small")
