"""Who says it, since when, and whether anybody can use it yet."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from cascade.dates import DateRange
from cascade.errors import BadInput
from cascade.item import Item, Tier
from classifier.patterns import Phrase
from classifier.text import Text

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SAID = re.compile(
    r"(?:released|launched|available|shipped|rolled out|published|open-sourced|debuted|since|as of|on)\s+"
    r"(?:on |in |since |from )?"
    rf"({'|'.join(_MONTHS)})(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(20\d\d)\b"
)
_OLDEST = timedelta(days=500)  # a date further back is history told in passing
_HANDLES = {"twitter.com", "x.com"}


class Provenance:
    """Reads tiers and availability off an item."""

    def __init__(self, tiers: Mapping[str, Any], announced: Mapping[str, Any]) -> None:
        """The parsed `data/tiers.toml` and `data/announced.toml`."""
        self._tiers = [(Tier(name), tuple(row.get("hosts", ())), row.get("handles", ())) for name, row in tiers.items()]
        self._announced = [Phrase(written) for written in announced["announced"]]
        self._usable = [Phrase(written) for written in announced["usable"]]

    def tier(self, item: Item) -> Tier:
        """How close the source stands to the model; community when nothing tells."""
        host, _, path = _address(item.url).partition("/")
        handle = path.partition("/")[0] if host in _HANDLES else ""
        names = host.split(".")
        above = {".".join(names[at:]) for at in range(1, len(names))}
        for tier, hosts, handles in self._tiers:
            if (handle and handle in handles) or f"{host}/{path}".startswith(hosts) or not above.isdisjoint(hosts):
                return tier
        return Tier.COMMUNITY

    def only_announced(self, text: Text) -> bool:
        """Whether the words speak of something that nobody can use yet."""
        folded = text.folded
        return any(one.stands_in(folded) for one in self._announced) and not any(
            one.stands_in(folded) for one in self._usable
        )


def happened(item: Item, text: Text) -> DateRange | None:
    """When it became so: a date that the words give, else the day of publication (or first sight)."""
    published = (item.published or item.seen_at).date()
    for month, day, year in _SAID.findall(text.folded):
        said = _range(int(year), _MONTHS.index(month) + 1, day)
        if said is not None and published - _OLDEST <= said.first <= published:
            return said
    return DateRange.day(published) if item.published is not None else None


def _range(year: int, month: int, day: str) -> DateRange | None:
    try:
        return DateRange.day(date(year, month, int(day))) if day else DateRange.parse(f"{year}-{month:02}")
    except (ValueError, BadInput):
        return None


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.lower()}"
    except ValueError:
        return ""
