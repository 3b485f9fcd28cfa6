"""A burst of reactions over bad lines: what the server shows at the end is what the votes say."""

from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random

from cascade.reconcile import SIGNS
from cascade.sighting import Choice, Sighting
from cascade.taxonomy import Taxonomy
from storage.atlas import read_taxonomy
from tests.chat.house import House
from tests.chat.platform import Platform
from tests.make import sighting

PEOPLE = 40
A_SECOND = timedelta(seconds=1)


def many(count: int, taxonomy: Taxonomy) -> list[Sighting]:
    """So many sightings, each about a cell of its own, so that each gets a card."""
    return [
        sighting(cell.stage, capability=cell.capability, story=f"story-{n}", model=f"Brush {n}")
        for n, cell in enumerate(islice(taxonomy.cells(), count))
    ]


class BurstContract:
    """Reactions are read back, whatever became of the events."""

    cards, reactions = 50, 1_000
    cuts = 0  # how often the event connection breaks during the burst

    async def test_votes_equal_the_reactions(self, platform: Platform, tmp_path: Path) -> None:
        """A burst of reactions, a tenth of the events lost and a tenth doubled, two restarts: all count."""
        house, rng = House(tmp_path / "cascade.db", taxonomy=read_taxonomy()), Random(5)
        house.add(*many(self.cards, house.taxonomy))
        await platform.start(house.services())
        assert await platform.desk.post_new(house.clock()) == self.cards
        platform.loss.lost = platform.loss.doubled = 0.1
        await self._react(platform, house, rng)
        house.later(house.clock() + A_SECOND)
        await platform.look_again()
        assert house.votes() == expected(platform, house)
        assert len(house.votes()) > 0.3 * self.reactions
        house.close()

    async def test_a_reaction_taken_back_while_the_bot_was_down(self, platform: Platform, tmp_path: Path) -> None:
        """What happened in its absence counts when it returns, without an event."""
        house = House(tmp_path / "cascade.db")
        house.add(sighting())
        await platform.start(house.services())
        await platform.desk.post_new(house.clock())
        ref = platform.posted()[0].ref
        await platform.react(ref, "ada", "✅")
        await platform.look_again()
        before = dict(house.votes())
        house.later(house.clock() + A_SECOND)
        await platform.kill()
        await platform.react(ref, "ada", "✅")
        await platform.react(ref, "grace", "❌")
        await platform.start(house.services())
        await platform.look_again()
        assert list(before.values()) == [Choice.CONFIRM]
        assert list(house.votes().values()) == [Choice.REJECT]
        house.close()

    async def _react(self, platform: Platform, house: House, rng: Random) -> None:
        refs = [card.ref or "" for card in house.cards()]
        thirds = (self.reactions // 3, 2 * self.reactions // 3)
        away = self.reactions // 25  # reactions while the bot is down
        owed = 0  # cuts that wait until the bot is there to notice
        up = True
        for number in range(self.reactions):
            if number in thirds:
                await platform.kill()
                up = False
            house.later(house.clock() + A_SECOND)
            await platform.react(rng.choice(refs), f"p{rng.randrange(PEOPLE)}", rng.choice("✅✅❌🤔"))
            if number - away in thirds:
                await platform.start(house.services())
                up = True
            owed += self.cuts > 0 and number % (self.reactions // self.cuts) == 0
            if up and owed:
                await platform.cut()
                owed -= 1


def expected(platform: Platform, house: House) -> dict[tuple[str, str], Choice]:
    """The votes that the reactions on the server amount to: signs that contradict each other are *unsure*."""
    sightings = {card.ref: card.sighting for card in house.cards()}
    said: dict[tuple[str, str], set[Choice]] = {}
    for ref, who, sign in platform.reactions():
        said.setdefault((sightings[ref], who), set()).add(SIGNS[sign])
    return {key: choices.pop() if len(choices) == 1 else Choice.UNSURE for key, choices in said.items()}
