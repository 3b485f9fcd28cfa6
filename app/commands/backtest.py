"""`cascade backtest`: what would have been forecast then, against what came."""

import json
from typing import Any

import typer

from app.commands.forecast import AtlasFile
from app.commands.printing import Db, Json

WIDTH = 30


def backtest(atlas: AtlasFile = None, db: Db = None, as_json: Json = False) -> None:
    """Score the forecasts on the past, quarter by quarter, beside four simple methods."""
    from app import clock
    from app.history import read_history
    from cascade.backtest import backtest as score_all
    from cascade.backtest import origins, rows

    history = read_history(atlas, db, clock.now().date())
    scores = rows(score_all(history.arrivals.as_known_on(history.told_until), origins()))
    facts: dict[str, Any] = {
        "origins": [day.isoformat() for day in origins() if day < history.told_until],
        "until": history.told_until.isoformat(),
        "methods": scores,
    }
    for note in history.notes:
        typer.echo(f"cascade: {note}", err=True)
    typer.echo(json.dumps(facts, indent=2) if as_json else "\n".join(_told(facts)))


def _told(facts: dict[str, Any]) -> list[str]:
    methods = facts["methods"]
    if not methods:
        return ["Too few to say: at no origin did a cell wait while enough emergences were known to forecast it."]
    best = methods[0]
    return [
        f"{best['n']} forecasts at {len(facts['origins'])} quarterly origins, scored with what was known by "
        f"{facts['until']}. Lower is better; the 80 % ranges should hold 80 %.",
        "",
        f"{'':{WIDTH}}   CRPS  Brier 3 m    6 m   12 m   80 % held  early   late",
        *(_line(one) for one in methods),
        "",
        "Reliability of this model by fifths: how likely it said, how often it came",
        *(_fifth(one) for one in best["fifths"] if one["n"]),
    ]


def _line(one: dict[str, Any]) -> str:
    brier = "".join(f"{_figure(one[name]):>7}" for name in ("brier3", "brier6", "brier12"))
    shares = f"{one['held80']:>11.1%}{one['early']:>7.1%}{one['late']:>7.1%}"
    return f"{one['method']:{WIDTH}} {_figure(one['crps']):>6}   {brier} {shares}"


def _fifth(one: dict[str, Any]) -> str:
    until = one["from"] + 0.2
    return (
        f"  {one['months']:>2} months, {one['from']:>4.0%} to {until:>4.0%}: "
        f"said {one['said']:>4.0%}, came {one['came']:>4.0%} (n={one['n']})"
    )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
