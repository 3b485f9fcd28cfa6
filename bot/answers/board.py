"""`/cascade`: what works where, at a glance."""

from cascade.board import State
from cascade.message import Bullets, Chart, Line, Message, Note, Offer, Picture, Strong, Table
from cascade.phrases import MARKS, MARKS_LEGEND, cell_name, months
from cascade.taxonomy import Capability, Cell, Stage
from cascade.view import View

HEADLINE = "What works where: {working} of {cells} cells work as of {day}"
GAPS_SHOWN = 5


def answer(view: View) -> Message:
    """The whole board, as a picture and as text."""
    cells = list(view.taxonomy.cells())
    working = [cell for cell in cells if view.board[cell].state is State.WORKS]
    longest = sorted(_open_gaps(view), key=lambda pair: -pair[1])[:GAPS_SHOWN]
    table = _table(view)
    alt = "; ".join(_in_words(view, capability) for capability in view.taxonomy.capabilities)
    return Message(
        headline=HEADLINE.format(working=len(working), cells=len(cells), day=view.board.as_of),
        parts=(
            Picture(Chart.BOARD, (), alt),
            table,
            Note((f"{MARKS_LEGEND}   Columns: {_columns(view)}.",)),
            *((Bullets(tuple(_gap_line(view, cell, days) for cell, days in longest)),) if longest else ()),
        ),
        offers=tuple(Offer(c.name, f"ask:{c.id}") for c in view.taxonomy.capabilities[:5]),
        facts={"as_of": view.board.as_of.isoformat(), "cells": [cell_facts(view, cell) for cell in cells]},
    )


def cell_facts(view: View, cell: Cell) -> dict[str, object]:
    """One cell for programs: ids, state, dates as text, model, who says so, and the gap before it in days."""
    standing, gap = view.board[cell], view.gaps.get(cell)
    by = standing.by
    return {
        "capability": cell.capability,
        "stage": cell.stage,
        "state": standing.state.value,
        "when": str(standing.when) if standing.when else None,
        "model": by.sighting.model if by else None,
        "sighting": by.sighting.id if by else None,
        "url": by.sighting.evidence[0].url if by and by.sighting.evidence else None,
        "confirmed_by": [person.key for person in by.decision.confirmed_by] if by else [],
        "gap": {"kind": gap.kind.value, "least_days": gap.least, "most_days": gap.most} if gap else None,
    }


def short_name(stage: Stage) -> str:
    """Two letters that stand for a stage in a narrow table: Tc, To, … Vr for realtime."""
    letters = (
        "RO" if stage.is_realtime and stage.is_open else "RC" if stage.is_realtime else "o" if stage.is_open else "c"
    )
    return f"{stage.modality[0].upper()}{letters[-1].lower()}" if len(letters) == 1 else f"R{letters[1].lower()}"


def _table(view: View) -> Table:
    stages = view.taxonomy.stages
    rows = (
        (capability.name, *(MARKS[view.board[Cell(capability.id, stage.id)].state] for stage in stages))
        for capability in view.taxonomy.capabilities
    )
    return Table(("", *map(short_name, stages)), tuple(rows))


def _columns(view: View) -> str:
    return ", ".join(f"{short_name(stage)} {stage.name}" for stage in view.taxonomy.stages)


def _in_words(view: View, capability: Capability) -> str:
    works = [stage.id for stage in view.taxonomy.stages if view.board.works(Cell(capability.id, stage.id))]
    return f"{capability.name} works in {', '.join(works) or 'no stage'}"


def _open_gaps(view: View) -> list[tuple[Cell, int]]:
    return [(cell, gap.least) for cell, gap in view.gaps.items() if gap.kind == "open" and not gap.unknown]


def _gap_line(view: View, cell: Cell, days: int) -> Line:
    upstream = view.gaps[cell].upstream
    return (
        Strong(cell_name(view.taxonomy, cell)),
        f": not there {months(days)} after {view.taxonomy.stage(upstream.stage).name}",
    )


def summary(view: View) -> str:
    """One line for a start-up screen."""
    working = sum(standing.state is State.WORKS for standing in view.board.standings.values())
    return f"{working} of {len(view.board.standings)} cells work; {len(view.waiting)} waiting for review"
