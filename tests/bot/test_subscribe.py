"""A channel's digest is asked for in words, in whatever order people write them."""

from dataclasses import replace

import pytest

from cascade.message import Bullets, PlaceName
from cascade.ports import HOME, Place
from cascade.subscription import subscription_id
from storage.store import Store
from tests.bot.conftest import HERE, Ask
from tests.make import IMAGE, NEGATION, OPEN_IMAGE


def test_asking_again_changes_nothing(say: Ask, store: Store) -> None:
    """Without words, what was asked for stays as it is, and is told."""
    assert "every Monday at 09:00 (UTC)" in say("subscribe").headline
    say("subscribe friday 17 berlin for negation")
    (before,) = store.subscriptions()
    assert "every Friday at 17:00 (Europe/Berlin)" in say("subscribe", days=3).headline
    assert store.subscriptions() == (before,)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("monday 9 Europe/Berlin for image, negation", "Europe/Berlin"),
        ("monday 9 Europe/Berlin image, negation", "Europe/Berlin"),
        ("monday at 9am new york negation and image", "America/New_York"),
        ("monday for image, negation not when quiet", "UTC"),
    ],
)
def test_the_zone_and_what_it_is_about(say: Ask, store: Store, words: str, zone: str) -> None:
    """The words after the zone are a filter, with `for` or without."""
    say(f"subscribe {words}")
    (found,) = store.subscriptions()
    assert found.zone.key == zone
    assert found.only.capabilities == {NEGATION}
    assert found.only.stages == {IMAGE, OPEN_IMAGE}
    assert found.tells_quiet is ("quiet" not in words)


def test_the_list_names_places(say: Ask) -> None:
    """Each so that its platform can show it by its name."""
    say("subscribe friday 17")
    bullets = next(part for part in say("subscriptions").parts if isinstance(part, Bullets))
    assert bullets.lines[0][0] == PlaceName(str(HERE))


def test_a_long_list_is_cut(say: Ask, store: Store) -> None:
    """The place that asks stands first, then what is in trouble; the others are counted."""
    say("subscribe friday 17")
    (mine,) = store.subscriptions()
    for number in range(25):
        place = Place("slack", f"C{number:02}")
        store.save_subscription(replace(mine, id=subscription_id(HOME, place), place=place))
    store.note_trouble(subscription_id(HOME, Place("slack", "C24")), "the channel is archived")
    message = say("subscriptions")
    bullets = next(part for part in message.parts if isinstance(part, Bullets))
    assert [line[0] for line in bullets.lines[:2]] == [PlaceName(str(HERE)), PlaceName("slack:C24")]
    assert len(bullets.lines) == 20
    assert "6 more: " in "\n".join(message.words())
    assert len(message.facts["subscriptions"]) == 26


def test_a_wrong_zone_and_a_wrong_filter(say: Ask, store: Store) -> None:
    """Each is refused by its own name, and nothing is subscribed."""
    assert "'Mars/Olympus' is no time zone" in say("subscribe monday 9 Mars/Olympus").headline
    assert "“glorb” is no capability or stage" in say("subscribe monday 9 UTC glorb").headline
    assert store.subscriptions() == ()
