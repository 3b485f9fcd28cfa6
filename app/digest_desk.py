"""What `cascade digest` does: looks ahead and back, sends, sends again, and settles what is unclear."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app import clock
from app.build import House, open_store
from app.digests import make_desk
from app.settings import Settings, read_settings
from app.threads import StoreThread
from bot.terminal.chat import HERE, TerminalChat
from cascade.delivery import Part, Slot
from cascade.errors import BadInput
from cascade.message import Bullets, Line, Message, Note, Strong
from cascade.phrases import counted
from cascade.ports import HOME, Store
from cascade.subscription import Subscription, Weekday, subscription_id
from cascade.week import Period, Week
from digest.claim import claim, owed_now, resend
from digest.deliver import unclear
from digest.edit import Desk
from digest.schedule import upcoming
from digest.send import Courier, settle
from digest.wording import BELOW, details, say

NO_SUBSCRIPTION = "Nobody has subscribed to the digest: this is what the terminal would get"
QUIET_OFF = "Nothing so far: nothing moved, and quiet weeks are not posted here"
SENT_SOON = "A running Cascade posts it within a minute, else the next one that is started."
NOTHING_OWED = "No digest is owed now"
NEXT = "{place}: the next on {at:%Y-%m-%d %H:%M} UTC"
NO_ID = "{text!r} names no digest: `cascade digest --list` shows the names, like 3f2a91bc.2026-W20"
SETTLE_HINT = "Look there, then say `cascade digest --settle NAME --was-sent` or `--not-sent`."
AHEAD = "{week} has not begun: `cascade digest --preview` tells of the running week"


def weekly(db: Path | None, name: str | None) -> list[Message]:
    """The digest of a week (the last whole one unless named), as known at its end, or so far. Raises BadInput."""
    settings = read_settings(db)
    with closing(open_store(settings)) as store:
        now = clock.now()
        week = Week.parse(name, settings.tz) if name else Week.of(now, settings.tz).before
        if week.period.start >= now:
            raise BadInput(AHEAD.format(week=week))
        desk = make_desk(House(settings).taxonomy, store)
        digest = desk.digest(HOME, Period(week.period.start, min(week.period.end, now)), zone=settings.tz)
        return [say(digest, rest=BELOW), *details(digest)]


def preview(db: Path | None) -> list[Message]:
    """What each place would get if its hour were now. Nothing is claimed or sent."""
    settings = read_settings(db)
    with closing(open_store(settings)) as store:
        desk, now = make_desk(House(settings).taxonomy, store), clock.now()
        subscribed = store.subscriptions()
        if not subscribed:
            return [Message(headline=NO_SUBSCRIPTION), *desk.preview(_for_terminal(now), now)]
        return [message for one in subscribed for message in _previewed(desk, one, now)]


def send(db: Path | None) -> list[Message]:
    """Claim what is owed now; the terminal's is printed, a running Cascade posts the others."""
    return asyncio.run(_send(read_settings(db), clock.now()))


def send_again(db: Path | None, name: str) -> list[Message]:
    """Claim a digest once more, word for word. Raises BadInput when there is none of this name."""
    with closing(open_store(read_settings(db))) as store:
        copy = resend(store, *_split(name), clock.now())
        return [Message(headline=f"{copy.owner}.{copy.name} goes to {copy.place} once more", parts=(_soon(),))]


def listed(db: Path | None) -> list[Message]:
    """Every digest that was claimed, newest first, and how far it came."""
    with closing(open_store(read_settings(db))) as store:
        owners = sorted({*store.last_slots(), *(one.id for one in store.subscriptions())})
        slots = sorted((slot for one in owners for slot in store.slots(one)), key=lambda slot: slot.period.end)[::-1]
        lines = tuple(_slot_line(store, slot) for slot in slots)
        head = f"{counted(len(lines), 'digest')}, newest first" if lines else "No digest was sent yet"
        return [Message(headline=head, parts=(Bullets(lines),) if lines else (), facts={"digests": len(lines)})]


