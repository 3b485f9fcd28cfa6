"""`/cascade realtime video`: what works in a stage, what comes next, how far behind it is."""

from random import Random

from bot.answers.board import cell_facts
from cascade.board import State
from cascade.forecast import Forecast, rows
from cascade.gaps import DAYS_A_MONTH
from cascade.message import Bullets, Heading, Line, Message, Note, Offer, Paragraph, Part, Strong
from cascade.phrases import behind_words, forecast_words, gap_words, standing_line, trend_words
from cascade.taxonomy import Cell, Modality, Stage
from cascade.trend import stage_lag
from cascade.view import View

HEADLINE = "{name}: {working} of {all} capabilities work"
SEED = 0  # of the bootstrap behind a trend
WORKS, NOT_YET, UNKNOWN = "Works", "Not yet", "Nobody looked"


def answer(view: View, stage: Stage) -> Message:
    """The stage's cells by state, and its distance to the stage before it."""
    cells = [Cell(capability.id, stage.id) for capability in view.taxonomy.capabilities]
    by_state = {state: [cell for cell in cells if view.board[cell].state is state] for state in State}
    made = view.forecasts(cells)
    parts: list[Part] = [Paragraph(_behind(view, stage))]
    for title, state in ((WORKS, State.WORKS), (NOT_YET, State.STILL_FAILS), (UNKNOWN, State.UNKNOWN)):
        if by_state[state]:
            parts += [Heading(title), Bullets(tuple(_line(view, cell, made.get(cell)) for cell in by_state[state]))]
    return Message(
        headline=HEADLINE.format(name=stage.name, working=len(by_state[State.WORKS]), all=len(cells)),
        parts=tuple(parts),
        offers=tuple(Offer(after.name, f"ask:{after.id}") for after in view.taxonomy.downstream(stage.id)),
        facts={
            "stage": stage.id,
            "cells": [cell_facts(view, cell) for cell in cells],
            "forecasts": rows(made.values()),
        },
    )


def answer_modality(view: View, modality: Modality) -> Message:
    """All stages of a modality, each with what works and what does not."""
    stages = view.taxonomy.in_modality(modality.id)
    answers = [answer(view, stage) for stage in stages]
    lines = tuple((Strong(stage.name), f": {_count(view, stage)}") for stage in stages)
    return Message(
        headline=f"{modality.id}: " + "; ".join(one.headline for one in answers[:2]),
        parts=(
            Bullets(lines),
            *(part for one in answers[:1] for part in one.parts),
            Note(("Ask a stage by its name for its details.",)),
        ),
        offers=tuple(Offer(stage.name, f"ask:{stage.id}") for stage in stages),
        facts={"modality": modality.id, "stages": [one.facts for one in answers]},
    )


def _count(view: View, stage: Stage) -> str:
    cells = [Cell(capability.id, stage.id) for capability in view.taxonomy.capabilities]
    working = sum(view.board[cell].state is State.WORKS for cell in cells)
    return f"{working} of {len(cells)} capabilities work"


def _behind(view: View, stage: Stage) -> Line:
    if stage.after is None:
        return ("The first stage of the cascade: nothing lies before it.",)
    before = view.taxonomy.stage(stage.after).name
    lag = stage_lag(view.board, stage.id, Random(SEED))  # noqa: S311  a bootstrap, and the same one every time
    if lag.latest is None:
        return (f"No capability has come here from {before} yet, so its lag is unknown.",)
    latest = view.taxonomy.capability(lag.latest.cell.capability).name
    return (
        f"Read off its latest emergence, {latest}, it is ",
        Strong(behind_words(lag.latest.months * DAYS_A_MONTH)),
        f" {before}. {trend_words(lag.trend)}",
    )


def _line(view: View, cell: Cell, forecast: Forecast | None) -> Line:
    gap = view.gaps.get(cell)
    tail = f"; {gap_words(gap)}" if gap else ""
    coming = f"; {forecast_words(forecast)}" if forecast else ""
    return (
        Strong(view.taxonomy.capability(cell.capability).name),
        ": ",
        *standing_line(view.board[cell]),
        tail,
        coming,
    )
