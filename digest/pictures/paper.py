"""A sheet of paper in inches, its origin at the top left, and what can be put on it.

It uses matplotlib's objects, never pyplot: nothing is kept between two pictures, and no display
is looked for.
"""

from functools import cache
from io import BytesIO
from typing import Literal

from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from digest.pictures.theme import Palette

WIDTH = 6.0  # inches: in a chat that shows 600 pixels a point is 1.4 of them
DPI = 200
SMALL, NORMAL, LARGE = 8.0, 9.0, 12.0  # points
MARGIN = 0.16  # inches
TOP = 0.62  # inches that the title and the line below it take
FONT = "DejaVu Sans"  # matplotlib brings it along

Side = Literal["left", "center", "right"]


class Paper:
    """One picture in the making. Every length is in inches, `y` grows downwards."""

    def __init__(self, height: float, palette: Palette, title: str, below: str) -> None:
        self.height, self.palette = height, palette
        self.figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=palette.ground)
        FigureCanvasAgg(self.figure)
        self._axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        self._axes.set_axis_off()
        self.write(MARGIN, 0.2, title, size=LARGE, bold=True)
        self.write(MARGIN, 0.44, below, colour=palette.faint)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SMALL,
        colour: str = "",
        side: Side = "left",
        bold: bool = False,
        upright: bool = False,
        ground: bool = False,
    ) -> Text:
        """Words at a point, middle height; `side` is where the point lies; `ground` clears what is behind them."""
        lines = words.count("\n")
        # Words of one line stand on one base line, whatever letters they have.
        drop = 0 if lines or upright else 0.36 * size / 72
        return self._axes.text(
            x,
            y + drop,
            printable(words),
            fontsize=size,
            color=colour or self.palette.ink,
            ha=side,
            va="bottom" if upright else "center" if lines else "baseline",
            rotation=90 if upright else 0,
            weight="bold" if bold else "normal",
            family=FONT,
            parse_math=False,
            linespacing=1.05,
            zorder=5,
            bbox={"facecolor": self.palette.ground, "edgecolor": "none", "pad": 1.0} if ground else None,
        )

    def box(self, x: float, y: float, width: float, height: float, *, fill: str = "none", edge: str = "none") -> None:
        """A rectangle by its top left corner."""
        self._axes.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=0.8))

    def line(
        self, xs: tuple[float, float], ys: tuple[float, float], colour: str, *, width: float = 1.0, dashed: bool = False
    ) -> None:
        """A straight line, width in points."""
        self._axes.plot(xs, ys, color=colour, linewidth=width, linestyle=(0, (3, 2)) if dashed else "solid", zorder=2)

    def mark(self, x: float, y: float, sign: str, colour: str, *, size: float = 7.0, hollow: bool = False) -> None:
        """A matplotlib marker: `o`, `D`, `>`, `x`, `|`."""
        face = self.palette.ground if hollow else colour
        self._axes.plot(
            [x], [y], marker=sign, color=colour, markersize=size, markerfacecolor=face, markeredgewidth=1.4, zorder=3
        )

    def width_of(self, text: Text) -> float:
        """How many inches a text takes."""
        return float(text.get_window_extent().width) / DPI

    def png(self) -> bytes:
        """The finished picture."""
        out = BytesIO()
        self.figure.savefig(out, format="png", dpi=DPI, facecolor=self.palette.ground, metadata={"Software": None})
        return out.getvalue()


def printable(words: str) -> str:
    """The words with `?` for what the font has no sign for."""
    return "".join(sign if sign == "\n" or ord(sign) in _signs() else "?" for sign in words)


@cache
def _signs() -> frozenset[int]:
    font = font_manager.get_font(font_manager.findfont(FONT))
    return frozenset(font.get_charmap())
