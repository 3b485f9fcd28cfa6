"""`/cascade help`, and what is said to words that stay unclear."""

from cascade.lookup import Entry, Unclear
from cascade.message import Bullets, Message, Note, Offer, Strong
from cascade.taxonomy import Modality

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


def answer() -> Message:
    """Everything that can be asked, with an example each."""
    return Message(
        headline="Ask Cascade what generative models can do where",
        parts=(
            Bullets(tuple((Strong(words), f": {meaning}") for words, meaning in COMMANDS)),
            Note(("Names are forgiving: aliases, word order, plurals and typos are understood.",)),
        ),
        facts={"commands": [{"words": words, "meaning": meaning} for words, meaning in COMMANDS]},
    )


def did_you_mean(unclear: Unclear, asked: str = "{}") -> Message:
    """The nearest three as buttons; `asked` is the question with a hole for the name."""
    names = [name(entry) for entry in unclear.nearest]
    said = f" by “{unclear.words.strip()[:60]}”" if unclear.words.strip() else ""
    question = f"What did you mean{said}?"
    return Message(
        headline=question,
        parts=(Bullets(tuple((one,) for one in names)), Note(("Or ask `help` for everything.",))),
        offers=tuple(Offer(name(entry), f"ask:{asked.format(entry.id)}") for entry in unclear.nearest),
        facts={"error": question, "unclear": unclear.words, "nearest": [entry.id for entry in unclear.nearest]},
    )


def name(entry: Entry) -> str:
    """What people call it."""
    return entry.id if isinstance(entry, Modality) else entry.name
