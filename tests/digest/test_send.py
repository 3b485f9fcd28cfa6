"""Sent once: what happens to a claimed digest on the way, and what a person can do about it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cascade.delivery import Progress, Slot
from cascade.errors import BadInput
from cascade.message import Message
from cascade.ports import HOME, Place
from cascade.sighting import Choice
from cascade.subscription import Filter, Watch, subscription_id
from cascade.week import Period
from digest.claim import claim, owed_now, resend
from digest.deliver import unclear
from digest.edit import Desk
from digest.pace import LIMITS, Pace, plan
from digest.send import Courier, Sent, settle
from digest.watches import claim_alerts, place_of
from storage.database import SQLite
from storage.store import Store
from tests.fakes_chat import FakeChat, Mood
from tests.make import ADA, DAY, GRACE, MONDAY, NEGATION, sighting, taxonomy, vote, weekly
from tests.simulation.year import Run

ROOM = Place("fake", "general")
OWNER = subscription_id(HOME, ROOM)


class Team:
    """One room with a digest on Mondays at nine, and a clock that is turned by hand."""

    def __init__(self, path: Path) -> None:
        self.now, self.mood = MONDAY + timedelta(minutes=1), Mood.FINE
        self.store = Store(SQLite(path))
        self.chat = FakeChat(mood=lambda _: self.mood)
        self.told = sighting(seen_at=MONDAY - 2 * DAY)
        self.store.save_sighting(self.told)
        self.store.add_votes(HOME, [vote(self.told, GRACE, at=MONDAY - DAY)])
        self.store.save_subscription(weekly(ROOM, MONDAY - 6 * DAY))
        self.seen: list[Sent] = []

    def turn(self, **by: int) -> None:
        """Let time pass, then do what the running program does when it wakes."""
        self.now += timedelta(**by)
        desk = Desk(taxonomy=taxonomy(), store=self.store)
        for one in owed_now(self.store, self.now):
            claim(desk, one, self.now)
        claim_alerts(desk, self.now)
        courier = Courier(
            run=Run(self.store),
            chats={"fake": self.chat, "terminal": self.chat},
            clock=lambda: self.now,
            sleep=self._sleep,
            progress=self.seen.append,
        )
        asyncio.run(courier.deliver())

    def said(self, place: Place = ROOM) -> list[Message]:
        """What stands in a place."""
        return [one.message for one in self.chat.posted.get(place, [])]

    @property
    def trouble(self) -> str:
        """What the subscription says is wrong."""
        return self.store.subscriptions()[0].trouble

    async def _sleep(self, _seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """On Monday, a minute past nine."""
    return Team(tmp_path / "cascade.db")


def newest(team: Team) -> Slot:
    """The slot that was claimed last."""
    slot = team.store.last_slot(OWNER)
    assert slot is not None
    return slot


def test_posted_once(team: Team) -> None:
    """However often it wakes, the week is told once; progress is told to whoever watches."""
    for _ in range(3):
        team.turn(minutes=1)
    assert len(team.said()) == 1
    assert team.seen == [Sent(1, 1)]


def test_one_that_breaks_leaves_the_others_alone(team: Team) -> None:
    """A bug over one place's message is raised after the other places, a hundred of them, have got theirs."""

    def mood(place: Place) -> Mood:
        if place == ROOM:
            raise KeyError("a bug")
        return Mood.FINE

    team.chat.mood = mood
    others = [Place("fake", f"room-{number}") for number in range(100)]
    (mine,) = team.store.subscriptions()
    for place in others:
        team.store.save_subscription(replace(mine, id=subscription_id(HOME, place), place=place))
    with pytest.raises(KeyError, match="a bug"):
        team.turn()
    assert {place: len(said) for place, said in team.chat.posted.items() if said} == dict.fromkeys(others, 1)


@pytest.mark.parametrize(("mood", "there"), [(Mood.LOST, 1), (Mood.SWALLOWED, 0)])
def test_an_answer_that_never_came(team: Team, mood: Mood, there: int) -> None:
    """It is looked for before a second try, whether the platform had taken it or not."""
    team.mood = mood
    team.turn()
    assert len(team.said()) == there
    team.mood = Mood.FINE
    team.turn(minutes=3)
    assert len(team.said()) == 1
    assert team.store.open_parts() == ()


def test_a_vanished_channel_keeps_its_subscription(team: Team) -> None:
    """The subscription says what is wrong; when the channel is back, the digest comes and all is well."""
    team.mood = Mood.GONE
    team.turn()
    assert "the channel is gone" in team.trouble
    team.mood = Mood.FINE
    team.turn(hours=7)
    assert (len(team.said()), team.trouble) == (1, "")