def doubtful(db: Path | None) -> list[Message]:
    """The messages of which nobody knows whether they were posted."""
    with closing(open_store(read_settings(db))) as store:
        parts = unclear(store.open_parts(), clock.now())
        if not parts:
            return [Message(headline="Nothing is unclear", facts={"unclear": []})]
        return [
            Message(
                headline=f"{counted(len(parts), 'message')} may or may not have been posted",
                parts=(Bullets(tuple(map(_part_line, parts))), Note((SETTLE_HINT,))),
                facts={"unclear": [part.marker for part in parts]},
            )
        ]


def settled(db: Path | None, name: str, *, was_sent: bool) -> list[Message]:
    """A person's word on an unclear digest. Raises BadInput when nothing about it is unclear."""
    with closing(open_store(read_settings(db))) as store:
        owner, week = _split(name)
        slot = next((one for one in store.slots(owner) if one.name == week), None)
        if slot is None:
            raise BadInput(NO_ID.format(text=name[:60]))
        settle(store, slot, was_sent=was_sent)
        said = "counts as posted" if was_sent else "will be posted"
        return [Message(headline=f"{name} {said}", parts=() if was_sent else (_soon(),))]


def _previewed(desk: Desk, one: Subscription, now: datetime) -> list[Message]:
    parts = desk.preview(one, now) or (Message(headline=QUIET_OFF),)
    return [Message(headline=str(one.place), facts={"place": str(one.place)}), *parts]


async def _send(settings: Settings, now: datetime) -> list[Message]:
    taxonomy = House(settings).taxonomy
    with closing(StoreThread(open_store(settings))) as run:
        claimed = await run(lambda store: _claim_owed(make_desk(taxonomy, store), now))
        await Courier(run=run, chats={HERE.platform: TerminalChat(print)}, clock=clock.now).deliver(HERE)
        if not claimed:
            return [await run(lambda store: _nothing_owed(store, now))]
    places: Sequence[Line] = [(str(one.place),) for one in claimed]
    return [Message(headline=f"{counted(len(claimed), 'digest')} claimed", parts=(Bullets(tuple(places)), _soon()))]


def _claim_owed(desk: Desk, now: datetime) -> list[Subscription]:
    return [one for one in owed_now(desk.store, now) if claim(desk, one, now)]


def _for_terminal(now: datetime) -> Subscription:
    zone = read_settings().tz
    return Subscription(
        id=subscription_id(HOME, HERE), team=HOME, place=HERE, weekday=Weekday.MONDAY, hour=9, zone=zone, since=now
    )


def _nothing_owed(store: Store, now: datetime) -> Message:
    lines: Sequence[Line] = [
        (NEXT.format(place=one.place, at=upcoming(one, store.last_slot(one.id), now)),) for one in store.subscriptions()
    ]
    return Message(headline=NOTHING_OWED, parts=(Bullets(tuple(lines)),) if lines else ())


def _slot_line(store: Store, slot: Slot) -> Line:
    parts = [part for part in store.parts(slot.owner, slot.name) if part.slot.copy == slot.copy]
    how = ", ".join(sorted({part.progress.value for part in parts})) or "nothing to tell"
    copy = f" (copy {slot.copy})" if slot.copy else ""
    return (Strong(f"{slot.owner}.{slot.name}"), f"{copy} to {slot.place}: {how}")


def _part_line(part: Part) -> Line:
    trouble = f": {part.trouble}" if part.trouble else ""
    return (
        Strong(f"{part.slot.owner}.{part.slot.name}"),
        f", part {part.number + 1}, to {part.slot.place}, tried {part.tried_at:%Y-%m-%d %H:%M} UTC{trouble}",
    )


def _split(name: str) -> tuple[str, str]:
    owner, dot, week = name.strip().partition(".")
    if not (owner and dot and week):
        raise BadInput(NO_ID.format(text=name[:60]))
    return owner, week


def _soon() -> Note:
    return Note((SENT_SOON,))
