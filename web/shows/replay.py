"""The method replayed on the shipped history: beside simple ones, and what was said beside what came."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cascade.outcome import HORIZONS
from cascade.phrases import percent


@dataclass(frozen=True, kw_only=True)
class MethodShow:
    """One method's scores, as they are printed."""

    name: str
    crps: str
    brier: tuple[str, ...]  # by horizon
    held: str


@dataclass(frozen=True, kw_only=True)
class FifthShow:
    """All forecasts whose chance lay in one fifth of the scale."""

    chance: str  # `20 to 40 %`
    told: tuple[str, ...]  # by horizon: `13 %, 12 % (n = 102)`, what was said and what came


@dataclass(frozen=True, kw_only=True)
class ReplayShow:
    """What `cascade backtest` found on the history that ships with Cascade."""

    model: str
    n: int
    origins: tuple[str, ...]
    until: str
    methods: tuple[MethodShow, ...]  # this model first
    fifths: tuple[FifthShow, ...]


def read_replay(note: str) -> ReplayShow | None:
    """The figures as they were noted; None when none were."""
    if not note:
        return None
    found = json.loads(note)
    return ReplayShow(
        model=found["model"],
        n=found["methods"][0]["n"],
        origins=tuple(found["origins"]),
        until=found["until"],
        methods=tuple(_method(one) for one in found["methods"]),
        fifths=tuple(_fifths(found["fifths"])),
    )


def _method(row: Mapping[str, Any]) -> MethodShow:
    brier = (row[f"brier{months}"] for months in HORIZONS)
    return MethodShow(
        name=row["method"],
        crps=f"{row['crps']:.3f}",
        brier=tuple("–" if one is None else f"{one:.3f}" for one in brier),
        held=percent(row["held80"]),
    )


def _fifths(rows: Sequence[Mapping[str, Any]]) -> Iterable[FifthShow]:
    told = {(row["months"], row["from"]): row for row in rows if row["n"]}
    for low in sorted({row["from"] for row in rows}):
        yield FifthShow(
            chance=f"{low * 100:.0f} to {low * 100 + 20:.0f} %",
            told=tuple(_told(told.get((months, low))) for months in HORIZONS),
        )


def _told(row: Mapping[str, Any] | None) -> str:
    return f"{percent(row['said'])}, {percent(row['came'])} (n = {row['n']})" if row else "–"
