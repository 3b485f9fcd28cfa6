"""Work that goes on: whatever breaks in one round, the next is done, and the operator hears of it once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.steady import Background, Steady
from cascade.errors import StoreAway, StoreError


def failing(error: BaseException) -> Callable[[], Awaitable[None]]:
    """A round that breaks."""

    async def step() -> None:
        raise error

    return step


async def fine() -> None:
    """A round in which nothing happens."""


async def test_told_once_and_once_when_it_is_over() -> None:
    """The same trouble again is no news, its end is one, and a later beginning is one again."""
    told: list[str] = []
    steady = Steady(told.append)
    rounds = (StoreError("locked"), StoreError("locked"), None, None, StoreError("locked"))
    good = [await steady("Votes", failing(one) if one else fine) for one in rounds]
    assert good == [False, False, True, True, False]
    assert told == ["locked", "Votes: works again", "locked"]


async def test_what_several_suffer_is_told_once() -> None:
    """A full disk is one trouble, and over when the last of them works."""
    told: list[str] = []
    steady = Steady(told.append)
    for what in ("Votes", "Digests"):
        await steady(what, failing(StoreError("locked")))
    for what in ("Votes", "Digests"):
        await steady(what, fine)
    assert told == ["locked", "Digests: works again"]


async def test_a_bug_is_one_line_and_a_trace_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """The operator reads what broke and that it goes on; where stands in the log."""
    told: list[str] = []
    steady = Steady(told.append)
    for detail in ("one", "two"):
        assert not await steady("Votes", failing(KeyError(detail)))
    assert len(told) == 1
    assert "Votes" in told[0]
    assert "KeyError" in told[0]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


async def test_what_tasks_suffered_together_is_said_in_its_words() -> None:
    """A group of expected errors is no bug."""
    told: list[str] = []
    both = ExceptionGroup("tasks", [StoreError("locked"), ExceptionGroup("more", [StoreError("locked")])])
    await Steady(told.append)("Digests", failing(both))
    assert told == ["locked"]


async def test_one_long_round_tells_by_itself_that_it_goes_well() -> None:
    """What fails after that is news."""
    told: list[str] = []
    steady = Steady(told.append)
    await steady("Jobs", failing(StoreError("locked")))
    steady.worked("Jobs")
    await steady("Jobs", failing(StoreError("locked")))
    assert told == ["locked", "Jobs: works again", "locked"]


async def test_a_database_that_is_away_is_told_elsewhere() -> None:
    """Its thread says so once for the whole process; the round is to be done again."""
    told: list[str] = []
    assert not await Steady(told.append)("Votes", failing(StoreAway("away")))
    assert told == []


async def test_stopping_is_no_trouble() -> None:
    """Cancellation ends the work, and nobody is told."""
    told: list[str] = []
    with pytest.raises(asyncio.CancelledError):
        await Steady(told.append)("Votes", failing(asyncio.CancelledError()))
    assert told == []


async def test_a_task_that_breaks_is_told_of_and_the_others_are_ended_together() -> None:
    """One that breaks does so in the open; what still runs ends with the service."""
    told: list[tuple[str, str]] = []
    background = Background("Slack", lambda what, text: told.append((what, text)))
    await asyncio.wait({background.go(_broken())})
    running = background.go(asyncio.Event().wait())
    await background.stop()
    assert running.cancelled()
    assert told == [("Slack", "refused")]


async def _broken() -> None:
    raise StoreError("refused")
