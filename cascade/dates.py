"""Dates as the evidence allows them: a day, a month, a quarter or a year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from cascade.errors import BadInput

WRITE = "write 2026-05-14, 2026-05, 2026-Q2 or 2026"
FIRST_YEAR, LAST_YEAR = 1000, 9000  # beyond is a slip of the pen, and no room to add a forecast to
_FORMS = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?", re.ASCII)


@dataclass(frozen=True, order=True)
class DateRange:
    """All the days on which something may have happened, first and last included."""

    first: date
    last: date

    @classmethod
    def day(cls, day: date) -> "DateRange":
        """The range of one known day."""
        return cls(day, day)

    @classmethod
    def parse(cls, text: str) -> "DateRange":
        """Read `2023-03-14`, `2023-03`, `2023-Q1` or `2023`; raise BadInput for anything else."""
        found = _FORMS.fullmatch(text.strip().upper())
        try:
            return _from_groups(*found.groups()) if found else _refuse(text)
        except ValueError as error:
            raise BadInput(f"{text!r} is no date of the calendar: {WRITE}") from error

    @property
    def middle(self) -> date:
        """The day that stands for the range where one number is needed; a month's is its 15th."""
        if str(self).count("-") == 1 and "Q" not in str(self):
            return self.first.replace(day=15)
        return self.first + (self.last - self.first) // 2

    def __str__(self) -> str:
        """The shortest of the forms that `parse` reads, or `first..last`."""
        first, last = self.first, self.last
        if first == last:
            return first.isoformat()
        if first.day == 1 and last + timedelta(days=1) == _months_later(first, 1):
            return f"{first:%Y-%m}"
        if first.day == 1 and first.month % 3 == 1 and last + timedelta(days=1) == _months_later(first, 3):
            return f"{first:%Y}-Q{first.month // 3 + 1}"
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
            return f"{first:%Y}"
        return f"{first}..{last}"


def _from_groups(year: str, quarter: str | None, month: str | None, day: str | None) -> DateRange:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise BadInput(f"the year {year} is too far away: write a year from {FIRST_YEAR} to {LAST_YEAR}")
    if day and month:
        return DateRange.day(date(int(year), int(month), int(day)))
    if month:
        return _span(int(year), int(month), 1)
    if quarter:
        return _span(int(year), 3 * int(quarter) - 2, 3)
    return _span(int(year), 1, 12)


def _span(year: int, month: int, months: int) -> DateRange:
    end = month + months - 1
    return DateRange(date(year, month, 1), date(year, end, monthrange(year, end)[1]))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)


def _refuse(text: str) -> DateRange:
    raise BadInput(f"{text!r} is no date: {WRITE}")
