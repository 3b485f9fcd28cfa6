"""Which jobs are due: read off the store, so that a call that was lost is made again at the next look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.jobs import FORGOTTEN
from cascade.ports import Place, Store
from sources import schedule


class Name(StrEnum):
    """The jobs that travel."""

    POLL = "poll"  # look at the feeds of one host that are due
    SORT = "sort"  # join new items into stories, and tag them
    CARDS = "cards"  # post the cards whose turn it is in one channel
    CLAIM = "claim"  # claim the digests and direct messages that are owed
    DIGESTS = "digests"  # send what was claimed for one place
    FORGET = "forget"  # drop the text of old items


class Queue(StrEnum):
    """Who takes which jobs: any worker the first, the second only processes that are connected to chat."""

    WORK = "work"
    CHAT = "chat"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One job to be done. Of two with the same name and lock only one waits; of one lock only one runs."""

    name: Name
    lock: str
    about: Mapping[str, Any]

    @property
    def queue(self) -> Queue:
        """Where it waits."""
        return Queue.CHAT if self.name in {Name.CARDS, Name.DIGESTS} else Queue.WORK

    @property
    def priority(self) -> int:
        """Who is taken first: what is one job for all must not wait behind every feed that is due."""
        return 1 if self.name in {Name.SORT, Name.CLAIM} else 0

    @property
    def queueing_lock(self) -> str:
        """What tells that the same call waits already."""
        return f"{self.name} {self.lock}"


SORT = Call(name=Name.SORT, lock="items", about={})
CLAIM = Call(name=Name.CLAIM, lock="digests", about={})  # one for all: what many subscriptions share is composed once


def due_calls(store: Store, desks: Sequence[Place], now: datetime) -> list[Call]:
    """Everything that is to be done as of now."""
    polls = [
        Call(
            name=Name.POLL,
            lock=f"host {schedule.host_of(visits[0].address)}",
            about={"urls": [visit.feed.url for visit in visits]},
        )
        for visits in schedule.by_host(schedule.due(store.visits(), now))
    ]
    waits = [SORT] if store.stories_waiting(1) else []
    return [*polls, *waits, CLAIM, *_at(Name.CARDS, desks), *deliveries(store), *_forget(store, now)]


def deliveries(store: Store) -> list[Call]:
    """One for each place where a digest or a direct message is on its way, or to be corrected."""
    sent = {part.slot.place for part in store.open_parts()} | {mark.slot.place for mark in store.open_marks()}
    return _at(Name.DIGESTS, sent)


def _at(name: Name, places: Iterable[Place]) -> list[Call]:
    return [Call(name=name, lock=f"channel {place}", about={"place": str(place)}) for place in sorted(places)]


def _forget(store: Store, now: datetime) -> list[Call]:
    """Once a day; the job itself asks again."""
    done = store.note(FORGOTTEN) == now.date().isoformat()
    return [] if done else [Call(name=Name.FORGET, lock="items", about={})]
