"""Cascades whose law is known: drawn from the forecast's own prior, with parameters of our choice."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cascade.forecasting import prior
from cascade.forecasting.arrivals import Arrivals
from cascade.gaps import DAYS_A_MONTH
from cascade.taxonomy import Capability, Cell, Modality, Stage, Taxonomy

NOW = date(2025, 1, 1)


@dataclass(frozen=True)
class Simulated:
    """A cascade cut at a moment: what is known, and when the rest will come, in months from then."""

    arrivals: Arrivals
    comes: dict[Cell, float]


def small_taxonomy(stages: int = 6, capabilities: int = 8) -> Taxonomy:
    """A closed and an open stage in each of some modalities, each modality after the one before."""
    chain: list[Stage] = []
    for number in range(stages):
        modality, variant = f"m{number // 2}", ("closed", "open")[number % 2]
        after = None if number == 0 else f"m{number // 2}/closed" if number % 2 else f"m{number // 2 - 1}/closed"
        chain.append(Stage(id=f"{modality}/{variant}", name=f"{variant} {modality}", modality=modality, after=after))
    return Taxonomy(
        stages=tuple(chain),
        capabilities=tuple(Capability(id=f"c{n}", name=f"c {n}", means="It works.") for n in range(capabilities)),
        modalities=tuple(Modality(id=name) for name in dict.fromkeys(stage.modality for stage in chain)),
    )


def simulate(
    taxonomy: Taxonomy, rng: np.random.Generator, *, scatter: float, lasting: float, share: float
) -> Simulated:
    """A cascade drawn with this scatter and this persistence, cut on the day on which `share` of its cells are due.

    The day is chosen before anything is drawn, as days are: a day that waits for the draw favours early ranges.
    """
    cells = list(taxonomy.cells())
    places = prior.tree(taxonomy)
    capabilities, stages = prior.cell_numbers(taxonomy, cells)
    spread = prior.covariance(places, capabilities, stages, lasting=lasting) - prior.START_SPREAD**2
    expected = prior.expected(places, stages, 0.0)
    drawn = expected + scatter * np.linalg.cholesky(spread) @ rng.normal(size=len(cells))
    return _cut(taxonomy, dict(zip(cells, drawn.tolist(), strict=True)), float(np.quantile(expected, share)))


def heavy_tailed(
    taxonomy: Taxonomy, rng: np.random.Generator, *, median: float, spread: float, share: float
) -> Simulated:
    """A cascade of another law than the forecast's: every lag log-normal and independent; cut at `share` emerged."""
    comes: dict[Cell, float] = {}
    for cell in taxonomy.cells():
        upstream = taxonomy.upstream(cell)
        start = comes[upstream] if upstream else float(rng.normal(0, 12))
        comes[cell] = start + (median * float(np.exp(rng.normal(0, spread))) if upstream else 0.0)
    return _cut(taxonomy, comes, float(np.quantile(list(comes.values()), share)))


def _cut(taxonomy: Taxonomy, drawn: dict[Cell, float], cut: float) -> Simulated:
    comes = {cell: at - cut for cell, at in drawn.items()}
    days = {cell: NOW + timedelta(days=round(at * DAYS_A_MONTH)) for cell, at in comes.items() if at <= 0}
    return Simulated(
        Arrivals(taxonomy=taxonomy, known_on=NOW, days=days, open=frozenset(set(comes) - set(days))), comes
    )
