"""The terminal prints what a Message says, and nothing that a stranger smuggled in."""

import io

from hypothesis import given
from hypothesis import strategies as st

from bot import review
from bot.asked import asked
from bot.terminal.chat import HERE, TerminalChat
from bot.terminal.keys import decide_by_key
from bot.terminal.prompt import converse
from bot.terminal.render import clean, render
from cascade.message import Bullets, Link, Message, Paragraph, Quote, Table
from storage.store import Store
from tests.bot.conftest import Ask
from tests.bot.pseudo import terminal
from tests.make import ADA, DAY, MONDAY, OPEN_IMAGE, sighting, taxonomy


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
    lines, said = iter(("negation\n", "")), list[str]()

    async def ask() -> str:
        return next(lines)

    async def answer(words: str) -> Message:
        return Message(headline=f"You said {words}")

    await converse(ask, said.append, answer)
    assert said == ["You said negation\n"]


HALF_TYPED = """
import asyncio, readline, sys
from bot.terminal.screen import Screen

async def main():
    screen = Screen(sys.stdin, sys.stdout)
    line = asyncio.create_task(screen.ask())
    while readline.get_line_buffer() != "negat":
        await asyncio.sleep(0.01)
    screen.say("some news", to=sys.stderr)
    screen.say("heard: " + await line)

asyncio.run(main())
"""


def test_what_is_said_goes_above_the_line_being_typed() -> None:
    """News wipes the half-typed line away, stands above it, and what was typed can be ended."""
    with terminal(HALF_TYPED) as screen:
        screen.read_until("cascade> ")
        screen.type("negat")
        assert screen.read_until("some news").endswith("\r\x1b[Jsome news")
        screen.read_until("\r\ncascade> negat")
        screen.type("ion\r")
        screen.read_until("heard: negation")


BEHIND = """
import fcntl, os, sys, termios
from bot.terminal.screen import Screen
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
print("in front:", Screen(sys.stdin, sys.stdout).has_keys, flush=True)
if os.fork() == 0:
    os.setpgid(0, 0)
    print("behind:", Screen(sys.stdin, sys.stdout).has_keys, flush=True)
    os._exit(0)
os.wait()
"""


def test_behind_a_shell_nobody_types() -> None:
    """`cascade run &` runs like a service: touching the keys would stop it."""
    with terminal(BEHIND) as screen:
        screen.read_until("in front: True")
        screen.read_until("behind: False")


NARROW = """
from bot.terminal.render import render
from cascade.message import Message
print(render(Message(headline="narrow " * 20)))
"""


def test_a_narrow_terminal() -> None:
    """Lines are wrapped to it."""
    with terminal(NARROW, size=(24, 50)) as screen:
        screen.read_until("\r\n".join(["narrow narrow narrow narrow narrow narrow narrow"] * 2))


LEFT = """
import asyncio, readline, sys, termios
from bot.terminal.screen import Screen

async def main():
    before = termios.tcgetattr(0)
    line = asyncio.create_task(Screen(sys.stdin, sys.stdout).ask())
    while readline.get_line_buffer() != "negat":
        await asyncio.sleep(0.01)
    line.cancel()
    await asyncio.wait([line])
    print("as it was:", termios.tcgetattr(0) == before)

asyncio.run(main())
"""


def test_a_line_left_half_typed_leaves_the_terminal_as_it_was() -> None:
    """Stopped while a person types, the program ends, and the shell shows what is typed."""
    with terminal(LEFT) as screen:
        screen.read_until("cascade> ")
        screen.type("negat")
        screen.read_until("as it was: True")
        assert screen.end() == 0


async def test_a_card_says_how_to_vote(store: Store) -> None:
    """What are buttons elsewhere are words to type here."""
    said = list[str]()
    view = asked(taxonomy(), store, MONDAY + DAY, person=ADA)
    card = review.card(view, view.waiting[0])
    await TerminalChat(said.append).post(HERE, card, "marker")
    one = sighting(OPEN_IMAGE).id
    assert f"✅ it works: `confirm {one}`\n  ❌ it does not: `reject {one}`\n  🤔 unsure: `unsure {one}`" in said[0]


def test_review_by_key(store: Store) -> None:
    """A key that means nothing is passed over; y confirms; the end of the keys stops."""
    out, keys = io.StringIO(), iter("?y")
    view = asked(taxonomy(), store, MONDAY + DAY, person=ADA)
    assert decide_by_key(view, lambda: next(keys, ""), out) == 1
    assert "Confirmed: ✅ Ada" in out.getvalue()
    assert "1 vote cast, 0 sightings left waiting." in out.getvalue()


def test_review_by_key_counts_what_still_waits(store: Store) -> None:
    """A vote that decides nothing leaves its sighting waiting."""
    out, keys = io.StringIO(), iter("u")
    view = asked(taxonomy(), store, MONDAY + DAY, person=ADA)
    assert decide_by_key(view, lambda: next(keys, ""), out) == 1
    assert "1 vote cast, 1 sighting left waiting." in out.getvalue()


def test_review_without_candidates(store: Store, say: Ask) -> None:
    """Nothing to decide is said, and what would bring something."""
    say(f"reject {sighting(OPEN_IMAGE).id}")
    out = io.StringIO()
    assert decide_by_key(asked(taxonomy(), store, MONDAY + DAY, person=ADA), lambda: "y", out) == 0
    assert out.getvalue().startswith("Nothing waits for a decision\n")
    assert "report LINK" in out.getvalue()
