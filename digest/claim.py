"""From slots that are owed to slots that are claimed; and once more, when a person asks for it."""

from datetime import datetime

from cascade.delivery import Progress, Slot
from cascade.errors import BadInput
from cascade.ports import Store
from cascade.subscription import Subscription
from digest.edit import Desk
from digest.schedule import due, owed


def owed_now(store: Store, now: datetime) -> list[Subscription]:
    """The subscriptions that a digest is owed to, the longest overdue first."""
    return [subscription for subscription, _ in due(store.subscriptions(), store.last_slots(), now)]


def claim(desk: Desk, subscription: Subscription, now: datetime) -> bool:
    """Claim what is owed, with what an earlier digest could not bring; False when another run was quicker."""
    store = desk.store
    last = store.last_slot(subscription.id)
    if owed(subscription, last, now) is None:
        return False
    while last and _never_left(store, last) and store.withdraw(last):
        last = store.last_slot(subscription.id)
    slot = owed(subscription, last, now)
    if slot is None:
        return False
    store.settle_forecasts(subscription.team, now)  # what only time resolves: 24 months are over
    written = desk.write(subscription, slot)
    return store.claim(slot, written.parts, written.told, written.marks, now, written.forecasts)


def resend(store: Store, owner: str, name: str, now: datetime) -> Slot:
    """Claim a digest once more, word for word; the copy that will be sent. Raises BadInput when there is none."""
    mine = [slot for slot in store.slots(owner) if slot.name == name]
    first = next((slot for slot in mine if slot.copy == 0), None)
    parts = [part.message for part in store.parts(owner, name) if part.slot.copy == 0]
    if first is None or not parts:
        raise BadInput(f"no digest {name} was sent to {owner}: `cascade digest --list` names those that were")
    copy = Slot(
        owner=owner,
        name=name,
        place=first.place,
        period=first.period,
        covers=first.covers,
        copy=1 + max(slot.copy for slot in mine),
    )
    store.claim(copy, parts, {}, {}, now)
    return copy


def _never_left(store: Store, slot: Slot) -> bool:
    """Whether the slot's first part surely was not sent, and still is to be."""
    first = next((part for part in store.parts(slot.owner, slot.name) if part.slot.copy == 0), None)
    return first is not None and first.progress in (Progress.WAITING, Progress.DROPPED)
