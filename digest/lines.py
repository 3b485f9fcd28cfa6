"""One line for each finding. Pure; texts that people read are constants at the top."""

from datetime import date
from urllib.parse import urlsplit

from cascade.dates import DateRange
from cascade.gaps import Gap, GapKind
from cascade.message import Line, Link, Strong
from cascade.phrases import cell_name, counted, listed, months
from cascade.sighting import ATLAS, Person, Sighting
from cascade.taxonomy import Taxonomy
from digest.findings import Erratum, FeedHealth, GapNews, LagNews, Move, Statement, Turn, Waiting

INVERSION = "; ahead of {upstream}: an inversion"
FIRST = "; the first of its cascade"
CLOSED = "{pair}: {before} → closed after {after}{usual}"
CAUGHT_UP = "{pair}: the stage before followed {after} later (an inversion)"
OPENED = "{pair}: open since {since}{usual}{unseen}"
UNSEEN = "; nobody looked there yet"
USUAL = "; usually {usual} (n={n})"
LONGER, SHORTER = "; longer than usual ({usual}, n={n})", "; shorter than usual ({usual}, n={n})"
NOT_BEFORE, STILL_OPEN = "no gap yet", "open, {months}"
LAG = "{stage} behind {upstream}: {before} → {after} months, {direction} (n={n})"
FIRST_LAG = "{stage} behind {upstream}: {after} months, the first known (n={n})"
TAKEN_BACK = "Taken back: {cell} ({said}){by}"
CORRECTED = "Corrected: {cell}: {now}, not {said}{by}"
ALL_WELL, FEEDS = "all well", "{watched} read, {trouble}"
CLIPPED = 40  # characters of a stranger's word that a line has room for


def move_line(taxonomy: Taxonomy, move: Move, *, names: bool = True) -> Line:
    """`negation in open image models: FLUX.2 since 2026-05-14 (bfl.ai), confirmed by Ada`."""
    sighting = move.by.sighting
    told = f": {clipped(sighting.model) or 'a model'} since {day(sighting.happened)} "
    return (Strong(cell_name(taxonomy, move.cell)), told, *_source(sighting), _says_who(move, names), _order(move))


def gap_line(news: GapNews) -> Line:
    """What became of one gap, before → after, beside what is usual between the two stages."""
    gap = news.gap
    pair = f"{gap.cell.capability}, {gap.upstream.stage} → {gap.cell.stage}"
    if news.turn is Turn.CLOSED and gap.months < 0:
        return (CAUGHT_UP.format(pair=pair, after=months(abs(gap.least))),)
    if news.turn is Turn.CLOSED:
        return (CLOSED.format(pair=pair, before=_stood(news.before), after=_length(gap), usual=_compared(news)),)
    unseen = UNSEEN if gap.unknown else ""
    return (OPENED.format(pair=pair, since=months(gap.least), usual=_usual(news), unseen=unseen),)


def lag_line(news: LagNews) -> Line:
    """`image/open behind image/closed: 3.1 → 5.2 months, grew (n=9)`."""
    if news.before is None:
        return (FIRST_LAG.format(stage=news.stage, upstream=news.upstream, after=_number(news.after), n=news.n),)
    direction = "grew" if news.after > news.before else "shrank"
    numbers = {"before": _number(news.before), "after": _number(news.after), "n": news.n}
    return (LAG.format(stage=news.stage, upstream=news.upstream, direction=direction, **numbers),)


def erratum_line(taxonomy: Taxonomy, erratum: Erratum, *, names: bool = True) -> Line:
    """What was said, what holds now, and who set it right."""
    cell, said, by = cell_name(taxonomy, erratum.cell), _said(erratum.said), _set_right(erratum.by, names)
    by_now = erratum.now.by
    if by_now is None or erratum.now.when is None or erratum.now.state.value != "works":
        return (TAKEN_BACK.format(cell=cell, said=said, by=by),)
    now = _said(Statement(works=True, model=by_now.sighting.model, when=erratum.now.when))
    return (CORRECTED.format(cell=cell, now=now, said=said, by=by),)


