"""`/cascade help`, and what is said to words that stay unclear."""

from cascade.lookup import Entry, Unclear
from cascade.message import Bullets, Message, Note, Offer, Strong
from cascade.taxonomy import Modality

COMMANDS = (
    ("cascade", "the board: what works where"),
    ("cascade negation", "a capability's way down the cascade, with its gaps"),
    ("cascade realtime video", "a stage (or modality): what works there and how far behind it is"),
    ("cascade gap image video", "the gap between two stages, capability by capability"),
    ("cascade review", "what waits for a decision"),
    ("cascade why ID", "one sighting's whole history; a link works too"),
    ("cascade confirm ID", "vote; also reject ID, unsure ID and undo ID"),
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
    return Message(
        headline=f"What did you mean{said}?",
        parts=(Bullets(tuple((one,) for one in names)), Note(("Or ask `help` for everything.",))),
        offers=tuple(Offer(name(entry), f"ask:{asked.format(entry.id)}") for entry in unclear.nearest),
        facts={"unclear": unclear.words, "nearest": [entry.id for entry in unclear.nearest]},
    )


def name(entry: Entry) -> str:
    """What people call it."""
    return entry.id if isinstance(entry, Modality) else entry.name
