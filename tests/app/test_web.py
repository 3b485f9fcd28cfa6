"""`cascade run` serves the page where it is told to, and goes on without it where it cannot."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from app.settings import read_settings
from cascade.errors import BadInput

CASCADE = (sys.executable, "-c", "from app.cli import main; main()")
BOUND = 45  # seconds after which a hanging process is a failure


@contextmanager
def running(home: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A run with an empty list of feeds."""
    (home / "feeds.toml").write_text("")
    own = {"HOME": str(home), "CASCADE_FEEDS": str(home / "feeds.toml"), "CASCADE_DB": str(home / "cascade.db")}
    process = subprocess.Popen(
        [*CASCADE, "run"],
        env={**os.environ, **own, "PORT": "", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=BOUND)


def free_port() -> int:
    """A port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _status(port: int) -> int:
    """The status of /healthz, as soon as there is one."""
    until = time.monotonic() + BOUND
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=BOUND)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except (OSError, HTTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


def test_the_page_is_there_until_it_is_stopped(tmp_path: Path) -> None:
    """Where it listens is said at the start; Ctrl-C ends it cleanly."""
    port = free_port()
    with running(tmp_path, CASCADE_WEB_PORT=str(port)) as process:
        assert _status(port) == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=BOUND)
        assert process.returncode == 0, err
        assert f"The board is at http://127.0.0.1:{port}" in out


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    """The rest runs on, and says nothing of a board that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with running(tmp_path, CASCADE_WEB_PORT=str(port)) as process:
            assert process.stderr is not None
            assert f"cannot listen at 127.0.0.1:{port}" in process.stderr.readline()
            assert process.stdout is not None
            assert "cells work" in process.stdout.readline()
            assert process.poll() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("CASCADE_WEB_PORT", "0"),
        ("CASCADE_WEB", "perhaps"),
        ("CASCADE_PUBLIC_URL", "cascade.example"),
        ("CASCADE_PUBLIC_URL", "javascript:alert(1)"),
        ("CASCADE_PUBLIC_URL", "https://cascade.example/below"),
    ],
)
def test_settings_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """What cannot be used is named together with its value."""
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=f"{name}="):
        read_settings()


def test_port_opens_the_page_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the page stays on loopback; hosts set PORT, and the page listens there for everybody."""
    monkeypatch.setenv("PORT", "")
    assert read_settings().listens_at == ("127.0.0.1", 8080)
    monkeypatch.setenv("PORT", "5000")
    assert read_settings().listens_at == ("0.0.0.0", 5000)
