"""`cascade run` as a process: it starts without network or terminal, refuses a second one, and stops when told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CASCADE = (sys.executable, "-c", "from app.cli import main; main()")
BOUND = 20  # seconds after which a hanging process is a failure


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An empty home, and a feed list whose only host is dead."""
    feeds = tmp_path / "feeds.toml"
    feeds.write_text('"http://127.0.0.1:9/feed.xml" = { title = "Dead" }\n')
    return {
        **os.environ,
        "HOME": str(tmp_path),
        "CASCADE_FEEDS": str(feeds),
        "CASCADE_DB": str(tmp_path / "data" / "cascade.db"),
        "CASCADE_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        "PORT": "",
    }


@pytest.fixture
def running(home: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A run that has told of its dead feed."""
    process = subprocess.Popen(
        [*CASCADE, "run"],
        env=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate(timeout=BOUND)


def test_it_starts_refuses_a_second_and_stops(running: subprocess.Popen[str], home: dict[str, str]) -> None:
    """Without a network it says once what could not be reached; Ctrl-C ends it cleanly."""
    assert running.stderr is not None
    assert "1 feed could not be reached" in running.stderr.readline()
    second = subprocess.run(
        [*CASCADE, "run"],
        env=home,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert second.returncode == 2
    assert second.stderr.startswith("cascade: ")
    assert second.stderr.count("\n") == 1
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=BOUND)
    assert running.returncode == 0, err
    assert "of 144 cells work" in out
    assert "Traceback" not in err
