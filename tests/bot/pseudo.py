"""A terminal that a test sits at: what a program prints there, and the keys that it gets."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager


class Seat:
    """The far side of a pseudo terminal. A program that hangs is ended by the test's own bound."""

    def __init__(self, program: str, env: dict[str, str] | None, size: tuple[int, int]) -> None:
        self._keys, near = pty.openpty()
        termios.tcsetwinsize(near, size)
        self._process = subprocess.Popen([sys.executable, "-c", program], stdin=near, stdout=near, stderr=near, env=env)
        os.close(near)
        self._seen = ""

    def type(self, keys: str) -> None:
        """Press keys; a lone surrogate is a byte that is no UTF-8."""
        os.write(self._keys, keys.encode(errors="surrogateescape"))

    def read_until(self, words: str) -> str:
        """What was printed up to these words, since the last time; fails when the program ends without them."""
        while words not in self._seen:
            try:
                more = os.read(self._keys, 65536).decode(errors="replace")
            except OSError:  # Linux tells so that nobody holds the near side any more
                more = ""
            assert more, f"{words!r} is not in {self._seen!r}"
            self._seen += more
        read, _, self._seen = self._seen.partition(words)
        return read + words

    def end(self) -> int:
        """The exit code, once the program has ended."""
        return self._process.wait()

    def leave(self) -> None:
        """Pull the plug."""
        self._process.kill()
        self._process.wait()
        os.close(self._keys)


@contextmanager
def terminal(program: str, env: dict[str, str] | None = None, size: tuple[int, int] = (40, 120)) -> Iterator[Seat]:
    """A Python program at a terminal of its own, of so many lines and columns."""
    seat = Seat(program, env, size)
    try:
        yield seat
    finally:
        seat.leave()
