"""Whatever a message says, Discord takes it, and nothing in it can mention or format."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.marks import Mark, mark_of, name_of
from bot.discord.render import Page, card, pages, picture_name
from bot.discord.text import address, cut, escape, pieces, size
from bot.review import card_offers
from cascade.message import Bullets, Heading, Line, Link, Message, Note, Offer, Paragraph, PlaceName, Quote, Strong
from tests.chat.messages import HOSTILE, lines, messages, texts
from tests.discord.limits import complaints
from tests.discord.state import Json
from tests.make import sighting

WHERE, NAME = "https://discord.com/channels/1/2", name_of("d1.2026-W20.0.0")
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`<>\[\]]")


def sent(page: Page) -> Json:
    """A page as discord.py sends it."""
    payload: Json = {"embeds": [one.to_dict() for one in page.embeds]}
    if page.view is not None:
        payload["components"] = page.view.to_components()
        payload["flags"] = 1 << 15 if page.is_card else 0
    payload["attachments"] = [{"filename": picture_name(at)} for at, _ in enumerate(page.pictures)]
    return payload


def refused(page: Page) -> list[str]:
    """What Discord would say against it."""
    return complaints(sent(page), len(page.pictures))


@given(messages())
async def test_any_message_fits_into_embeds(message: Message) -> None:
    """However long, in as many messages as it takes; every page has its mark."""
    made = pages(message, WHERE, NAME)
    assert [refused(one) for one in made] == [[]] * len(made)
    marks = [mark_of(one.embeds, ()) for one in made]
    assert marks == [Mark(NAME, at, len(made)) for at in range(1, len(made) + 1)]


@given(messages())
@example(Message(headline="\x08"))  # nothing of it can be shown
async def test_any_message_fits_into_a_card(message: Message) -> None:
    """One message of Components V2, its longest parts shortened."""
    made = card(message, Mark(NAME))
    assert refused(made) == []


@given(messages(12))
async def test_no_message_can_mention_or_break_out(message: Message) -> None:
    """Neither `@everyone` nor any `<@…>`, `<#…>` or `<:…>` of somebody else's stands in what is sent."""
    shown = "\n".join(texts_of([sent(one) for one in (*pages(message), card(message))]))
    bare = re.sub(r"```\n.*?\n```", "", shown, flags=re.DOTALL)
    assert "@everyone" not in shown
    assert "@here" not in shown
    assert not re.search(r"(?<!\\)<[@#:/at]", bare)


def texts_of(tree: Any) -> list[str]:
    """Every text that Discord would read as markdown."""
    if isinstance(tree, list):
        return [text for one in tree for text in texts_of(one)]
    if not isinstance(tree, dict) or "media" in tree:  # alt text is read out as it is
        return []
    own = [tree[name] for name in ("description", "content", "title") if isinstance(tree.get(name), str)]
    return [*own, *(text for one in tree.values() for text in texts_of(one))]


@given(texts)
def test_escaped_words_have_no_meaning(text: str) -> None:
    """No sign that formats is left bare, and it stays one line."""
    shown = escape(text)
    assert not UNESCAPED.search(shown)
    assert "\n" not in shown
    assert "@everyone" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** `code`", r"\*\*bold\*\* \`code\`"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("1. first", r"1\. first"),
        ("<@&99> <#1> <t:0>", "\\<@\u2060&99\\> \\<#1\\> \\<t:0\\>"),
        ("see https://evil.example", r"see https\://evil.example"),
        ("@everyone", "@\u2060everyone"),
        (":tada:", r"\:tada\:"),
    ],
)
def test_examples_of_escaping(text: str, shown: str) -> None:
    """As Discord's own pages on markdown and message formatting have it."""
    assert escape(text) == shown


@given(lines, st.integers(60, 300))
def test_pieces_fit_and_keep_links_whole(line: Line, limit: int) -> None:
    """No piece is longer than asked for; no link is cut in two."""
    made = pieces(line, limit)
    assert all(size(one) <= limit for one in made)
    assert all(one.count("](http") == len(re.findall(r"\]\(https?://[^\s()]*\)", one)) for one in made)


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://a.example/x?a=1&b=2", "https://a.example/x?a=1&b=2"),
        ("https://a.example/(x) y", "https://a.example/%28x%29%20y"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("", None),
        ("http://[::1", None),
        ("https://a.example/" + "x" * 600, None),
    ],
)
def test_addresses(url: str, made: str | None) -> None:
    """Only http and https lead somewhere, and no bracket ends the link early."""
    assert address(url) == made


def test_a_link_cannot_pretend() -> None:
    """Words that look like another address lose their scheme; brackets in words do not end them."""
    assert pieces((Link("https://bank.example", "https://evil.example"),), 200) == [
        "[bank.example](https://evil.example)"
    ]
    assert pieces((Link("a](https://evil.example)[b", "https://a.example"),), 200)[0].endswith("](https://a.example)")


@given(st.sampled_from(HOSTILE), st.integers(1, 40))
def test_labels_are_cut(text: str, limit: int) -> None:
    """A label is never longer than asked for."""
    assert size(cut(text, limit)) <= limit


@given(st.text(max_size=200))
def test_markers_survive(marker: str) -> None:
    """A marker of any text becomes a name that is read back from a custom id and a link."""
    mark = Mark(name_of(marker), 2, 3)
    assert len(mark.nonce) <= 25
    assert str(mark) == f"#{mark.name}.2.3"


def test_a_channel_is_called_by_its_name() -> None:
    """Discord knows it by its id; another platform's is told as it is."""
    assert pieces((PlaceName("discord:123+45"), ", ", PlaceName("slack:C1")), 100) == ["<#123>, slack:C1"]


async def test_every_part_is_shown() -> None:
    """Each kind of part has its form."""
    message = Message(
        headline="This week",
        parts=(
            Heading("Moves"),
            Paragraph(("Negation: ", Link("Brush 2", "https://brush.example/2"))),
            Bullets((("one",), (Strong("two"),))),
            Quote("It works."),
            Note(("small print",)),
        ),
    )
    [page] = pages(message)
    assert page.embeds[0].title == "This week"
    assert page.embeds[0].description == (
        "**Moves**\nNegation: [Brush 2](https://brush.example/2)\n- one\n- **two**\n> It works.\n-# small print"
    )


async def test_a_card_keeps_its_buttons() -> None:
    """The first button carries the card's mark, all carry their value."""
    one = sighting()
    payload = sent(card(Message(headline="Claim", offers=card_offers(one)), Mark(NAME)))
    rows = payload["components"][0]["components"][1:]
    found = [button["custom_id"] for row in rows for button in row["components"]]
    assert found == [f"vote:{one.id}:confirm#{NAME}.1.1", *(offer.value for offer in card_offers(one)[1:])]


async def test_an_offer_that_cannot_be_carried_is_left_out() -> None:
    """A value beyond a custom id, or of a kind that is none of ours, makes no button."""
    offers = (Offer("long", "ask:" + "x" * 100), Offer("odd", "rm -rf"), Offer("fine", "ask:law"))
    payload = sent(pages(Message(headline="Pick", offers=offers))[0])
    assert [one["custom_id"] for one in payload["components"][0]["components"]] == ["ask:law"]
