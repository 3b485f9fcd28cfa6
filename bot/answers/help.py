"""`/cascade help`, and what is said to words that stay unclear."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from cascade.lookup import Entry, Unclear
from cascade.message import Bullets, Message, Note, Offer, Paragraph, Part, Strong
from cascade.taxonomy import Modality, Taxonomy

Commands = Sequence[tuple[str, str]]

ALIKE = 80  # from here on a word is a slip of the pen for another: "reveiw", "bord", "votes"; not "will" for "well"
LONG_ENOUGH = 4  # letters of a word that is looked for in what the commands do
OR_HELP = "Or ask `help` for everything."
ELSEWHERE = (Offer("Help", "ask:help"), Offer("The board", "ask:"), Offer("What waits for review", "ask:review"))

COMMANDS = (
    ("cascade", "the board: what works where"),
    ("cascade negation", "a capability's way down the cascade: gaps, and forecasts for the open stages"),
    ("cascade realtime video", "a stage (or modality): what works there and how far behind it is"),
    ("cascade gap image video", "the gap between two stages, capability by capability"),
    ("cascade when style in realtime video", "the forecast, and what it rests on"),
    ("cascade plan style in realtime video by 2027-06", "build now, build around, or wait"),
    ("cascade law", "how well the order holds, and every inversion"),
    ("cascade review", "what waits for a decision"),
    ("cascade why ID", "one sighting's whole history; `why LINK` tells what became of an item"),
    ("cascade confirm ID", "vote; also `reject ID`, `unsure ID`, and `undo ID` to take it back"),
    ("cascade report LINK", "your own sighting: the page is read, tagged and put up for review"),
    ("cascade watch negation", "a direct message when it moves; `watches` lists them, `unwatch` ends one"),
    ("cascade subscribe monday 9 Europe/Berlin", "the weekly digest here; `unsubscribe`, `subscriptions`"),
    ("cascade link", "joins your accounts on two platforms, so that you vote once; `unlink` parts them"),
    ("cascade feeds", "the feeds and how they fare"),
    ("cascade help", "this list"),
)


def answer(words: str) -> Message:
    """Everything that can be asked, with an example each; or what has to do with these words."""
    shown = _told_of(words) or COMMANDS
    return Message(
        headline="Ask Cascade what generative models can do where",
        parts=(
            _listed(shown),
            Note(("Names are forgiving: aliases, word order, plurals and typos are understood.",)),
        ),
        facts={"commands": [{"words": words, "meaning": meaning} for words, meaning in shown]},
    )


def did_you_mean(taxonomy: Taxonomy, unclear: Unclear, asked: str = "{}") -> Message:
    """The nearest three as buttons; `asked` is the question with a hole for the name. The lists where none is near."""
    said = f" by “{unclear.words.strip()[:60]}”" if unclear.words.strip() else ""
    question = f"What did you mean{said}?"
    near = unclear.nearest if unclear.is_near else ()
    offers = tuple(Offer(name(entry), f"ask:{asked.format(entry.id)}") for entry in near)
    parts = (Bullets(tuple((name(entry),) for entry in near)), Note((OR_HELP,)))
    return Message(
        headline=question,
        parts=parts if near else _instead(taxonomy, unclear.words),
        offers=offers or ELSEWHERE,
        facts={"error": question, "unclear": unclear.words, "nearest": [entry.id for entry in near]},
    )


def _told_of(words: str) -> Commands:
    """The commands that have to do with the first of these words, nearly written."""
    wanted = words.lower().split()[:1]
    return tuple(pair for pair in COMMANDS if wanted and _is_in(wanted[0], " ".join(pair).lower()))


def _is_in(word: str, text: str) -> bool:
    return word in text or any(fuzz.ratio(word, other) >= ALIKE for other in re.findall(r"\w+", text))


def _listed(commands: Commands) -> Bullets:
    return Bullets(tuple((Strong(words), f": {meaning}") for words, meaning in commands))


def _instead(taxonomy: Taxonomy, words: str) -> tuple[Part, ...]:
    """For words that are near no name: the commands that tell of them, else what has a name here."""
    if len(words.strip()) >= LONG_ENOUGH and (told := _told_of(words)):
        return (_listed(told), Note((OR_HELP,)))
    capabilities = ", ".join(one.name for one in taxonomy.capabilities)
    stages = ", ".join(one.name for one in taxonomy.stages)
    return (
        Paragraph(("Nothing here is called that, or nearly.",)),
        Bullets(((Strong("Capabilities"), f": {capabilities}"), (Strong("Stages"), f": {stages}"))),
        Note((OR_HELP,)),
    )


def name(entry: Entry) -> str:
    """What people call it."""
    return entry.id if isinstance(entry, Modality) else entry.name
