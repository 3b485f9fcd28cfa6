"""The method replayed on the shipped history: beside simple ones, and what was said beside what came."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cascade.phrases import percent

HORIZONS = (3, 6, 12)  # months ahead, as the backtest scores them


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method's scores, as they are printed."""

    name: str
    crps: str
    brier: tuple[str, ...]  # by horizon
    held: str


@dataclass(frozen=True, kw_only=True)
class Fifth:
    """All forecasts whose chance lay in one fifth of the scale."""

    chance: str  # `20 to 40 %`
    told: tuple[str, ...]  # by horizon: `13 %, 12 % (n = 102)`, what was said and what came


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What `cascade backtest` found on the history that ships with Cascade."""

    model: str
    n: int
    origins: tuple[str, ...]
    until: str
    methods: tuple[Method, ...]  # this model first
    fifths: tuple[Fifth, ...]


def read_replay(note: str) -> Replay | None:
    """The figures as they were noted; None when none were."""
    if not note:
        return None
    found = json.loads(note)
    return Replay(
        model=found["model"],
        n=found["methods"][0]["n"],
        origins=tuple(found["origins"]),
        until=found["until"],
        methods=tuple(_method(one) for one in found["methods"]),
        fifths=tuple(_fifths(found["fifths"])),
    )


def _method(row: Mapping[str, Any]) -> Method:
    brier = (row[f"brier{months}"] for months in HORIZONS)
    return Method(
        name=row["method"],
        crps=f"{row['crps']:.3f}",
        brier=tuple("–" if one is None else f"{one:.3f}" for one in brier),
        held=percent(row["held80"]),
    )


def _fifths(rows: Sequence[Mapping[str, Any]]) -> Iterable[Fifth]:
    told = {(row["months"], row["from"]): row for row in rows if row["n"]}
    for low in sorted({row["from"] for row in rows}):
        yield Fifth(
            chance=f"{low * 100:.0f} to {low * 100 + 20:.0f} %",
            told=tuple(_told(told.get((months, low))) for months in HORIZONS),
        )


def _told(row: Mapping[str, Any] | None) -> str:
    return f"{percent(row['said'])}, {percent(row['came'])} (n = {row['n']})" if row else "–"
