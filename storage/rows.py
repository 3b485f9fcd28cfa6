"""Values to columns and back: moments as sortable UTC text, ranges as two days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from cascade.dates import DateRange


def moment(value: datetime) -> str:
    """An aware moment as text that sorts as it passes; two votes in one second stay two."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def moment_or_none(value: datetime | None) -> str | None:
    """The same, where none is allowed."""
    return moment(value) if value else None


def to_moment(text: str) -> datetime:
    """What `moment` wrote."""
    return datetime.fromisoformat(text)


def to_moment_or_none(text: str | None) -> datetime | None:
    """The same, where none is allowed."""
    return to_moment(text) if text else None


def range_columns(value: DateRange | None, name: str) -> dict[str, Any]:
    """A range as the columns `name_first` and `name_last`."""
    return {
        f"{name}_first": value.first.isoformat() if value else None,
        f"{name}_last": value.last.isoformat() if value else None,
    }


def to_range(first: str | None, last: str | None) -> DateRange | None:
    """What `range_columns` wrote."""
    return DateRange(date.fromisoformat(first), date.fromisoformat(last)) if first and last else None


def without_nul(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as PostgreSQL can hold them: its text knows no character NUL, SQLite's does."""
    return {
        name: value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
        for name, value in values.items()
    }
