"""Review by key press: one candidate after the other on the screen."""

from collections.abc import Callable
from typing import TextIO

from bot import review
from bot.asked import Asked
from bot.terminal.render import render
from cascade.phrases import counted
from cascade.sighting import Choice

KEYS = {"y": Choice.CONFIRM, "n": Choice.REJECT, "u": Choice.UNSURE}
HINT = "y it is so   n it is not   u unsure   s skip   q stop"


def decide_by_key(view: Asked, read_key: Callable[[], str], out: TextIO) -> int:
    """Show what waits, strongest first, and take a key for each; how many votes were cast."""
    waiting = review.queue(view)
    if not waiting:
        _say(out, render(review.answer_queue(view)))
        return 0
    cast = 0
    for number, one in enumerate(waiting, start=1):
        _say(out, f"\n[{number} of {len(waiting)}]\n{render(review.card(view, one))}\n{HINT}")
        key = _key(read_key)
        if key == "q":
            break
        if key in KEYS:
            _say(out, review.effect_line(view, review.cast(view, one.sighting.id, KEYS[key])))
            cast += 1
    left = len(view.again().waiting)  # an unsure vote decides nothing, and one of several needed does not yet
    _say(out, f"{counted(cast, 'vote')} cast, {counted(left, 'sighting')} left waiting.")
    return cast


def _key(read_key: Callable[[], str]) -> str:
    """The next key that means something; the end of the input, Ctrl-C and Escape mean stop."""
    while True:
        key = read_key().lower()
        if key in {"", "\x03", "\x04", "\x1b", "q"}:
            return "q"
        if key in {*KEYS, "s"}:
            return key


def _say(out: TextIO, text: str) -> None:
    print(text, file=out, flush=True)
