"""What the page says of people, forecasts and links. People are counts here, never names."""

from datetime import date, timedelta
from urllib.parse import urlsplit

from cascade.board import Judged
from cascade.dates import DateRange
from cascade.forecast import TOO_FEW, Forecast
from cascade.links import canonical
from cascade.phrases import odds
from cascade.sighting import ATLAS, Decision, Person, Sighting, Status

LOOKS_AHEAD = timedelta(days=730)  # a forecast says nothing beyond 24 months
_AGES = ((183, "new"), (365, "young"), (730, "grown"), (1095, "old"))  # days at most, and the class that tints a cell


def people(voters: tuple[Person, ...]) -> str:
    """`1 person`, `3 people`."""
    return "1 person" if len(voters) == 1 else f"{len(voters)} people"


def who_says(judged: Judged) -> str:
    """`confirmed by 2 people`, `from the atlas, medium confidence`, or `undecided`."""
    voters = judged.decision.confirmed_by
    if voters == (ATLAS,):
        confidence = judged.sighting.confidence
        return f"from the atlas, {confidence} confidence" if confidence else "from the atlas"
    return f"confirmed by {people(voters)}" if voters else "undecided"


def decision_words(decision: Decision) -> str:
    """What was decided and when, in a sentence."""
    since = f" on {decision.since:%Y-%m-%d}" if decision.since else ""
    match decision.status:
        case Status.CONFIRMED if decision.from_atlas:
            return "Stands on the atlas alone, until people confirm or dispute it."
        case Status.CONFIRMED:
            return f"Confirmed by {people(decision.confirmed_by)}{since}."
        case Status.REJECTED:
            return f"Rejected by {people(decision.rejected_by)}{since}."
        case Status.EXPIRED:
            return f"Nobody decided in time: expired{since}, which is not a no."
    return "Waits for people to decide."


def claim(sighting: Sighting) -> str:
    """`Brush 2 works since 2026-05-14`."""
    model = sighting.model or "a model without a name"
    dated = str(sighting.happened) if sighting.happened else "an unknown date"
    return f"{model} {'works since' if sighting.verdict == 'works' else 'still fails as of'} {dated}"


def short_day(when: DateRange | None) -> str:
    """The month, for a narrow cell; the year or quarter where that is all that is known."""
    text = str(when) if when else "undated"
    return text[:7]


def age(when: DateRange | None, today: date) -> str:
    """How long it has worked, as the class that tints its cell."""
    days = (today - when.middle).days if when else 0
    return next((name for most, name in _AGES if days < most), "settled")


def outward(url: str) -> str:
    """The link to a page elsewhere; "" for what is no http or https address."""
    return canonical(url)


def host(url: str) -> str:
    """Where a link leads, so that its words cannot pretend otherwise."""
    return (urlsplit(canonical(url)).hostname or "").removeprefix("www.")


def median_words(forecast: Forecast) -> str:
    """The month by which it is as likely as not: `2027-01`, `after 2028-08`, or `too few to say`."""
    if forecast.is_too_few:
        return TOO_FEW
    middle = forecast.median
    return f"{middle:%Y-%m}" if middle else f"after {forecast.made + LOOKS_AHEAD:%Y-%m}"


def range_words(forecast: Forecast) -> str:
    """`2026-09 to 2027-09`, `2027-03 or later`."""
    low, high = forecast.range(80)
    if low is None:
        return f"after {forecast.made + LOOKS_AHEAD:%Y-%m}"
    return f"{low:%Y-%m} to {high:%Y-%m}" if high else f"{low:%Y-%m} or later"


def percent(chance: float | None) -> str:
    """`88 %`; never a certainty: `< 1 %`, `> 99 %`."""
    if chance is None:
        return TOO_FEW
    return odds(chance)


def forecast_words(forecast: Forecast) -> str:
    """The whole forecast in a sentence."""
    if forecast.is_too_few:
        return f"No forecast: {TOO_FEW}."
    around = "around " if forecast.median else ""
    words = f"Expected {around}{median_words(forecast)} (80 % range {range_words(forecast)})"
    chances = f"{percent(forecast.within(6))} within 6 months, {percent(forecast.within(12))} within 12"
    late = (
        f" Overdue: the range forecast when the stage before got it ended {forecast.due}." if forecast.overdue else ""
    )
    unseen = " Nobody has looked whether it is there already." if forecast.unknown else ""
    return f"{words}; {chances}.{late}{unseen}"
