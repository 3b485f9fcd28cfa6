"""`/cascade law`: how well the order holds, and how good the forecasts were."""

from bot.answers.record import calibration, ledger_line, misses, record_facts, replay_line
from bot.asked import Asked
from cascade.gaps import Gap, GapKind, order
from cascade.ledger import record
from cascade.message import Bullets, Heading, Line, Message, Paragraph, Part, Strong
from cascade.phrases import cell_name, gap_words, percent
from cascade.view import View

HEADLINE = "The cascade's order holds in {in_order} of {pairs} pairs ({share})"
NO_PAIRS = "There are too few dated emergences to say how well the order holds"
REGULARITY = "It is a regularity, not a law of nature: every inversion is a finding."
MISSES = 5  # shown


def answer(view: Asked) -> Message:
    """The share of pairs in order, every inversion, and the track record; within a month both orders are in order."""
    found = order(view.gaps.values())
    share = found.share
    parts: list[Part] = [Paragraph((REGULARITY,))]
    if found.inversions:
        longest = sorted(found.inversions, key=lambda gap: gap.months)
        parts += [Heading("Inversions"), Bullets(tuple(_line(view, gap) for gap in longest))]
    headline = (
        NO_PAIRS if share is None else HEADLINE.format(in_order=found.in_order, pairs=found.pairs, share=percent(share))
    )
    return Message(
        headline=headline,
        parts=(*parts, *_record(view)),
        facts={
            "pairs": found.pairs,
            "in_order": found.in_order,
            "share": share,
            "inversions": [
                {"capability": gap.cell.capability, "stage": gap.cell.stage, "upstream": gap.upstream.stage}
                for gap in found.inversions
            ],
            "record": record_facts(record(view.store.ledger(view.team))),
        },
    )


def _record(view: Asked) -> list[Part]:
    entries = view.store.ledger(view.team)
    missed = misses(view.taxonomy, entries, MISSES)
    replayed = replay_line(view)
    return [
        Heading("How good the forecasts have been"),
        Paragraph((ledger_line(entries),)),
        *([Bullets(tuple(missed))] if missed else []),
        *([Paragraph((replayed,))] if replayed else []),
        *calibration(view),
    ]


def _line(view: View, gap: Gap) -> Line:
    before = view.taxonomy.stage(gap.upstream.stage).name
    words = f"{before} still lacks it" if gap.kind is GapKind.AHEAD else gap_words(gap, before)
    return (Strong(cell_name(view.taxonomy, gap.cell)), f": {words}")
