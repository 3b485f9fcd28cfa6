"""`cascade run` as a process: it starts without network or terminal, refuses a second one, and stops when told."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.test_web import free_port
from tests.bot.pseudo import terminal

CASCADE = (sys.executable, "-c", "from app.cli import main; main()")
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
BOUND = 45  # seconds after which a hanging process is a failure


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An empty home, and a feed list whose hosts are all dead."""
    feeds = tmp_path / "feeds.toml"
    feeds.write_text("".join(f'"http://{host}:9/feed.xml" = {{ title = "Dead" }}\n' for host in HOSTS))
    return {
        **os.environ,
        "HOME": str(tmp_path),
        "CASCADE_FEEDS": str(feeds),
        "CASCADE_DB": str(tmp_path / "data" / "cascade.db"),
        "CASCADE_ALLOW_PRIVATE_HOSTS": ",".join(HOSTS),
        "PORT": "",
        "CASCADE_WEB": "off",
        "CASCADE_WEB_PORT": str(free_port()),
    }


@pytest.fixture
def running(home: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run whose words go to the files `out` and `err`."""
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        process = subprocess.Popen([*CASCADE, "run"], env=home, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        yield process
        process.kill()
        process.wait(timeout=BOUND)


def wait_for(words: str, file: Path) -> None:
    """Return once the words stand in the file; fail when they do not in time."""
    end = time.monotonic() + BOUND
    while words not in file.read_text():
        assert time.monotonic() < end, f"{words!r} is not in {file.read_text()!r}"
        time.sleep(0.02)


def test_it_starts_refuses_a_second_and_stops(
    running: subprocess.Popen[bytes], home: dict[str, str], tmp_path: Path
) -> None:
    """Without a network it says once what could not be reached, without a page no port is open; Ctrl-C ends it."""
    wait_for("4 feeds could not be reached", tmp_path / "err")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(home["CASCADE_WEB_PORT"])))
    second = subprocess.run(
        [*CASCADE, "run"],
        env=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert second.returncode == 2
    assert second.stderr.startswith("cascade: ")
    assert second.stderr.count("\n") == 1
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=BOUND) == 0
    told = (tmp_path / "out").read_text()
    assert "of 144 cells work" in told
    assert "The board is at" not in told
    assert "Traceback" not in (tmp_path / "err").read_text()


def test_a_conversation_at_a_terminal(home: dict[str, str]) -> None:
    """Questions are answered at the prompt, whatever is typed; the digest that a person ends stays ended."""
    home["PYTHONIOENCODING"] = "utf-8:strict"  # as Python reads in most languages
    for words, answer in (("unsubscribe", "No digest comes here any more"), ("subscriptions", "Nobody has subscribed")):
        with terminal("from app.cli import main; main(['run'])", home) as screen:
            screen.read_until("cascade> ")
            screen.type("\udcff\r")
            screen.read_until("What did you mean")
            screen.type(f"{words}\r")
            screen.read_until(answer)
            screen.type("quit\r")
            assert screen.end() == 0
