"""`why LINK`, where many channels got the digest that printed it."""

from dataclasses import replace

from cascade.ports import HOME, Place
from cascade.subscription import subscription_id
from digest.deliver import sent, trying
from storage.store import Store
from tests.bot.conftest import HERE, Ask
from tests.bot.test_ask import text
from tests.contracts.digests import LEAD, SLOT, SUBSCRIPTION
from tests.contracts.feeds import BRUSH, entry, item, look
from tests.make import MONDAY, OPEN_IMAGE, sighting


def printed(store: Store, place: Place) -> None:
    """A digest with the link of the news stands in this place."""
    owner = subscription_id(HOME, place)
    store.save_subscription(replace(SUBSCRIPTION, id=owner, place=place))
    store.claim(replace(SLOT, owner=owner, place=place), [LEAD], {}, {}, MONDAY)
    (part,) = store.parts(owner, SLOT.name)
    under_way = trying(part, MONDAY)
    store.save_progress(part, under_way)
    store.save_progress(under_way, sent(under_way, "1"))


def test_a_few_digests_are_named_the_one_here_first(say: Ask, store: Store) -> None:
    """Thousands may have printed it: nobody is shown them all."""
    news = item(2, seen=SLOT.period.start)
    store.add_feeds([BRUSH], MONDAY)
    look(store, BRUSH, [entry(news, story=sighting(OPEN_IMAGE).story)])
    assert "No digest of this team has printed it" in text(say(f"why {news.url}"))
    for number in range(7):
        printed(store, Place("slack", f"C{number}"))
    printed(store, HERE)
    told = say(f"why {news.url}")
    assert told.facts["printed"][0]["place"] == str(HERE)
    assert len(told.facts["printed"]) == text(told).count("printed in the digest of 2026-W21") == 5
    assert "Other digests have printed it, too." in text(told)
