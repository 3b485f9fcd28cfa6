"""Which board is asked for: the two dates of an address, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from cascade.errors import BadInput

EARLIEST = date(2000, 1, 1)
AS_OF, KNOWN_BY = "as_of", "known_by"


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """As of which day, and by which day known; None means today. Days are UTC."""

    as_of: date | None = None
    known_by: date | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], today: date) -> "Clocks":
        """The dates of a query; one that is empty or today's stands for now. Raises BadInput."""
        return cls(as_of=_day(query, AS_OF, today), known_by=_day(query, KNOWN_BY, today))

    @property
    def is_now(self) -> bool:
        """Whether the present board is meant."""
        return self.as_of is None and self.known_by is None

    def moment(self, now: datetime) -> datetime:
        """Up to when votes count: the end of the day, or now."""
        if self.known_by is None:
            return now
        return datetime.combine(self.known_by + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)

    @property
    def query(self) -> str:
        """The same as an address's query, with its question mark; "" for now."""
        days = {AS_OF: self.as_of, KNOWN_BY: self.known_by}
        said = urlencode({name: day.isoformat() for name, day in days.items() if day})
        return f"?{said}" if said else ""


NOW = Clocks()


def _day(query: Mapping[str, str], name: str, today: date) -> date | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    label = name.replace("_", " ")
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-05-14") else None
    except ValueError:
        day = None
    if day is None:
        raise BadInput(f"{label} {text[:40]!r} is no day: write it as {today}")
    if not EARLIEST <= day <= today:
        raise BadInput(f"{label} {day} is out of range: a day from {EARLIEST} to {today} (today, UTC)")
    return None if day == today else day
