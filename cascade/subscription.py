"""Who gets a digest where, when, and about what."""

from collections.abc import Iterable
from dataclasses import dataclass

from cascade.taxonomy import Cell, Taxonomy


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
