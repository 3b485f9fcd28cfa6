"""Subscriptions, watches, slots and parts as columns, and back."""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from cascade.delivery import Part, Progress, Slot, Statement
from cascade.message import Message
from cascade.message_json import message_data, to_message
from cascade.ports import Place
from cascade.sighting import Person
from cascade.subscription import Filter, Subscription, Watch, Weekday
from cascade.taxonomy import Cell
from cascade.week import Period
from storage.database import Row
from storage.rows import moment, moment_or_none, range_columns, to_moment, to_moment_or_none, to_range

Columns = dict[str, Any]
_zone = cache(ZoneInfo)  # which itself keeps only the last eight


def subscription_columns(one: Subscription) -> Columns:
    """A subscription as a row."""
    return {
        "id": one.id,
        "team": one.team,
        "place": str(one.place),
        "weekday": one.weekday.value,
        "hour": one.hour,
        "zone": one.zone.key,
        "stages": json.dumps(sorted(one.only.stages)),
        "capabilities": json.dumps(sorted(one.only.capabilities)),
        "tells_quiet": int(one.tells_quiet),
        "since": moment(one.since),
        "trouble": one.trouble,
    }


def to_subscription(row: Row) -> Subscription:
    """What `subscription_columns` wrote."""
    only = Filter(stages=frozenset(_names(row["stages"])), capabilities=frozenset(_names(row["capabilities"])))
    return Subscription(
        id=row["id"],
        team=row["team"],
        place=Place.parse(row["place"]),
        weekday=Weekday(row["weekday"]),
        hour=row["hour"],
        zone=_zone(row["zone"]),
        only=only,
        tells_quiet=bool(row["tells_quiet"]),
        since=to_moment(row["since"]),
        trouble=row["trouble"],
    )


def watch_columns(one: Watch) -> Columns:
    """A watch as a row; it names at most one capability and one stage."""
    return {
        "team": one.team,
        "platform": one.person.platform,
        "person": one.person.id,
        "name": one.person.name,
        "capability": next(iter(one.about.capabilities), ""),
        "stage": next(iter(one.about.stages), ""),
        "since": moment(one.since),
    }


def to_watch(row: Row) -> Watch:
    """What `watch_columns` wrote."""
    named = {"capabilities": row["capability"], "stages": row["stage"]}
    return Watch(
        team=row["team"],
        person=Person(row["platform"], row["person"], row["name"]),
        about=Filter(**{field: frozenset({value}) for field, value in named.items() if value}),
        since=to_moment(row["since"]),
    )


def slot_columns(slot: Slot) -> Columns:
    """A slot as a row of `digests`."""
    return {
        "owner": slot.owner,
        "slot": slot.name,
        "copy": slot.copy,
        "place": str(slot.place),
        "starts": moment(slot.period.start),
        "ends": moment(slot.period.end),
        "covers": json.dumps(slot.covers),
    }


def to_slot(row: Row) -> Slot:
    """What `slot_columns` wrote."""
    return Slot(
        owner=row["owner"],
        name=row["slot"],
        place=Place.parse(row["place"]),
        period=Period(to_moment(row["starts"]), to_moment(row["ends"])),
        covers=_names(row["covers"]),
        copy=row["copy"],
    )


def part_columns(part: Part) -> Columns:
    """A part as a row of `digest_parts`."""
    return {
        **part_key(part),
        "message": json.dumps(message_data(part.message), ensure_ascii=False),
        **progress_columns(part),
    }


def part_key(part: Part) -> Columns:
    """The columns that name a part."""
    return {"owner": part.slot.owner, "slot": part.slot.name, "copy": part.slot.copy, "number": part.number}


def progress_columns(part: Part) -> Columns:
    """The columns that change while a part is being sent."""
    return {
        "progress": part.progress.value,
        "ref": part.ref,
        "tried_at": moment_or_none(part.tried_at),
        "tries": part.tries,
        "next_at": moment_or_none(part.next_at),
        "trouble": part.trouble,
    }


def to_part(row: Row) -> Part:
    """A row of `digest_parts` joined with its `digests` row."""
    return Part(
        slot=to_slot(row),
        number=row["number"],
        message=_message(row["message"]),
        progress=Progress(row["progress"]),
        ref=row["ref"],
        tried_at=to_moment_or_none(row["tried_at"]),
        tries=row["tries"],
        next_at=to_moment_or_none(row["next_at"]),
        trouble=row["trouble"],
    )


def told_columns(slot: Slot, cell: Cell, said: Statement) -> Columns:
    """What a slot said of a cell, as a row."""
    return {
        "owner": slot.owner,
        "slot": slot.name,
        "capability": cell.capability,
        "stage": cell.stage,
        "works": int(said.works),
        "model": said.model,
        **range_columns(said.when, "when"),
    }


def to_statement(row: Mapping[str, Any]) -> Statement:
    """What `told_columns` wrote of the statement."""
    when = to_range(row["when_first"], row["when_last"])
    return Statement(works=bool(row["works"]), model=row["model"], when=when)


def leading_to(link: str) -> str:
    """How LIKE finds the frozen messages that lead to a link, with ! before a sign that it would take for another."""
    written = json.dumps(link, ensure_ascii=False)  # with its quotes: a longer address is another one
    escaped = re.sub("([!%_])", r"!\1", written)
    return f"%{escaped}%"


@lru_cache(maxsize=1_024)
def _names(text: str) -> tuple[str, ...]:
    """A JSON list of names; most rows repeat one that was read a moment ago."""
    return tuple(json.loads(text))


@lru_cache(maxsize=64)
def _message(text: str) -> Message:
    """A frozen message: the same words often go to many places, and are read at each step of their way."""
    return to_message(json.loads(text))
