"""Words in, Message out: the one path on which every platform's questions travel."""

from collections.abc import Callable
from dataclasses import replace

from bot import link, review
from bot.answers import board, capability, fate, feeds, forecast, gap, help, law, stage, subscribe, watch, why  # noqa: A004
from bot.asked import Asked
from bot.steady import said
from cascade.errors import BadInput, CascadeError
from cascade.lookup import Found, Unclear, find, find_cell, find_two_stages
from cascade.message import Message, Note, Paragraph
from cascade.sighting import Choice
from cascade.taxonomy import Capability, Cell, Stage

LONGEST = 400  # characters of a question that are read
SORRY = "Something went wrong inside Cascade; the operator's log tells what. Nothing was changed by halves."
_VOTES = {"confirm": Choice.CONFIRM, "reject": Choice.REJECT, "unsure": Choice.UNSURE, "undo": Choice.NONE}

_EXAMPLES = {"when": "style in realtime video", "plan": "style in realtime video by 2027-06"}
_BARE = {
    "capability": "capability needs a name, as in `capability negation`: `board` shows them all",
    "stage": "stage needs a name, as in `stage realtime video`: `board` shows them all",
    "why": "why needs a sighting's id or a link, as in `why 3f2a91bc`: `review` lists what waits, with ids",
    **{
        word: f"{word} needs a sighting's id, as in `{word} 3f2a91bc`: `review` lists what waits, with ids"
        for word in _VOTES
    },
}
GAP_USAGE = "gap needs two stages, as in `gap image video`"
NO_STAGE = "“{name}” is a capability, and {usage}; `{name}` alone tells of its gaps"
LEFT_ASIDE = "“{words}” was not understood: `{command}` takes no more words."

Answer = Callable[[Asked, str], Message]


class _UnclearName(Exception):
    """A name stayed unclear: answered with the nearest three, in the question as it was asked."""

    def __init__(self, unclear: Unclear, question: str) -> None:
        super().__init__(unclear.words)
        self.unclear = unclear
        self.question = question


def ask(view: Asked, words: str) -> Message:
    """The answer to a person's words; what cannot be used is answered with its cure."""
    question = _bare(words[:LONGEST])
    answer = _COMMANDS.get(first_word(question))
    try:
        return answer(view, question.partition(" ")[2].strip()) if answer else _named(view, question)
    except _UnclearName as error:
        return help.did_you_mean(view.taxonomy, error.unclear, error.question)
    except BadInput as error:
        return refusal(error)


def first_word(words: str) -> str:
    """The command that the words begin with, or what stands in its place."""
    return _bare(words).partition(" ")[0].lower()


def reported_link(words: str) -> str | None:
    """The link of `report LINK`, "" where it is missing; None for any other words. Its answer needs the network."""
    return _bare(words).partition(" ")[2].strip() if first_word(words) == "report" else None


def _bare(words: str) -> str:
    """The question without the `/cascade` that may stand before it, its words one space apart."""
    bare = " ".join(words.split()).lstrip("/")
    while bare.partition(" ")[0].lower() == "cascade":
        bare = bare.partition(" ")[2].strip().lstrip("/")
    return bare


def refusal(error: CascadeError) -> Message:
    """What cannot be done, and its cure, as an answer."""
    return Message(headline=str(error), facts={"error": str(error)})


def apology(error: Exception, tell: Callable[[str], None]) -> Message:
    """What the asker reads of an error. Of a bug no detail: the operator is told, and the log has its trace."""
    if isinstance(error, CascadeError):
        return refusal(error)
    tell(said("An answer", error))
    return Message(headline=SORRY, facts={"error": SORRY})


def _named(view: Asked, words: str) -> Message:
    """A bare name: a capability, a stage, a modality, a capability in a stage, or two stages."""
    found = find(view.taxonomy, words)
    if isinstance(found, Found):
        return _entry(view, found)
    cell = find_cell(view.taxonomy, words)
    if isinstance(cell, Cell):
        return forecast.when(view, cell)
    stages = find_two_stages(view.taxonomy, words)
    if isinstance(stages, Unclear):
        raise _UnclearName(found, "{}")
    return gap.answer(view, *stages)


