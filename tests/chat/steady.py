"""A bug in one look ends neither the looks after it nor the looks at other cards."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from cascade.ports import HOME
from cascade.sighting import Choice
from tests.chat.burst import A_SECOND
from tests.chat.house import Breaking, House
from tests.chat.platform import Platform
from tests.make import ADA, GRACE, IMAGE, OPEN_IMAGE, sighting, vote

BUG = "went wrong inside Cascade"


class SteadyContract:
    """Reactions are read back for as long as Cascade runs."""

    async def test_the_looks_go_on_after_a_bug(self, platform: Platform, tmp_path: Path) -> None:
        """Each look breaks for a while: told once, and the reactions meanwhile count when it is over."""
        house = House(tmp_path / "cascade.db")
        house.add(sighting())
        breaking = Breaking(house.run)
        await platform.start(house.services(breaking))
        await platform.desk.post_new(house.clock())
        breaking.armed = True
        for who in ("ada", "grace"):
            await platform.react(platform.posted()[0].ref, who, "✅")
            await platform.look_again()
        assert house.votes() == {}
        assert [BUG in line for line in house.told] == [True]
        breaking.armed = False
        await platform.look_again()
        assert len(house.votes()) == 2
        assert [line.endswith("works again") for line in house.told] == [False, True]
        house.close()

    async def test_two_processes_show_one_state(self, platform: Platform, tmp_path: Path) -> None:
        """What one of them has shown is no reason to leave the card as the other made it."""
        house = House(tmp_path / "cascade.db")
        house.add(one := sighting())
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        here, there = platform.desk, replace(platform.desk)
        said = ((here, ADA, Choice.CONFIRM), (there, GRACE, Choice.UNSURE), (here, GRACE, Choice.NONE))
        for desk, person, choice in said:
            house.later(house.clock() + A_SECOND)
            house.store.add_votes(HOME, [vote(one, person, choice, at=house.clock())])
            await desk.refresh(one.id, house.clock())
        assert "Ada" in platform.posted()[0].text
        assert "Grace" not in platform.posted()[0].text
        house.close()

    async def test_a_broken_card_leaves_the_others_alone(self, platform: Platform, tmp_path: Path) -> None:
        """A card whose sighting was lost keeps nobody from voting on the next one."""
        house = House(tmp_path / "cascade.db")
        house.add(lost := sighting(IMAGE), sighting(OPEN_IMAGE))
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        first, second = sorted(platform.posted(), key=lambda one: one.marker != f"card:{lost.id}")
        with sqlite3.connect(house.path) as file:
            file.execute("DELETE FROM sightings WHERE id = ?", [lost.id])
        for ref in (first.ref, second.ref):
            await platform.react(ref, "ada", "✅")
        await platform.look_again()
        assert "Confirmed" in next(one.text for one in platform.posted() if one.ref == second.ref)
        assert len(house.told) == 1
        house.close()
