"""`cascade forecast`: when every open cell is expected, as a table or as JSON."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.commands.printing import Db, Json

AtlasFile = Annotated[
    Path | None,
    typer.Option("--atlas", help="Rows of an atlas, one JSON object a line; your own database unless given."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Pretend it is this day: 2025-06-01, 2025-06 or 2025-Q2. Today if left out."),
]
COLUMNS = ("capability", "stage", "p3", "p6", "p12", "p24", "q10", "q50", "q90")


def forecast(atlas: AtlasFile = None, as_of: AsOf = None, db: Db = None, as_json: Json = False) -> None:
    """Print when each open cell is expected: chances within 3 to 24 months, and dates by quantile."""
    from app import clock
    from app.history import read_history
    from cascade.dates import DateRange
    from cascade.forecast import forecasts, rows

    today = clock.now().date()
    day = DateRange.parse(as_of).last if as_of else today
    history = read_history(atlas, db, today)
    then = history.arrivals.as_known_on(day)
    told = [
        {name: row[name] for name in COLUMNS} for row in rows(forecasts(then, history.cells, with_due=False).values())
    ]
    for note in history.notes:
        typer.echo(f"cascade: {note}", err=True)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_table(told)))
        typer.echo(
            f"\nAs of {day}, from {len(then.days)} emergences and {len(then.open)} open cells. p3 to p24: the chance "
            "within so many months; q10 to q90: the day by which it is so likely, `later` beyond 24 months."
        )


def _table(told: list[dict[str, object]]) -> list[str]:
    from bot.terminal.render import clean

    lines = [COLUMNS, *(tuple(clean(_cell(row[name])) for name in COLUMNS) for row in told)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _cell(value: object) -> str:
    from cascade.phrases import odds

    if isinstance(value, float):
        return odds(value)
    return "-" if value is None else str(value)
