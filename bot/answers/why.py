"""`/cascade why ID`: one sighting's whole history."""

from bot.fix import fix_words
from bot.review import claim, decision_words, find_sighting, sighting_facts, vote_offers
from cascade.board import Judged
from cascade.message import Bullets, Heading, Line, Link, Message, Note, Paragraph, Part, Quote, Strong
from cascade.phrases import percent
from cascade.sighting import Vote
from cascade.view import View


def answer(view: View, sighting_id: str) -> Message:
    """Item, evidence, votes and corrections in the order in which they came. Raises BadInput."""
    judged = find_sighting(view, sighting_id)
    sighting = judged.sighting
    parts: list[Part] = [Paragraph((Strong(decision_words(judged.decision)),))]
    if sighting.quote:
        parts.append(Quote(sighting.quote))
    parts += [Heading("Evidence"), Bullets(_evidence(judged)), Heading("History"), Bullets(_history(view, judged))]
    notes = [note for note in (sighting.note, sighting.rival and f"Not taken: {sighting.rival}") if note]
    parts += [Note((note,)) for note in notes]
    return Message(
        headline=claim(view.taxonomy, sighting),
        parts=tuple(parts),
        offers=vote_offers(sighting),
        facts={**sighting_facts(judged), "votes": [_vote_facts(vote) for vote in _votes(view, sighting.id)]},
    )


def _evidence(judged: Judged) -> tuple[Line, ...]:
    return tuple(
        (
            Link(one.title or one.url, one.url),
            f" ({one.kind or 'source'}{f', {one.published}' if one.published else ''}): {one.says}",
        )
        for one in judged.sighting.evidence
    ) or (("none was given",),)


def _history(view: View, judged: Judged) -> tuple[Line, ...]:
    sighting = judged.sighting
    origin = (
        "shipped with the atlas"
        if sighting.from_atlas
        else f"tagged, {percent(sighting.probability)} sure"
        if sighting.probability is not None
        else f"reported by {sighting.reported_by}"
    )
    events: list[tuple[str, str]] = [(f"{sighting.seen_at:%Y-%m-%d %H:%M}", origin)]
    events += [
        (f"{vote.at:%Y-%m-%d %H:%M}", _vote_words(vote))
        for vote in _votes(view, sighting.id)
        if not sighting.from_atlas or vote.person.platform != "atlas"
    ]
    events += [
        (f"{fix.at:%Y-%m-%d %H:%M}", fix_words(fix))
        for fix in view.facts.corrections
        if view.whole(fix.sighting) == sighting.id
    ]
    events += [
        (f"{view.facts.joined[part].at:%Y-%m-%d %H:%M}", f"sighting {part} became part of it: the same news")
        for part, whole in view.living.items()
        if whole == sighting.id
    ]
    return tuple((f"{at} UTC: {what}",) for at, what in sorted(events))


def _votes(view: View, sighting_id: str) -> list[Vote]:
    return [vote for vote in view.facts.votes if view.whole(vote.sighting) == sighting_id]


def _vote_words(vote: Vote) -> str:
    said = {"confirm": "✅", "reject": "❌", "unsure": "🤔", "none": "took the vote back"}[vote.choice]
    return f"{vote.person} {said}{'' if vote.counts else ' (not a reviewer: recorded, not counted)'}"


def _vote_facts(vote: Vote) -> dict[str, object]:
    return {"by": vote.person.key, "choice": vote.choice.value, "at": vote.at.isoformat(), "counts": vote.counts}
