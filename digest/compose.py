"""Two boards in, a Digest out. Pure: the same facts and period give the same digest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cascade.board import Board, Facts, Judged, fold, judge
from cascade.delivery import Statement
from cascade.effect import effect
from cascade.feed import Health, Visit
from cascade.sighting import ATLAS, Correction, Status, Vote
from cascade.subscription import EVERYTHING, Filter
from cascade.taxonomy import Cell, Taxonomy
from cascade.week import UTC_ZONE, Period
from digest.changes import counted_in, errata, gap_news, lag_news, moves
from digest.findings import NOTHING_FORESEEN, Cause, Digest, FeedHealth, Outlook, Stretch, Waiting
from digest.outcomes import forecast_news, newly_overdue, tested

_INSTANT = timedelta(microseconds=1)  # a period ends before its end


def look_back(taxonomy: Taxonomy, facts: Facts, period: Period) -> Stretch:
    """The boards at both ends of the period, each as it was known then."""
    judged = judge(facts, period.end)
    return Stretch(
        period=period,
        before=_board(taxonomy, _earlier(facts, judged, period), period.start),
        after=_board(taxonomy, judged, period.end),
        judged=tuple(judged),
    )


def compose(
    stretch: Stretch,
    *,
    zone: ZoneInfo = UTC_ZONE,
    weeks: tuple[str, ...] = (),
    only: Filter = EVERYTHING,
    told: Mapping[Cell, Statement] | None = None,
    health: FeedHealth | None = None,
    outlook: Outlook = NOTHING_FORESEEN,
) -> Digest:
    """What is worth telling of the cells that `only` lets through.

    `told` is what earlier digests last said of a cell; where they said nothing, the board at the
    start stands for it. `weeks` names the weeks that are covered when there is more than one.
    """
    cells = list(only.cells(stretch.after.taxonomy))
    moved = moves(stretch, cells)
    wrong = errata(stretch, cells, told or {})
    causes = {
        Cause.CAME: [move.cell for move in moved],
        Cause.FAILS: tested(stretch),
        Cause.CORRECTED: [one.cell for one in wrong],
    }
    return Digest(
        period=stretch.period,
        days=_days(stretch.period, zone),
        weeks=weeks,
        taxonomy=stretch.after.taxonomy,
        board=stretch.after,
        expected=outlook.after,
        only=only,
        moves=tuple(moved),
        gaps=tuple(
            gap_news(stretch, cells, newly_overdue(outlook, stretch.after, cells), outlook.after, outlook.trends)
        ),
        lags=tuple(lag_news(stretch, cells, outlook.trends)),
        forecasts=tuple(forecast_news(outlook, causes, moved, cells)),
        held=outlook.held,
        scored=outlook.scored,
        errata=tuple(wrong),
        waiting=tuple(waiting(stretch.after, counted_in(stretch.judged, cells))),
        decided=sum(_was_decided(one, stretch.period) for one in counted_in(stretch.judged, cells)),
        health=health,
    )


def waiting(board: Board, judged: Iterable[Judged]) -> list[Waiting]:
    """The candidates, ordered by how much their confirmation would change the board."""
    found = [
        Waiting(judged=one, effect=effect(board, one.sighting))
        for one in judged
        if one.decision.status is Status.CANDIDATE
    ]
    return sorted(found, key=lambda one: (-one.effect.weight, -(one.judged.sighting.probability or 1.0)))


def health_of(visits: Sequence[Visit]) -> FeedHealth | None:
    """How the watched feeds fare; None when none is watched."""
    watched = [visit for visit in visits if not visit.feed.paused]

    def named(*wanted: Health) -> tuple[str, ...]:
        return tuple(visit.feed.title or visit.feed.url for visit in watched if visit.health in wanted)

    failing, quiet = named(Health.FAILING, Health.GONE), named(Health.QUIET)
    return FeedHealth(watched=len(watched), failing=failing, quiet=quiet) if watched else None


def _earlier(facts: Facts, judged: Sequence[Judged], period: Period) -> Iterator[Judged]:
    """As known at the start: only what was voted on, set right, joined or ran out since then is judged once more."""
    living = facts.living(period.end)
    words: Sequence[Vote | Correction] = (*facts.votes, *facts.corrections)
    touched = {living.get(one.sighting, one.sighting) for one in words if period.start < one.at <= period.end}
    touched |= {whole.into for whole in facts.joined.values() if period.start < whole.at <= period.end}
    touched |= {one.sighting.id for one in judged if _ran_out(one, period.start)}
    again = replace(
        facts,
        sightings=tuple(one for one in facts.sightings if living.get(one.id, one.id) in touched),
        votes=tuple(vote for vote in facts.votes if living.get(vote.sighting, vote.sighting) in touched),
    )
    yield from judge(again, period.start)
    yield from (one for one in judged if one.sighting.id not in touched and one.sighting.seen_at <= period.start)


def _ran_out(one: Judged, start: datetime) -> bool:
    since = one.decision.since
    return one.decision.status is Status.EXPIRED and since is not None and since >= start


def _board(taxonomy: Taxonomy, judged: Iterable[Judged], moment: datetime) -> Board:
    return fold(taxonomy, judged, (moment - _INSTANT).date(), moment)


def _days(period: Period, zone: ZoneInfo) -> tuple[date, date]:
    return period.start.astimezone(zone).date(), (period.end - _INSTANT).astimezone(zone).date()


def _was_decided(one: Judged, period: Period) -> bool:
    decision = one.decision
    people = {*decision.confirmed_by, *decision.rejected_by} - {ATLAS}
    in_period = decision.since is not None and decision.since in period
    return in_period and bool(people) and decision.status in (Status.CONFIRMED, Status.REJECTED)
