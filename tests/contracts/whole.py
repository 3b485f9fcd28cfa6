"""What every Store does when everything is read."""

import pytest

from storage.store import Store
from tests.web.world import FEED, fill


class WholeContract:
    """Every item comes once, in order, however the pages fall."""

    @pytest.mark.parametrize("page", [1, 2, 5, 6])
    def test_every_item_comes_once(self, store: Store, page: int) -> None:
        """Five items of one feed come as five, whatever fits on a page."""
        fill(store)
        found = [(history.item.feed, history.item.identity) for history in store.every_item(page)]
        assert found == [(FEED, f"item-{number}") for number in range(1, 6)]
