"""What to do with a part next, and what follows from an answer. Pure; drawn in cascade/delivery.py."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from cascade.delivery import Part, Progress
from cascade.errors import ChatError

# A platform has this long to answer. It may show a message a little after it took it, and another
# process may be the one that waits for the answer: looking sooner could miss a message.
ANSWERS_WITHIN = timedelta(seconds=45)
SETTLES = timedelta(minutes=2)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
_WAIT_FOR_A_PERSON = timedelta(hours=6)  # a channel that is gone, or a right that is missing, may come back
_TOO_OLD = timedelta(days=30)
UNCLEAR_FOR = timedelta(minutes=15)  # then a person is told

NOT_POSTED = "the last digest could not be posted: {error}"


class Step(StrEnum):
    """What to do with a part now."""

    SEND = "send"
    LOOK = "look"  # it may be there already
    WAIT = "wait"
    DONE = "done"


def next_step(part: Part, now: datetime) -> Step:
    """What to do with this part now."""
    if part.progress in (Progress.SENT, Progress.DROPPED):
        return Step.DONE
    if part.next_at is not None and now < part.next_at:
        return Step.WAIT
    if part.progress is Progress.WAITING:
        return Step.SEND
    return Step.LOOK if part.tried_at is None or now >= part.tried_at + SETTLES else Step.WAIT


def trying(part: Part, now: datetime) -> Part:
    """It is about to be handed to the platform: from here on, no answer means unclear."""
    return replace(part, progress=Progress.TRYING, tried_at=now, tries=part.tries + 1, next_at=None, trouble="")


def sent(part: Part, ref: str) -> Part:
    """It stands there."""
    return replace(part, progress=Progress.SENT, ref=ref, next_at=None, trouble="")


def waiting(part: Part) -> Part:
    """It was looked for and is not there: it may be sent."""
    return replace(part, progress=Progress.WAITING, next_at=None)


def dropped(part: Part, why: str) -> Part:
    """It never will be sent."""
    return replace(part, progress=Progress.DROPPED, next_at=None, trouble=why)


def refused(part: Part, error: ChatError, now: datetime) -> Part:
    """The platform did not take it now, or nobody knows. What a person can mend is tried again for a month."""
    if error.unclear:
        return replace(part, trouble=str(error))
    if error.permanent and now - part.slot.period.end > _TOO_OLD:
        return dropped(part, str(error))
    wait = _WAIT_FOR_A_PERSON if error.permanent else _wait(part)
    return replace(part, progress=Progress.WAITING, next_at=now + wait, trouble=str(error))


def trouble_of(part: Part) -> str | None:
    """What its subscription should say is wrong; None when that stays as it is."""
    if part.number or not (part.progress is Progress.SENT or part.trouble):
        return None
    return NOT_POSTED.format(error=part.trouble) if part.trouble else ""


def not_found_out(part: Part, error: ChatError, now: datetime) -> Part:
    """Looking failed: it stays unclear, and is looked for again later."""
    return replace(part, tries=part.tries + 1, next_at=now + _wait(part), trouble=str(error))


def unclear(parts: Sequence[Part], now: datetime) -> list[Part]:
    """The parts of which nobody knows whether they were sent, for long enough to tell a person."""
    return [
        part
        for part in parts
        if part.progress is Progress.TRYING and part.tried_at is not None and now >= part.tried_at + UNCLEAR_FOR
    ]


def _wait(part: Part) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(part.tries, 10)), _LONGEST_WAIT)
