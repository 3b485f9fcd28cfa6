"""Words in, Message out: the one path on which every platform's questions travel."""

from collections.abc import Callable

from bot import review
from bot.answers import board, capability, gap, help, stage, why  # noqa: A004
from bot.asked import Asked
from cascade.errors import BadInput
from cascade.lookup import Found, Unclear, find, find_cell, find_two_stages
from cascade.message import Message, Paragraph
from cascade.sighting import Choice
from cascade.taxonomy import Capability, Stage

LONGEST = 300
_VOTES = {
    "confirm": Choice.CONFIRM,
    "reject": Choice.REJECT,
    "unsure": Choice.UNSURE,
    "undo": Choice.NONE,
}

Answer = Callable[[Asked, str], Message]


def ask(view: Asked, words: str) -> Message:
    """The answer to a person's words; what cannot be used is answered with its cure."""
    first, _, rest = words.strip()[:LONGEST].partition(" ")
    first = first.lower().lstrip("/")
    try:
        if first == "cascade":
            return ask(view, rest)
        if first in _VOTES:
            return _vote(view, rest, _VOTES[first])
        answer = _COMMANDS.get(first)
        return answer(view, rest.strip()) if answer else _named(view, words)
    except BadInput as error:
        return Message(headline=str(error), facts={"error": str(error)})


def _named(view: Asked, words: str) -> Message:
    """A bare name: a capability, a stage, a modality, or a capability in a stage."""
    found = find(view.taxonomy, words)
    if isinstance(found, Found):
        return _entry(view, found)
    cell = find_cell(view.taxonomy, words)
    if not isinstance(cell, Unclear):
        return _entry(view, Found(view.taxonomy.capability(cell.capability)))
    return help.did_you_mean(found)


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
        raise BadInput(f"gap needs two stages, as in `gap image video`; “{stages.words[:60]}” is none that is known")
    return gap.answer(view, *stages)


def _vote(view: Asked, words: str, choice: Choice) -> Message:
    judged = review.cast(view, words, choice)
    return Message(
        headline=review.effect_line(view, judged),
        parts=(Paragraph(("Take it back with `undo ", judged.sighting.id, "`.")),),
        facts=review.sighting_facts(judged),
    )


_COMMANDS: dict[str, Answer] = {
    "": lambda view, _: board.answer(view),
    "board": lambda view, _: board.answer(view),
    "gap": _gap,
    "why": why.answer,
    "review": lambda view, _: review.answer_queue(view),
    "help": lambda _view, _words: help.answer(),
    "stage": _named,
    "capability": _named,
}
