"""What is sent exactly once: a slot, its frozen parts, and how far each has come.

    waiting ──trying──► trying ──sent──► sent
       ▲                  │ │
       └─surely not sent──┘ └─for good──► dropped

A part that is found *trying* after a crash is unclear: the platform may have taken it. It is
looked for there before it is sent again, and what stays unclear is settled by a person.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from cascade.dates import DateRange
from cascade.message import Message
from cascade.week import Period

if TYPE_CHECKING:  # ports tells of stores, and stores keep deliveries
    from cascade.ports import Place


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One digest that is owed: the weeks it covers are taken by nobody else."""

    owner: str  # a subscription's id, or a watcher's
    name: str  # the local ISO week, `2026-W20`; for a watcher the day, `2026-05-17`
    place: "Place"
    period: Period
    covers: tuple[str, ...]  # this slot's name, after those that were missed and are caught up in it
    copy: int = 0  # counts the times that a person had it sent again

    def marker(self, number: int) -> str:
        """What part `number` carries unseen; at most 25 characters, which is what a Discord nonce may have."""
        return f"{self.owner}.{self.name}.{self.copy}.{number}"


class Progress(StrEnum):
    """How far a part has come."""

    WAITING = "waiting"  # surely not sent
    TRYING = "trying"  # handed to the platform; no answer is recorded
    SENT = "sent"
    DROPPED = "dropped"  # never will be: the place is gone, or a person said so


@dataclass(frozen=True, kw_only=True)
class Part:
    """One message of a slot, as it was rendered when the slot was claimed."""

    slot: Slot
    number: int  # 0 stands in the place, the others in its thread
    message: Message
    progress: Progress = Progress.WAITING
    ref: str = ""  # the platform's name for it; "" until it is known
    tried_at: datetime | None = None  # UTC; None before the first try
    tries: int = 0
    next_at: datetime | None = None  # UTC; not before then, after a failure
    trouble: str = ""  # what went wrong last, for people

    @property
    def marker(self) -> str:
        """See `Slot.marker`."""
        return self.slot.marker(self.number)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What was last said of a cell: that it works since then with this model, or that it does not."""

    works: bool
    model: str = ""
    when: DateRange | None = None  # None when it does not work


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A correction to be added to a message that was sent."""

    slot: Slot  # the slot whose first message is marked
    ref: str
    message: Message  # as it was sent
    notes: tuple[str, ...] = field(default=())  # every correction so far, oldest first
