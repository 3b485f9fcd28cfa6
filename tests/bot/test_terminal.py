"""The terminal prints what a Message says, and nothing that a stranger smuggled in."""

import asyncio
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.asked import asked
from bot.terminal.keys import decide_by_key
from bot.terminal.prompt import converse
from bot.terminal.render import clean, render
from cascade.message import Bullets, Link, Message, Paragraph, Quote, Table
from storage.store import Store
from tests.make import ADA, DAY, MONDAY, taxonomy


def test_links_are_written_out() -> None:
    """Who cannot click can read the address."""
    message = Message(headline="News", parts=(Paragraph(("see ", Link("Brush 2", "https://brush.example/2"))),))
    assert render(message) == "News\nsee Brush 2 <https://brush.example/2>"


def test_tables_stand_in_columns() -> None:
    """Cells of a column start below each other."""
    assert (
        render(Message(headline="", parts=(Table(("", "Tc"), (("negation", "●"),)),)))
        == "            Tc\n  negation  ●"
    )


@given(st.text())
def test_nothing_steers_the_screen(text: str) -> None:
    """Escape sequences, control characters and turned writing never come through."""
    hostile = Message(headline=text, parts=(Quote(f"\x1b]0;title\x07\x1b[2J{text}"), Bullets(((text,),))))
    assert not {sign for sign in render(hostile) if ord(sign) < 32 and sign != "\n"}
    assert "\u202e" not in clean(f"{text}\u202e")


async def test_a_conversation() -> None:
    """Each line gets its answer; the end of the input ends it."""

    async def answer(words: str) -> Message:
        return Message(headline=f"You said {words}")

    lines: asyncio.Queue[str] = asyncio.Queue()
    for line in ("negation\n", ""):
        lines.put_nowait(line)
    out = io.StringIO()
    await converse(lines, out, answer)
    assert "You said negation" in out.getvalue()


def test_review_by_key(store: Store) -> None:
    """A key that means nothing is passed over; y confirms; the end of the keys stops."""
    out, keys = io.StringIO(), iter("?y")
    view = asked(taxonomy(), store, MONDAY + DAY, person=ADA)
    assert decide_by_key(view, lambda: next(keys, ""), out) == 1
    assert "Confirmed: ✅ Ada" in out.getvalue()
    assert "1 vote cast, 0 sightings left waiting." in out.getvalue()
