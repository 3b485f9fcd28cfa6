"""One line for each finding. Pure; texts that people read are constants at the top."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from cascade.board import State
from cascade.dates import DateRange
from cascade.delivery import Statement
from cascade.gaps import DAYS_A_MONTH, Gap
from cascade.message import Line, Link, Strong
from cascade.phrases import cell_name, counted, listed
from cascade.sighting import ATLAS, Person
from cascade.taxonomy import Taxonomy
from digest.changes import depth
from digest.findings import Erratum, Fate, FeedHealth, ForecastNews, GapNews, LagNews, Move, Turn, Usual, Waiting

A_MODEL = "a model"
INVERSION = "; before {upstream} has it: an inversion"
FROM_ATLAS, CONFIRMED = "from the atlas", "confirmed by {people}"
CLOSED, OPENED, OVERDUE = "closed", "opened", "overdue"
UNSEEN = "; nobody looked there yet"
USUALLY = "; usually {usual} (n={n})"
USUAL = "; usual {span}, {direction} (n={n})"
FIRST_CLOSED = "; the first to close there"
LAG = "{stage} behind {upstream}: {span}, {direction} (n={n})"
FIRST_LAG = "{stage} behind {upstream}: {after}, the first that closed"
AFTER, AHEAD = "{named} after {length}", "{named} that was {length} ahead"
TREND = "; trend: {trend}"
EARLY, LATE = "Missed, earlier than told", "Missed, later than told"
HELD, MOVED = "Came true", "Moved"
CAME = "{fate}: {cell}, {emerged}; told {made}: {low} to {high}"
SHIFTED = "{fate}: {cell}, median {before} → {after}{because}"
BECAUSE = ", after {cells}"
LATER = "later than 24 months"
TAKEN_BACK = "Taken back: {cell} ({said}){by}"
CORRECTED = "Corrected: {cell}: {now}, not {said}"
REJECTED_BY = ", rejected by {people}"
WOULD_INVERT, WOULD_BE_FIRST = ", would be an inversion", ", would be the first there"
WOULD_CLOSE, WOULD_BE_EARLIER = ", would close a gap of {months}", ", would be {months} earlier"
ALL_WELL, FEEDS, FAILING, SILENT = "all well", "{watched} watched, {trouble}", "{name} failing", "{name} silent"

CLIPPED = 40  # characters of a stranger's word that a line has room for
FEW = 4  # capabilities, people or feeds that a line names before it counts
ALL = 1_000


def move_lines(taxonomy: Taxonomy, moves: Iterable[Move], *, names: bool = True, most: int = FEW) -> Iterator[Line]:
    """What one release moved in one stage, in a line: its capabilities, since when, where it says so, who agreed."""
    for _, alike in groupby(sorted(moves, key=lambda move: _release(move, taxonomy)), key=_release_key):
        yield _moved(taxonomy, list(alike), names, most)


def gap_line(taxonomy: Taxonomy, news: GapNews, *, most: int = FEW) -> Line:
    """`image/closed → image/open: closed for negation after 5.4 months; usual 4.0 → 4.2 months, grew (n=9)`."""
    return (Strong(f"{news.upstream} → {news.stage}"), f": {_turned(taxonomy, news, most)}{_beside(news)}")


def lag_line(news: LagNews) -> Line:
    """`image/open behind image/closed: 3.1 → 5.2 months, grew (n=9)`; below zero it is ahead."""
    if news.before is None:
        return (FIRST_LAG.format(stage=news.stage, upstream=news.upstream, after=months(news.after)),)
    told = LAG.format(
        stage=news.stage,
        upstream=news.upstream,
        span=span(news.before, news.after),
        direction=_direction(news.before, news.after),
        n=news.n,
    )
    return (told + (TREND.format(trend=news.trend) if news.trend else ""),)


def forecast_line(taxonomy: Taxonomy, news: ForecastNews) -> Line:
    """What was told, and what came of it: a miss, a hit, or a median that moved and why."""
    cell = cell_name(taxonomy, news.forecast.cell)
    fate = {Fate.EARLY: EARLY, Fate.LATE: LATE, Fate.HELD: HELD, Fate.MOVED: MOVED}[news.fate]
    if news.now is not None:
        because = (
            BECAUSE.format(cells=some([cell_name(taxonomy, one) for one in news.because], 1)) if news.because else ""
        )
        before, after = _month(news.forecast.median), _month(news.now.median)
        return (SHIFTED.format(fate=fate, cell=cell, before=before, after=after, because=because),)
    low, high = map(_month, news.forecast.range(80))
    emerged, made = day(news.emerged), _month(news.forecast.made)
    return (CAME.format(fate=fate, cell=cell, emerged=emerged, made=made, low=low, high=high),)


def erratum_line(taxonomy: Taxonomy, erratum: Erratum, *, names: bool = True) -> Line:
    """What was said, what holds now, and who took it back."""
    cell, said, by = cell_name(taxonomy, erratum.cell), _said(erratum.said), erratum.now.by
    if by is None or erratum.now.state is not State.WORKS:
        who = REJECTED_BY.format(people=_people(erratum.by, names)) if erratum.by else ""
        return (TAKEN_BACK.format(cell=cell, said=said, by=who),)
    now = _said(Statement(works=True, model=by.sighting.model, when=erratum.now.when))
    return (CORRECTED.format(cell=cell, now=now, said=said),)


def waiting_line(taxonomy: Taxonomy, one: Waiting) -> Line:
    """A candidate, its id, and what its confirmation would do."""
    sighting = one.judged.sighting
    named = f"{cell_name(taxonomy, sighting.cell)}: {clipped(sighting.model) or A_MODEL}"
    return (named, f" ({sighting.id}){_would(one)}")


def health_line(health: FeedHealth) -> str:
    """`19 feeds watched, all well`, or which of them are in trouble."""
    trouble = [FAILING.format(name=clipped(name)) for name in health.failing]
    trouble += [SILENT.format(name=clipped(name)) for name in health.quiet]
    return FEEDS.format(watched=counted(health.watched, "feed"), trouble=some(trouble) or ALL_WELL)


def clipped(text: str) -> str:
    """A stranger's word on one line, cut where it would crowd out the rest."""
    line = " ".join(text.split())
    return line if len(line) <= CLIPPED else f"{line[: CLIPPED - 1].rstrip()}…"


