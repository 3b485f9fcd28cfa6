"""`/cascade subscribe …`: the weekly digest for this place; and the list and end of it."""

import re
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.asked import Asked
from cascade.errors import BadInput
from cascade.lookup import Found, find
from cascade.message import Bullets, Line, Message, Note, Paragraph, PlaceName
from cascade.phrases import counted, either, listed
from cascade.subscription import Filter, Subscription, Weekday, parse_hour, parse_zone, subscription_id
from cascade.taxonomy import Capability, Modality, Stage, Taxonomy

USAGE = "`subscribe monday 9 Europe/Berlin`, and if wanted `for realtime video, negation` and `not when quiet`"
NO_PLACE = "A digest needs a place to be posted in: subscribe in a channel"
SHOWN, MORE = 20, "{count} more: `cascade ask subscriptions --json` tells of each."
USUAL_HOUR = 9
_LONGEST_ZONE = 3  # words, as `port of spain`
_QUIET = re.compile(r"\b(?:not when|skip|without|no) quiet(?: weeks?)?\b", re.IGNORECASE)


def subscribe(view: Asked, words: str) -> Message:
    """Make or change the place's subscription; without words, an old one stays as it is.

    Raises BadInput that names what is wrong and the cure.
    """
    if view.place is None:
        raise BadInput(NO_PLACE)
    here = subscription_id(view.team, view.place)
    mine = next((one for one in view.store.subscriptions() if one.id == here), None) if not words.strip() else None
    wanted = mine or _read(view, words)
    if mine is None:
        view.store.save_subscription(wanted)
    return Message(
        headline=f"The digest comes here every {_schedule(wanted)}",
        parts=(Note((f"About {about(view.taxonomy, wanted.only)}; {_on_quiet(wanted)}. End it with `unsubscribe`.",)),),
        facts=_facts(wanted),
    )


def unsubscribe(view: Asked) -> Message:
    """End the place's subscription. Raises BadInput when there is none."""
    if view.place is None or not view.store.end_subscription(subscription_id(view.team, view.place)):
        raise BadInput("there is no subscription here: make one with " + USAGE)
    return Message(headline="No digest comes here any more", facts={"ended": True})


def subscriptions(view: Asked) -> Message:
    """The team's subscriptions: the one here, those in trouble and why, then others."""
    mine = sorted(
        (one for one in view.store.subscriptions() if one.team == view.team),
        key=lambda one: (one.place != view.place, not one.trouble),
    )
    lines = tuple(_line(view.taxonomy, one) for one in mine[:SHOWN])
    more = (Paragraph((MORE.format(count=len(mine) - SHOWN),)),) if len(mine) > SHOWN else ()
    return Message(
        headline=f"Digests go to {counted(len(mine), 'place')}" if mine else "Nobody has subscribed to the digest yet",
        parts=(*((Bullets(lines),) if lines else ()), *more, Note(("Subscribe a channel with " + USAGE + ".",))),
        facts={"subscriptions": [_facts(one) for one in mine]},
    )


def _line(taxonomy: Taxonomy, one: Subscription) -> Line:
    trouble = f" ({one.trouble})" if one.trouble else ""
    return (PlaceName(str(one.place)), f": {_schedule(one)}, {about(taxonomy, one.only)}{trouble}")


def about(taxonomy: Taxonomy, only: Filter) -> str:
    """What a filter lets through, in names."""
    capabilities = listed(one.name for one in taxonomy.capabilities if one.id in only.capabilities)
    stages = listed(one.name for one in taxonomy.stages if one.id in only.stages)
    return " in ".join(filter(None, (capabilities, stages))) or "everything"


def read_filter(taxonomy: Taxonomy, words: str) -> Filter:
    """The filter that names describe, separated by commas or "and"; a modality is all its stages. Raises BadInput."""
    stages, capabilities = set[str](), set[str]()
    for name in filter(None, (part.strip() for part in re.split(r",|\band\b", words))):
        found = find(taxonomy, name)
        if not isinstance(found, Found):
            near = either(getattr(entry, "name", entry.id) for entry in found.nearest)
            cure = f"did you mean {near}?" if found.is_near else "`board` shows the names of all"
            raise BadInput(f"“{name[:40]}” is no capability or stage: {cure}")
        match found.entry:
            case Capability(id=known):
                capabilities.add(known)
            case Stage(id=known):
                stages.add(known)
            case Modality(id=known):
                stages |= {stage.id for stage in taxonomy.in_modality(known)}
    return Filter(stages=frozenset(stages), capabilities=frozenset(capabilities))


def _read(view: Asked, words: str) -> Subscription:
    assert view.place is not None  # noqa: S101  asked before
    tells_quiet = not _QUIET.search(words)
    schedule, _, named = f" {_QUIET.sub('', words)}".partition(" for ")
    day, hour, zone, more = _schedule_of(schedule.split())
    names = f"{more}, {named}"
    return Subscription(
        id=subscription_id(view.team, view.place),
        team=view.team,
        place=view.place,
        weekday=day,
        hour=hour,
        zone=zone,
        only=read_filter(view.taxonomy, names),
        tells_quiet=tells_quiet,
        since=view.now,
    )


def _schedule_of(tokens: list[str]) -> tuple[Weekday, int, ZoneInfo, str]:
    """The day, the hour, the zone, and the words after them."""
    if not tokens:
        return Weekday.MONDAY, USUAL_HOUR, ZoneInfo("UTC"), ""
    day = Weekday.parse(tokens[0])
    rest = [token for token in tokens[1:] if token.lower() != "at"]
    hour = parse_hour(rest[0]) if rest else USUAL_HOUR
    return day, hour, *_zone_of(rest[1:])


def _zone_of(tokens: list[str]) -> tuple[ZoneInfo, str]:
    """The zone that the words begin with, as `new york`, and the words after it. Raises BadInput."""
    for length in range(min(len(tokens), _LONGEST_ZONE), 0, -1):
        with suppress(BadInput):
            return parse_zone(" ".join(tokens[:length])), " ".join(tokens[length:])
    return parse_zone(" ".join(tokens)) if tokens else ZoneInfo("UTC"), ""


def _schedule(one: Subscription) -> str:
    return f"{one.weekday.title()} at {one.hour:02}:00 ({one.zone.key})"


def _on_quiet(one: Subscription) -> str:
    return "a quiet week says so in one line" if one.tells_quiet else "a quiet week is left out"


def _facts(one: Subscription) -> dict[str, object]:
    return {
        "place": str(one.place),
        "weekday": one.weekday.value,
        "hour": one.hour,
        "zone": one.zone.key,
        "stages": sorted(one.only.stages),
        "capabilities": sorted(one.only.capabilities),
        "tells_quiet": one.tells_quiet,
        "since": _moment(one.since),
        "trouble": one.trouble,
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
