"""A forecast beside what came, and how far apart they are. The same arithmetic for the backtest and the ledger."""

from dataclasses import dataclass
from datetime import date

from cascade.forecast import STEP
from cascade.taxonomy import Cell

HORIZONS = (3, 6, 12)  # months at which chances are scored
TAIL = 0.1  # on each side of an 80 % range


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One forecast of the past beside what came."""

    cell: Cell
    origin: date
    curve: tuple[float, ...]
    months: float | None  # until it emerged; None when it has not
    watched: float  # months from the origin to the end of the data

    @property
    def crps(self) -> float:
        """Squared distance of curve and outcome, averaged over half months up to 24 or the end of the data."""
        seen = self.curve[: max(int(self.watched / STEP + 1e-9), 1)]
        return sum((chance - self.came_by((n + 1) * STEP)) ** 2 for n, chance in enumerate(seen)) / len(seen)

    def came_by(self, months: float) -> bool:
        """Whether it emerged within so many months."""
        return self.months is not None and self.months <= months

    def chance(self, months: float) -> float:
        """The chance that was given to so many months, a multiple of a half."""
        return self.curve[round(months / STEP) - 1]

    def brier(self, months: float) -> float:
        """Squared distance of the chance given to so many months and what came."""
        return (self.chance(months) - self.came_by(months)) ** 2

    @property
    def place(self) -> float:
        """Where in its distribution the outcome fell, 0 to 1; while it is open, how far it has come at least."""
        reached = min(self.watched if self.months is None else self.months, self.watched, len(self.curve) * STEP)
        before = min(int(reached / STEP), len(self.curve) - 1)
        points = (0.0, *self.curve)
        return points[before] + (reached / STEP - before) * (points[before + 1] - points[before])

    @property
    def is_early(self) -> bool:
        """Whether it came before the 80 % range."""
        return self.months is not None and self.months <= self.watched and self.place < TAIL

    @property
    def is_late(self) -> bool:
        """Whether it came after the 80 % range, or can only come after it."""
        return self.place > 1 - TAIL
