"""The gap between two stages, capability by capability and over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from statistics import median

from cascade.gaps import DAYS_A_MONTH, Gap, GapKind, between
from cascade.phrases import counted, gap_words, lag_words
from cascade.taxonomy import Taxonomy
from cascade.trend import trend
from web.shows.page import MissingError, Page, Way, capability_href, gap_href, stage_of
from web.snapshot import SEED, Snapshot
from web.track import Bar, Dot, Scale, Track, scatter


@dataclass(frozen=True, kw_only=True)
class GapShow:
    """One capability's gap with its words and line."""

    capability: str
    href: str
    words: str
    kind: str
    inversion: bool
    earlier: str  # since when the earlier stage has it; "" when it has not
    later: str
    track: Track


def gap_page(snapshot: Snapshot, a: str, b: str, c: str, d: str) -> Page:
    """The gap from stage a/b to stage c/d. Raises MissingError."""
    earlier, later = stage_of(snapshot.taxonomy, a, b), stage_of(snapshot.taxonomy, c, d)
    if earlier == later:
        raise MissingError(f"{earlier.name} has no gap to itself.", [Way(earlier.name, f"/stage/{earlier.id}")])
    found = sorted(between(snapshot.board, earlier.id, later.id), key=lambda gap: -gap.months)
    closed = [gap for gap in found if gap.kind is GapKind.CLOSED]
    scale = _scale(snapshot, found)
    rng = Random(SEED)  # noqa: S311  resampling, not secrets
    return Page(
        template="gap.html",
        title=f"{earlier.name} to {later.name}",
        words={
            "earlier": earlier,
            "later": later,
            "middle": _middle(closed),
            "n": len(closed),
            "trend": trend(snapshot.board, found, rng),
            "scale": scale,
            "chart": scatter(scale, [_point(snapshot, gap) for gap in found]),
            "gaps": [_show(snapshot, gap, scale) for gap in found],
            "counts": _counts(found, len(snapshot.taxonomy.capabilities)),
            "back": gap_href(later.id, earlier.id),
        },
    )


def modality_ways(taxonomy: Taxonomy, a: str, b: str) -> str:
    """The address of the gap between two modalities' first stages. Raises MissingError."""
    first = [taxonomy.in_modality(name) for name in (a, b)]
    if not all(first):
        known = ", ".join(modality.id for modality in taxonomy.modalities)
        raise MissingError(f"A gap lies between two modalities ({known}) or two stages, as /gap/image/video.")
    return gap_href(first[0][0].id, first[1][0].id)


def _scale(snapshot: Snapshot, found: Sequence[Gap]) -> Scale:
    ends = [when.first for gap in found for cell in (gap.cell, gap.upstream) if (when := snapshot.board.works(cell))]
    return Scale.around(ends, snapshot.board.as_of)


def _show(snapshot: Snapshot, gap: Gap, scale: Scale) -> GapShow:
    earlier, later = snapshot.board.works(gap.upstream), snapshot.board.works(gap.cell)
    inverted = gap.is_inversion
    ends = sorted((when.middle if when else scale.today) for when in (earlier, later))
    kind = "open" if gap.kind is not GapKind.CLOSED else "inverted" if inverted else "gap"
    dots = [Dot(scale.at(earlier.middle), "upstream")] if earlier else []
    dots += [Dot(scale.at(later.middle), "works")] if later else []
    bar: Bar = scale.bar(ends[0], ends[1], kind)
    return GapShow(
        capability=snapshot.taxonomy.capability(gap.cell.capability).name,
        href=capability_href(gap.cell.capability, gap.cell.stage),
        words=gap_words(gap),
        kind=gap.kind.value,
        inversion=inverted,
        earlier=str(earlier or ""),
        later=str(later or ""),
        track=Track((bar,), tuple(dots)),
    )


def _point(snapshot: Snapshot, gap: Gap) -> tuple[date, float, str, str]:
    ended = snapshot.board.works(gap.cell)
    day = ended.middle if ended else snapshot.board.as_of
    kind = "closed" if gap.kind is GapKind.CLOSED else "open"
    return (day, gap.months, kind, snapshot.taxonomy.capability(gap.cell.capability).name)


def _counts(found: Sequence[Gap], capabilities: int) -> str:
    kinds = {kind: sum(gap.kind is kind for gap in found) for kind in GapKind}
    silent = capabilities - len(found)
    return (
        f"{counted(kinds[GapKind.CLOSED], 'gap')} closed, {kinds[GapKind.OPEN]} open, {kinds[GapKind.AHEAD]} "
        f"the other way round; {silent} of {capabilities} capabilities in neither stage."
    )


def _middle(closed: Sequence[Gap]) -> str:
    """The median length: `4.2 months after`, `on the same day as`; "" without a closed gap."""
    return lag_words(median(gap.months for gap in closed) * DAYS_A_MONTH) if closed else ""
