"""When to look at which feed again, and how it fares: decisions about visits, with no clock of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit

from cascade.feed import Failed, Health, Reason, Visit

SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=24)
UNKNOWN_RHYTHM = timedelta(hours=1)  # between looks, until a feed's rhythm is known
LOOKS_PER_ENTRY = 12  # looks in the mean time between two entries: a weekly blog is seen within 14 hours
FIRST_RETRY = timedelta(minutes=10)
FAILURES_TO_FAIL = 3  # in a row: YouTube's feeds answer 404 for hours and come back
QUIET_AFTER = 7  # mean times between entries; a steady feed is silent that long once in 1,100 of them
QUIET_AT_LEAST, QUIET_UNKNOWN = timedelta(days=7), timedelta(days=90)
NEWEST = 20  # entries that the rhythm is read off
MAX_FRESH = timedelta(hours=1)  # how far Cache-Control may put a look off
NEVER_AGAIN = timedelta(days=36500)

# Hosts that say (or are known to mean) how often one reader may ask, in seconds between two requests.
# Reddit: about one a minute without an account; arXiv asks for 3 s; hnrss: 6 a minute.
PACE = {"reddit.com": 60.0, "arxiv.org": 3.0, "hnrss.org": 10.0, "github.com": 2.0, "youtube.com": 2.0}
PACE_ELSEWHERE = 1.0
WAITS_FOR_NEXT_PASS = 5.0  # a host slower than this is asked once in a pass


def due(visits: Iterable[Visit], now: datetime) -> list[Visit]:
    """The feeds to look at now, most overdue first; of a host that wants long waits only one."""
    visits = list(visits)
    asked = _last_asked(visits)
    chosen: list[Visit] = []
    for visit in sorted(filter(_is_watched, visits), key=lambda visit: (visit.next_at, visit.feed.url)):
        host = host_of(visit.address)
        wait = pace(host)
        if visit.next_at > now or (
            wait > WAITS_FOR_NEXT_PASS and asked.get(host, now - LATEST) > now - timedelta(seconds=wait)
        ):
            continue
        asked[host] = now
        chosen.append(visit)
    return chosen


def is_due(visit: Visit, now: datetime) -> bool:
    """Whether it is time to look at this feed."""
    return _is_watched(visit) and visit.next_at <= now


def by_host(visits: Iterable[Visit]) -> list[list[Visit]]:
    """The same visits, host by host, the longest queues first."""
    queues: dict[str, list[Visit]] = {}
    for visit in visits:
        queues.setdefault(host_of(visit.address), []).append(visit)
    return sorted(queues.values(), key=len, reverse=True)


def host_of(address: str) -> str:
    """The host that an address asks; "" when it names none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def pace(host: str) -> float:
    """Seconds between two requests to a host."""
    return next((wait for known, wait in PACE.items() if host == known or host.endswith("." + known)), PACE_ELSEWHERE)


def answered(visit: Visit, now: datetime, rng: Random, *, max_age: timedelta | None = None) -> Visit:
    """The visit after a look that was answered, news or not: its health, and when to look again."""
    interval = max(interval_of(visit.rhythm), min(max_age or timedelta(), MAX_FRESH))
    health, reason = _silence(visit, now)
    return replace(
        visit,
        polled_at=now,
        succeeded_at=now,
        next_at=now + interval * rng.uniform(0.9, 1.0),
        failures=0,
        health=health,
        reason=reason,
        since=visit.since if health == visit.health else now,
    )


def failed(visit: Visit, why: Failed, now: datetime, rng: Random) -> Visit:
    """The visit after a look that brought nothing: later and later, at most a day, or when the feed says."""
    failures = visit.failures + 1
    health = _after_failure(visit.health, why.reason, failures)
    wait = min(LATEST, FIRST_RETRY * 2 ** min(failures, 10)) * rng.uniform(0.5, 1.0)
    wait = NEVER_AGAIN if health == Health.GONE else max(wait, why.retry_after or timedelta())
    return replace(
        visit,
        polled_at=now,
        next_at=now + wait,
        failures=failures,
        health=health,
        reason=why.text if health in {Health.FAILING, Health.GONE, Health.NEW} else visit.reason,
        since=visit.since if health == visit.health else now,
    )


def interval_of(rhythm: timedelta | None) -> timedelta:
    """How long to wait between two looks at a feed of this rhythm."""
    return UNKNOWN_RHYTHM if rhythm is None else min(max(rhythm / LOOKS_PER_ENTRY, SOONEST), LATEST)


def rhythm_of(published: Sequence[datetime]) -> timedelta | None:
    """The mean time between the newest entries; None for fewer than three dates."""
    newest = sorted(set(published), reverse=True)[:NEWEST]
    if len(newest) < 3:
        return None
    return (newest[0] - newest[-1]) / (len(newest) - 1)


def _silence(visit: Visit, now: datetime) -> tuple[Health, str]:
    if visit.newest_at is None:
        return Health.LIVE, ""
    bound = max(QUIET_AFTER * visit.rhythm, QUIET_AT_LEAST) if visit.rhythm else QUIET_UNKNOWN
    if now - visit.newest_at <= bound:
        return Health.LIVE, ""
    usual = f"; usually something comes every {_span(visit.rhythm)}" if visit.rhythm else ""
    return Health.QUIET, f"nothing new since {visit.newest_at:%Y-%m-%d}{usual}"


def _after_failure(health: Health, reason: Reason, failures: int) -> Health:
    if reason == Reason.GONE:
        return Health.GONE
    return Health.FAILING if failures >= FAILURES_TO_FAIL else health


def _is_watched(visit: Visit) -> bool:
    return not visit.feed.paused and visit.health != Health.GONE


def _last_asked(visits: Iterable[Visit]) -> dict[str, datetime]:
    asked: dict[str, datetime] = {}
    for visit in visits:
        if visit.polled_at:
            host = host_of(visit.address)
            asked[host] = max(visit.polled_at, asked.get(host, visit.polled_at))
    return asked


def _span(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 36 else f"{max(hours, 1):.0f} hours"
