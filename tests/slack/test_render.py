"""Whatever a message says, its blocks are within Slack's limits, harmless, and say all of it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.fix import form_values
from bot.slack.forms import fix_view
from bot.slack.render import render, render_home
from bot.slack.text import unescape
from cascade.message import Link, Message, Note, Offer, Paragraph, Part, Picture, PlaceName, Quote
from storage.atlas import read_taxonomy
from tests.chat.messages import messages, texts
from tests.make import sighting
from tests.slack.limits import breakouts, complaints, mrkdwn

TAXONOMY = read_taxonomy()


@given(messages())
def test_within_the_limits(message: Message) -> None:
    """Any message becomes pages that Slack takes, with and without its pictures."""
    files = {part: f"F{number}" for number, part in enumerate(message.parts) if isinstance(part, Picture)}
    for page in (*render(message), *render(message, files)):
        assert complaints(page.blocks) == []
        assert 0 < len(page.text) <= 3000
    assert complaints(render_home(message, files), 100) == []


@given(messages(parts_up_to=8))
def test_harmless(message: Message) -> None:
    """No text mentions or breaks out, and none is cut inside a link or an entity."""
    for page in render(message):
        for text in (page.text, *mrkdwn(page.blocks)):
            assert breakouts(text) == []


@given(st.text(alphabet="ab &<>|*_~`@:#!-1", min_size=1, max_size=60))
def test_says_all_of_it(words: str) -> None:
    """The letters and digits of a paragraph are all there."""
    shown = "".join(
        mrkdwn_text
        for page in render(Message(headline="h", parts=(Paragraph((words,)),)))
        for mrkdwn_text in mrkdwn(page.blocks[1:])
    )
    assert [sign for sign in unescape(shown) if sign in "ab1"] == [sign for sign in words if sign in "ab1"]


def shown(part: Part) -> str:
    """How Slack gets one part."""
    (page,) = render(Message(headline="h", parts=(part,)))
    return "\n".join(mrkdwn(page.blocks[1:]))


def test_what_to_type_is_code() -> None:
    """In our own sentences; a quotation or a link's words show their signs, and make nothing of them."""
    assert shown(Note(("Say `/cascade link`; `why ID` tells more.",))) == "Say `/cascade link`; `why ID` tells more."
    assert render(Message(headline="as in `gap image video`"))[0].text == "as in `gap image video`"
    assert shown(Note(("``` `<!here>` `*b*` `a<b&c`",))) == "ˋˋˋ ˋ&lt;!here&gt;ˋ ˋ∗b∗ˋ `a&lt;b&amp;c`"
    assert shown(Quote("run `rm`")) == "> run ˋrmˋ"
    assert "ˋrmˋ" in shown(Paragraph((Link("run `rm`", "https://a.example/"),)))


def test_a_channel_is_called_by_its_name() -> None:
    """Slack knows it by its id; a direct message, another workspace and another platform are told as they are."""
    assert shown(Paragraph((PlaceName("slack:C0GENERAL"), ": weekly"))) == "<#C0GENERAL>: weekly"
    for name in ("slack:D0ADA", "slack:T1/C1", "discord:123", "slack:C1>"):
        assert shown(Paragraph((PlaceName(name),))) == name.replace(">", "&gt;")


@given(texts, st.text(max_size=300))
def test_a_button_comes_back_as_it_was(label: str, value: str) -> None:
    """A button's value survives the round trip."""
    (page,) = render(Message(headline="h", offers=(Offer(label or "x", f"ask:{value}"),)))
    buttons = [one for block in page.blocks if block["type"] == "actions" for one in block["elements"]]
    assert all(button["value"] == f"ask:{value}" for button in buttons)


@given(st.text(max_size=300), st.sampled_from(["image/closed", "text/closed"]))
def test_the_form(model: str, stage: str) -> None:
    """The form of a *Fix* is one that Slack takes, whatever the model is called."""
    one = sighting(stage, model=model)
    view = fix_view(TAXONOMY, one)
    assert complaints(view["blocks"], 100) == []
    assert len(view["title"]["text"]) <= 24
    assert set(form_values(one)) == {block["block_id"] for block in view["blocks"]}
