"""The small phrases that answers, cards and digests share. Pure; no platform's markup."""

from collections.abc import Iterable

from cascade.board import Judged, Standing, State
from cascade.dates import DateRange
from cascade.forecast import LATER, TOO_FEW, Forecast
from cascade.gaps import DAYS_A_MONTH, Gap, GapKind
from cascade.message import Line, Link
from cascade.sighting import ATLAS, Sighting, Verdict
from cascade.taxonomy import Cell, Taxonomy
from cascade.trend import Direction, Trend

MARKS = {State.WORKS: "●", State.STILL_FAILS: "✕", State.UNKNOWN: "·"}
MARKS_LEGEND = "● works   ✕ still fails   · unknown (nobody looked)"


def months(days: float, beside: float = 0.0) -> str:
    """A length of time: `12 days`, `5.2 months`, `3.1 years`; in the unit of the longer one `beside` it."""
    longer = max(abs(days), abs(beside))
    if longer < 1.5 * DAYS_A_MONTH:
        return counted(round(days), "day")
    if longer < 24 * DAYS_A_MONTH:
        return f"{days / DAYS_A_MONTH:.1f} months"
    return f"{days / 365.25:.1f} years"


def counted(number: int, noun: str) -> str:
    """`1 day`, `3 days`."""
    return f"{number} {noun}" if abs(number) == 1 else f"{number} {noun}s"


def listed(names: Iterable[str]) -> str:
    """`Ada`, `Ada and Grace`, `Ada, Grace and Linus`."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def either(names: Iterable[str]) -> str:
    """`Ada`, `Ada or Grace`, `Ada, Grace or Linus`."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} or {last}" if most else last


def percent(share: float) -> str:
    """`75 %`."""
    return f"{share:.0%}".replace("%", " %")


def odds(chance: float) -> str:
    """`88 %`; a chance is never a certainty: `< 1 %`, `> 99 %`."""
    return "< 1 %" if chance < 0.01 else "> 99 %" if chance > 0.99 else percent(chance)


def cell_name(taxonomy: Taxonomy, cell: Cell) -> str:
    """`negation in open image models`."""
    return f"{taxonomy.capability(cell.capability).name} in {taxonomy.stage(cell.stage).name}"


def when(happened: DateRange | None) -> str:
    """The date as far as it is known."""
    return str(happened) if happened else "an unknown date"


def who_says(judged: Judged) -> str:
    """`confirmed by Ada and Grace`, or `from the atlas, medium confidence`."""
    people = judged.decision.confirmed_by
    if people == (ATLAS,):
        confidence = f", {judged.sighting.confidence} confidence" if judged.sighting.confidence else ""
        return f"from the atlas{confidence}"
    return f"confirmed by {listed(map(str, people))}" if people else "undecided"


def source_link(sighting: Sighting) -> Link:
    """The model's name (or the source's title), leading to the first evidence."""
    first = sighting.evidence[0] if sighting.evidence else None
    text = sighting.model or (first.title if first else "") or "source"
    return Link(text, first.url if first else "")


def standing_line(standing: Standing) -> Line:
    """`works since 2023-03-14: GPT-4 (from the atlas, medium confidence)`."""
    if standing.by is None:
        return ("unknown: nobody looked",)
    words = "works since" if standing.state is State.WORKS else "still fails as of"
    return (f"{words} {when(standing.when)}: ", source_link(standing.by.sighting), f" ({who_says(standing.by)})")


def gap_words(gap: Gap, stage: str = "") -> str:
    """`4.2 months after`, `open for at least 9.1 months`; a closed gap names the `stage` before: `5 days after ...`."""
    if gap.kind is GapKind.OPEN:
        return f"open for at least {months(gap.least)}"
    if gap.kind is GapKind.AHEAD:
        return "has it although the stage before does not" if not gap.unknown else "ahead of a stage nobody looked at"
    if gap.least == gap.most == 0:
        return f"on the same day as {stage}" if stage else "on the same day"
    return f"{_closed_words(gap)} {stage}".rstrip()


def _closed_words(gap: Gap) -> str:
    if gap.least == gap.most:
        return _after(gap.least)
    return f"{_after(gap.least)} to {_after(gap.most or 0)}" if gap.least < 0 < (gap.most or 0) else _between(gap)


def lag_words(days: float) -> str:
    """What goes before a stage's name: `4.2 months after`, `12 days before`, `on the same day as`."""
    if is_no_lag(days):
        return "on the same day as"
    return f"{months(abs(days))} {'after' if days > 0 else 'before'}"


def behind_words(days: float) -> str:
    """The same of how it stands now: `4.2 months behind`, `12 days ahead of`, `level with`."""
    if is_no_lag(days):
        return "level with"
    return f"{months(abs(days))} {'behind' if days > 0 else 'ahead of'}"


def is_no_lag(days: float) -> bool:
    """Whether it rounds to no day at all."""
    return abs(days) < 0.5


def verdict_words(sighting: Sighting) -> str:
    """`works since 2026-05-14`, or `still fails as of 2026-05-14`."""
    words = "works since" if sighting.verdict is Verdict.WORKS else "still fails as of"
    return f"{words} {when(sighting.happened)}"


def _after(days: int) -> str:
    return f"{months(days)} after" if days >= 0 else f"{months(-days)} before"


def _between(gap: Gap) -> str:
    low, high = sorted((abs(gap.least), abs(gap.most or 0)))
    side = "after" if (gap.most or 0) > 0 else "before"
    number, _, _ = months(low, beside=high).partition(" ")
    return f"{number} to {months(high)} {side}"


def forecast_words(forecast: Forecast) -> str:
    """`likely by 2027-03-02 (80 %: 2026-12-10 to later), 31 % within 6, 55 % within 12 months`."""
    if forecast.is_too_few:
        return TOO_FEW
    low, high = forecast.range(80)
    median = (
        f"as likely as not by {forecast.median}" if forecast.median else "more likely than not later than in 2 years"
    )
    chances = ", ".join(f"{_share(forecast.within(months))} within {months}" for months in (6, 12))
    overdue = "; overdue against the forecast made when the stage before got it" if forecast.overdue else ""
    return f"{median} (80 %: {low or LATER} to {high or LATER}), {chances} months{overdue}"


def _share(chance: float | None) -> str:
    return "?" if chance is None else odds(chance)


def trend_words(trend: Trend) -> str:
    """`Its lags: shrinking (n=9; estimator)`, or that nobody can tell yet."""
    said = {
        Direction.GROWING: "Its lags grow",
        Direction.SHRINKING: "Its lags shrink",
        Direction.CANNOT_TELL: "Whether its lags grow or shrink: cannot tell yet",
    }
    return f"{said[trend.direction]} (n={trend.n}; {trend.estimator})."
