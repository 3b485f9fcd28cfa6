"""Items for the classifier's tests."""

from datetime import UTC, datetime

from cascade.item import Item
from cascade.sighting import Verdict
from classifier.read import THRESHOLD, Reading


def item(title: str, summary: str = "", *, url: str = "", published: str = "2026-05-14", source: str = "News") -> Item:
    """An item of a feed; published in May 2026 unless told otherwise."""
    day = datetime.fromisoformat(published).replace(tzinfo=UTC)
    return Item(
        feed="https://feed.example/rss",
        identity="1",
        url=url,
        title=title,
        summary=summary,
        published=day,
        seen_at=day,
        source=source,
    )


def works(reading: Reading) -> set[str]:
    """The *works* claims at or above the threshold, as `capability@stage`."""
    strong = (one for one in reading.claims if one.probability >= THRESHOLD and one.verdict is Verdict.WORKS)
    return {str(one.cell) for one in strong}