def waiting_line(taxonomy: Taxonomy, one: Waiting) -> Line:
    """A candidate, its id, and what its confirmation would do."""
    sighting = one.judged.sighting
    cell = cell_name(taxonomy, sighting.cell)
    return (f"{cell}: {clipped(sighting.model) or 'a model'} ({sighting.id}){_would(one)}",)


def health_line(health: FeedHealth) -> str:
    """`19 feeds read, all well`, or which of them are in trouble."""
    trouble = [f"{clipped(name)} failing" for name in health.failing] + [
        f"{clipped(name)} silent" for name in health.quiet
    ]
    more = [f"{len(trouble) - 3} more"] if len(trouble) > 3 else []
    return FEEDS.format(
        watched=counted(health.watched, "feed"), trouble=listed(trouble[:3] + more) if trouble else ALL_WELL
    )


def clipped(text: str) -> str:
    """A stranger's word on one line, cut where it would crowd out the rest."""
    line = " ".join(text.split())
    return line if len(line) <= CLIPPED else f"{line[: CLIPPED - 1].rstrip()}…"


def day(when: DateRange | None) -> str:
    """`14 May 2026`, `May 2026`, or a longer range in its short form."""
    if when is None:
        return "an unknown date"
    if when.first == when.last:
        return f"{when.first.day} {when.first:%B %Y}"
    return f"{when.first:%B %Y}" if len(str(when)) == len("2026-05") and "Q" not in str(when) else str(when)


def days(first: date, last: date) -> str:
    """`11–17 May 2026`, `27 April–3 May 2026`, `29 December 2025–4 January 2026`."""
    end = f"{last.day} {last:%B %Y}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%B %Y}–{end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%B}–{end}"


def _source(sighting: Sighting) -> Line:
    url = sighting.evidence[0].url if sighting.evidence else ""
    host = (urlsplit(url).hostname or "") if url else ""
    return ("(", Link(clipped(host.removeprefix("www.")), url), ")") if host else ("(no source)",)


def _says_who(move: Move, names: bool) -> str:
    people = move.by.decision.confirmed_by
    if people == (ATLAS,):
        confidence = move.by.sighting.confidence
        return f", from the atlas, {confidence} confidence" if confidence else ", from the atlas"
    return f", confirmed by {_people(people, names)}"


def _set_right(people: tuple[Person, ...], names: bool) -> str:
    return f", rejected by {_people(people, names)}" if people else ""


def _people(people: tuple[Person, ...], names: bool) -> str:
    if not names:
        return "1 person" if len(people) == 1 else f"{len(people)} people"
    shown = [clipped(person.name or person.id) for person in people]
    return listed(shown) if len(shown) <= 2 else f"{shown[0]} and {len(shown) - 1} others"


def _order(move: Move) -> str:
    if move.gap is None:
        return FIRST
    return INVERSION.format(upstream=move.gap.upstream.stage) if move.gap.is_inversion else ""


def _stood(before: Gap | None) -> str:
    if before is None or before.kind is not GapKind.OPEN:
        return NOT_BEFORE
    return STILL_OPEN.format(months=months(before.least))


def _length(gap: Gap) -> str:
    if gap.most is None or gap.least == gap.most:
        return months(gap.least)
    return f"{months(max(gap.least, 0))} to {months(gap.most)}"


def _compared(news: GapNews) -> str:
    if news.usual is None or news.is_longer is None:
        return _usual(news)
    return (LONGER if news.is_longer else SHORTER).format(usual=f"{_number(news.usual)} months", n=news.n)


def _usual(news: GapNews) -> str:
    return USUAL.format(usual=f"{_number(news.usual)} months", n=news.n) if news.usual is not None else ""


def _said(said: Statement) -> str:
    return f"{clipped(said.model) or 'a model'} since {day(said.when)}"


def _would(one: Waiting) -> str:
    effect = one.effect
    if effect.inverts:
        return ", would be an inversion"
    if effect.closes:
        return f", would close a gap of {months(max(effect.closes.least, 0))}"
    if effect.first:
        return ", would be the first there"
    return f", would be {months(effect.earlier_by)} earlier" if effect.earlier_by else ""


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
