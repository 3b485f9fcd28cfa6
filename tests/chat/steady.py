"""A bug in one look ends neither the looks after it nor the looks at other cards."""

import sqlite3
from pathlib import Path

from tests.chat.house import Breaking, House
from tests.chat.platform import Platform
from tests.make import IMAGE, OPEN_IMAGE, sighting

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