def some(names: Sequence[str], most: int = FEW) -> str:
    """The first few names, and how many more there are; "" for none."""
    more = len(names) - most
    return listed([*names[:most], f"{more} more"] if more > 0 else names) if names else ""


def months(value: float) -> str:
    """`5.2 months`, or days where months would say nothing; always the same unit, so that two can be compared."""
    if abs(value) < 1:
        return counted(round(value * DAYS_A_MONTH), "day").replace("-", "−")
    return f"{value:.1f} months".replace("-", "−")


def span(before: float, after: float) -> str:
    """`4.0 → 4.2 months`."""
    return f"{before:.1f} → {after:.1f} months".replace("-", "−")


def day(when: DateRange | None) -> str:
    """`14 May 2026`, `May 2026`, or a longer range in its short form."""
    if when is None:
        return "an unknown date"
    if when.first == when.last:
        return day_of(when.first)
    return f"{when.first:%B %Y}" if when == DateRange.parse(f"{when.first:%Y-%m}") else str(when)


def day_of(day: date) -> str:
    """`14 May 2026`."""
    return f"{day.day} {day:%B %Y}"


def days(first: date, last: date) -> str:
    """`11–17 May 2026`, `27 April–3 May 2026`, `29 December 2025–4 January 2026`."""
    end = day_of(last)
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%B %Y}–{end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%B}–{end}"


def _release_key(move: Move) -> tuple[str, str, DateRange | None, tuple[Person, ...], str]:
    sighting = move.by.sighting
    return (move.cell.stage, sighting.model, sighting.happened, move.by.decision.confirmed_by, _order(move))


def _release(move: Move, taxonomy: Taxonomy) -> tuple[object, ...]:
    return (-depth(taxonomy, move.cell.stage), *map(str, _release_key(move)))


