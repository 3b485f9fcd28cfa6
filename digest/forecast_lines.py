"""What was forecast and what came of it, in lines. Pure; texts that people read are constants at the top."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cascade.message import Line, Strong
from cascade.taxonomy import Taxonomy
from digest.findings import Cause, Fate, ForecastNews
from digest.phrases import ALL, FEW, day, few, median_of, month, range_of, some

MISSED, HELD, LATER, SOONER = "Missed", "Came true", "Later", "Sooner"
CAME = "{cells} came {emerged}; {told} {made}: {span}"
NEVER_CAME = "{cells} did not come within two years; {told} {made}: {span}"
TOLD, WOULD_HAVE = "told", "the model would have said in"
SHIFTED = "{capability} in {stages}{because}"
SHIFT = "{stage}, {after} (was {before})"
BECAUSE = {
    Cause.CAME: ", now that it works in {cells}",
    Cause.FAILS: ", as it still fails in {cells}",
    Cause.CORRECTED: ", after a correction",
}

_SHIFTS = 2  # stages of one capability whose new dates a line tells


def forecast_lines(taxonomy: Taxonomy, every: Iterable[ForecastNews], *, most: int = FEW) -> Iterator[Line]:
    """What was told and what came of it, misses first; then what is expected sooner or later than before, and why."""
    for _, alike in groupby(every, key=_forecast_key):
        found = list(alike)
        yield _shifted(taxonomy, found, most) if found[0].now else _came(taxonomy, found, most)


def is_later(news: ForecastNews) -> bool:
    """Whether a forecast that moved is for a later date than before."""
    before, after = news.forecast.median, news.now.median if news.now else None
    return before is not None and (after is None or after > before)


def _forecast_key(news: ForecastNews) -> tuple[object, ...]:
    forecast = news.forecast
    if news.now is not None:
        return (Fate.MOVED, forecast.cell.capability, is_later(news), news.cause, news.because)
    return (news.fate, forecast.cell.stage, news.emerged, range_of(forecast), news.hindsight)


def _came(taxonomy: Taxonomy, alike: Sequence[ForecastNews], most: int) -> Line:
    news = alike[0]
    names = [taxonomy.capability(one.forecast.cell.capability).name for one in alike]
    told = (CAME if news.emerged else NEVER_CAME).format(
        cells=f"{some(names, most)} in {taxonomy.stage(news.forecast.cell.stage).name}",
        emerged=day(news.emerged),
        told=WOULD_HAVE if news.hindsight else TOLD,
        made=month(news.forecast.made),
        span=range_of(news.forecast),
    )
    return (Strong(HELD if news.fate is Fate.HELD else MISSED), f": {told}")


def _shifted(taxonomy: Taxonomy, alike: Sequence[ForecastNews], most: int) -> Line:
    news = alike[0]
    shifts = [
        SHIFT.format(
            stage=taxonomy.stage(one.forecast.cell.stage).name,
            before=median_of(one.forecast),
            after=median_of(one.now or one.forecast),
        )
        for one in alike
    ]
    cells = some([taxonomy.stage(one.stage).name for one in news.because], 2)
    because = BECAUSE[news.cause].format(cells=cells) if news.cause else ""
    capability = taxonomy.capability(news.forecast.cell.capability).name
    told = SHIFTED.format(
        capability=capability,
        stages="; ".join(few(shifts, min(most, _SHIFTS)) if most < ALL else shifts),
        because=because,
    )
    return (Strong(LATER if is_later(news) else SOONER), f": {told}")
