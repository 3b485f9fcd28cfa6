"""The digests of the running program: what breaks over one subscription is that one's trouble alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from app.digests import Digests
from app.threads import StoreThread
from cascade.ports import HOME, Place
from cascade.subscription import subscription_id
from storage.database import SQLite
from storage.store import Store
from tests.contracts.digests import SUBSCRIPTION
from tests.fakes_chat import FakeChat
from tests.make import DAY, MONDAY, taxonomy

T = TypeVar("T")


class BreakingOnce(StoreThread):
    """Hits a bug at its third piece of work: the first claim."""

    calls = 0

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        """See StoreThread."""
        self.calls += 1
        if self.calls == 3:
            raise KeyError("a bug")
        return await super().__call__(work)


async def test_a_claim_that_breaks_leaves_the_others_alone(tmp_path: Path) -> None:
    """The other channel's digest is claimed and posted; then the bug is raised, for the operator to hear of."""
    store, chat = Store(SQLite(tmp_path / "cascade.db")), FakeChat()
    for number in range(2):
        place = Place("fake", f"room-{number}")
        store.save_subscription(replace(SUBSCRIPTION, id=subscription_id(HOME, place), place=place))
    run = BreakingOnce(store)
    digests = Digests(
        taxonomy=taxonomy(), run=run, clock=lambda: MONDAY + 7 * DAY, chats={"fake": chat}, tell=pytest.fail
    )
    with pytest.raises(KeyError, match="a bug"):
        await digests.send()
    assert sum(map(len, chat.posted.values())) == 1
    run.close()
