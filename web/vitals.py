"""Whether the whole of Cascade is alive, as `app/` knows it: told at /healthz and counted at /metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cascade.feed import Health, Visit

SILENT_SCHEDULER = timedelta(minutes=10)  # it wakes every minute or so
DEAF = timedelta(hours=6)  # a platform that says nothing for so long may have gone deaf: told, not fatal


@dataclass(frozen=True, kw_only=True)
class Vitals:
    """What the running processes last did. Moments are UTC."""

    scheduler_at: datetime | None = None  # when it last woke; None where no scheduler runs in this process
    platforms: Mapping[str, datetime | None] = field(default_factory=dict)  # last event; None: none since the start


async def nothing_known() -> Vitals:
    """What a process without scheduler and platforms knows."""
    return Vitals()


@dataclass(frozen=True, kw_only=True)
class Check:
    """The outcome: `ok` is what a load balancer needs to know."""

    ok: bool
    told: Mapping[str, Any]


def check(vitals: Vitals, visits: Sequence[Visit] | None, trouble: str, now: datetime) -> Check:
    """What /healthz says; `visits` is None, and `trouble` says why, when the store cannot be read."""
    scheduler_ok = vitals.scheduler_at is None or now - vitals.scheduler_at < SILENT_SCHEDULER
    return Check(
        ok=visits is not None and scheduler_ok,
        told={
            "ok": visits is not None and scheduler_ok,
            "storage": {"ok": visits is not None, **({"trouble": trouble} if trouble else {})},
            "scheduler": {"ok": scheduler_ok, "seconds_since": _seconds(vitals.scheduler_at, now)},
            "platforms": {name: _platform(at, now) for name, at in sorted(vitals.platforms.items())},
            "feeds": _feeds(visits or (), now),
        },
    )


def _platform(at: datetime | None, now: datetime) -> dict[str, object]:
    return {"seconds_since_event": _seconds(at, now), "quiet": at is None or now - at > DEAF}


def _feeds(visits: Sequence[Visit], now: datetime) -> dict[str, object]:
    watched = [visit for visit in visits if not visit.feed.paused]
    polled = max((visit.polled_at for visit in watched if visit.polled_at), default=None)
    counts = {health.value: sum(visit.health is health for visit in watched) for health in Health}
    paused = len(visits) - len(watched)
    return {"watched": len(watched), "paused": paused, **counts, "seconds_since_poll": _seconds(polled, now)}


def _seconds(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else round((now - at).total_seconds())
