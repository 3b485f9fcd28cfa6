"""Counts for Prometheus, in a registry of the page's own."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from cascade.feed import Health
from web.runner import Readable
from web.vitals import Vitals

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """What is counted of requests as they pass, and read from the store when it is asked for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.requests = Counter("cascade_web_requests", "Requests answered", ["page", "status"], registry=registry)
        self.seconds = Histogram(
            "cascade_web_request_seconds", "Time to answer", ["page"], registry=registry, buckets=_BUCKETS
        )
        self._feeds = Gauge("cascade_feeds", "Watched feeds by health", ["health"], registry=registry)
        self._items = Gauge("cascade_items", "Stored items by what became of them", ["fate"], registry=registry)
        self._silence = Gauge(
            "cascade_seconds_since",
            "Seconds since a process or platform last did something",
            ["what"],
            registry=registry,
        )

    def count(self, page: str, status: int, seconds: float) -> None:
        """A request was answered. `page` is the route's pattern, never the address, so the set is closed."""
        self.requests.labels(page, str(status)).inc()
        self.seconds.labels(page).observe(seconds)

    def gather(self, vitals: Vitals, now: datetime) -> Callable[[Readable], bytes]:
        """The work that reads the store and writes the text."""

        def work(store: Readable) -> bytes:
            visits = [visit for visit in store.visits() if not visit.feed.paused]
            for health in Health:
                self._feeds.labels(health.value).set(sum(visit.health is health for visit in visits))
            for fate, number in store.count_items().items():
                self._items.labels(fate).set(number)
            for what, at in {"scheduler": vitals.scheduler_at, **vitals.platforms}.items():
                if at is not None:
                    self._silence.labels(what).set((now - at).total_seconds())
            return generate_latest(self._registry)

        return work
