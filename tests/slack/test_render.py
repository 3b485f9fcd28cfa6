"""Whatever a message says, its blocks are within Slack's limits, harmless, and say all of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fix import form_values
from bot.slack.forms import fix_view
from bot.slack.render import render, render_home
from bot.slack.text import unescape
from cascade.message import Message, Offer, Paragraph, Picture
from storage.atlas import read_taxonomy
from tests.chat.messages import messages, texts
from tests.make import sighting
from tests.slack.limits import breakouts, complaints, mrkdwn

TAXONOMY = read_taxonomy()


def check_limits(message: Message) -> None:
    """Every page is one that Slack takes, with and without its pictures."""
    files = {part: f"F{number}" for number, part in enumerate(message.parts) if isinstance(part, Picture)}
    for page in (*render(message), *render(message, files)):
        assert complaints(page.blocks) == []
        assert 0 < len(page.text) <= 3000
    assert complaints(render_home(message, files), 100) == []


def check_harmless(message: Message) -> None:
    """No text mentions, and none is cut inside a link or an entity."""
    for page in render(message):
        for text in (page.text, *mrkdwn(page.blocks)):
            assert breakouts(text) == []


@given(messages())
@settings(max_examples=25, deadline=None)
def test_within_the_limits(message: Message) -> None:
    """Any message becomes pages that Slack takes."""
    check_limits(message)


@given(messages(parts_up_to=8))
@settings(max_examples=60, deadline=None)
def test_harmless(message: Message) -> None:
    """Nothing in a message can mention or break out."""
    check_harmless(message)


@pytest.mark.slow
@given(messages())
@settings(max_examples=400, deadline=None)
def test_many_messages(message: Message) -> None:
    """The same for many more of them."""
    check_limits(message)
    check_harmless(message)


@given(st.text(alphabet="ab &<>|*_~`@:#!-1", min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_says_all_of_it(words: str) -> None:
    """The letters and digits of a paragraph are all there."""
    shown = "".join(
        mrkdwn_text
        for page in render(Message(headline="h", parts=(Paragraph((words,)),)))
        for mrkdwn_text in mrkdwn(page.blocks[1:])
    )
    assert [sign for sign in unescape(shown) if sign in "ab1"] == [sign for sign in words if sign in "ab1"]


@given(texts, st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_a_button_comes_back_as_it_was(label: str, value: str) -> None:
    """A button's value survives the round trip."""
    (page,) = render(Message(headline="h", offers=(Offer(label or "x", f"ask:{value}"),)))
    buttons = [one for block in page.blocks if block["type"] == "actions" for one in block["elements"]]
    assert all(button["value"] == f"ask:{value}" for button in buttons)


@given(st.text(max_size=300), st.sampled_from(["image/closed", "text/closed"]))
@settings(max_examples=100, deadline=None)
def test_the_form(model: str, stage: str) -> None:
    """The form of a *Fix* is one that Slack takes, whatever the model is called."""
    one = sighting(stage, model=model)
    view = fix_view(TAXONOMY, one)
    assert complaints(view["blocks"], 100) == []
    assert len(view["title"]["text"]) <= 24
    assert set(form_values(one)) == {block["block_id"] for block in view["blocks"]}
