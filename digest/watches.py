"""A person's own watch: a direct message when something they watch moves, at most one a day."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from cascade.apart import apart
from cascade.delivery import Slot
from cascade.message import Bullets, Message, Note, Offer
from cascade.ports import Place, Store
from cascade.sighting import Person
from cascade.subscription import Watch
from cascade.week import Period
from digest.edit import Desk
from digest.findings import Digest, Erratum, Move
from digest.lines import erratum_line, move_lines
from digest.wording import REACHES, led

CORRECTED = "{capability} in {stage} is set right"
WHY = "You get this because of your watches; at most one message a day."
LIST = Offer("My watches", "ask:watches")
A_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One person's direct message that is due."""

    slot: Slot
    message: Message
    watches: tuple[Watch, ...]


def alert(desk: Desk, watches: Sequence[Watch], last: Slot | None, now: datetime) -> Alert | None:
    """What one person's watches have to tell; None when nothing moved since, or the last was less than a day ago."""
    if is_too_soon(last, now):
        return None
    starts = [max(watch.since, last.period.end) if last else watch.since for watch in watches]
    told = [
        desk.digest(watch.team, Period(start, now), only=watch.about)
        for watch, start in zip(watches, starts, strict=True)
    ]
    message = say_alert(told)
    if message is None:
        return None
    name = now.date().isoformat()
    place, owner = place_of(watches[0].person), watcher_id(watches[0])
    slot = Slot(owner=owner, name=name, place=place, period=Period(min(starts), now), covers=(name,))
    return Alert(slot=slot, message=message, watches=tuple(watches))


def is_too_soon(last: Slot | None, now: datetime) -> bool:
    """Whether the last direct message was less than a day ago."""
    return last is not None and (now < last.period.end + A_DAY or now.date().isoformat() <= last.name)


def say_alert(told: Sequence[Digest]) -> Message | None:
    """The moves and take-backs of several watches, each once; None when there is none."""
    moves: Mapping[object, Move] = {move.cell: move for digest in told for move in digest.moves}
    errata: Mapping[object, Erratum] = {erratum.cell: erratum for digest in told for erratum in digest.errata}
    if not moves and not errata:
        return None
    taxonomy = told[0].taxonomy
    lines = (
        *move_lines(taxonomy, moves.values()),
        *(erratum_line(taxonomy, erratum) for erratum in errata.values()),
    )
    moved, wrong = [move.cell for move in moves.values()], [erratum.cell for erratum in errata.values()]
    headline = led(taxonomy, REACHES, moved, "move") if moved else led(taxonomy, CORRECTED, wrong, "correction")
    return Message(headline=headline, parts=(Bullets(lines), Note((WHY,))), offers=(LIST,))


def claim_alerts(desk: Desk, now: datetime) -> int:
    """Claim every direct message that is due; how many. What moved nothing is looked at from now on next time."""
    last, claimed = desk.store.last_slots(), 0
    with apart() as step:
        for mine in _by_person(desk.store):
            with step():
                claimed += _claim(desk, mine, last.get(watcher_id(mine[0])), now)
    return claimed


def _claim(desk: Desk, mine: Sequence[Watch], before: Slot | None, now: datetime) -> bool:
    due = alert(desk, mine, before, now)
    is_mine = due is not None and desk.store.claim(due.slot, (due.message,), {}, {}, now)
    if due or not is_too_soon(before, now):
        desk.store.watches_seen(mine, now)
    return is_mine


def watcher_id(watch: Watch) -> str:
    """The owner of a person's direct messages, eight characters as a subscription's id."""
    return hashlib.sha256(f"{watch.team}\n{watch.person.key}".encode()).hexdigest()[:8]


def place_of(person: Person) -> Place:
    """Where a direct message to this person goes."""
    return Place(person.platform, f"@{person.id}")


def _by_person(store: Store) -> list[list[Watch]]:
    def key(watch: Watch) -> str:
        return f"{watch.team} {watch.person.key}"

    return [list(mine) for _, mine in groupby(sorted(store.watches(), key=key), key=key)]
