"""Every question has an answer, and every answer carries its sources."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers.help import COMMANDS
from cascade.message import Bullets, Link, Message
from storage.store import Store
from tests.bot.conftest import Ask
from tests.make import GRACE, OPEN_IMAGE, sighting

CANDIDATE = sighting(OPEN_IMAGE).id


def text(message: Message) -> str:
    """Everything that a person reads."""
    return "\n".join(message.words())


def test_the_board(say: Ask) -> None:
    """`/cascade` alone is the board, with every cell in it for programs."""
    message = say("")
    assert "2 of 8 cells work" in message.headline
    assert len(message.facts["cells"]) == 8


def test_a_capability(say: Ask) -> None:
    """A capability's way down: date, model, source, who says so, and the gap."""
    message = say("negation")
    assert "works in 2 of 4 stages; next open image models" in message.headline
    assert "closed image models: works since 2025-03: Old One (from the atlas" in text(message)
    assert "2.0 years after closed text models" in text(message)
    bullets = next(part for part in message.parts if isinstance(part, Bullets))
    assert any(isinstance(span, Link) and span.url for line in bullets.lines for span in line)


@pytest.mark.parametrize(
    "words",
    ["image", "pictures", "closed image models", "stage closed image", "/cascade images", "stage\tclosed\nimage"],
)
def test_a_stage_by_any_name(say: Ask, words: str) -> None:
    """A stage or a modality is found by its names."""
    assert "1 of 2 capabilities work" in text(say(words))


def test_gap(say: Ask) -> None:
    """The gap between two stages, with n."""
    message = say("gap text image")
    assert "closed image models came 2.0 years after closed text models (median of 1 closed gaps)" in message.headline
    assert message.facts["gaps"][0]["kind"] == "closed"


@pytest.mark.parametrize(
    "words", ["gap between text and image", "gap from text to image", "gap text,image", "text vs image"]
)
def test_gap_in_other_words(say: Ask, words: str) -> None:
    """Small words and commas between two stages are understood, and two stages alone."""
    assert say(words) == say("gap text image")


def test_gap_the_other_way(say: Ask) -> None:
    """What came before is told so, without a minus."""
    headline = say("gap image text").headline
    assert "closed text models came 2.0 years before closed image models" in headline


def test_where_nobody_looked_is_no_inversion(say: Ask) -> None:
    """Being ahead of an unknown cell is not said to be before it."""
    told = text(say("gap video image"))
    assert "ahead of a stage nobody looked at" in told
    assert "inversion" not in told


def test_gap_of_one_stage(say: Ask) -> None:
    """One name is not two: the answer says how it is written."""
    assert say("gap image").headline == "gap needs two stages, as in `gap image video`"


def test_when_it_is_there(say: Ask) -> None:
    """Asked when for a cell that works: since when."""
    assert say("when negation in image").headline.endswith("it is there")


def test_too_few_to_say(say: Ask) -> None:
    """A forecast on two emergences is not made up."""
    assert "too few to say" in say("when negation in open image").headline
    assert say("plan negation in open image by 2027-06").facts["advice"] == "cannot say"


def test_plan_without_by(say: Ask) -> None:
    """A day at the end is understood without its `by`."""
    assert say("plan negation in open image 2027-06") == say("plan negation in open image by 2027-06")


def test_law(say: Ask) -> None:
    """The share of pairs in order."""
    assert "holds in 1 of 1 pairs (100 %)" in say("law").headline


def test_review_and_vote(say: Ask) -> None:
    """What waits is listed; a vote decides it; `why` tells the whole history; undo takes it back."""
    assert "1 sighting waiting" in say("review").headline
    assert say(f"confirm {CANDIDATE}").headline.startswith("Confirmed: ✅ Ada")
    assert "3 of 8 cells work" in say("").headline
    assert "Ada ✅" in text(say(f"why {CANDIDATE[:5]}"))
    assert say(f"undo {CANDIDATE}", days=2).headline.startswith("Waits for a decision")
    assert "took the vote back" in text(say(f"why {CANDIDATE}", days=2))


