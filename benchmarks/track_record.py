"""Makes the pictures of docs/track-record.md, and the figures that `/cascade law` tells of the backtest.

Run it after the method or the atlas changed: make track-record
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from app.history import History, read_history
from cascade.backtest import Score, backtest, model, origins, replay, rows, score
from cascade.baselines import BASELINES, constant_hazard
from cascade.forecast import MODEL
from cascade.forecasting.arrivals import Arrivals
from digest.pictures.calibration import calibration
from digest.pictures.paper import MARGIN, NORMAL, TOP, Paper
from digest.pictures.theme import PALETTES, Theme
from storage.atlas import DATA

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
RECORD = DATA / "track_record.json"
LIGHT = PALETTES[Theme.LIGHT]
_LEFT, _WIDTH, _ROW = 2.1, 3.3, 0.24  # inches


def main() -> None:
    """Score, draw and write."""
    history = read_history(DATA / "atlas", None, date.max)
    arrivals = history.arrivals.as_known_on(history.told_until)
    scores = backtest(arrivals)
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "track-record.png").write_bytes(bars(scores).png())
    (PICTURES / "track-record-origins.png").write_bytes(by_origin(arrivals).png())
    (PICTURES / "track-record-calibration.png").write_bytes(calibration(scores[0].fifths, LIGHT).png())
    RECORD.write_text(json.dumps(facts(history, scores), indent=2) + "\n", encoding="utf8")
    print(RECORD.read_text(encoding="utf8"))


def facts(history: History, scores: list[Score]) -> dict[str, Any]:
    """What an answer tells of the backtest."""
    every = rows(scores)
    told = [{name: value for name, value in row.items() if name != "fifths"} for row in every]
    return {
        "model": MODEL,
        "origins": [day.isoformat() for day in origins()],
        "until": history.told_until.isoformat(),
        "methods": told,
        "fifths": every[0]["fifths"],
    }


def bars(scores: list[Score]) -> Paper:
    """Every method's scores side by side, shorter is better, and how often its 80 % ranges held."""
    measures = [
        ("CRPS, averaged over 24 months", [one.crps for one in scores]),
        *((f"Brier at {months} months", [one.brier[months] or 0.0 for one in scores]) for months in (3, 6, 12)),
    ]
    height = TOP + 0.2 + (len(measures) + 1) * (len(scores) * _ROW + 0.5)
    paper = Paper(height, LIGHT, "Track record: this model beside four simple methods", _said(scores[0]))
    y = TOP + 0.1
    for title, values in measures:
        y = _group(paper, y, title, list(zip([one.method for one in scores], values, strict=True)), most=0.5)
    held = [(one.method, one.held) for one in scores]
    y = _group(paper, y, "Held by the 80 % ranges: the line is where it should end", held, most=1.0, percent=True)
    x = _LEFT + _WIDTH * 0.8
    paper.line((x, x), (y - 0.32 - len(scores) * _ROW, y - 0.12 - _ROW), LIGHT.ink, dashed=True)
    return paper


def _said(one: Score) -> str:
    return f"{one.n} forecasts at {len(origins())} quarterly origins, as known then. Shorter is better."


def _group(
    paper: Paper, y: float, title: str, values: list[tuple[str, float]], *, most: float, percent: bool = False
) -> float:
    paper.write(MARGIN, y, title, size=NORMAL, bold=True)
    for number, (name, value) in enumerate(values):
        middle = y + 0.28 + number * _ROW
        paper.write(MARGIN, middle, name)
        width = _WIDTH * min(value / most, 1.0)
        paper.box(_LEFT, middle - 0.08, width, 0.16, fill=LIGHT.accent if number == 0 else LIGHT.works[1])
        paper.write(_LEFT + width + 0.05, middle, f"{value:.0%}" if percent else f"{value:.3f}", ground=True)
    return y + 0.5 + len(values) * _ROW


def by_origin(arrivals: Arrivals) -> Paper:
    """CRPS at each origin: the model (dots) and a constant hazard (crosses)."""
    title, below = "Each quarter by itself", "CRPS of all cells that waited then; lower is better."
    top, tall, wide = TOP + 0.15, 2.2, 5.0
    paper = Paper(top + tall + 0.75, LIGHT, title, below)
    for level in (0.0, 0.1, 0.2, 0.3):
        y = top + tall * (1 - level / 0.35)
        paper.line((0.5, 0.5 + wide), (y, y), LIGHT.grid)
        paper.write(0.44, y, f"{level:.1f}", side="right", colour=LIGHT.faint)
    for number, day in enumerate(origins()):
        x = 0.7 + number * (wide - 0.4) / (len(origins()) - 1)
        for method, sign, colour in ((model, "o", LIGHT.accent), (constant_hazard, "x", LIGHT.ahead)):
            one = score("", replay(arrivals, method, [day]))
            paper.mark(x, top + tall * (1 - one.crps / 0.35), sign, colour)
        paper.write(x, top + tall + 0.14, f"{day:%Y}" if day.month == 1 else "", side="center", colour=LIGHT.faint)
        paper.write(x, top + tall + 0.32, f"n={one.n}", side="center", colour=LIGHT.faint, size=6.5)
    paper.mark(0.6, top + tall + 0.56, "o", LIGHT.accent)
    paper.write(0.75, top + tall + 0.56, "this model")
    paper.mark(1.8, top + tall + 0.56, "x", LIGHT.ahead)
    paper.write(1.95, top + tall + 0.56, next(name for name, one in BASELINES.items() if one is constant_hazard))
    return paper


if __name__ == "__main__":
    main()
