"""`/cascade negation`: a capability's way down the cascade."""

from bot.answers.board import cell_facts
from cascade.board import State
from cascade.forecast import Forecast, rows
from cascade.message import Bullets, Chart, Line, Message, Note, Offer, Paragraph, Picture, Strong, text_of
from cascade.phrases import forecast_words, gap_words, standing_line
from cascade.taxonomy import Capability, Cell, Stage
from cascade.view import View

HEADLINE = "{name}: works in {working} of {stages} stages"
NEXT = "; next {stage}"


def answer(view: View, capability: Capability) -> Message:
    """Date, model, source and who confirmed it at every stage, and the gap to the stage before."""
    cells = [Cell(capability.id, stage.id) for stage in view.taxonomy.stages]
    made = view.forecasts(cells)
    lines = tuple(
        _line(view, stage, cell, made.get(cell)) for stage, cell in zip(view.taxonomy.stages, cells, strict=True)
    )
    return Message(
        headline=_headline(view, capability, cells),
        parts=(
            Paragraph((capability.means,)),
            Picture(Chart.CAPABILITY, (capability.id,), f"{capability.name}: " + "; ".join(map(text_of, lines))),
            Bullets(lines),
            Note(_small_print(view, cells)),
        ),
        offers=(Offer("The board", "ask:"), Offer("What waits for review", "ask:review")),
        facts={
            "capability": capability.id,
            "cells": [cell_facts(view, cell) for cell in cells],
            "forecasts": rows(made.values()),
        },
    )


def next_stages(view: View, capability: str) -> list[Stage]:
    """The stages that do not have it although the stage before does."""
    return [
        view.taxonomy.stage(cell.stage)
        for cell, gap in view.gaps.items()
        if cell.capability == capability and gap.kind == "open"
    ]


def _headline(view: View, capability: Capability, cells: list[Cell]) -> str:
    working = sum(view.board[cell].state is State.WORKS for cell in cells)
    start = HEADLINE.format(name=capability.name, working=working, stages=len(cells))
    coming = next_stages(view, capability.id)
    return start + (NEXT.format(stage=coming[0].name) if coming else "")


def _line(view: View, stage: Stage, cell: Cell, forecast: Forecast | None) -> Line:
    gap = view.gaps.get(cell)
    before = view.taxonomy.stage(gap.upstream.stage).name if gap else ""
    tail = f"; {gap_words(gap, before)}" if gap else ""
    coming = f"; {forecast_words(forecast)}" if forecast else ""
    return (Strong(stage.name), ": ", *standing_line(view.board[cell]), tail, coming)


def _small_print(view: View, cells: list[Cell]) -> Line:
    by = [view.board[cell].by for cell in cells]
    atlas = sum(one.decision.from_atlas for one in by if one)
    said = sum(one is not None for one in by)
    return (f"{atlas} of {said} cells rest on the atlas alone until people confirm or dispute them.",)
