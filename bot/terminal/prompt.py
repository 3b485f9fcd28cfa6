"""The conversation at a terminal: a line in, an answer out, until the person leaves."""

from collections.abc import Awaitable, Callable

from bot.terminal.render import render
from cascade.message import Message

LEAVE = frozenset({"quit", "exit", "bye"})


async def converse(
    ask: Callable[[], Awaitable[str]], say: Callable[[str], None], answer: Callable[[str], Awaitable[Message]]
) -> None:
    """Answer line after line; returns when the person says `quit` or the input ends ("" is its last line)."""
    while True:
        line = await ask()
        if not line or line.strip().lower() in LEAVE:
            return
        say(f"{render(await answer(line.strip()))}\n")
