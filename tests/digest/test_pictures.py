"""Every picture, light and dark: readable at the width of a chat, and nothing lies on anything else."""

import re
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text

from cascade.backtest import Fifth
from cascade.board import Facts
from cascade.errors import BadInput
from cascade.forecast import forecasts
from cascade.message import Chart, Picture
from cascade.sighting import ATLAS, Verdict
from cascade.view import View
from digest.pictures.alt import board_in_words
from digest.pictures.draw import draw, paper_of
from digest.pictures.paper import WIDTH, Paper
from digest.pictures.theme import PALETTES, READABLE, SEEN, Palette, Theme, contrast
from storage.atlas import read_atlas, read_taxonomy
from tests.make import ADA, IMAGE, MONDAY, NEGATION, OPEN_IMAGE, STYLE, TEXT, VIDEO, atlas, sighting, taxonomy, vote

PICTURES = (
    Picture(Chart.BOARD, (), ""),
    Picture(Chart.CAPABILITY, ("negation",), ""),
    Picture(Chart.GAP, ("image/closed", "video/closed-offline"), ""),
    Picture(Chart.CALIBRATION, (), ""),
)
FIFTHS = tuple(
    Fifth(months=months, low=said // 0.2 / 5, n=n, said=said, came=came)
    for months, n, said, came in ((3, 103, 0.12, 0.12), (3, 1, 0.6, 0.0), (6, 82, 0.29, 0.23), (12, 67, 0.88, 0.9))
)
CHAT = 600  # pixels: as wide as a chat shows a picture
LEGIBLE = 10.5  # pixels: the smallest text there


@cache
def full() -> View:
    """The board that the atlas makes."""
    shipped = read_atlas()
    facts = Facts(sightings=shipped, votes=tuple(vote(one, ATLAS, at=one.seen_at) for one in shipped))
    return View(taxonomy=read_taxonomy(), facts=facts, now=MONDAY)


@cache
def drawn(picture: Picture, theme: Theme) -> Paper:
    """A picture of the full board, drawn once for all tests."""
    paper = paper_of(picture, full(), theme, FIFTHS)
    paper.figure.canvas.draw()
    return paper


def texts(paper: Paper) -> list[Text]:
    """Every text that shows."""
    return [one for one in paper.figure.findobj(Text) if isinstance(one, Text) and one.get_text().strip()]


every = pytest.mark.parametrize("theme", Theme)
each = pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.chart.value)


@every
@each
def test_text_is_large_enough(picture: Picture, theme: Theme) -> None:
    """Shown 600 pixels wide, no text is smaller than ten and a half."""
    a_point = CHAT / (WIDTH * 72)
    assert min(float(one.get_fontsize()) for one in texts(drawn(picture, theme))) * a_point >= LEGIBLE


@every
@each
def test_text_stands_out_from_what_it_lies_on(picture: Picture, theme: Theme) -> None:
    """The colour that fills most of a text's box, as drawn, and the text's own: at least 4.5 to 1."""
    paper = drawn(picture, theme)
    canvas = paper.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    for one in texts(paper):
        box = one.get_window_extent()
        rows = slice(int(pixels.shape[0] - box.y1), int(pixels.shape[0] - box.y0))
        inside = pixels[rows, int(box.x0) : int(box.x1), :3].astype(int) @ (1 << 16, 1 << 8, 1)
        colours, times = np.unique(inside, return_counts=True)
        behind = f"#{colours[times.argmax()]:06x}"
        assert contrast(to_hex(one.get_color()), behind) >= READABLE, one.get_text()


@every
@each
def test_no_text_touches_another_or_the_edge(picture: Picture, theme: Theme) -> None:
    """Every text lies inside the picture, and none on another."""
    paper = drawn(picture, theme)
    boxes = [(one.get_text(), one.get_window_extent()) for one in texts(paper)]
    width, height = paper.figure.get_size_inches() * paper.figure.dpi
    for words, box in boxes:
        assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= 0, words
    for number, (words, box) in enumerate(boxes):
        for other, beside in boxes[number + 1 :]:
            assert not box.overlaps(beside), f"{words!r} lies on {other!r}"


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.ground)
def test_marks_are_seen_by_every_eye(palette: Palette) -> None:
    """Lines and dots stand out from the ground; the steps of blue differ in lightness, not only in hue."""
    for mark in (palette.accent, palette.ahead, palette.rule, palette.works[-1]):
        assert contrast(mark, palette.ground) >= SEEN
    assert [contrast(one, palette.ground) for one in palette.works] == sorted(
        contrast(one, palette.ground) for one in palette.works
    )
    assert all(contrast(one, other) > 1.25 for one, other in zip(palette.works, palette.works[1:], strict=False))


def small() -> View:
    """A board of two capabilities, with names of models that try something."""
    told = [
        atlas(TEXT, "2023-03-14"),
        atlas(IMAGE, "2025-03"),
        atlas(TEXT, "2022-05", capability=STYLE),
        sighting(OPEN_IMAGE, "2026-05-10", verdict=Verdict.STILL_FAILS, model="$x_1$ <!channel> 模型"),
    ]
    votes = tuple(vote(one, ADA) for one in told)
    return View(taxonomy=taxonomy(), facts=Facts(sightings=tuple(told), votes=votes), now=MONDAY)


@pytest.mark.parametrize(
    "picture",
    [
        Picture(Chart.BOARD, (), ""),
        Picture(Chart.CAPABILITY, (NEGATION,), ""),
        Picture(Chart.GAP, (TEXT, IMAGE), ""),
        Picture(Chart.GAP, (OPEN_IMAGE, VIDEO), ""),
        Picture(Chart.CALIBRATION, (), ""),
    ],
)
def test_little_is_known(picture: Picture) -> None:
    """Too few to forecast, no gap, nothing scored: a PNG all the same, the same one each time."""
    png = draw(picture, small())
    assert png.startswith(b"\x89PNG")
    assert png == draw(picture, small())


def test_what_is_not_on_the_board() -> None:
    """A capability or a pair that nobody knows is refused with what was asked."""
    with pytest.raises(BadInput):
        draw(Picture(Chart.CAPABILITY, ("flying",), ""), small())
    with pytest.raises(BadInput, match="gap"):
        draw(Picture(Chart.GAP, (TEXT,), ""), small())


def test_the_board_in_words_says_what_it_shows() -> None:
    """Every cell is told: for how many years it has worked, that it still fails, or that nobody looked."""
    words = board_in_words(small().board, {})
    assert "Columns: text closed; image closed, open; video closed offline." in words
    assert "negation: text 3.2; image 1.2, ✕; video ?" in words
    assert "style consistency: text 4.0; image ?, ?; video ?" in words
    whole = board_in_words(full().board, forecasts(full().arrivals))
    assert re.search(r"negation: .*image 1\.\d, ✕ Q\d’\d\d; ", whole)
    assert len(whole) < 2000, "longer than Slack reads out"
