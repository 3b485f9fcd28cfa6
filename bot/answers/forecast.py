"""`/cascade when …` and `/cascade plan … by …`: when a cell will get it, and what to do until then."""

import re
from datetime import date

from bot.answers.record import first_of, ledger_line, told_line
from bot.asked import Asked
from cascade import advice
from cascade.board import State
from cascade.dates import DateRange
from cascade.errors import BadInput
from cascade.forecast import MODEL, Forecast, rows
from cascade.message import Bullets, Heading, Line, Message, Note, Offer, Paragraph, Part, Strong
from cascade.phrases import cell_name, forecast_words, gap_words, standing_line
from cascade.taxonomy import Cell
from cascade.view import View

COMPARABLE = 5  # gaps shown as what this one is measured by
_BY_DAY = re.compile(r"(.+) by (.+)"), re.compile(r"(.+) (\d{4}\S*)")  # in this order: a day alone is understood too
PLAN_USAGE = "plan needs a capability, a stage and a day, as in `plan style in realtime video by 2027-06`"


def when(view: Asked, cell: Cell) -> Message:
    """The forecast of one cell, and what it rests on; of one that is there, since when, and what was forecast."""
    name = cell_name(view.taxonomy, cell)
    forecast = view.forecasts([cell]).get(cell)
    if forecast is None:
        return _is_there(view, cell)
    return Message(
        headline=f"{name}: {forecast_words(forecast)}",
        parts=tuple(_rests_on(view, forecast)),
        offers=(Offer("The capability", f"ask:{cell.capability}"), Offer("The stage", f"ask:{cell.stage}")),
        facts={**rows([forecast])[0], "due": str(forecast.due) if forecast.due else None},
    )


def plan(view: View, cell: Cell, by: date) -> Message:
    """Build now, build around or wait, with the reasons and the signs to watch."""
    capability = [one for one in view.taxonomy.cells() if one.capability == cell.capability]
    made = advice.plan(view.arrivals, view.forecasts(capability), cell, by)
    parts: list[Part] = [Bullets(tuple((reason,) for reason in made.reasons))]
    if made.signs:
        parts += [Heading("Watch for"), Bullets(tuple(_sign(view, sign) for sign in made.signs))]
    return Message(
        headline=f"{cell_name(view.taxonomy, cell)} by {by}: {made.kind}",
        parts=tuple(parts),
        offers=(Offer("The forecast", f"ask:when {cell.capability} in {cell.stage}"),),
        facts={
            "capability": cell.capability,
            "stage": cell.stage,
            "by": by.isoformat(),
            "advice": made.kind.value,
            "chance": made.chance,
            "reasons": list(made.reasons),
            "signs": [{"capability": s.cell.capability, "stage": s.cell.stage, "why": s.why} for s in made.signs],
        },
    )


def split_plan(words: str) -> tuple[str, date]:
    """The cell's words and the day of `style in realtime video by 2027-06`; raises BadInput."""
    found = next(filter(None, (form.fullmatch(words) for form in _BY_DAY)), None)
    if found is None:
        raise BadInput(PLAN_USAGE)
    return found[1], DateRange.parse(found[2]).last


def _is_there(view: Asked, cell: Cell) -> Message:
    told = first_of(view.store.ledger(view.team), cell)
    parts: list[Part] = [Paragraph(standing_line(view.board[cell]))]
    if told:
        parts.append(Paragraph(("First forecast: ", *told_line(view.taxonomy, told))))
    return Message(
        headline=f"{cell_name(view.taxonomy, cell)}: it is there",
        parts=tuple(parts),
        facts={
            "capability": cell.capability,
            "stage": cell.stage,
            "works": True,
            "since": str(view.board[cell].when),
            "first_told": told.published.forecast.made.isoformat() if told else None,
            "result": told.scored.result.value if told and told.scored else None,
        },
    )


def _rests_on(view: Asked, forecast: Forecast) -> list[Part]:
    cell = forecast.cell
    capability = view.taxonomy.capability(cell.capability)
    upstream = [one for one in _way_up(view, cell) if view.board[one].state is State.WORKS]
    parts: list[Part] = [Paragraph(("Now: ", *standing_line(view.board[cell])))]
    if upstream:
        lines = tuple(
            (Strong(view.taxonomy.stage(one.stage).name), ": ", *standing_line(view.board[one])) for one in upstream
        )
        parts += [Heading(f"{capability.name} upstream"), Bullets(lines)]
    similar = _comparable(view, cell)
    if similar:
        parts += [Heading(f"Comparable gaps before {view.taxonomy.stage(cell.stage).name}"), Bullets(similar)]
    entries = view.store.ledger(view.team)
    told = first_of(entries, cell)
    parts += [Heading("Track record"), Paragraph((ledger_line(entries),))]
    if told:
        parts.append(Paragraph(("First forecast: ", *told_line(view.taxonomy, told))))
    return [*parts, Note((_basis(forecast),))]


def _basis(forecast: Forecast) -> str:
    basis = forecast.basis
    due = f" When the stage before got it, the 80 % range ended on {forecast.due}." if forecast.due else ""
    return (
        f"Model {MODEL}, fitted to {basis.emerged} emergences and {basis.open} open cells, {basis.from_atlas} of them "
        f"from the atlas alone; how well all of it has done: `law`.{due}"
    )


def _way_up(view: View, cell: Cell) -> list[Cell]:
    found: list[Cell] = []
    above = view.taxonomy.upstream(cell)
    while above is not None:
        found.append(above)
        above = view.taxonomy.upstream(above)
    return found


def _comparable(view: View, cell: Cell) -> tuple[Line, ...]:
    closed = [gap for gap in view.gaps.values() if gap.cell.stage == cell.stage and gap.most is not None]
    newest = sorted(closed, key=lambda gap: str(view.board.works(gap.cell)), reverse=True)[:COMPARABLE]
    return tuple((Strong(view.taxonomy.capability(gap.cell.capability).name), f": {gap_words(gap)}") for gap in newest)


def _sign(view: View, sign: advice.Sign) -> Line:
    likely = f", as likely as not by {sign.median}" if sign.median else ""
    return (Strong(cell_name(view.taxonomy, sign.cell)), f" ({sign.why}{likely})")
