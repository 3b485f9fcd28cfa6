"""From a message's Picture to a PNG. Loads matplotlib when it is first asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cascade.errors import BadInput
from cascade.message import Chart, Picture
from cascade.view import View
from digest.pictures.theme import PALETTES, Theme

if TYPE_CHECKING:
    from cascade.backtest import Fifth
    from digest.pictures.paper import Paper


def draw(picture: Picture, view: View, theme: Theme = Theme.LIGHT, fifths: Sequence["Fifth"] = ()) -> bytes:
    """The picture as a PNG, 1200 pixels wide, of what the view shows.

    `fifths` is what the calibration plot shows (`cascade.backtest.score` finds them).
    Not to be called by two threads at once. Raises BadInput when its subject is not on the board.
    """
    return paper_of(picture, view, theme, fifths).png()


def paper_of(picture: Picture, view: View, theme: Theme, fifths: Sequence["Fifth"] = ()) -> "Paper":
    """The drawing before it is saved. Raises BadInput."""
    palette = PALETTES[theme]
    match picture.chart, picture.subject:
        case Chart.BOARD, _:
            from digest.pictures.board import board

            return board(view, palette)
        case Chart.CAPABILITY, (capability,):
            from digest.pictures.capability import way_down

            return way_down(view, view.taxonomy.capability(capability), palette)
        case Chart.GAP, (earlier, later):
            from digest.pictures.lags import lags

            return lags(view, view.taxonomy.stage(earlier), view.taxonomy.stage(later), palette)
        case Chart.CALIBRATION, _:
            from digest.pictures.calibration import calibration

            return calibration(fifths, palette)
    raise BadInput(f"no {picture.chart} can be drawn of {', '.join(picture.subject) or 'nothing'}")
