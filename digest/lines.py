"""One line for each finding but the forecasts'. Pure; texts that people read are constants at the top."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from cascade.board import State
from cascade.dates import DateRange
from cascade.delivery import Statement
from cascade.gaps import DAYS_A_MONTH, Gap
from cascade.message import Line, Link, Strong
from cascade.phrases import cell_name, counted
from cascade.sighting import ATLAS, Person, Verdict
from cascade.taxonomy import Taxonomy
from cascade.trend import Direction
from digest.changes import depth
from digest.findings import Erratum, FeedHealth, GapNews, LagNews, Move, Turn, Usual, Waiting
from digest.phrases import FEW, NO_TIME, behind, behind_of, clipped, day, months, range_of, some, span

A_MODEL = "a model"
INVERSION = "; before {upstream}: an inversion"
FROM_ATLAS, CONFIRMED = "from the atlas", "confirmed by {people}"
CLOSED, OPENED, OVERDUE = "Closed", "Opened", "Overdue"
GOT_AFTER, HAD_BEFORE = "{stage} got {named} {length} after {upstream}", "{upstream} got {named} {length} after {stage}"
GOT_TOGETHER = "{stage} got {named} at the same time as {upstream}"
IS_NEXT = "{stage} may be next for {named}"
STILL_LACKS = "{stage} still without {named} {length} after {upstream}"
UNSEEN = "; nobody looked there yet"
USUALLY = "; usually {usual} (n={n})"
CHANGED = "; the usual gap is {direction} now: {span} (n={n})"
SAME = "; the usual gap stays {length} (n={n})"
FIRST_CLOSED = "; the first to close there"
COMING = "; 80 % likely {span}"
LAG = "{stage} now {after} {upstream}, before {before}: {direction} (n={n})"
LONGER, SHORTER, TURNED = "longer", "shorter", "the other way round"  # two medians compared: a trend is TREND's to tell
FIRST_LAG = "{stage} now {after} {upstream}, the first that closed"
TREND = {
    Direction.GROWING: "; over the years the gaps grow",
    Direction.SHRINKING: "; over the years the gaps shrink",
    Direction.CANNOT_TELL: "",
}
TAKEN_BACK = "Taken back: {cell} ({said}){by}"
CORRECTED = "Corrected: {cell}: {now}, not {said}"
REJECTED_BY = ", rejected by {people}"
WOULD_INVERT, WOULD_BE_FIRST = ", would be an inversion", ", would be the first there"
WOULD_CLOSE, WOULD_BE_EARLIER = ", would close a gap of {months}", ", would be {months} earlier"
WOULD_VOUCH = ", which only the atlas tells of so far"
FAILS = " still fails"
ALL_WELL, FEEDS, FAILING, SILENT = "all well", "{watched} watched, {trouble}", "{name} failing", "{name} silent"


def move_lines(taxonomy: Taxonomy, moves: Iterable[Move], *, names: bool = True, most: int = FEW) -> Iterator[Line]:
    """What one release moved in one stage, in a line: its capabilities, since when, where it says so, who agreed."""
    for _, alike in groupby(sorted(moves, key=lambda move: _release(move, taxonomy)), key=_release_key):
        yield _moved(taxonomy, list(alike), names, most)


def gap_line(taxonomy: Taxonomy, news: GapNews, *, most: int = FEW) -> Line:
    """`Closed: open image models got negation 5.4 months after closed image models; the usual gap is longer …`."""
    turn = {Turn.CLOSED: CLOSED, Turn.OPENED: OPENED, Turn.OVERDUE: OVERDUE}[news.turn]
    return (Strong(turn), f": {_turned(taxonomy, news, most)}{_beside(news)}{_coming(news)}")


def lag_line(taxonomy: Taxonomy, news: LagNews) -> Line:
    """`open image models now 5.2 months behind closed image models, before 3.1 months behind: longer (n=9)`."""
    stage, upstream = taxonomy.stage(news.stage).name, taxonomy.stage(news.upstream).name
    after = behind_of(news.after)
    if news.before is None:
        return (FIRST_LAG.format(stage=stage, upstream=upstream, after=after),)
    told = LAG.format(
        stage=stage,
        upstream=upstream,
        before=behind(news.before),
        after=after,
        direction=_direction(news.before, news.after),
        n=news.n,
    )
    return (told + (TREND[news.trend] if news.trend else ""),)


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
    fails = FAILS if sighting.verdict is Verdict.STILL_FAILS else ""
    return (named, f"{fails} ({sighting.id}){_would(one)}")


def health_line(health: FeedHealth) -> str:
    """`19 feeds watched, all well`, or which of them are in trouble."""
    trouble = [FAILING.format(name=clipped(name)) for name in health.failing]
    trouble += [SILENT.format(name=clipped(name)) for name in health.quiet]
    return FEEDS.format(watched=counted(health.watched, "feed"), trouble=some(trouble) or ALL_WELL)


def _release_key(move: Move) -> tuple[str, str, DateRange | None, tuple[Person, ...], str]:
    sighting = move.by.sighting
    return (move.cell.stage, sighting.model, sighting.happened, move.by.decision.confirmed_by, _upstream(move))


def _release(move: Move, taxonomy: Taxonomy) -> tuple[object, ...]:
    return (-depth(taxonomy, move.cell.stage), *map(str, _release_key(move)))


def _moved(taxonomy: Taxonomy, moves: Sequence[Move], names: bool, most: int) -> Line:
    first = moves[0]
    sighting = first.by.sighting
    capabilities = some([taxonomy.capability(move.cell.capability).name for move in moves], most)
    model = f"{clipped(sighting.model) or A_MODEL} since {day(sighting.happened)}"
    told = f" in {taxonomy.stage(first.cell.stage).name}: {model} "
    early = INVERSION.format(upstream=taxonomy.stage(upstream).name) if (upstream := _upstream(first)) else ""
    return (Strong(capabilities), told, *_sources(moves), f", {_says_who(moves, names)}{early}")


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


def _upstream(move: Move) -> str:
    """The stage that should have had it first; "" where the order was kept."""
    return move.gap.upstream.stage if move.gap and move.gap.is_inversion else ""


def _turned(taxonomy: Taxonomy, news: GapNews, most: int) -> str:
    stages = {"stage": taxonomy.stage(news.stage).name, "upstream": taxonomy.stage(news.upstream).name}

    def named(gaps: Iterable[Gap]) -> str:
        return some([taxonomy.capability(gap.cell.capability).name for gap in gaps], most)

    if news.turn is Turn.OPENED:
        return IS_NEXT.format(named=named(news.gaps), **stages)
    alike = groupby(news.gaps, key=lambda gap: (_distance(news.turn, gap), months(gap.months)))
    told = [text.format(named=named(gaps), length=length, **stages) for (text, length), gaps in alike]
    return some(told, most)


def _distance(turn: Turn, gap: Gap) -> str:
    if turn is Turn.OVERDUE:
        return STILL_LACKS
    if abs(gap.months) < NO_TIME:
        return GOT_TOGETHER
    return HAD_BEFORE if gap.months < 0 else GOT_AFTER


def _beside(news: GapNews) -> str:
    """What is usual between the two stages, before → after where it changed."""
    before, after = news.before, news.after
    unseen = UNSEEN if news.turn is not Turn.CLOSED and all(gap.unknown for gap in news.gaps) else ""
    if after is None:
        return unseen
    if news.turn is not Turn.CLOSED:
        return USUALLY.format(usual=behind(after.months), n=after.n) + unseen
    trend = TREND[news.trend] if news.trend else ""
    return (_changed(before, after) if before else FIRST_CLOSED) + trend


def _coming(news: GapNews) -> str:
    return COMING.format(span=range_of(news.coming)) if news.coming else ""


def _changed(before: Usual, after: Usual) -> str:
    if abs(after.months - before.months) * DAYS_A_MONTH < 1:
        return SAME.format(length=months(after.months) + (" ahead" if after.months < 0 else ""), n=after.n)
    direction = _direction(before.months, after.months)
    return CHANGED.format(span=span(before.months, after.months), direction=direction, n=after.n)


def _direction(before: float, after: float) -> str:
    """How two distances compare; two below zero are leads."""
    if (before < 0) != (after < 0):
        return TURNED
    return LONGER if abs(after) > abs(before) else SHORTER


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
    if effect.first_word:
        return WOULD_VOUCH
    return WOULD_BE_EARLIER.format(months=months(effect.earlier_by / DAYS_A_MONTH)) if effect.earlier_by else ""
