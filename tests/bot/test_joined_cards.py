"""Two cards whose stories turn out to be one: the older is voted on, the younger points to it."""

from collections.abc import Iterator

import pytest

from app.threads import StoreThread
from bot.ask import ask
from bot.asked import Asked, asked
from bot.cards import Desk
from cascade.message import Message
from cascade.ports import HOME, Place
from cascade.sighting import Sighting, Status
from storage.database import SQLite
from storage.store import Store as SQLStore
from tests.fakes_chat import FakeChat
from tests.make import ADA, DAY, GRACE, MONDAY, sighting, taxonomy

CHANNEL = Place("fake", "models")
FIRST, SECOND = sighting(), sighting(story="story-2", seen_at=MONDAY + DAY)
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


class Team:
    """One review channel on a real store."""

    def __init__(self) -> None:
        self.store = SQLStore(SQLite(":memory:"))
        self.chat = FakeChat()
        self.desk = Desk(
            run=StoreThread(self.store),
            look=lambda store, now: asked(taxonomy(), store, now, person=ADA, place=CHANNEL),
            chat=self.chat,
            place=CHANNEL,
            choose=lambda waiting, cards: waiting,
            report=lambda error: pytest.fail(str(error)),
        )

    async def post(self, told: Sighting) -> None:
        """A claim becomes known, and gets its card where it may have one."""
        self.store.save_sighting(told)
        await self.desk.post_new(told.seen_at)

    def view(self) -> Asked:
        """The board on Wednesday."""
        return asked(taxonomy(), self.store, WEDNESDAY, person=ADA, place=CHANNEL)

    def cards(self) -> list[Message]:
        """What stands in the channel, threads left out."""
        return [one.message for one in self.chat.posted[CHANNEL] if not one.thread]


@pytest.fixture
def team() -> Iterator[Team]:
    """A fresh one."""
    made = Team()
    yield made
    made.store.close()


async def test_the_younger_card_points_to_the_older(team: Team) -> None:
    """Signs under either count, each person once, by the latest word; the thread of the older is told."""
    await team.post(FIRST)
    team.chat.signs = {"models/0": {(ADA, "👎")}}
    await team.desk.read_back(MONDAY)
    await team.post(SECOND)  # the first is decided: a second one about the same cell is asked
    team.chat.signs["models/2"] = {(ADA, "👍"), (GRACE, "👍")}
    team.store.merge_stories({"story-2": "story-1"}, WEDNESDAY)
    await team.desk.read_back(WEDNESDAY)
    await team.desk.read_back(WEDNESDAY)
    older, younger = team.cards()
    assert "Confirmed: ✅ Ada and Grace" in "\n".join(older.words())
    assert older.offers
    assert "stands on an older card" in "\n".join(younger.words())
    assert not younger.offers
    assert [one.thread for one in team.chat.posted[CHANNEL] if one.thread] == ["models/0", "models/0"]
    assert len(team.store.facts(HOME).votes) == 3


async def test_a_button_of_the_younger_card_votes_on_the_older(team: Team) -> None:
    """Also by its id in words, which tells the whole history."""
    team.store.save_sighting(FIRST)
    team.store.save_sighting(SECOND)
    team.store.merge_stories({"story-2": "story-1"}, WEDNESDAY)
    ask(team.view(), f"confirm {SECOND.id}")
    [one] = team.view().judged
    assert (one.sighting.id, one.decision.status) == (FIRST.id, Status.CONFIRMED)
    said = "\n".join(ask(team.view(), f"why {SECOND.id[:6]}").words())
    assert f"sighting {SECOND.id} became part of it" in said


async def test_a_claim_that_has_a_card_gets_no_second(team: Team) -> None:
    """Tagged again after the story became part of another, and decided before."""
    await team.post(FIRST)
    team.chat.signs = {"models/0": {(ADA, "👎")}}
    await team.desk.read_back(MONDAY)
    team.store.merge_stories({"story-1": "story-0"}, TUESDAY)
    await team.post(sighting(story="story-0", seen_at=TUESDAY))
    assert len(team.cards()) == 1
