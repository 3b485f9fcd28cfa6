"""What is not kept for ever: the text of old items. What became of them stays."""

from datetime import datetime

from storage.database import Database
from storage.rows import moment


class RetentionRows:
    """Fulfils `cascade.ports.RetentionStore`."""

    _db: Database

    def drop_old_text(self, before: datetime) -> int:
        """Drop the text and earlier wordings of items seen before a moment; how many items lost theirs.

        An item that still waits to be tagged keeps it. Title, link, fate and the hash by which the item
        is known again stay, so that a feed which lists it for years brings nothing twice.
        """
        old = moment(before)
        with self._db.transaction():
            self._db.run("DELETE FROM item_changes WHERE at < :old", old=old)
            return self._db.run(
                "UPDATE items SET summary = '' WHERE seen_at < :old AND summary <> '' AND fate IS NOT NULL", old=old
            )
