"""Chat leads to the page when people can reach it."""

from pathlib import Path

import pytest

from bot.pages import Linking, linked, page_of
from cascade.message import Link, Message, Note
from cascade.ports import Chat, Place
from tests.bot.conftest import Ask
from tests.fakes_chat import FakeChat
from tests.make import DAY, MONDAY, OPEN_IMAGE, sighting, taxonomy
from tests.web.served import serve

ADDRESS = "https://cascade.example"
ASKED = {
    "": "/",
    "negation": "/capability/negation",
    "open image models": "/stage/image/open",
    "gap image video": "/gap/image/closed/video/closed-offline",
    "when negation in offline video": "/capability/negation#video-closed-offline",
    "law": "/forecasts#order",
    f"why {sighting(OPEN_IMAGE).id}": f"/sighting/{sighting(OPEN_IMAGE).id}",
    "help": "",
    "gobbledygook": "",
}


def _links(message: Message) -> list[str]:
    notes = [span for part in message.parts if isinstance(part, Note) for span in part.line if isinstance(span, Link)]
    return [one.url for one in notes if one.url.startswith(ADDRESS)]


@pytest.mark.parametrize(("words", "path"), ASKED.items())
def test_answers_know_their_page(say: Ask, words: str, path: str) -> None:
    """An answer about something that has a page carries one link to it; others stay as they are."""
    message = say(words)
    assert page_of(message.facts) == path
    assert _links(linked(message, ADDRESS)) == ([ADDRESS + path] if path else [])
    assert linked(message, "") == message


def test_the_pages_are_there(tmp_path: Path) -> None:
    """Every path that answers are linked to is one that the site answers."""
    with serve(tmp_path, taxonomy=taxonomy(), filled=False, clock=lambda: MONDAY + DAY) as site:
        site.write(lambda store: store.save_sighting(sighting(OPEN_IMAGE)))
        for path in filter(None, ASKED.values()):
            reply = site.ask(path.partition("#")[0])
            assert reply.status == 200
            assert "#" not in path or f'id="{path.partition("#")[2]}"' in reply.text


def test_digests_lead_to_their_week() -> None:
    """A digest that caught up on three weeks leads to the last."""
    assert page_of({"weeks": ["2026-W19", "2026-W20", "2026-W21"], "moves": []}) == "/digests/2026-W21"


async def test_what_is_posted_carries_its_link() -> None:
    """Posts, answers in a thread and edits all do; the rest of the platform stays as it is."""
    chat, here = FakeChat(), Place("fake", "review")
    linking: Chat = Linking(chat, ADDRESS)
    card = Message(headline="Brush 2", facts={"id": "20fec4c6", "verdict": "works"})
    ref = await linking.post(here, card, "m1")
    await linking.reply(here, ref, card, "m2")
    await linking.edit(here, ref, card)
    assert [_links(one.message) for one in chat.posted[here]] == [[f"{ADDRESS}/sighting/20fec4c6"]] * 2
    assert await linking.find(here, "m1", MONDAY) == ref
    assert await linking.reactions(here, ref) == frozenset()
    assert linking.platform == "fake"
