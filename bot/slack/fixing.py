"""*Fix*: the submitted form becomes a correction, or comes back with an error beside each field."""

from bot.fix import REVIEWERS_ONLY, FieldErrors, correct
from bot.slack.payload import FixForm
from bot.slack.room import Room
from cascade.errors import BadInput
from cascade.sighting import Correction


async def take(room: Room, form: FixForm) -> Correction | FieldErrors:
    """Read the form, and keep the correction when all of it can be used."""
    person = await room.person(form.by)
    if not await room.counts(person):
        return FieldErrors({"model": REVIEWERS_ONLY})
    try:
        return await room.services.run(lambda store: correct(room.view(store, person), form.sighting, form.values))
    except BadInput as error:
        return FieldErrors({"model": str(error)})
