"""The conversation at a terminal: a line in, an answer out, until the person leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TextIO

from bot.terminal.render import render
from cascade.message import Message

PROMPT = "cascade> "
LEAVE = frozenset({"quit", "exit", "bye"})


async def converse(lines: "asyncio.Queue[str]", out: TextIO, answer: Callable[[str], Awaitable[Message]]) -> None:
    """Answer line after line; returns when the person says `quit` or the input ends ("" is its last line)."""
    while True:
        print(f"\n{PROMPT}", end="", file=out, flush=True)
        line = await lines.get()
        if not line or line.strip().lower() in LEAVE:
            return
        print(render(await answer(line.strip())), file=out, flush=True)


def listen(stdin: TextIO) -> "asyncio.Queue[str]":
    """The lines that a person types, as they come. Only for a terminal: its input comes in whole lines."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        line = stdin.readline()
        if not line:
            loop.remove_reader(stdin)
        lines.put_nowait(line)

    loop.add_reader(stdin, read)
    return lines
