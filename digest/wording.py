"""A Digest as a Message: a lead, and a body that takes a minute. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from cascade.message import Bullets, Chart, Heading, Line, Message, Note, Paragraph, Part, Picture, text_of
from cascade.phrases import counted
from cascade.taxonomy import Cell, Taxonomy
from digest.facts import facts_of
from digest.findings import Digest, LagNews, Turn, Waiting
from digest.forecast_lines import forecast_lines, is_later
from digest.lines import (
    erratum_line,
    gap_line,
    health_line,
    lag_line,
    move_lines,
    waiting_line,
)
from digest.phrases import ALL, FEW, days
from digest.pictures.alt import board_in_words

MOVES, GAPS, LAGS, FORECASTS = "Frontier moves", "Gaps", "Lags", "Forecasts"
ERRATA, WAITING = "Corrections", "Waits for review"
SCORE = "Forecasts (80 % ranges held {held} of {scored} so far)"
QUIET = "a quiet week, nothing moved on the frontier"
QUIET_WEEKS = "nothing moved on the frontier"
CAUGHT_UP = "{weeks} weeks in one ({first} to {last}), {days}"
REACHES, IS_LATE, AND_MORE = "{capability} reaches {stage}", "{capability} is overdue in {stage}", ", and {more}"
EXPECTED_LATER = "{capability} is expected later in {stage}"
EXPECTED_SOONER = "{capability} is expected sooner in {stage}"
MORE, IN_THREAD, BELOW = "{more} more {where}", "in the thread", "below"
DECIDED, AWAIT = "{claims} decided by people", "{claims} waiting for review"
NONE_FIRST = ", none of them a first"  # in a quiet week: what works there already was confirmed once more, or rejected
THE_REST = "The rest of {days}"
NO_MATCH = (
    "This digest's filter matches nothing on the board any more. "
    "Change it with /cascade subscribe; until then there is nothing to tell."
)
ONLY = "Only {names}"

_INSTANT = timedelta(microseconds=1)  # a period ends before its end
WORDS = 250  # a minute's reading
_LINES_A_MESSAGE = 20


@dataclass(frozen=True)
class Section:
    """A title, every line that belongs under it, and how many of them fit into a minute."""

    title: str
    lines: tuple[Line, ...]
    most: int


def say(digest: Digest, *, names: bool = True, rest: str = IN_THREAD) -> Message:
    """The digest in at most 250 words, alt text apart; a quiet one in one to three lines.

    With `names` people are named, else counted. What had to be left out is in `details`, which
    stand where `rest` says.
    """
    if digest.matches_nothing:
        return Message(headline=_when(digest), parts=(Paragraph((NO_MATCH,)),), facts=facts_of(digest))
    shown = _shown(digest, names)
    parts = (*_parts(shown), *_left_out(digest, shown, names, rest), *_picture(digest), *_small_print(digest))
    return Message(headline=_headline(digest), parts=parts, facts=facts_of(digest))


def details(digest: Digest, *, names: bool = True) -> tuple[Message, ...]:
    """What the digest itself had to leave out or to shorten; nothing when there is none."""
    whole, shown = sections(digest, names=names), _shown(digest, names)
    if digest.matches_nothing or _count(shown) == _count(whole):
        return ()
    told = {line for section in shown for line in section.lines}
    flat = [
        (short.title, line)
        for short, long in zip(whole, sections(digest, names=names, most=ALL), strict=True)
        for cut, line in zip(short.lines, long.lines, strict=True)
        if cut not in told or cut != line
    ]
    pages = [flat[start : start + _LINES_A_MESSAGE] for start in range(0, len(flat), _LINES_A_MESSAGE)]
    return tuple(_page(digest, page) for page in pages)


def together(messages: Sequence[Message]) -> Message:
    """A digest and, below it, its details: for places that have no thread."""
    digest, *more = messages
    below = [part for one in more for part in (Heading(one.headline), *one.parts)]
    return replace(digest, parts=(*digest.parts, *below))


def sections(digest: Digest, *, names: bool = True, most: int = FEW) -> tuple[Section, ...]:
    """Every section that has something to tell, in the order of telling."""
    taxonomy = digest.taxonomy
    every = (
        Section(MOVES, tuple(move_lines(taxonomy, digest.moves, names=names, most=most)), 5),
        Section(GAPS, tuple(gap_line(taxonomy, one, most=most) for one in digest.gaps), 5),
        Section(LAGS, tuple(lag_line(taxonomy, one) for one in _other_lags(digest)), 2),
        Section(_scored(digest), tuple(forecast_lines(taxonomy, digest.forecasts, most=most)), 3),
        Section(ERRATA, tuple(erratum_line(taxonomy, one, names=names) for one in digest.errata), 3),
        Section(WAITING, tuple(waiting_line(taxonomy, one) for one in _awaited(digest)), 0 if digest.is_quiet else 2),
    )
    return tuple(section for section in every if section.lines)


def led(taxonomy: Taxonomy, text: str, cells: Sequence[Cell], noun: str) -> str:
    """A lead that names the first cell and counts the others: `negation reaches open image models, and 1 more move`."""
    first = cells[0]
    told = text.format(capability=taxonomy.capability(first.capability).name, stage=taxonomy.stage(first.stage).name)
    return told + (AND_MORE.format(more=counted(len(cells) - 1, f"more {noun}")) if len(cells) > 1 else "")


def fitted(whole: Sequence[Section], words: int) -> tuple[Section, ...]:
    """The sections cut to their most lines and, turn by turn, to the words there are."""
    taken: dict[str, list[Line]] = {section.title: [] for section in whole}
    for turn in range(max((section.most for section in whole), default=0)):
        for section in whole:
            if turn < min(section.most, len(section.lines)):
                needed = len(text_of(section.lines[turn]).split())
                if needed <= words and len(taken[section.title]) == turn:
                    taken[section.title].append(section.lines[turn])
                    words -= needed
    return tuple(Section(one.title, tuple(taken[one.title]), one.most) for one in whole if taken[one.title])


def _awaited(digest: Digest) -> list[Waiting]:
    """What waits and would change the board; more of what it says already is only counted."""
    return [one for one in digest.waiting if one.effect.changes]


def _other_lags(digest: Digest) -> list[LagNews]:
    """The lags that changed otherwise than by a gap that closed, which is told already."""
    told = {(news.upstream, news.stage) for news in digest.gaps if news.turn is Turn.CLOSED}
    return [news for news in digest.lags if (news.upstream, news.stage) not in told]


def _shown(digest: Digest, names: bool) -> tuple[Section, ...]:
    """What a minute has room for, beside the headline, the titles and the small print."""
    whole = sections(digest, names=names)
    around = [_headline(digest), MORE.format(more=1, where=IN_THREAD), *(section.title for section in whole)]
    around += [text_of(part.line) for part in _small_print(digest)]
    return fitted(whole, WORDS - sum(len(text.split()) for text in around))


def _headline(digest: Digest) -> str:
    return f"{_when(digest)}: {_news(digest)}"


def _when(digest: Digest) -> str:
    told = days(*digest.days)
    if len(digest.weeks) < 2:
        return told
    return CAUGHT_UP.format(weeks=len(digest.weeks), first=digest.weeks[0], last=digest.weeks[-1], days=told)


def _news(digest: Digest) -> str:
    if digest.is_quiet:
        return QUIET if len(digest.weeks) < 2 else QUIET_WEEKS
    late = [gap.cell for news in digest.gaps if news.turn is Turn.OVERDUE for gap in news.gaps]
    if digest.moves:
        return led(digest.taxonomy, REACHES, [move.cell for move in digest.moves], "move")
    if late:
        return led(digest.taxonomy, IS_LATE, late, "gap")
    counts = _counts(digest)
    shifted = digest.forecasts[0] if len(counts) == 1 and digest.forecasts else None
    if shifted and shifted.now:
        text = EXPECTED_LATER if is_later(shifted) else EXPECTED_SOONER
        return led(digest.taxonomy, text, [news.forecast.cell for news in digest.forecasts], "forecast")
    return " and ".join(counts[:2])


def _counts(digest: Digest) -> list[str]:
    turns = [news.turn for news in digest.gaps for _ in news.gaps]
    counts = [(turns.count(turn), f"gap {turn}", f"gaps {turn}") for turn in Turn]
    counts += [
        (len(digest.errata), "correction", "corrections"),
        (len(digest.lags), "lag changed", "lags changed"),
        (len(digest.forecasts), "forecast moved", "forecasts moved"),
    ]
    return [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]


def _scored(digest: Digest) -> str:
    return SCORE.format(held=digest.held, scored=digest.scored) if digest.scored else FORECASTS


def _parts(shown: Sequence[Section]) -> Iterator[Part]:
    for section in shown:
        yield Heading(section.title)
        yield Bullets(section.lines)


def _left_out(digest: Digest, shown: Sequence[Section], names: bool, rest: str) -> Iterator[Part]:
    more = 0 if digest.is_quiet else _count(sections(digest, names=names)) - _count(shown)
    if more:
        yield Note((MORE.format(more=more, where=rest),))


def _picture(digest: Digest) -> Iterator[Part]:
    """The board as of the end; a quiet week needs none."""
    if digest.board and not digest.is_quiet:
        yield Picture(Chart.BOARD, (), board_in_words(digest.board, digest.expected), digest.period.end - _INSTANT)


def _small_print(digest: Digest) -> Iterator[Note]:
    decided = DECIDED + (NONE_FIRST if digest.is_quiet else "")
    counted_up = [(decided, digest.decided), (AWAIT, len(digest.waiting))]
    told = [text.format(claims=counted(count, "sighting")) for text, count in counted_up if count]
    told += [health_line(digest.health)] if digest.health else []
    if told:
        yield Note(("; ".join(told) + ".",))
    if chosen := list(_chosen(digest)):
        yield Note((ONLY.format(names=", ".join(chosen[:6]) + (" …" if len(chosen) > 6 else "")),))


def _chosen(digest: Digest) -> Iterator[str]:
    """What the filter names and the taxonomy knows."""
    yield from (one.name for one in digest.taxonomy.capabilities if one.id in digest.only.capabilities)
    yield from (one.name for one in digest.taxonomy.stages if one.id in digest.only.stages)


def _page(digest: Digest, lines: Sequence[tuple[str, Line]]) -> Message:
    titles = dict.fromkeys(title for title, _ in lines)
    parts = _parts([Section(title, tuple(line for of, line in lines if of == title), 0) for title in titles])
    return Message(headline=THE_REST.format(days=days(*digest.days)), parts=tuple(parts))


def _count(shown: Sequence[Section]) -> int:
    return sum(len(section.lines) for section in shown)
