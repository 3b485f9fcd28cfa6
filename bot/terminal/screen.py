"""The screen that a person types at while others speak: what is said goes above the line being typed."""

import asyncio
import contextlib
import os
import shutil
import termios
import threading
from collections.abc import Callable, Iterator
from typing import TextIO

PROMPT = "cascade> "


class Screen:
    """Standard input and output. Where both are a terminal, lines are edited by readline and survive what is said."""

    def __init__(self, stdin: TextIO | None, out: TextIO) -> None:
        self._in, self._out = stdin, out
        self._asks = False
        self._edits = self.has_keys and out.isatty() and _edits(self._asked)
        self._lines: asyncio.Queue[str] | None = None  # what came in where no line is edited

    @property
    def has_keys(self) -> bool:
        """Whether a person can type here; a service has no terminal, or no input at all, or runs behind a shell."""
        return self._in is not None and self._in.isatty() and _is_in_front(self._in)

    def say(self, text: str, to: TextIO | None = None) -> None:
        """Print above the line being typed, which is set anew below."""
        prompt, wipe = self._prompt()
        self._write(wipe)
        print(text, file=to or self._out, flush=True)
        self._write(prompt)

    async def ask(self) -> str:
        """The next line that the person types, with its end; "" when the input has ended."""
        try:
            assert self._in is not None  # noqa: S101  nobody is asked where there are no keys
            return await (self._edited(self._in) if self._edits else self._whole(self._in))
        finally:
            self._asks = False

    def _asked(self) -> None:
        """The prompt stands there, from now on."""
        self._asks = True

    def _prompt(self) -> tuple[str, str]:
        """What stands at the last line, and how it is wiped away; nothing while nobody is asked."""
        if not self._asks:
            return "", ""
        if not self._edits:
            return f"\n{PROMPT}", "\n"
        import readline

        line = PROMPT + readline.get_line_buffer()
        above = (len(line) - 1) // shutil.get_terminal_size().columns
        return line, (f"\x1b[{above}A" if above else "") + "\r\x1b[J"

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

    async def _edited(self, stdin: TextIO) -> str:
        """A line that readline edits on a thread of its own; half typed, it leaves the terminal as it was."""
        line: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        with _as_it_was(stdin):
            # Nobody waits for it at the end: a daemon, and not one of the executor's.
            threading.Thread(target=_read, args=(line,), daemon=True).start()
            try:
                return await line
            except asyncio.CancelledError:
                self._write("\n")
                raise

    async def _whole(self, stdin: TextIO) -> str:
        """A line as the terminal hands it over, whole."""
        if self._lines is None:
            self._lines = _listen(stdin)
        self._write(PROMPT)
        self._asked()
        return await self._lines.get()


def _is_in_front(terminal: TextIO) -> bool:
    """Whether the keys come to us. The system stops a process in the background that touches its terminal."""
    try:
        return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:  # it is not the terminal that we were started at
        return True


def _edits(asked: Callable[[], None]) -> bool:
    """Whether this Python has readline; set up to tell when its prompt stands, and for a paste without signs around."""
    try:
        import readline
    except ImportError:
        return False
    readline.set_pre_input_hook(asked)
    readline.parse_and_bind("set enable-bracketed-paste off")
    return True


def _read(line: "asyncio.Future[str]") -> None:
    try:
        typed = f"{input(PROMPT)}\n"
    except EOFError:
        typed = ""
    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        line.get_loop().call_soon_threadsafe(_settle, line, typed)


def _settle(line: "asyncio.Future[str]", typed: str) -> None:
    if not line.done():
        line.set_result(typed)


@contextlib.contextmanager
def _as_it_was(terminal: TextIO) -> Iterator[None]:
    before = termios.tcgetattr(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _listen(stdin: TextIO) -> "asyncio.Queue[str]":
    """The lines that a person types, as they come."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        line = stdin.readline()
        if not line:
            loop.remove_reader(stdin)
        lines.put_nowait(line)

    loop.add_reader(stdin, read)
    return lines
