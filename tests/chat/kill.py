"""Killed between two steps, at every step: no card twice, none missing; the same for a digest."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from cascade.errors import ChatError
from cascade.message import Message
from tests.chat.house import Dying, House, Killed
from tests.chat.platform import Platform
from tests.make import IMAGE, OPEN_IMAGE, sighting

LATER = timedelta(minutes=5)
# Store calls of `post_new` with two cards: list, choose, then claim and record for each; and one more that never comes.
STEPS = range(1, 8)


class KillContract:
    """Whatever dies when, every card stands exactly once in the end."""

    @pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("step", STEPS)
    async def test_killed_at_a_step(self, platform: Platform, tmp_path: Path, step: int, done: bool) -> None:
        """The store's n-th step is the last, done or not; the next start finds out and goes on."""
        house = two_candidates(tmp_path)
        dying = Dying(house.run, step, done=done)
        await platform.start(house.services(dying))
        dying.arm()
        with contextlib.suppress(Killed):
            await platform.desk.post_new(house.clock())
        await platform.kill()
        await settled(platform, house)
        each_once(platform, house)
        house.close()

    async def test_answer_lost(self, platform: Platform, tmp_path: Path) -> None:
        """The platform took the card and the connection broke before it said so: looked up, not sent again."""
        house = two_candidates(tmp_path)
        platform.answers.lost = 1
        await platform.start(house.services())
        assert await platform.desk.post_new(house.clock()) == 1
        await settled(platform, house, restart=False)
        each_once(platform, house)
        house.close()

    async def test_never_taken(self, platform: Platform, tmp_path: Path) -> None:
        """The connection broke before the platform took anything: looked up, not found, sent again."""
        house = two_candidates(tmp_path)
        platform.answers.refused = 1
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        await settled(platform, house, restart=False)
        each_once(platform, house)
        house.close()

    async def test_killed_while_the_answer_is_on_its_way(self, platform: Platform, tmp_path: Path) -> None:
        """Dead the moment after the platform took the card."""
        house = two_candidates(tmp_path)
        await platform.start(house.services())
        posting = asyncio.create_task(platform.desk.post_new(house.clock()))
        await platform.answers.taken.wait()
        posting.cancel()
        await platform.kill()
        await settled(platform, house)
        each_once(platform, house)
        house.close()

    async def test_a_reply_is_found_again(self, platform: Platform, tmp_path: Path) -> None:
        """The marker of an answer in a thread is found, as a digest's details are looked for."""
        house = two_candidates(tmp_path)
        await platform.start(house.services())
        lead = await platform.chat.post(platform.review, Message(headline="This week"), "d1.2026-W20.0.0")
        platform.answers.lost = 1
        with pytest.raises(ChatError) as lost:
            await platform.chat.reply(platform.review, lead, Message(headline="Details"), "d1.2026-W20.0.1")
        assert lost.value.unclear
        found = await platform.chat.find(platform.review, "d1.2026-W20.0.1", house.clock(), lead)
        assert found == next(one.ref for one in platform.posted() if one.marker == "d1.2026-W20.0.1")
        assert await platform.chat.find(platform.review, "d1.2026-W20.0.2", house.clock(), lead) is None
        house.close()


def two_candidates(tmp_path: Path) -> House:
    """A house with two sightings that wait."""
    house = House(tmp_path / "cascade.db")
    house.add(sighting(IMAGE), sighting(OPEN_IMAGE))
    return house


async def settled(platform: Platform, house: House, *, restart: bool = True) -> None:
    """Some minutes later, the next passes of the job that posts cards."""
    house.later(house.clock() + LATER)
    if restart:
        await platform.start(house.services())
    await platform.desk.post_new(house.clock())
    house.later(house.clock() + LATER)
    await platform.desk.post_new(house.clock())


def each_once(platform: Platform, house: House) -> None:
    """Every sighting has one card on the server, and the record knows where."""
    standing = [(one.marker, one.ref) for one in platform.posted() if one.marker.startswith("card:")]
    assert sorted(standing) == sorted((f"card:{card.sighting}", card.ref) for card in house.cards())
    assert len(standing) == 2