def _entry(view: Asked, found: Found) -> Message:
    match found.entry:
        case Capability() as entry:
            return capability.answer(view, entry)
        case Stage() as entry:
            return stage.answer(view, entry)
        case entry:
            return stage.answer_modality(view, entry)


def _gap(view: Asked, words: str) -> Message:
    stages = find_two_stages(view.taxonomy, words)
    if isinstance(stages, Unclear):
        if not stages.nearest:
            raise BadInput(GAP_USAGE)
        other = find(view.taxonomy, stages.words)
        if isinstance(other, Found) and isinstance(other.entry, Capability):
            raise BadInput(NO_STAGE.format(name=other.entry.name, usage=GAP_USAGE))
        raise _UnclearName(stages, _with_hole("gap", words, stages))
    return gap.answer(view, *stages)


def _cell(view: Asked, command: str, words: str) -> Cell:
    cell = find_cell(view.taxonomy, words)
    if not words or (isinstance(cell, Unclear) and isinstance(find(view.taxonomy, words), Found)):
        raise BadInput(f"{command} needs a capability and a stage, as in `{command} {_EXAMPLES[command]}`")
    if isinstance(cell, Unclear):
        raise _UnclearName(cell, _with_hole(command, words, cell))
    return cell


def _with_hole(command: str, words: str, unclear: Unclear) -> str:
    """The question with a hole where the unclear name stood, for the buttons that repeat it."""
    bare = words.replace("{", "").replace("}", "")
    return f"{command} {bare.replace(unclear.words, '{}', 1)}" if unclear.words and unclear.words in bare else "{}"


def _when(view: Asked, words: str) -> Message:
    """The forecast of a cell; of a capability or a stage alone, those on its own page."""
    alone = find(view.taxonomy, words)
    if isinstance(alone, Found) and isinstance(find_cell(view.taxonomy, words), Unclear):
        return _entry(view, alone)
    return forecast.when(view, _cell(view, "when", words))


def _plan(view: Asked, words: str) -> Message:
    cell, by = forecast.split_plan(words)
    return forecast.plan(view, _cell(view, "plan", cell), by)


def _why(view: Asked, words: str) -> Message:
    return fate.answer(view, words) if "://" in words else why.answer(view, words)


def _needing(usage: str, answer: Answer) -> Answer:
    """A command that says nothing without words."""

    def needing(view: Asked, words: str) -> Message:
        if not words:
            raise BadInput(usage)
        return answer(view, words)

    return needing


def _alone(command: str, answer: Callable[[Asked], Message]) -> Answer:
    """A command that takes no words: others are told to have been left aside."""

    def alone(view: Asked, words: str) -> Message:
        message = answer(view)
        note = Note((LEFT_ASIDE.format(words=words[:60], command=command),))
        return replace(message, parts=(*message.parts, note)) if words else message

    return alone


def _vote(choice: Choice) -> Answer:
    def vote(view: Asked, words: str) -> Message:
        judged = review.cast(view, words, choice)
        return Message(
            headline=review.effect_line(view, judged),
            parts=(Paragraph((f"Take it back with `undo {judged.sighting.id}`.",)),),
            facts=review.sighting_facts(judged),
        )

    return vote


_NEEDING: dict[str, Answer] = {
    "capability": _named,
    "stage": _named,
    "why": _why,
    **{word: _vote(choice) for word, choice in _VOTES.items()},
}
_ALONE: dict[str, Callable[[Asked], Message]] = {
    "board": board.answer,
    "law": law.answer,
    "review": review.answer_queue,
    "feeds": feeds.feeds,
    "unsubscribe": subscribe.unsubscribe,
    "subscriptions": subscribe.subscriptions,
    "watches": watch.watches,
}
_COMMANDS: dict[str, Answer] = {
    "": lambda view, _: board.answer(view),
    "gap": _gap,
    "when": _when,
    "plan": _plan,
    "subscribe": subscribe.subscribe,
    "watch": watch.watch,
    "unwatch": watch.unwatch,
    "link": link.link,
    "unlink": link.unlink,
    "help": lambda _, words: help.answer(words),
    **{word: _alone(word, answer) for word, answer in _ALONE.items()},
    **{word: _needing(usage, _NEEDING[word]) for word, usage in _BARE.items()},
}
