"""A whole digest, picture, thread and over-long details, killed or cut off at every step: it stands once, whole."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.runner import Run
from cascade.delivery import Part, Progress
from cascade.message import Picture
from cascade.ports import HOME, Store
from cascade.sighting import Evidence
from cascade.subscription import subscription_id
from digest.claim import claim, owed_now
from digest.edit import Desk
from digest.send import Courier
from storage.atlas import read_taxonomy
from tests.chat.burst import many
from tests.chat.house import Dying, House, Killed
from tests.chat.platform import Platform
from tests.make import DAY, GRACE, MONDAY, vote, weekly

MOVES = 40
LATER = timedelta(minutes=5)
# Store calls of a turn: claim, what is open, the slot's parts, then two for each of the parts, and what is to be
# marked; and one more that never comes.
STEPS = range(1, 14)


class DigestContract:
    """Whatever dies when, the digest stands once and whole in the end."""

    messages: int  # that this digest becomes: the headline, and its details in several parts, some of several pages

    @pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("step", STEPS)
    async def test_killed_at_a_step(self, platform: Platform, tmp_path: Path, step: int, done: bool) -> None:
        """The store's n-th step is the last, done or not; the next start finds out and goes on."""
        house = owing(platform, tmp_path)
        dying = Dying(house.run, step, done=done)
        await platform.start(house.services())
        dying.arm()
        try:
            await turn(dying, platform, house)
        except* Killed:
            pass
        await platform.kill()
        await settled(platform, house)
        stands_once(platform, house)
        house.close()

    @pytest.mark.parametrize("fate", ["lost", "refused", "killed"])
    async def test_cut_off_at_a_message(self, platform: Platform, tmp_path: Path, fate: str) -> None:
        """The answer to one message is lost, or it is not taken, or that is the last that happens: at each in turn."""
        for number in range(self.messages):
            (folder := tmp_path / str(number)).mkdir()
            await self._cut_off(platform, folder, fate, number)

    async def _cut_off(self, platform: Platform, folder: Path, fate: str, number: int) -> None:
        house = owing(platform, folder)
        platform.answers.after = number
        platform.answers.taken.clear()
        await platform.start(house.services())
        if fate == "killed":
            await _killed_when_taken(platform, house)
        else:
            setattr(platform.answers, fate, 1)
            await turn(house.run, platform, house)
        await settled(platform, house)
        stands_once(platform, house)
        assert len(platform.posted()) == self.messages
        platform.wipe()
        house.close()


async def _killed_when_taken(platform: Platform, house: House) -> None:
    turning = asyncio.create_task(turn(house.run, platform, house))
    await platform.answers.taken.wait()
    turning.cancel()
    await platform.kill()
    await asyncio.gather(turning, return_exceptions=True)


def owing(platform: Platform, folder: Path) -> House:
    """A house that owes its review channel the digest of an eventful week."""
    house = House(folder / "cascade.db", taxonomy=read_taxonomy())
    for one in many(MOVES, house.taxonomy):
        link = Evidence(url="https://brush.example/" + "p" * 460, title=one.model, says="", kind="maker")
        told = replace(one, evidence=(link,), seen_at=MONDAY - 2 * DAY)
        house.store.save_sighting(told)
        house.store.add_votes(HOME, [vote(told, GRACE, at=MONDAY - DAY)])
    house.store.save_subscription(weekly(platform.review, MONDAY - 6 * DAY))
    house.later(MONDAY + timedelta(minutes=1))
    return house


async def turn(run: Run, platform: Platform, house: House) -> None:
    """What the running program does when it wakes."""

    def claimed(store: Store) -> None:
        desk = Desk(taxonomy=house.taxonomy, store=store)
        for one in owed_now(store, house.clock()):
            claim(desk, one, house.clock())

    await run(claimed)
    chats = {platform.name: platform.chat}
    await Courier(run=run, chats=chats, clock=house.clock, sleep=_at_once).deliver()


async def settled(platform: Platform, house: House) -> None:
    """The next start, and some minutes of waking up."""
    await platform.start(house.services())
    for _ in range(4):
        house.later(house.clock() + LATER)
        await turn(house.run, platform, house)


def stands_once(platform: Platform, house: House) -> None:
    """The headline in the channel with its picture, everything else in its thread, each line as often as frozen."""
    (slot,) = house.store.slots(subscription_id(HOME, platform.review))
    parts = house.store.parts(slot.owner, slot.name)
    assert {part.progress for part in parts} == {Progress.SENT}
    lead, *others = platform.posted()
    assert (lead.ref, lead.thread, lead.pictures) == (parts[0].ref, "", 1)
    assert {one.thread for one in others} == {lead.ref}
    assert {part.ref for part in parts} <= {one.ref for one in platform.posted()}
    shown = Counter(name for one in platform.posted() for name in _names(one.text))
    assert shown == Counter(name for part in parts for line in _lines(part) for name in _names(line))


def _lines(part: Part) -> Iterator[str]:
    shown = tuple(one for one in part.message.parts if not isinstance(one, Picture))
    yield from replace(part.message, parts=shown).words()


def _names(text: str) -> list[str]:
    return re.findall(r"Brush \d+", text)


async def _at_once(seconds: float) -> None:
    await asyncio.sleep(0)
