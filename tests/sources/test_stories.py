"""One piece of news from many feeds is one story, whatever the order in which they came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.feed import Told
from sources.stories import merges, models_in
from tests.sources.documents import NOW

HOUR = timedelta(hours=1)


def told(title: str, feed: str = "a", hours: float = 0, story: str = "") -> Told:
    """An item that was told some hours after Monday at nine."""
    at = NOW + hours * HOUR
    return Told(story=story or f"{feed}/{title}", feed=feed, title=title, at=at, seen_at=at)


def same_news(one: Told, other: Told) -> bool:
    """Whether two items become one story."""
    return bool(merges([one, other]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Introducing Brush 2: images without elephants", "Introducing Brush 2 — Images Without Elephants!"),
        ("Brush 2 is here: images without elephants", "Images without elephants: Brush 2 is here"),
        ("DeepPaint v4 released with video support", "DeepPaint-V4 released, video support included"),
        ("Brushworks launches Brush 2.1 image model", "Brushworks announces Brush 2.1, an image model"),
    ],
)
def test_the_same_news_in_other_words(one: str, other: str) -> None:
    """Near-duplicate titles, and titles about one version of a model within days."""
    assert same_news(told(one), told(other, "b", 20))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Introducing Brush 2: images without elephants", "Introducing Brush 3: images without elephants"),
        ("Brush 2.1 released", "Brush 2.2 released"),
        ("Weekly digest, issue 41", "Weekly digest, issue 42"),
        ("Brush 2 paints elephants", "How we built the data pipeline for Brush 2 in six months"),
        ("Update", "Update"),
        ("Bug fixes", "Bug fixes"),
    ],
)
def test_other_news_in_like_words(one: str, other: str) -> None:
    """Another version, another issue, another subject, or too few words to tell."""
    assert not same_news(told(one), told(other, "b", 20))


def test_a_month_later_it_is_other_news() -> None:
    """Titles come back: after a week they tell nothing."""
    title = "The best image models of the moment"
    assert same_news(told(title), told(title, "b", 6 * 24))
    assert not same_news(told(title), told(title, "b", 8 * 24))


OPENING = (
    "Brushworks said on Monday that Brush 2, its new image model, leaves out what a prompt says shall not be in the "
    "picture: a street without cars, a room without an elephant. The weights are open."
)


def test_the_same_text_under_another_title() -> None:
    """One was taken from the other: a word may differ; another number, or the same feed, is other news."""
    first = replace(told("A street without cars, at last"), opening=OPENING)
    other = replace(told("Brushworks opens its newest weights", "b", 20), opening=OPENING.replace("said", "told"))
    assert same_news(first, other)
    assert not same_news(first, replace(other, opening=OPENING.replace("Brush 2", "Brush 3")))
    assert not same_news(first, replace(other, opening=OPENING[:100]))
    assert not same_news(first, replace(other, opening="In other words, " + OPENING[40:]))
    assert not same_news(first, replace(other, feed=first.feed))


def test_a_serial_keeps_its_title() -> None:
    """One feed's next edition is other news; the same feed, hours later, only posted it again."""
    title = "Not much happened today"
    assert same_news(told(title, story="monday"), told(title, hours=4, story="again"))
    assert not same_news(told(title, story="monday"), told(title, hours=24, story="tuesday"))
    assert same_news(told(title), told(title, "b", 24))


def test_a_flood_of_equal_titles_is_one_story() -> None:
    """However many entries of one feed say the same."""
    flood = [told("The same words again and again", story=f"{number:03}") for number in range(300)]
    assert merges(flood) == {f"{number:03}": "000" for number in range(1, 300)}


@pytest.mark.parametrize(
    ("title", "models"),
    [
        ("GPT-5.5 and DeepSeek v4 are out", {"gpt5.5", "deepseekv4"}),
        ("Wan 2.2, wan2.2 and WAN-2.2", {"wan2.2"}),
        ("The top 10 of May 2026, part 3", set()),
    ],
)
def test_versioned_models_are_found(title: str, models: set[str]) -> None:
    """In any spelling; numbers that name no model are none."""
    assert models_in(title) == models


def test_the_older_story_lives() -> None:
    """All become part of the one that was seen first, also along a chain."""
    first = told("Brush 2 images without elephants", "a", 0, "old")
    others = [told("Brush 2: images without elephants", name, hours, name) for name, hours in (("b", 5), ("c", 9))]
    assert merges([others[1], first, others[0]]) == {"b": "old", "c": "old"}


_TITLES = st.sampled_from(
    [
        "Introducing Brush 2: images without elephants",
        "Brush 2 introduced: images without elephants",
        "Images without elephants: introducing Brush 2",
        "Introducing Brush 3: images without elephants",
        "DeepPaint v4 released with video support",
        "DeepPaint v4 is released, video support too",
        "Update",
    ]
)
_ITEMS = st.lists(st.tuples(_TITLES, st.sampled_from("abc"), st.integers(0, 200)), max_size=8, unique=True)


@given(_ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(rows: list[tuple[str, str, int]], chance: Random) -> None:
    """The same items give the same stories in any order."""
    items = [told(title, feed, hours, f"{number}") for number, (title, feed, hours) in enumerate(rows)]
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert merges(items) == merges(shuffled)


@given(_ITEMS)
def test_joining_twice_changes_nothing_more(rows: list[tuple[str, str, int]]) -> None:
    """After a merge there is nothing left to merge."""
    items = [told(title, feed, hours, f"{number}") for number, (title, feed, hours) in enumerate(rows)]
    assert merges(_merged(items)) == {}


def _merged(items: Sequence[Told]) -> list[Told]:
    found = merges(items)
    return [
        Told(story=found.get(one.story, one.story), feed=one.feed, title=one.title, at=one.at, seen_at=one.seen_at)
        for one in items
    ]
