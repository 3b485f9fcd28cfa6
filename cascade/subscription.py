"""Who gets a digest where, when, and about what; and what one person watches."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from cascade.errors import BadInput
from cascade.phrases import either
from cascade.sighting import Person
from cascade.taxonomy import Cell, Taxonomy

if TYPE_CHECKING:  # ports tells of stores, and stores keep subscriptions
    from cascade.ports import Place

ALIKE = 70  # from here on a place is written nearly so: "berln", "tokio", "new yrok"
CONTINENTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


class Weekday(StrEnum):
    """A day of the week by its name; numbers mean different days in different programs."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """1 for Monday to 7 for Sunday, as ISO weeks count."""
        return _NUMBERS[self]

    @classmethod
    def parse(cls, text: str) -> "Weekday":
        """Read `Monday`, `mon` or `mondays`; raise BadInput that lists the names for anything else."""
        wanted = text.strip().lower().removesuffix("s")
        for one in cls:
            if len(wanted) >= 3 and one.startswith(wanted):
                return one
        numbers = "; a number means another day in another program" if re.search(r"\d|\*", text) else ""
        raise BadInput(f"{text[:40]!r} is no weekday{numbers}: write one of {', '.join(cls)}")


_NUMBERS = {day: number for number, day in enumerate(Weekday, start=1)}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """The part of the board that a reader asked for. An empty set means all of them."""

    stages: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()

    def __contains__(self, cell: Cell) -> bool:
        in_stages = not self.stages or cell.stage in self.stages
        return in_stages and (not self.capabilities or cell.capability in self.capabilities)

    def cells(self, taxonomy: Taxonomy) -> Iterable[Cell]:
        """The cells of the taxonomy that it lets through; none when its names have left the taxonomy."""
        return (cell for cell in taxonomy.cells() if cell in self)


EVERYTHING = Filter()


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A weekly digest for one place."""

    id: str  # see `subscription_id`
    team: str
    place: "Place"
    weekday: Weekday
    hour: int  # 0 to 23, by the zone's clocks
    zone: ZoneInfo
    only: Filter = EVERYTHING
    tells_quiet: bool = True  # whether a week in which nothing changed is posted too
    since: datetime  # UTC; slots before this moment are not owed: set anew whenever the schedule changes
    trouble: str = ""  # why the last digest could not be posted, for people; "" when all is well


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What one person wants to hear of in a direct message."""

    team: str
    person: Person
    about: Filter  # a capability, a stage, or one cell
    since: datetime  # UTC


def subscription_id(team: str, place: "Place") -> str:
    """A short id; one place of a team has one subscription."""
    return hashlib.sha256(f"{team}\n{place}".encode()).hexdigest()[:8]


def parse_hour(text: str) -> int:
    """Read `9`, `09`, `9:00`, `9h`, `9am` or `5pm`; raise BadInput for anything else."""
    found = re.fullmatch(r"(\d{1,2})(?::00)?\s*(h|am|pm)?", text.strip().lower(), re.ASCII)
    hour = int(found[1]) if found else 24
    if found and found[2] in ("am", "pm"):
        hour = hour % 12 + (12 if found[2] == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23:
        raise BadInput(f"{text[:40]!r} is no hour: write a full hour from 0 to 23, as 9 or 17:00")
    return hour


def parse_zone(text: str) -> ZoneInfo:
    """Read `Europe/Berlin`, `berlin` or `UTC`; raise BadInput that names the nearest zones for anything else."""
    wanted = text.strip().lower().replace(" ", "_")
    zones = sorted(available_timezones(), key=lambda zone: (zone.count("/") != 1, zone))
    for zone in zones:
        if zone.lower() == wanted:
            return ZoneInfo(zone)
    for zone in zones:
        # Etc/GMT+1 is an hour west of Greenwich, which nobody means who writes GMT+1.
        if zone.lower().rpartition("/")[2] == wanted and not zone.startswith("Etc/"):
            return ZoneInfo(zone)
    raise BadInput(f"{text[:40]!r} is no time zone: write one as {either((*_nearest(wanted, zones), 'UTC'))}")


def _nearest(wanted: str, zones: list[str]) -> list[str]:
    """The zones whose place is written nearly so, at most three; two that everybody knows when there is none."""
    from rapidfuzz import fuzz, process

    places = {zone: zone.lower().rpartition("/")[2] for zone in zones if zone.startswith(CONTINENTS)}
    found = process.extract(wanted[:40].rpartition("/")[2], places, scorer=fuzz.ratio, limit=3, score_cutoff=ALIKE)
    return [zone for _, _, zone in found] or ["Europe/Berlin", "America/New_York"]
