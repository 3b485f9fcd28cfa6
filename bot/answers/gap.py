"""`/cascade gap image video`: the gap between two stages, capability by capability."""

from random import Random
from statistics import median

from bot.answers.stage import SEED
from cascade.gaps import DAYS_A_MONTH, Gap, GapKind, between, row
from cascade.message import Bullets, Chart, Line, Message, Note, Paragraph, Picture, Strong, text_of
from cascade.phrases import counted, gap_words, lag_words, trend_words
from cascade.taxonomy import Stage
from cascade.trend import trend
from cascade.view import View

CLOSED = "{later} came {median} {earlier} (median of {n} closed gaps)"
NONE_CLOSED = "{later} has caught up with {earlier} in nothing yet"


def answer(view: View, earlier: Stage, later: Stage) -> Message:
    """Every capability's gap with least and most, the median of the closed ones with n, and their trend."""
    found = between(view.board, earlier.id, later.id)
    way = trend(view.board, found, Random(SEED))  # noqa: S311  a bootstrap, and the same one every time
    closed = [gap for gap in found if gap.kind is GapKind.CLOSED]
    lines = tuple(_line(view, gap) for gap in sorted(found, key=lambda gap: -gap.months))
    return Message(
        headline=_headline(earlier, later, closed),
        parts=(
            Picture(Chart.GAP, (earlier.id, later.id), "; ".join(map(text_of, lines)) or "no gap is known"),
            *((Bullets(lines),) if lines else ()),
            Paragraph((trend_words(way),)),
            Note((_counts(view, found),)),
        ),
        facts={
            "earlier": earlier.id,
            "later": later.id,
            "gaps": [row(gap) for gap in found],
            "trend": {"direction": way.direction.value, "n": way.n, "estimator": way.estimator},
        },
    )


def _headline(earlier: Stage, later: Stage, closed: list[Gap]) -> str:
    if not closed:
        return NONE_CLOSED.format(later=later.name, earlier=earlier.name)
    middle = median(gap.months for gap in closed) * DAYS_A_MONTH
    return CLOSED.format(later=later.name, median=lag_words(middle), earlier=earlier.name, n=len(closed))


def _line(view: View, gap: Gap) -> Line:
    inverted = " (an inversion)" if gap.is_inversion else ""
    return (Strong(view.taxonomy.capability(gap.cell.capability).name), f": {gap_words(gap)}{inverted}")


def _counts(view: View, found: list[Gap]) -> str:
    kinds = {kind: sum(gap.kind is kind for gap in found) for kind in GapKind}
    silent = len(view.taxonomy.capabilities) - len(found)
    return (
        f"{counted(kinds[GapKind.CLOSED], 'gap')} closed, {kinds[GapKind.OPEN]} open, "
        f"{kinds[GapKind.AHEAD]} that only the later stage has; {counted(silent, 'capability')} in neither stage."
    ).replace("capabilitys", "capabilities")
