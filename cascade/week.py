"""A week in a time zone, and the stretch of time that a digest tells about."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cascade.errors import BadInput

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, order=True)
class Period:
    """From `start` (included) to `end` (excluded), both UTC."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, kw_only=True)
class Week:
    """An ISO week, Monday to Sunday, in a time zone."""

    year: int
    number: int
    zone: ZoneInfo = UTC_ZONE

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo = UTC_ZONE) -> "Week":
        """Read `2026-W20`; raise BadInput for anything else."""
        found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip().upper(), re.ASCII)
        if not found:
            raise BadInput(f"{text[:40]!r} is no week: write one as 2026-W20")
        week = cls(year=int(found[1]), number=int(found[2]), zone=zone)
        try:
            date.fromisocalendar(week.year, week.number, 1)
        except ValueError as error:
            raise BadInput(
                f"{week.year} has no week {week.number}: a year has 52 or 53, written as 2026-W20"
            ) from error
        return week

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo = UTC_ZONE) -> "Week":
        """The week that a moment falls in, as people in the zone count."""
        year, number, _ = moment.astimezone(zone).isocalendar()
        return cls(year=year, number=number, zone=zone)

    @property
    def period(self) -> Period:
        """The week's edges; an hour longer or shorter where the clocks change."""
        monday = date.fromisocalendar(self.year, self.number, 1)
        return Period(self._midnight(monday), self._midnight(monday + timedelta(days=7)))

    @property
    def before(self) -> "Week":
        """The week before."""
        return Week.of(self.period.start - timedelta(days=1), self.zone)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"
