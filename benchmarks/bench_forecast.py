"""Scores and speed of the forecast; with the word `study` also the other tables of docs/track-record.md."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import numpy as np

from cascade.backtest import Score, model, origins, replay, score, without_each
from cascade.baselines import BASELINES
from cascade.board import Facts, board_at
from cascade.forecast import forecasts
from cascade.forecasting import fit, prior
from cascade.forecasting.arrivals import Arrivals
from cascade.forecasting.fit import curves
from cascade.outcome import Outcome
from cascade.sighting import ATLAS, Choice, Vote
from storage.atlas import read_atlas, read_taxonomy
from tests.cascade.simulated import Simulated, heavy_tailed, simulate

ENDS = datetime(2026, 8, 21, 12, tzinfo=UTC)
FIGURES = ("STEP_LAG", "STEP_SPREAD", "DELAY_SPREAD", "CHANCE_SPREAD", "START_SPREAD", "INSIDE_A_MODALITY")


def main() -> None:
    """Print scores and speed; with the word `study` every table, which takes minutes."""
    atlas = shipped()
    tell_scores(atlas)
    tell_speed(atlas)
    for tell in (tell_halves, tell_shifted, tell_weak, tell_left_out, tell_figures, tell_parts, tell_calibration):
        if "study" in sys.argv[1:]:
            tell(atlas)


def shipped() -> Arrivals:
    """The history that ships with Cascade."""
    rows = read_atlas()
    votes = tuple(Vote(sighting=row.id, person=ATLAS, choice=Choice.CONFIRM, at=row.seen_at) for row in rows)
    return Arrivals.of(board_at(read_taxonomy(), Facts(sightings=rows, votes=votes), ENDS))


def line(name: str, found: Score) -> None:
    """One row: CRPS, Brier at 3, 6 and 12 months, share held by the 80 % ranges."""
    brier = " ".join(f"{value:.3f}" if value is not None else "-" for value in found.brier.values())
    print(f"{name:36} n={found.n:3} crps {found.crps:.4f} brier {brier} held {found.held:.3f}")


def tell_scores(atlas: Arrivals) -> None:
    """The model and the baselines, with reliability by fifths."""
    print("\nscores")
    for name, method in {"this model": model, **BASELINES}.items():
        line(name, score(name, replay(atlas, method, origins())))
    for fifth in score("model", replay(atlas, model, origins())).fifths:
        if fifth.said is not None and fifth.came is not None:
            print(f"  {fifth.months:2} months, from {fifth.low:.1f}: n {fifth.n:3} {fifth.said:.2f} {fifth.came:.2f}")


def tell_halves(atlas: Arrivals) -> None:
    """Early and late origins apart."""
    print("\norigins")
    for name, method in {"this model": model, "constant hazard": BASELINES["constant hazard"]}.items():
        line(f"{name}, to April 2024", score(name, replay(atlas, method, origins()[:6])))
        line(f"{name}, from July 2024", score(name, replay(atlas, method, origins()[6:])))


def tell_shifted(atlas: Arrivals) -> None:
    """The quarterly origins moved by one and by two months: they test the choice of days, and nothing more."""
    print("\nother origins (model, the same with a fixed spread of delays, constant hazard)")
    for months in (1, 2):
        later = [day.replace(month=day.month + months) for day in origins()]
        at = [day for day in later if day <= origins()[-1]]
        line(f"moved by {months}", score("", replay(atlas, model, at)))
        line("", score("", _with_delays((1.0,), atlas, at)))
        line("", score("", replay(atlas, BASELINES["constant hazard"], at)))


def _with_delays(grid: tuple[float, ...], atlas: Arrivals, at: Sequence[date]) -> list[Outcome]:
    before, fit._DELAYS = fit._DELAYS, grid
    found = replay(atlas, model, at)
    fit._DELAYS = before
    return found


def tell_weak(atlas: Arrivals) -> None:
    """Where it is bad: the model's outcomes by capability and by stage, and the worst single forecasts."""
    ours, theirs = (replay(atlas, method, origins()) for method in (model, BASELINES["constant hazard"]))
    for kind in ("capability", "stage"):
        print(f"\nby {kind} (model, then constant hazard)")
        for name in sorted({getattr(one.cell, kind) for one in ours}):
            line(name, score("", [one for one in ours if getattr(one.cell, kind) == name]))
            line("", score("", [one for one in theirs if getattr(one.cell, kind) == name]))
    print("\nworst")
    for one in sorted(ours, key=lambda one: -one.crps)[:8]:
        came = f"came after {one.months:.1f} months" if one.months is not None else "has not come"
        print(f"  {one.cell} at {one.origin}: crps {one.crps:.2f}, said {one.chance(12):.0%} within 12 months, {came}")


