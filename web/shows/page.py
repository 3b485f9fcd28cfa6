"""What a page is before it is rendered, and the error of an address that names nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cascade.errors import BadInput, CascadeError
from cascade.lookup import Found, Unclear, find_capability, find_stage
from cascade.taxonomy import Capability, Stage, Taxonomy


@dataclass(frozen=True, kw_only=True)
class Page:
    """A template, what it needs, and the title."""

    template: str
    title: str
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """A link inside the site."""

    text: str
    href: str


class MissingError(CascadeError):
    """An address that names nothing; `nearest` are ways that may have been meant."""

    def __init__(self, text: str, nearest: Iterable[Way] = ()) -> None:
        super().__init__(text)
        self.nearest = tuple(nearest)


def stage_href(stage_id: str) -> str:
    """The stage's page."""
    return f"/stage/{stage_id}"


def capability_href(capability_id: str, stage_id: str = "") -> str:
    """The capability's page, or its step in one stage."""
    return f"/capability/{capability_id}" + (f"#{anchor(stage_id)}" if stage_id else "")


def sighting_href(sighting_id: str) -> str:
    """The sighting's page."""
    return f"/sighting/{sighting_id}"


def gap_href(earlier: str, later: str) -> str:
    """The page of the gap between two stages."""
    return f"/gap/{earlier}/{later}"


def anchor(stage_id: str) -> str:
    """A stage's id as it may stand after a #."""
    return stage_id.replace("/", "-")


def capability_of(taxonomy: Taxonomy, words: str) -> Capability:
    """The capability of this id; raises MissingError with the nearest."""
    try:
        return taxonomy.capability(words)
    except BadInput:
        nearest = _nearest(find_capability(taxonomy, words))
        ways = [Way(one.name, capability_href(one.id)) for one in nearest if isinstance(one, Capability)]
        raise MissingError(f"There is no capability {words[:80]!r} on this board.", ways) from None


def stage_of(taxonomy: Taxonomy, modality: str, variant: str) -> Stage:
    """The stage of this id; raises MissingError with the nearest."""
    words = f"{modality}/{variant}"
    try:
        return taxonomy.stage(words)
    except BadInput:
        nearest = _nearest(find_stage(taxonomy, words))
        ways = [Way(one.name, stage_href(one.id)) for one in nearest if isinstance(one, Stage)]
        raise MissingError(f"There is no stage {words[:80]!r} on this board.", ways) from None


def _nearest(found: Found | Unclear) -> tuple[object, ...]:
    return (found.entry,) if isinstance(found, Found) else found.nearest
