"""How good the forecasts have been: those that digests showed, and the replay on the shipped history."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.asked import Asked
from cascade.ledger import Entry, Record, Result, first_told, record
from cascade.message import Bullets, Chart, Line, Part, Picture, Strong, text_of
from cascade.phrases import cell_name, counted, percent
from cascade.taxonomy import Cell, Taxonomy

NONE_SHOWN = "No digest has shown a forecast yet, so none could come true or fail."
NONE_DUE = "Digests have shown {open} so far; none has come due yet."
DUE = (
    "Of {scored} that came due, the 80 % range held {held}; {early} came earlier and {late} later "
    "(mean CRPS {crps:.3f}; 0 is perfect). {open} are still open."
)
REPLAYED = (
    "Replayed on the shipped history at {origins} quarterly origins, a retrospective test: CRPS {crps:.3f} against "
    "{best:.3f} of the best simple method ({method}), n={n}; its 80 % ranges held {held}. "
    "More: docs/track-record.md."
)
WITHIN, SAID_CAME = "Within {months} months", "said {said} and {came} came (n={n})"
FATES = {Result.EARLY: "earlier than", Result.HELD: "within", Result.LATE: "later than"}


def ledger_line(entries: Sequence[Entry]) -> str:
    """The running score of the forecasts that digests showed, in a sentence."""
    found = record(entries)
    if not entries:
        return NONE_SHOWN
    if not found.scored or found.crps is None:
        return NONE_DUE.format(open=counted(found.open, "forecast"))
    return DUE.format(
        scored=f"{counted(found.scored, 'forecast')} of {counted(found.cells, 'cell')}",
        held=found.held,
        early=found.early,
        late=found.late,
        crps=found.crps,
        open=found.open,
    )


def replay_line(view: Asked) -> str:
    """What the backtest on the shipped history found, in a sentence; "" where no figure is kept."""
    facts = _backtest(view)
    if not facts:
        return ""
    ours, *simple = facts["methods"]
    best = min(simple, key=lambda one: float(one["crps"]))
    return REPLAYED.format(
        origins=len(facts["origins"]),
        crps=ours["crps"],
        best=best["crps"],
        method=best["method"],
        n=ours["n"],
        held=percent(ours["held80"]),
    )


def calibration(view: Asked) -> list[Part]:
    """What was said beside what came, as a plot and in words; nothing where no figure is kept."""
    told = [one for one in _backtest(view).get("fifths", ()) if one["n"]]
    lines = tuple(
        (Strong(WITHIN.format(months=months)), ": " + ", ".join(map(_said_came, fifths)))
        for months, fifths in groupby(told, key=lambda one: one["months"])
    )
    return [Picture(Chart.CALIBRATION, (), "; ".join(map(text_of, lines))), Bullets(lines)] if lines else []


def _said_came(fifth: Mapping[str, Any]) -> str:
    return SAID_CAME.format(said=percent(fifth["said"]), came=percent(fifth["came"]), n=fifth["n"])


def misses(taxonomy: Taxonomy, entries: Iterable[Entry], most: int) -> list[Line]:
    """The cells whose first forecast missed, newest first."""
    missed = [
        one for one in first_told(entries).values() if one.scored and one.scored.result in (Result.EARLY, Result.LATE)
    ]
    newest = sorted(missed, key=lambda one: one.scored.at if one.scored else one.published.known_by, reverse=True)
    return [told_line(taxonomy, one) for one in newest[:most] if one.published.forecast.cell in taxonomy]


def told_line(taxonomy: Taxonomy, entry: Entry) -> Line:
    """`negation in open image models: told on 2026-01-15 for 2026-03-01 to 2027-05-01, came 2026-02-01, earlier …`."""
    forecast = entry.published.forecast
    low, high = forecast.range(80)
    told = f": told on {forecast.made} for {low or 'later'} to {high or 'later'}"
    return (Strong(cell_name(taxonomy, forecast.cell)), told, _came(entry))


def first_of(entries: Iterable[Entry], cell: Cell) -> Entry | None:
    """The first forecast of a cell that a digest showed; None when none did."""
    return first_told(entries).get(cell)


def record_facts(found: Record) -> dict[str, object]:
    """The running score for programs."""
    return {
        "scored": found.scored,
        "cells": found.cells,
        "held": found.held,
        "early": found.early,
        "late": found.late,
        "crps": None if found.crps is None else round(found.crps, 4),
        "open": found.open,
        "void": found.void,
    }


def _backtest(view: Asked) -> Mapping[str, Any]:
    """The figures that `make track-record` wrote; {} where none are kept."""
    told: Mapping[str, Any] = json.loads(view.store.note("backtest") or "{}")
    return told


def _came(entry: Entry) -> str:
    scored = entry.scored
    if scored is None:
        return "; still open"
    if scored.result is Result.VOID:
        return f"; it was there already ({scored.emerged}), so it counts for nothing"
    came = f"came {scored.emerged}" if scored.emerged else "did not come within 24 months"
    return f"; {came}, {FATES[scored.result]} the 80 % range"
