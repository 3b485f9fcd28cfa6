"""What `app/` hands to the page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry

from cascade.ports import HOME
from cascade.taxonomy import Taxonomy
from web.runner import Run
from web.settings import Settings
from web.vitals import Vitals, nothing_known


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The rest of the house, seen from the page. It only reads."""

    taxonomy: Taxonomy
    run: Run
    clock: Callable[[], datetime]  # aware, UTC
    settings: Settings = field(default_factory=Settings)
    vitals: Callable[[], Awaitable[Vitals]] = nothing_known
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)  # `app/` may add its own counts
    team: str = HOME
