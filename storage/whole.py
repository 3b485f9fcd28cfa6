"""Everything, in pages that fit in memory: for taking the data elsewhere."""

from collections.abc import Iterator

from cascade.feed import ItemHistory
from storage import feed_rows as rows
from storage.database import Database

PAGE = 5000


class WholeRows:
    """Reads whole tables."""

    _db: Database

    def every_item(self, page: int = PAGE) -> Iterator[ItemHistory]:
        """Every item by feed and identity, without its earlier wordings; `page` are read at a time."""
        feed = identity = ""
        while found := self._db.all(
            "SELECT * FROM items WHERE (feed, identity) > (:feed, :identity) ORDER BY feed, identity LIMIT :page",
            feed=feed,
            identity=identity,
            page=page,
        ):
            yield from rows.to_histories(found, ())
            feed, identity = str(found[-1]["feed"]), str(found[-1]["identity"])
