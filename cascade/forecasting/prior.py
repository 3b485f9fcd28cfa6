"""What is believed about emergence dates before any is seen, as one normal distribution over all cells.

    date(capability, stage) = stage's usual date + the capability's own delay there + chance

The usual date walks down the tree of stages in steps. The capability's own delay is handed down the
same tree and fades with distance, so a capability that was early in image is expected early in
video, and less surely so in 3D. Chance belongs to the cell alone. The figures are round guesses,
not a fit: `docs/forecasting.md` tells how they came about and how little the scores depend on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cascade.forecasting.normal import Floats
from cascade.taxonomy import Cell, Stage, Taxonomy

STEP_LAG = 6.0  # months by which a stage is expected after the one before it
STEP_SPREAD = 6.0  # months, standard deviation of one step of the usual date
DELAY_SPREAD = 9.0  # months, of a capability's own delay
CHANCE_SPREAD = 4.5  # months, of what belongs to the cell alone
START_SPREAD = 36.0  # months, of when the whole cascade starts: next to nothing is claimed
INSIDE_A_MODALITY = 0.5  # a step from closed to open, or to realtime, is half a step between modalities


@dataclass(frozen=True)
class Tree:
    """The stages' places: how far below the root, and how far from each other, in steps."""

    depth: Floats  # links from the root, by stage: each may cost a lag
    shared: Floats  # length of the way down that two stages have in common
    apart: Floats  # length of the way from one to the other


def tree(taxonomy: Taxonomy) -> Tree:
    """Measure the taxonomy's tree of stages."""
    ways = [_way_down(taxonomy, stage) for stage in taxonomy.stages]
    lengths = {stage.id: _length(taxonomy, stage) for stage in taxonomy.stages}
    shared = np.array([[sum(lengths[one] for one in set(a) & set(b)) for b in ways] for a in ways], dtype=np.float64)
    own = np.diag(shared)
    return Tree(
        depth=np.array([len(list(pairwise(way))) for way in ways], dtype=np.float64),
        shared=shared,
        apart=own[:, None] + own - 2 * shared,
    )


def expected(places: Tree, stages: Sequence[int], start: float) -> Floats:
    """The expected date of each cell, given its stage's number and the expected start."""
    return start + STEP_LAG * places.depth[list(stages)]


def covariance(
    places: Tree, capabilities: Sequence[int], stages: Sequence[int], *, lasting: float, delay: float = 1.0
) -> Floats:
    """How the cells' dates vary together, in months squared.

    `lasting` is the share of a capability's delay that one full step hands down, 0 to 1; `delay` a factor on the
    spread of such delays.
    """
    rows = np.ix_(list(stages), list(stages))
    same = np.equal.outer(np.array(capabilities), np.array(capabilities))
    usual = START_SPREAD**2 + STEP_SPREAD**2 * places.shared[rows]
    own = (delay * DELAY_SPREAD) ** 2 * same * lasting ** places.apart[rows]
    return np.asarray(usual + own + CHANCE_SPREAD**2 * np.eye(len(stages)), dtype=np.float64)


def cell_numbers(taxonomy: Taxonomy, cells: Sequence[Cell]) -> tuple[list[int], list[int]]:
    """The number of each cell's capability and stage, as the functions above want them."""
    capabilities = {one.id: number for number, one in enumerate(taxonomy.capabilities)}
    stages = {one.id: number for number, one in enumerate(taxonomy.stages)}
    return [capabilities[cell.capability] for cell in cells], [stages[cell.stage] for cell in cells]


def _way_down(taxonomy: Taxonomy, stage: Stage) -> tuple[str, ...]:
    above = _way_down(taxonomy, taxonomy.stage(stage.after)) if stage.after else ()
    return (*above, stage.id)


def _length(taxonomy: Taxonomy, stage: Stage) -> float:
    if stage.after is None:
        return 0.0
    return INSIDE_A_MODALITY if taxonomy.stage(stage.after).modality == stage.modality else 1.0
