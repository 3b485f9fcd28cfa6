"""Time lines as numbers: where on its way a mark stands, in percent. The template draws them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cascade.dates import DateRange
from cascade.forecast import Forecast


@dataclass(frozen=True)
class Bar:
    """A stretch of time: `x` and `width` in percent, `kind` names its look."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True)
class Dot:
    """A moment: `x` in percent, `kind` names its look."""

    x: float
    kind: str


@dataclass(frozen=True)
class Track:
    """One line of a chart; the words beside it say the same."""

    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True)
class Tick:
    """A year on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Scale:
    """The days between which a chart's lines run."""

    first: date
    last: date
    today: date

    @classmethod
    def around(cls, days: Iterable[date], today: date, ahead: int = 0) -> "Scale":
        """From a little before the first of these days to today and `ahead` days more."""
        first = min((*days, today - timedelta(days=365)))
        margin = timedelta(days=max((today - first).days // 40, 20))
        return cls(first - margin, today + max(timedelta(days=ahead), margin), today)

    def at(self, day: date) -> float:
        """Where a day stands, 0 to 100."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def bar(self, start: date, end: date, kind: str) -> Bar:
        """The stretch between two days, at least wide enough to be seen."""
        return Bar(self.at(start), round(max(self.at(end) - self.at(start), 0.4), 2), kind)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The years' beginnings, thinned so that their labels keep apart on a phone."""
        years = range(self.first.year + 1, self.last.year + 1)
        step = -(-len(years) // 6) or 1
        return tuple(Tick(self.at(date(year, 1, 1)), str(year)) for year in years if (years[-1] - year) % step == 0)

    @property
    def now(self) -> float:
        """Where today stands."""
        return self.at(self.today)


def works_track(scale: Scale, since: DateRange, upstream: DateRange | None) -> Track:
    """It works from a date on; before that, the gap since the stage before had it."""
    bars = [scale.bar(since.middle, scale.today, "works")]
    if since.first != since.last:
        bars.append(scale.bar(since.first, since.last, "unsure"))
    dots = [Dot(scale.at(since.middle), "works")]
    if upstream:
        start, end = sorted((upstream.middle, since.middle))
        bars.insert(0, scale.bar(start, end, "gap"))
        dots.insert(0, Dot(scale.at(upstream.middle), "upstream"))
    return Track(tuple(bars), tuple(dots))


def waiting_track(
    scale: Scale, forecast: Forecast | None, upstream: DateRange | None, failed: DateRange | None
) -> Track:
    """It does not work, or nobody looked: the gap so far, the last failed test, and the forecast."""
    bars = [scale.bar(upstream.middle, scale.today, "open")] if upstream else []
    dots = [Dot(scale.at(upstream.middle), "upstream")] if upstream else []
    if failed:
        dots.append(Dot(scale.at(failed.middle), "fails"))
    if forecast and not forecast.is_too_few:
        bars += [_range(scale, forecast, percent) for percent in (80, 50) if forecast.range(percent)[0]]
        dots += [Dot(scale.at(forecast.median), "median")] if forecast.median else []
    return Track(tuple(bars), tuple(dots))


def _range(scale: Scale, forecast: Forecast, percent: int) -> Bar:
    low, high = forecast.range(percent)
    return scale.bar(low or scale.last, high or scale.last, f"range{percent}")


@dataclass(frozen=True)
class Point:
    """One dot of a scatter chart, in percent from the left and from the top."""

    x: float
    y: float
    kind: str
    label: str


@dataclass(frozen=True)
class Scatter:
    """Lengths in months over the days on which they ended."""

    points: tuple[Point, ...]
    levels: tuple[Tick, ...]  # months on the vertical axis; `x` counts from the top


def scatter(scale: Scale, found: Sequence[tuple[date, float, str, str]]) -> Scatter:
    """Points from (day, months, kind, label)."""
    lengths = [months for _, months, _, _ in found]
    low, high = min((0.0, *lengths)), max((6.0, *lengths))
    step = next(size for size in (3, 6, 12, 24, 48, 96, 1200) if (high - low) / size <= 5)
    low, high = step * (low // step), step * -(-high // step)

    def height(months: float) -> float:
        return round(6 + 88 * (high - months) / (high - low), 2)

    levels = tuple(Tick(height(m), str(int(m))) for m in range(int(low), int(high) + 1, step))
    points = tuple(Point(scale.at(day), height(months), kind, label) for day, months, kind, label in found)
    return Scatter(points, levels)
