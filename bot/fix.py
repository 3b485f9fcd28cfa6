"""*Fix*: what a person wrote into the form becomes a correction, or an error beside each field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.asked import Asked
from bot.review import find_sighting
from cascade.dates import DateRange
from cascade.errors import BadInput
from cascade.sighting import Correction, Person, Sighting
from cascade.taxonomy import Cell, Taxonomy

TITLE = "Fix a sighting"
FIELDS = ("capability", "stage", "model", "date")
DATE_HINT = "2026-05-14, 2026-05, 2026-Q2 or 2026"
REVIEWERS_ONLY = "Only reviewers can set a sighting right; your vote on it is welcome"
NOTHING_CHANGED = "Nothing is different yet: change a field, or close the form"
LONGEST_MODEL = 100


@dataclass(frozen=True)
class FieldErrors:
    """What is wrong, by field; the form stays open."""

    errors: Mapping[str, str]


def form_values(sighting: Sighting) -> dict[str, str]:
    """What the form shows at first."""
    return {
        "capability": sighting.cell.capability,
        "stage": sighting.cell.stage,
        "model": sighting.model[:LONGEST_MODEL],
        "date": str(sighting.happened) if sighting.happened else "",
    }


def correct(view: Asked, sighting: str, values: Mapping[str, str]) -> Correction | FieldErrors:
    """Read the form, and keep the correction when all of it can be used. Raises BadInput for an unknown sighting."""
    one = find_sighting(view, sighting)
    read = read_fix(view.taxonomy, one.sighting, values, view.person, view.now)
    if isinstance(read, Correction):
        view.store.add_correction(view.team, read)
    return read


def read_fix(
    taxonomy: Taxonomy, sighting: Sighting, values: Mapping[str, str], by: Person, now: datetime
) -> Correction | FieldErrors:
    """The correction that the form asks for. `values` has the names in FIELDS; a missing one is as before."""
    before = {name: value.strip() for name, value in form_values(sighting).items()}
    after = {name: values.get(name, before[name]).strip() for name in FIELDS}
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return FieldErrors({"model": NOTHING_CHANGED})
    errors = _errors(taxonomy, changed, now.date())
    if errors:
        return FieldErrors(errors)
    return Correction(
        sighting=sighting.id,
        by=by,
        at=now,
        cell=Cell(after["capability"], after["stage"]) if {"capability", "stage"} & changed.keys() else None,
        model=changed.get("model"),
        happened=DateRange.parse(changed["date"]) if "date" in changed else None,
    )


def fix_words(fix: Correction) -> str:
    """`Ada set right: model to FLUX.3, date to 2026-05`."""
    changed = {"cell": fix.cell, "model": fix.model, "date": fix.happened}
    return f"{fix.by} set right: {', '.join(f'{name} to {value}' for name, value in changed.items() if value)}"


def _errors(taxonomy: Taxonomy, changed: Mapping[str, str], today: date) -> dict[str, str]:
    checks: dict[str, Callable[[str], object]] = {
        "capability": taxonomy.capability,
        "stage": taxonomy.stage,
        "model": _check_model,
        "date": lambda text: _check_date(text, today),
    }
    errors = {}
    for name, value in changed.items():
        try:
            checks[name](value)
        except BadInput as error:
            errors[name] = str(error)
    return errors


def _check_model(name: str) -> None:
    if not 1 <= len(name) <= LONGEST_MODEL:
        raise BadInput(f"Name the model in 1 to {LONGEST_MODEL} signs")


def _check_date(text: str, today: date) -> None:
    if DateRange.parse(text).first > today:
        raise BadInput(f"{text} lies in the future")
