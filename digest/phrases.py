"""Lengths, days, ranges and lists as a digest says them. Pure; texts that people read are constants at the top."""

from collections.abc import Sequence
from datetime import date, timedelta

from cascade.dates import DateRange
from cascade.forecast import Forecast
from cascade.gaps import DAYS_A_MONTH
from cascade.phrases import counted, listed

BEHIND, IN_FRONT, LEVEL = "{length} behind", "{length} ahead", "level"
NO_TIME = 0.5 / DAYS_A_MONTH  # months: less is not told as a length
BETWEEN, AFTER_DAY, BEYOND = "{low} to {high}", "from {low}, maybe beyond {beyond}", "later than {beyond}"
LATE_DAY = "after {beyond}"

CLIPPED = 40  # characters of a stranger's word that a line has room for
FEW = 4  # capabilities, people or feeds that a line names before it counts
ALL = 1_000


def clipped(text: str) -> str:
    """A stranger's word on one line, cut where it would crowd out the rest."""
    line = " ".join(text.split())
    return line if len(line) <= CLIPPED else f"{line[: CLIPPED - 1].rstrip()}…"


def few(names: Sequence[str], most: int) -> list[str]:
    """The first few names, and how many more there are."""
    return [*names[:most], f"{len(names) - most} more"] if len(names) > most else [*names]


def some(names: Sequence[str], most: int = FEW) -> str:
    """The same in words; "" for none."""
    return listed(few(names, most)) if names else ""


def months(value: float) -> str:
    """`5.2 months`, or days where months would say nothing; never below zero."""
    length = abs(value)
    return counted(round(length * DAYS_A_MONTH), "day") if length < 1 else f"{length:.1f} months"


def behind(value: float) -> str:
    """`5.2 months behind`; `2 days ahead` for a value below zero, `level` for none."""
    if abs(value) < NO_TIME:
        return LEVEL
    return (IN_FRONT if value < 0 else BEHIND).format(length=months(value))


def behind_of(value: float) -> str:
    """The same before a stage's name: `5.2 months behind`, `2 days ahead of`, `level with`."""
    return behind(value) + (" with" if abs(value) < NO_TIME else " of" if value < 0 else "")


def span(before: float, after: float) -> str:
    """`4.0 → 4.2 months`; below zero the later stage is ahead."""
    if (before < 0) == (after < 0):
        return f"{abs(before):.1f} → {abs(after):.1f} months" + (" ahead" if after < 0 else "")
    return " → ".join(f"{abs(one):.1f} months {'ahead' if one < 0 else 'behind'}" for one in (before, after))


def range_of(forecast: Forecast) -> str:
    """The 80 % range in words: `June 2026 to May 2027`."""
    low, high = forecast.range(80)
    beyond = month(forecast.made + timedelta(days=24 * DAYS_A_MONTH))
    if low is None:
        return BEYOND.format(beyond=beyond)
    if high is None:
        return AFTER_DAY.format(low=month(low), beyond=beyond)
    return BETWEEN.format(low=month(low), high=month(high))


def day(when: DateRange | None) -> str:
    """`14 May 2026`, `May 2026`, or a longer range in its short form."""
    if when is None:
        return "an unknown date"
    if when.first == when.last:
        return day_of(when.first)
    return f"{when.first:%B %Y}" if when == DateRange.parse(f"{when.first:%Y-%m}") else str(when)


def day_of(day: date) -> str:
    """`14 May 2026`."""
    return f"{day.day} {day:%B %Y}"


def days(first: date, last: date) -> str:
    """`11–17 May 2026`, `27 April–3 May 2026`, `29 December 2025–4 January 2026`."""
    end = day_of(last)
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%B %Y}–{end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%B}–{end}"


def month(day: date) -> str:
    """`May 2026`."""
    return f"{day:%B %Y}"


def median_of(forecast: Forecast) -> str:
    """The month by which it is as likely there as not."""
    end = forecast.made + timedelta(days=24 * DAYS_A_MONTH)
    return month(forecast.median) if forecast.median else LATE_DAY.format(beyond=month(end))