def tell_left_out(atlas: Arrivals) -> None:
    """One capability at a time forgotten."""
    print("\none capability left out (model, then constant hazard)")
    ours = without_each(atlas, model, origins())
    theirs = without_each(atlas, BASELINES["constant hazard"], origins())
    for name, found in ours.items():
        line(name, found)
        line("", theirs[name])


def tell_figures(atlas: Arrivals) -> None:
    """Each of the prior's figures halved and doubled."""
    print("\nprior's figures halved and doubled")
    for name in FIGURES:
        value = getattr(prior, name)
        for factor in (0.5, 2):
            setattr(prior, name, value * factor)
            line(f"{name} = {value * factor:g}", score(name, replay(atlas, model, origins())))
        setattr(prior, name, value)


def tell_parts(atlas: Arrivals) -> None:
    """What each part of the model is worth: the scores without it."""
    print("\nwithout a part")
    lasting, scatter, lag, average = fit._LASTING, fit._SCATTER, prior.STEP_LAG, fit._average
    grids = {
        "a delay never fades": (1.0,),
        "no delay of a capability's own": (0.02,),
        "finer": (0.2, 0.4, 0.6, 0.8, 0.95),
    }
    for name, grid in grids.items():
        fit._LASTING = grid
        line(name, score(name, replay(atlas, model, origins())))
    fit._LASTING, fit._SCATTER = lasting, np.array([1.0])
    line("scatter fixed", score("", replay(atlas, model, origins())))
    fit._SCATTER, prior.STEP_LAG = scatter, 0.0
    line("no expected lag", score("", replay(atlas, model, origins())))
    prior.STEP_LAG = lag
    fit._average = lambda givens, waited: average(givens, np.zeros_like(waited))
    line("open cells tell nothing", score("", replay(atlas, model, origins())))
    fit._average = average
    line("spread of delays fixed", score("", _with_delays((1.0,), atlas, origins())))
    ours = replay(atlas, model, origins())
    for name, share in (("constant hazard", 0.1), ("per-pair log-normal, censored", 0.2)):
        theirs = replay(atlas, BASELINES[name], origins())
        line(f"{share:.0%} of {name}", score("", [_mixed(a, b, share) for a, b in zip(ours, theirs, strict=True)]))


def _mixed(one: Outcome, other: Outcome, share: float) -> Outcome:
    curve = tuple((1 - share) * a + share * b for a, b in zip(one.curve, other.curve, strict=True))
    return replace(one, curve=curve)


def tell_calibration(atlas: Arrivals) -> None:
    """How often the 80 % ranges hold in cascades whose law is known."""
    print("\n80 % ranges on simulated cascades")
    for scatter in (0.5, 1.0):
        for lasting in (0.5, 0.7, 0.8):
            share = covered(partial(simulate, atlas.taxonomy, scatter=scatter, lasting=lasting))
            print(f"  scatter {scatter}, lasting {lasting}: {share}")
    for median, spread in ((10, 0.5), (6, 0.7), (4, 1.0)):
        share = covered(partial(heavy_tailed, atlas.taxonomy, median=median, spread=spread))
        print(f"  log-normal lags, median {median} months, spread {spread}: {share}")


def covered(draw: Callable[..., Simulated], cascades: int = 60) -> str:
    """The share of waited-for cells inside their 80 % range, with the count."""
    rng = np.random.default_rng(1)
    drawn = [draw(rng=rng, share=(0.3, 0.5, 0.7)[number % 3]) for number in range(cascades)]
    inside = [held for one in drawn for held in _held(one)]
    return f"{np.mean(inside):.3f} of {len(inside)}"


def _held(one: Simulated) -> Sequence[bool]:
    steps = np.arange(49) / 2
    return [
        0.1 <= float(np.interp(one.comes[cell], steps, (0.0, *curve))) <= 0.9
        for cell, curve in curves(one.arrivals).items()
        if one.arrivals.is_waited_for(cell)
    ]


def tell_speed(atlas: Arrivals) -> None:
    """All open cells, and one capability's."""
    print("\nspeed")
    negation = [cell for cell in atlas.taxonomy.cells() if cell.capability == "negation"]
    for name, cells in (("all cells", None), ("one capability", negation)):
        started = time.perf_counter()
        forecasts(atlas, cells)
        print(f"  {name}: {time.perf_counter() - started:.3f} s")
    then = atlas.as_known_on(date(2023, 7, 15))
    started = time.perf_counter()
    forecasts(then, with_due=False)
    print(f"  all cells as of mid-2023, without overdue: {time.perf_counter() - started:.3f} s")


if __name__ == "__main__":
    main()
