"""What Cascade tracks: stages in their cascades, capabilities, and how each reads where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from cascade.errors import BadInput

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Cell:
    """One capability in one stage, by their ids."""

    capability: str
    stage: str

    def __str__(self) -> str:
        return f"{self.capability}@{self.stage}"

    @classmethod
    def parse(cls, text: str) -> "Cell":
        """Read what `str(cell)` wrote."""
        capability, mark, stage = text.partition("@")
        if not mark:
            raise BadInput(f"{text!r} is no cell: write capability@stage")
        return cls(capability, stage)


@dataclass(frozen=True, kw_only=True)
class Modality:
    """text, code, image, video or 3d."""

    id: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of a cascade, as `modality/variant`."""

    id: str
    name: str
    modality: str
    after: str | None = None  # the stage before it in its cascade; None for the first
    aliases: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether its models can be downloaded."""
        return "open" in self.id.partition("/")[2]

    @property
    def is_realtime(self) -> bool:
        """Whether its models answer while they play."""
        return self.id.endswith("realtime")


@dataclass(frozen=True, kw_only=True)
class Capability:
    """An abstract ability that reads differently in each modality."""

    id: str
    name: str
    means: str
    reads: Mapping[str, str] = field(default_factory=dict)  # by modality id
    aliases: tuple[str, ...] = ()
    counts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by modality id, "any" for all
    does_not_count: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """All stages and capabilities, in the order in which people read them."""

    stages: tuple[Stage, ...]
    capabilities: tuple[Capability, ...]
    modalities: tuple[Modality, ...]
    version: str = "1"  # stored with each vote: which wording of the rules the voter saw

    def __post_init__(self) -> None:
        known = {stage.id for stage in self.stages}
        for stage in self.stages:
            if stage.after is not None and stage.after not in known:
                raise BadInput(f"stage {stage.id} comes after {stage.after}, which is not in the taxonomy")
            if stage.id in self._chain(stage):
                raise BadInput(f"stage {stage.id} comes after itself: mend the `after` lines")

    def stage(self, stage_id: str) -> Stage:
        """The stage of this id; raises BadInput."""
        return _named(self._stages, stage_id, "stage")

    def capability(self, capability_id: str) -> Capability:
        """The capability of this id; raises BadInput."""
        return _named(self._capabilities, capability_id, "capability")

    def in_modality(self, modality_id: str) -> tuple[Stage, ...]:
        """The stages of one modality, first to last."""
        return tuple(stage for stage in self.stages if stage.modality == modality_id)

    def upstream(self, cell: Cell) -> Cell | None:
        """The same capability in the stage before; None at the head of the cascade."""
        after = self.stage(cell.stage).after
        return Cell(cell.capability, after) if after else None

    def downstream(self, stage_id: str) -> tuple[Stage, ...]:
        """The stages that come right after this one."""
        return tuple(stage for stage in self.stages if stage.after == stage_id)

    def comes_after(self, later: str, earlier: str) -> bool:
        """Whether one stage lies anywhere down the cascade from the other."""
        return earlier in self._chain(self.stage(later))

    def cells(self) -> Iterator[Cell]:
        """Every capability in every stage, capability by capability."""
        return (Cell(capability.id, stage.id) for capability in self.capabilities for stage in self.stages)

    def __contains__(self, cell: Cell) -> bool:
        return cell.capability in self._capabilities and cell.stage in self._stages

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.stages}

    @cached_property
    def _capabilities(self) -> dict[str, Capability]:
        return {capability.id: capability for capability in self.capabilities}

    def _chain(self, stage: Stage) -> set[str]:
        seen: set[str] = set()
        after = stage.after
        while after is not None and after not in seen:
            seen.add(after)
            after = next((other.after for other in self.stages if other.id == after), None)
        return seen


def _named(known: Mapping[str, T], wanted: str, kind: str) -> T:
    if wanted not in known:
        raise BadInput(f"there is no {kind} {wanted!r}: one of {', '.join(known)}")
    return known[wanted]


def words_of(entry: Stage | Capability | Modality) -> Iterable[str]:
    """Every name a person may use for it: the id, the name and the aliases."""
    name = () if isinstance(entry, Modality) else (entry.name,)
    return (entry.id, *name, *entry.aliases)