def test_what_would_stand_below_a_dropped_part_is_dropped(team: Team) -> None:
    """The lead was lost, and a month later the channel is gone: nothing of that digest stays open."""
    slot = Slot(owner=OWNER, name="2026-W21", place=ROOM, period=Period(MONDAY - 7 * DAY, MONDAY), covers=("2026-W21",))
    team.store.claim(slot, [Message(headline="The lead"), Message(headline="The rest")], {}, {}, MONDAY)
    team.mood = Mood.SWALLOWED
    team.turn()
    team.chat.mood = lambda _: Mood.GONE if team.chat.calls[-1][0] == "post" else Mood.FINE
    team.turn(days=31)
    assert [part.progress for part in team.store.parts(OWNER, "2026-W21")] == [Progress.DROPPED, Progress.DROPPED]


@pytest.mark.parametrize(("was_sent", "posts"), [(True, 0), (False, 1)])
def test_a_person_settles_what_stays_unclear(team: Team, was_sent: bool, posts: int) -> None:
    """After a quarter of an hour it is shown; one word decides whether it counts as posted or is posted."""
    team.mood = Mood.SWALLOWED
    team.turn()
    team.mood = Mood.DEAD
    team.turn(minutes=20)
    assert [part.marker for part in unclear(team.store.open_parts(), team.now)] == [newest(team).marker(0)]
    settle(team.store, newest(team), was_sent=was_sent)
    team.mood = Mood.FINE
    team.turn(hours=2)
    assert len(team.said()) == posts
    with pytest.raises(BadInput, match="nothing about"):
        settle(team.store, newest(team), was_sent=was_sent)


def test_sent_again_word_for_word(team: Team) -> None:
    """A copy says the same and is no second digest; what was never sent cannot be repeated."""
    team.turn()
    resend(team.store, OWNER, "2026-W21", team.now)
    team.turn(minutes=1)
    first, second = team.said()
    assert first == second
    assert newest(team).copy == 0
    with pytest.raises(BadInput, match="--list"):
        resend(team.store, OWNER, "1999-W01", team.now)


def test_taken_back_afterwards(team: Team) -> None:
    """The next digest carries the erratum, and the old message is marked with it, once."""
    team.turn()
    team.store.add_votes(HOME, [vote(team.told, GRACE, Choice.REJECT, at=MONDAY + DAY)])
    for _ in range(2):
        team.turn(days=7)
    old, erratum, *_later = team.said()
    assert "Taken back" in "\n".join(erratum.words())
    assert [words for words in old.words() if "✎" in words] == [
        "✎ 25 May 2026: Taken back: negation in closed image models (Brush 2 since 14 May 2026), rejected by 1 person"
    ]
    assert team.store.open_marks() == ()


def test_several_that_were_missed_come_in_one(team: Team) -> None:
    """A laptop asleep for three weeks: one digest that names them."""
    team.turn(days=21)
    (caught_up,) = team.said()
    assert caught_up.facts["weeks"] == ["2026-W21", "2026-W22", "2026-W23", "2026-W24"]


def test_a_watch_tells_at_most_once_a_day(team: Team) -> None:
    """A direct message when what is watched moves, the next one a day later at the earliest."""
    about = Filter(capabilities=frozenset({NEGATION}))
    team.store.save_watch(Watch(team=HOME, person=ADA, about=about, since=MONDAY - 3 * DAY))
    team.turn()
    (alert,) = team.said(place_of(ADA))
    assert alert.headline == "negation reaches closed image models"
    assert "negation in closed image models: Brush 2 since 14 May 2026" in "\n".join(alert.words())
    team.store.add_votes(HOME, [vote(team.told, GRACE, Choice.REJECT, at=team.now + timedelta(hours=1))])
    team.turn(hours=2)
    assert len(team.said(place_of(ADA))) == 1
    team.turn(hours=24)
    taken_back = team.said(place_of(ADA))[1]
    assert taken_back.headline == "negation in closed image models is set right"
    assert "Taken back" in "\n".join(taken_back.words())
    team.turn(days=3)
    assert len(team.said(place_of(ADA))) == 2


def test_ten_thousand_are_paced() -> None:
    """Every channel a second apart, an account's messages never closer than its platform bears."""
    pace, booked = Pace(), list[datetime]()
    for _ in range(3):
        booked.append(pace.book(Place("slack", "C1"), MONDAY))
    assert [(at - MONDAY).total_seconds() for at in booked] == pytest.approx([0, 1.1, 2.2])
    places = [Place("slack", f"C{number}") for number in range(10_000)]
    assert plan(places, MONDAY) - MONDAY == 9_999 * LIMITS["slack"].account
