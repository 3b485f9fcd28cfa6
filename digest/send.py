"""Sends what was claimed, part by part, and records each reference. The only file here that waits.

Whatever happens between two steps, the store says where the next run takes up: see
cascade/delivery.py for the states and digest/deliver.py for what follows from which.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar

from cascade.apart import Guard, apart
from cascade.delivery import Mark, Part, Progress, Slot
from cascade.errors import BadInput, ChatError
from cascade.ports import Chat, Place, Store
from digest import deliver
from digest.deliver import Step, next_step
from digest.marking import marked
from digest.pace import Pace

T = TypeVar("T")
_AT_ONCE = 64  # slots on their way together: a slot waits a second between its parts, others go on


class Run(Protocol):
    """Does one piece of work with the store, off the event loop."""

    def __call__(self, work: Callable[[Store], T], /) -> Awaitable[T]:
        """What `work` returns; its exceptions come through."""


@dataclass(frozen=True)
class Sent:
    """How far the sending has come, for whoever watches."""

    done: int  # slots that nothing more is to be done for now
    of: int


@dataclass(kw_only=True)
class Courier:
    """Brings parts to their places, each once."""

    run: Run
    chats: Mapping[str, Chat]  # by platform
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    pace: Pace = field(default_factory=Pace)
    progress: Callable[[Sent], None] = lambda _: None

    async def deliver(self, only: Place | None = None) -> None:
        """Take every open part (of one place) as far as it goes now, then add corrections to old messages."""
        parts = await self.run(lambda store: store.open_parts(only))
        ready = [
            one for one in _chains(parts) if any(next_step(part, self.clock()) is not Step.WAIT for part in one[0])
        ]
        with apart() as step:
            await self._all(ready, step)
            for mark in await self.run(lambda store: store.open_marks()):
                if only in (None, mark.slot.place):
                    with step():
                        await self._mark(mark)
        self.pace.forget(self.clock())

    async def _all(self, chains: Sequence[Sequence[Sequence[Part]]], step: Guard) -> None:
        waiting, done, of = iter(chains), 0, sum(map(len, chains))

        async def work() -> None:
            nonlocal done
            for chain in waiting:
                on = True
                with step():
                    for job in chain:  # a later week waits for an earlier one that is not settled yet
                        on = on and await self._slot(job[0].slot)
                        done += 1
                        self.progress(Sent(done, of))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(_AT_ONCE, len(chains))):
                group.create_task(work())

    async def _slot(self, slot: Slot) -> bool:
        """The slot's parts in order, the next only once the one before stands there; whether all is done."""
        chat = self.chats.get(slot.place.platform)
        if chat is None:
            return False  # not connected: everything waits
        first = ""
        parts = await self.run(lambda store: store.parts(slot.owner, slot.name))
        mine = [part for part in parts if part.slot.copy == slot.copy]
        for at, part in enumerate(mine):
            further = await self._part(chat, part, first)
            if further and further.progress is Progress.DROPPED:
                await self._drop(mine[at + 1 :], further.trouble)
                return True
            if further is None or further.progress is not Progress.SENT:
                return False
            first = first or further.ref
        return True

    async def _drop(self, rest: Sequence[Part], why: str) -> None:
        """What would have stood below a part that never will be sent."""
        for part in rest:
            if part.progress is Progress.WAITING:
                await self._save(part, deliver.dropped(part, why))

    async def _part(self, chat: Chat, part: Part, first: str) -> Part | None:
        """The part as far as it came; None when another run has it in hand."""
        reached: Part | None = part
        if next_step(part, self.clock()) is Step.LOOK:
            reached = await self._look(chat, part, first)
        if reached and next_step(reached, self.clock()) is Step.SEND:
            reached = await self._send(chat, reached, first)
        return reached

    async def _send(self, chat: Chat, part: Part, first: str) -> Part | None:
        await self._wait_turn(part.slot.place)
        trying = await self._save(part, deliver.trying(part, self.clock()))
        if trying is None:
            return None
        try:
            async with asyncio.timeout(deliver.ANSWERS_WITHIN.total_seconds()):
                ref = await self._hand_over(chat, trying, first)
        except ChatError as error:
            return await self._save(trying, deliver.refused(trying, error, self.clock()))
        except TimeoutError:
            return trying
        return await self._save(trying, deliver.sent(trying, ref))

    async def _hand_over(self, chat: Chat, part: Part, first: str) -> str:
        if first:
            return await chat.reply(part.slot.place, first, part.message, part.marker)
        return await chat.post(part.slot.place, part.message, part.marker)

    async def _look(self, chat: Chat, part: Part, first: str) -> Part | None:
        try:
            ref = await chat.find(part.slot.place, part.marker, part.tried_at or part.slot.period.end, first)
        except ChatError as error:
            return await self._save(part, deliver.not_found_out(part, error, self.clock()))
        return await self._save(part, deliver.sent(part, ref) if ref else deliver.waiting(part))

    async def _save(self, before: Part, after: Part) -> Part | None:
        """Record a step; None when another run was quicker."""

        def record(store: Store) -> bool:
            saved = store.save_progress(before, after)
            if saved and (trouble := deliver.trouble_of(after)) is not None:
                store.note_trouble(after.slot.owner, trouble)
            return saved

        return after if await self.run(record) else None

    async def _wait_turn(self, place: Place) -> None:
        at = self.pace.book(place, self.clock())
        if (seconds := (at - self.clock()).total_seconds()) > 0:
            await self.sleep(seconds)

    async def _mark(self, mark: Mark) -> None:
        chat = self.chats.get(mark.slot.place.platform)
        if chat is None:
            return
        try:
            await chat.edit(mark.slot.place, mark.ref, marked(mark))
        except ChatError as error:
            if not error.permanent:
                return  # the next run tries again: an edit may happen twice
        await self.run(lambda store: store.mark_done(mark))


def settle(store: Store, slot: Slot, *, was_sent: bool) -> tuple[Part, ...]:
    """A person's word on a slot's unclear parts: they stand there, or they are to be sent.

    Raises BadInput when none of its parts is unclear.
    """
    unclear = [part for part in store.parts(slot.owner, slot.name) if part.progress is Progress.TRYING]
    if not unclear:
        raise BadInput(f"nothing about {slot.owner} {slot.name} is unclear: `cascade digest --unclear` lists what is")
    for part in unclear:
        store.save_progress(part, deliver.sent(part, "") if was_sent else deliver.waiting(part))
    return store.parts(slot.owner, slot.name)


def _chains(parts: Iterable[Part]) -> list[list[list[Part]]]:
    """Each owner's slots in order, each with its open parts."""
    return [_jobs(mine) for _, mine in groupby(parts, key=lambda part: part.slot.owner)]


def _jobs(parts: Iterable[Part]) -> list[list[Part]]:
    together = groupby(parts, key=lambda part: (part.slot.owner, part.slot.name, part.slot.copy))
    return [list(found) for _, found in together]
