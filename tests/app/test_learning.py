"""Decisions teach the classifier, and a second opinion is kept beside it: over a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.build import House
from app.learning import Learner, answer_classifier, decided, examples, model_in_use
from app.opinions import Opinions, endpoint
from app.report import put_up
from app.settings import Settings
from app.tag import tag
from app.threads import StoreThread
from cascade.feed import Entry, Feed, Record
from cascade.item import Story
from cascade.learned import Tag
from cascade.message import Message
from cascade.ports import HOME
from cascade.sighting import Choice, Correction
from cascade.taxonomy import Cell
from classifier.opinion import Endpoint
from sources.page import Page
from storage.database import SQLite
from storage.store import Store
from tests.classifier.llm import claims, serving
from tests.classifier.news import item
from tests.make import ADA, DAY, IMAGE, MONDAY, STYLE, sighting, vote

NEWS = item(
    "FLUX.2 keeps the same character across images", "Open weights are out today.", url="https://maker.example/2"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file."""
    made = Store(SQLite(tmp_path / "cascade.db"))
    yield made
    made.close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The house as it ships."""
    return House(Settings(db=tmp_path / "cascade.db"))


def decide(store: Store, number: int) -> None:
    """So many decided claims by two rules: people confirm the first and reject the second."""
    for at in range(number):
        one = sighting(story=f"story-{at}")
        rule, choice = (("good", Choice.CONFIRM), ("bad", Choice.REJECT))[at % 2]
        store.save_sighting(one)
        features = {f"rule:{rule}": 1.0, "prior": 0.5}
        store.save_tags(
            [Tag(sighting=one.id, item="x", rule=rule, source="News", model="1", probability=0.6, features=features)]
        )
        store.add_votes(HOME, [vote(one, ADA, choice)])


def test_tagging_keeps_how_a_claim_was_found(store: Store, house: House) -> None:
    """Rule, source, version and features are there to learn from."""
    story = Story(id="story-1", items=(NEWS,))
    new = tag(store, story, NEWS, house.reader.read(NEWS), MONDAY)
    assert new
    kept = next(one for one in store.tags() if one.sighting == new[0].id)
    assert (kept.source, kept.model) == ("News", house.reader.model.version)
    assert kept.features


def test_a_page_from_an_archive_is_no_news(store: Store, house: House) -> None:
    """Published years before it was first seen: no candidate, and the item says why."""
    old = replace(NEWS, published=NEWS.seen_at - timedelta(days=900))
    assert tag(store, Story(id="s", items=(old,)), old, house.reader.read(old), MONDAY) == []
    assert store.sightings() == ()


def test_what_people_said_is_what_is_learned(store: Store) -> None:
    """Confirmed is right, rejected is wrong, moved to another cell is wrong, undecided is nothing."""
    decide(store, 2)
    moved, open_ = sighting(story="moved"), sighting(story="open")
    for one in (moved, open_):
        store.save_sighting(one)
        store.save_tags([Tag(sighting=one.id, item="x", rule="bad", source="News", model="1", probability=0.6)])
    store.add_correction(HOME, Correction(sighting=moved.id, by=ADA, at=MONDAY, cell=Cell(STYLE, IMAGE)))
    answers = decided(store, MONDAY + DAY)
    assert sorted((one.tag.rule, one.right) for one in answers) == [("bad", False), ("bad", False), ("good", True)]
    assert len(examples(answers)) == 3


async def test_enough_decisions_bring_a_better_model(store: Store, house: House) -> None:
    """It is trained, kept with its version, taken up by the reader, and told to the operator once."""
    decide(store, 80)
    told: list[str] = []
    now = [MONDAY + DAY]
    learner = Learner(house=house, run=StoreThread(store), clock=lambda: now[0], tell=told.append)
    shipped = house.reader.model
    await learner.learn()
    assert store.trained()[0].version == house.reader.model.version == f"{shipped.version}+80"
    assert len(told) == 1
    now[0] += DAY
    await learner.learn()
    assert len(store.trained()) == 1
    assert model_in_use(store, shipped).version == f"{shipped.version}+80"
    elsewhere = House(house.settings)
    page = Page(address=NEWS.url, title=NEWS.title, text=NEWS.summary, published=None)
    put_up(store, elsewhere, page, ADA, MONDAY + DAY)  # in a process that trains nothing
    assert elsewhere.reader.model.version == f"{shipped.version}+80"


async def test_few_decisions_change_nothing(store: Store, house: House) -> None:
    """The shipped model stays."""
    decide(store, 12)
    before = house.reader.model
    await Learner(house=house, run=StoreThread(store), clock=lambda: MONDAY + DAY, tell=print).learn()
    assert house.reader.model is before
    assert store.trained() == ()


def test_the_precision_of_rules_and_sources_is_shown(store: Store, house: House) -> None:
    """`cascade classifier` counts right and wrong by rule."""
    decide(store, 4)
    answer: Message = answer_classifier(house, store, MONDAY + DAY)
    good = {"name": "good", "right": 2, "wrong": 0, "share": 0.75}
    bad = {"name": "bad", "right": 0, "wrong": 2, "share": 0.25}
    rules = answer.facts["rules"]
    assert isinstance(rules, list)
    assert sorted(rules, key=lambda one: str(one["name"])) == [bad, good]


def asking(house: House, store: Store, url: str, now: datetime, told: list[str]) -> Opinions:
    """The second opinion of a local server."""
    where = Endpoint(url=url, model="little-llm", seconds=2)
    return Opinions(house=house, run=StoreThread(store), clock=lambda: now, tell=told.append, where=where)


def kept_news(store: Store, house: House) -> str:
    """One item of a feed, tagged; the id of its identity sighting."""
    store.add_feeds([Feed(url=NEWS.feed, title="News")], MONDAY - DAY)
    entry = Entry(item=NEWS, digest="d", link_key="maker.example/2", story="story-1")
    store.record_looks([Record(visit=store.visits()[0], new=(entry,))], MONDAY)
    story = store.stories_waiting(1)[0]
    new = tag(store, story, story.items[0], house.reader.read(NEWS), MONDAY)
    return next(one.id for one in new if one.cell.capability == "identity-consistency")


async def test_both_words_are_kept(store: Store, house: House) -> None:
    """The language model's word stands beside the classifier's, and is no vote."""
    wanted = kept_news(store, house)
    quote = "keeps the same character"
    said = {"capability": "identity-consistency", "stage": "image/open", "verdict": "works", "quote": quote}
    async with serving(claims(said)) as server:
        opinions = asking(house, store, server.url, MONDAY, [])
        assert await opinions.ask() == len(store.sightings())
        assert await opinions.ask() == 0
    assert {one.sighting for one in store.opinions() if one.agrees} == {wanted}
    assert store.facts(HOME).votes == ()


async def test_the_operator_hears_once(store: Store, house: House) -> None:
    """An endpoint that fails changes nothing; the line comes once, and once more when it works again."""
    kept_news(store, house)
    told: list[str] = []
    async with serving(claims()) as server:
        opinions = asking(house, store, server.url, MONDAY, told)
        server.status = 500
        assert [await opinions.ask(), await opinions.ask()] == [0, 0]
        assert len(told) == 1
        server.status = 200
        await opinions.ask()
        assert told[1:] == ["second opinion: works again"]
    assert len(store.sightings()) > 0


def test_off_by_default(tmp_path: Path) -> None:
    """Without an address nothing is asked."""
    assert endpoint(Settings(db=tmp_path / "x.db")) is None
