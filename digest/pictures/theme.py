"""Colours, light and dark. Pure.

Blue and orange keep apart for every kind of colour vision (Okabe and Ito, "Color Universal
Design", 2008); no chart says anything by colour alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """What the picture lies on."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one theme, as `#rrggbb`."""

    ground: str
    ink: str  # text
    faint: str  # small print; still text
    rule: str  # lines that one must see
    grid: str  # lines that one need not see
    works: tuple[str, str, str, str]  # from the newest to the oldest
    accent: str  # what is there, as a line or a dot
    ahead: str  # forecasts, and what came against the order


PALETTES: Mapping[Theme, Palette] = {
    Theme.LIGHT: Palette(
        ground="#ffffff",
        ink="#1c2128",
        faint="#59636e",
        rule="#768390",
        grid="#dde2e8",
        works=("#d7e8f7", "#a5cbea", "#5a9fd6", "#0b4a8a"),
        accent="#0b5fa5",
        ahead="#b35900",
    ),
    Theme.DARK: Palette(
        ground="#1b1f24",
        ink="#e6edf3",
        faint="#a3adb8",
        rule="#7d8894",
        grid="#343b44",
        works=("#173652", "#1d5384", "#5fa8de", "#b5dbf8"),
        accent="#6cb4ee",
        ahead="#f0a04b",
    ),
}
READABLE = 4.5  # contrast of text and its ground, WCAG 2.2, 1.4.3
SEEN = 3.0  # of a mark and its ground, WCAG 2.2, 1.4.11


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(ground: str, palette: Palette) -> str:
    """The palette's ink or its ground, whichever reads better on this colour."""
    return max((palette.ink, palette.ground), key=lambda ink: contrast(ink, ground))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
