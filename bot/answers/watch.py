"""`/cascade watch negation`: a direct message to this person when it moves; `watches` lists and ends them."""

from bot.answers.subscribe import about, read_filter
from bot.asked import Asked
from cascade.errors import BadInput
from cascade.lookup import Unclear, find_cell
from cascade.message import Bullets, Message, Note, Offer
from cascade.phrases import counted
from cascade.subscription import Filter, Watch

USAGE = "{word} needs a capability, a stage or both, as in `{word} negation` or `{word} style in realtime video`"

HOW = "`watch negation` begins to tell you when it moves, `unwatch negation` ends it."


def watch(view: Asked, words: str) -> Message:
    """Hear of a capability, a stage, or one cell. Raises BadInput."""
    wanted = Watch(team=view.team, person=view.person, about=_about(view, "watch", words), since=view.now)
    view.store.save_watch(wanted)
    return Message(
        headline=f"You hear of {about(view.taxonomy, wanted.about)} when it moves, at most once a day",
        parts=(Note(("`watches` lists what you watch, `unwatch` and the same words end it.",)),),
        facts={"watching": _facts(wanted)},
    )


def unwatch(view: Asked, words: str) -> Message:
    """Hear of it no longer. Raises BadInput when it was not watched."""
    ended = Watch(team=view.team, person=view.person, about=_about(view, "unwatch", words), since=view.now)
    if not view.store.end_watch(ended):
        raise BadInput(f"you do not watch {about(view.taxonomy, ended.about)}: `watches` lists what you do")
    return Message(
        headline=f"No more news of {about(view.taxonomy, ended.about)} for you", facts={"ended": _facts(ended)}
    )


def watches(view: Asked) -> Message:
    """What this person watches, each with a button that ends it."""
    mine = [one for one in view.store.watches() if one.team == view.team and one.person == view.person]
    names = [about(view.taxonomy, one.about) for one in mine]
    return Message(
        headline=f"You watch {counted(len(mine), 'thing')}" if mine else "You watch nothing yet",
        parts=(*((Bullets(tuple((name,) for name in names)),) if names else ()), Note((HOW,))),
        offers=tuple(
            Offer(f"End {name}"[:75], f"ask:unwatch {_words(one)}") for name, one in zip(names, mine, strict=True)
        )[:5],
        facts={"watching": [_facts(one) for one in mine]},
    )


def _about(view: Asked, word: str, words: str) -> Filter:
    if not words.strip():
        raise BadInput(USAGE.format(word=word))
    if " in " in words:
        cell = find_cell(view.taxonomy, words)
        if not isinstance(cell, Unclear):
            return Filter(stages=frozenset({cell.stage}), capabilities=frozenset({cell.capability}))
    return read_filter(view.taxonomy, words)


def _words(one: Watch) -> str:
    return ", ".join((*sorted(one.about.capabilities), *sorted(one.about.stages)))


def _facts(one: Watch) -> dict[str, object]:
    return {"capabilities": sorted(one.about.capabilities), "stages": sorted(one.about.stages)}