def _moved(taxonomy: Taxonomy, moves: Sequence[Move], names: bool, most: int) -> Line:
    first = moves[0]
    sighting = first.by.sighting
    capabilities = some([taxonomy.capability(move.cell.capability).name for move in moves], most)
    model = f"{clipped(sighting.model) or A_MODEL} since {day(sighting.happened)}"
    told = f" in {taxonomy.stage(first.cell.stage).name}: {model} "
    return (Strong(capabilities), told, *_sources(moves), f", {_says_who(moves, names)}{_order(first)}")


def _sources(moves: Sequence[Move]) -> Line:
    """Where it is said, by host, so that a link shows where it leads."""
    urls = [one.by.sighting.evidence[0].url for one in moves if one.by.sighting.evidence]
    hosts = {host: url for url in reversed(urls) if (host := urlsplit(url).hostname)}
    links = [Link(clipped(host.removeprefix("www.")), url) for host, url in reversed(hosts.items())][:FEW]
    spans = [span for link in links for span in (", ", link)][1:]
    return ("(", *spans, ")") if links else ("(no source)",)


def _says_who(moves: Sequence[Move], names: bool) -> str:
    people = moves[0].by.decision.confirmed_by
    if people != (ATLAS,):
        return CONFIRMED.format(people=_people(people, names))
    sure = dict.fromkeys(move.by.sighting.confidence for move in moves if move.by.sighting.confidence)
    return f"{FROM_ATLAS}, {' or '.join(sure)} confidence" if sure else FROM_ATLAS


def _people(people: Sequence[Person], names: bool) -> str:
    if not names:
        return "1 person" if len(people) == 1 else f"{len(people)} people"
    return some([clipped(person.name or person.id) for person in people])


def _order(move: Move) -> str:
    return INVERSION.format(upstream=move.gap.upstream.stage) if move.gap and move.gap.is_inversion else ""


def _turned(taxonomy: Taxonomy, news: GapNews, most: int) -> str:
    def named(gaps: Iterable[Gap]) -> str:
        return some([taxonomy.capability(gap.cell.capability).name for gap in gaps], most)

    if news.turn is not Turn.CLOSED:
        return f"{OPENED if news.turn is Turn.OPENED else OVERDUE} for {named(news.gaps)}"
    alike = groupby(news.gaps, key=lambda gap: (gap.months < 0, months(abs(gap.months))))
    told = [(AHEAD if ahead else AFTER).format(named=named(gaps), length=length) for (ahead, length), gaps in alike]
    return f"{CLOSED} for {some(told, most)}"


def _beside(news: GapNews) -> str:
    """What is usual between the two stages, before → after where it changed."""
    before, after = news.before, news.after
    if after is None:
        return UNSEEN if all(gap.unknown for gap in news.gaps) else ""
    if before is None:
        return FIRST_CLOSED
    if news.turn is not Turn.CLOSED:
        unseen = UNSEEN if all(gap.unknown for gap in news.gaps) else ""
        usual = months(abs(after.months)) + (" ahead" if after.months < 0 else "")
        return USUALLY.format(usual=usual, n=after.n) + unseen
    return _changed(before, after)


def _changed(before: Usual, after: Usual) -> str:
    direction = _direction(before.months, after.months)
    return USUAL.format(span=span(before.months, after.months), direction=direction, n=after.n)


def _direction(before: float, after: float) -> str:
    if abs(after - before) * DAYS_A_MONTH < 1:
        return "unchanged"
    return "grew" if after > before else "shrank"


def _month(day: date | None) -> str:
    return f"{day:%B %Y}" if day else LATER


def _said(said: Statement) -> str:
    return f"{clipped(said.model) or A_MODEL} since {day(said.when)}"


def _would(one: Waiting) -> str:
    effect = one.effect
    if effect.inverts:
        return WOULD_INVERT
    if effect.closes:
        return WOULD_CLOSE.format(months=months(effect.closes.months))
    if effect.first:
        return WOULD_BE_FIRST
    return WOULD_BE_EARLIER.format(months=months(effect.earlier_by / DAYS_A_MONTH)) if effect.earlier_by else ""
