"""Dates are ranges, and say so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.dates import DateRange
from cascade.errors import BadInput


@pytest.mark.parametrize("text", ["2023-03-14", "2023-03", "2023-Q1", "2023-Q4", "2023", "2024-02", "2023-12"])
def test_what_is_read_is_written(text: str) -> None:
    """Every form survives the round trip."""
    assert str(DateRange.parse(text)) == text


@pytest.mark.parametrize("text", ["", "yesterday", "2023-13", "2023-02-30", "2023-Q5", "23-01-01", "２０２３-01"])
def test_no_date(text: str) -> None:
    """Anything else is refused with the forms that work."""
    with pytest.raises(BadInput, match="date"):
        DateRange.parse(text)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_middle_of_a_month(month: int) -> None:
    """A month is stood for by its 15th."""
    assert DateRange.parse(f"2024-{month:02}").middle == date(2024, month, 15)


@given(st.dates(), st.dates())
def test_the_middle_lies_inside(one: date, other: date) -> None:
    """The day that stands for a range is one of its days."""
    range_ = DateRange(min(one, other), max(one, other))
    assert range_.first <= range_.middle <= range_.last