def test_two_people_disagree(say: Ask) -> None:
    """One for and one against is undecided again."""
    say(f"confirm {CANDIDATE}")
    assert say(f"reject {CANDIDATE}", GRACE, 2).headline.startswith("Waits for a decision: ✅ Ada, ❌ Grace")


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        ("confirm", "confirm needs a sighting's id, as in `confirm 3f2a91bc`: `review` lists"),
        ("undo ", "undo needs a sighting's id"),
        ("confirm zzzz", "`review` lists"),
        ("why", "why needs a sighting's id or a link"),
        ("capability", "as in `capability negation`"),
        ("stage", "as in `stage realtime video`"),
        ("gap negation image", "“negation” is a capability, and gap needs two stages"),
        ("why https://nowhere.example/x", "no feed brought"),
        ("gap", "as in `gap image video`"),
        ("when", "as in `when"),
        ("plan negation in image", "by 2027-06"),
        ("plan negation in image by soon", "write 2026-05-14"),
        ("plan negation in image by 9999-12-31", "write a year from 1000 to 9000"),
        ("plan negation in image by 2027-02-30", "is no date of the calendar: write 2026-05-14, 2026-05"),
        ("subscribe 1 9", "monday"),
        ("subscribe monday 25", "full hour from 0 to 23"),
        ("subscribe monday 9 Mars/Olympus", "is no time zone: write one as Europe/Berlin, America/New_York or UTC"),
        ("subscribe monday 9 berln", "write one as Europe/Berlin or UTC"),
        ("subscribe monday 9 GMT+1", "is no time zone"),
        ("subscribe monday 9 UTC for glorb", "`board` shows the names"),
        ("subscribe monday 9 UTC for consistency", "did you mean style consistency, closed text models or"),
        ("unsubscribe", "there is no subscription here"),
        ("watch", "as in `watch negation`"),
        ("unwatch", "as in `unwatch negation`"),
        ("unwatch negation", "you do not watch"),
    ],
)
def test_bad_words_get_the_cure(say: Ask, words: str, cure: str) -> None:
    """Each wrong question is answered with one line that says what to write."""
    message = say(words)
    assert "error" in message.facts
    assert cure in message.headline


def test_did_you_mean(say: Ask) -> None:
    """An unclear name gets the nearest three as buttons that repeat the question."""
    message = say("gap open video")
    assert message.headline == "What did you mean by “open”?"
    assert len(message.offers) == 3
    assert all(offer.value.startswith("ask:gap ") and "video" in offer.value for offer in message.offers)
    assert "What did you mean" not in say(message.offers[0].value.removeprefix("ask:")).headline


def test_words_that_are_near_nothing(say: Ask) -> None:
    """Instead of chance guesses: every name there is, and a way on."""
    message = say("xylophone")
    assert message.headline == "What did you mean by “xylophone”?"
    assert "negation, style consistency" in text(message)
    assert "open image models" in text(message)
    assert [offer.value for offer in message.offers] == ["ask:help", "ask:", "ask:review"]


def test_words_of_the_help(say: Ask) -> None:
    """A word that is no name, and stands in what a command does, leads to that command."""
    assert "cascade subscribe monday 9 Europe/Berlin: the weekly digest here" in text(say("digest"))
    assert "cascade review: what waits for a decision" in text(say("reveiw now"))


@pytest.mark.parametrize("command", ["board", "law", "review", "feeds", "subscriptions", "watches"])
def test_words_left_aside_are_told(say: Ask, command: str) -> None:
    """A command that takes no words answers, and says what it did not understand."""
    assert f"“foo bar” was not understood: `{command}` takes no more words." in text(say(f"{command} foo bar"))
    assert "not understood" not in text(say(command))


def test_help_on_one_thing(say: Ask) -> None:
    """`help gap` tells of gaps alone; help on nothing known tells everything."""
    assert [one["words"] for one in say("help feeds").facts["commands"]] == ["cascade feeds"]
    assert say("help foo") == say("help")


def test_subscribe_and_watch(say: Ask, store: Store) -> None:
    """A place subscribes once, a person watches, and both end when told."""
    say("subscribe friday 16 Europe/Berlin for image, negation not when quiet")
    assert "Thursday" in say("subscribe thursday at 9:00 UTC").headline
    assert len(store.subscriptions()) == 1
    assert "style consistency in closed image models" in say("watch style in image").headline
    assert say("watches").offers[0].value.startswith("ask:unwatch ")
    assert "You watch nothing" in [say(say("watches").offers[0].value.removeprefix("ask:")), say("watches")][1].headline
    assert say("unsubscribe").facts == {"ended": True}


def test_help_tells_only_what_works(say: Ask) -> None:
    """Every example of the help is understood, but for ids and pages that only exist elsewhere."""
    for words, _ in COMMANDS:
        if not any(word in words for word in ("ID", "LINK", "realtime")):
            assert "error" not in say(words).facts, words


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.sampled_from(["", "gap ", "when ", "plan ", "why ", "confirm ", "watch ", "feeds "]))
def test_anything_gets_an_answer(say: Ask, words: str, command: str) -> None:
    """No words lead to a traceback or to an empty answer."""
    assert say(command + words).headline
