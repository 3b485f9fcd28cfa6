"""*Fix*: the submitted form becomes a correction, or comes back with an error beside each field."""

from bot import review
from bot.fix import FieldErrors, fix_words, read_fix
from bot.slack.payload import FixForm
from bot.slack.room import Room
from cascade.errors import BadInput
from cascade.message import Message
from cascade.ports import Store
from cascade.sighting import Correction


async def take(room: Room, form: FixForm) -> Correction | FieldErrors:
    """Read the form, and keep the correction when all of it can be used."""
    person = await room.person(form.by)

    def work(store: Store) -> Correction | FieldErrors:
        view = room.view(store, person)
        try:
            one = review.find_sighting(view, form.sighting)
        except BadInput as error:
            return FieldErrors({"model": str(error)})
        read = read_fix(view.taxonomy, one.sighting, form.values, person, view.now)
        if isinstance(read, Correction):
            store.add_correction(view.team, read)
        return read

    return await room.services.run(work)


async def show(room: Room, fix: Correction) -> None:
    """Let the card and its thread say what was set right."""
    if room.desk is not None:
        await room.desk.refresh(fix.sighting, fix.at)
        marker = f"fix:{fix.sighting}:{fix.at.timestamp():.6f}"
        await room.desk.tell(fix.sighting, Message(headline=fix_words(fix)), marker, fix.at)
