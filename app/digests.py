"""The digests and watches of the running program: claims what is owed, brings it on its way, tells how far it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.clock import Clock
from app.threads import StoreThread
from cascade.ledger import Entry
from cascade.ports import Chat, Place, Store
from cascade.subscription import Subscription
from cascade.taxonomy import Taxonomy
from digest.claim import claim, owed_now
from digest.deliver import unclear
from digest.edit import Desk
from digest.findings import Outlook, Stretch
from digest.send import Courier, Sent
from digest.watches import claim_alerts

MANY = 100  # digests on their way together: from here on, how far they are is told
PROGRESS = "{done} of {of} digests are out"
UNCLEAR = "{count} messages may or may not have been posted: see `cascade digest --unclear`"


@dataclass(kw_only=True)
class Digests:
    """The weekly digests and the direct messages of one process."""

    taxonomy: Taxonomy
    run: StoreThread
    clock: Clock
    chats: Mapping[str, Chat]
    tell: Callable[[str], None]
    _unclear: int = field(default=0, init=False)

    async def send(self) -> None:
        """Claim what is owed by now, then bring every open part on its way."""
        await self._claim(lambda _: True)
        await self.run(lambda store: claim_alerts(make_desk(self.taxonomy, store), self.clock()))
        await self._courier.deliver()
        await self._report_unclear()

    async def send_to(self, place: Place) -> None:
        """The same for one place alone, where each has a job of its own."""
        await self._claim(lambda one: one.place == place)
        await self._courier.deliver(place)

    async def _claim(self, wanted: Callable[[Subscription], bool]) -> None:
        """One moment and one desk for the round: what many subscriptions share is read and composed once."""
        now = self.clock()
        owed = await self.run(lambda store: owed_now(store, now))
        desk = await self.run(lambda store: make_desk(self.taxonomy, store))
        for one in filter(wanted, owed):
            await self.run(lambda _, one=one: claim(desk, one, now))  # type: ignore[misc]

    async def _report_unclear(self) -> None:
        parts = await self.run(lambda store: store.open_parts())
        count = len(unclear(parts, self.clock()))
        if count > self._unclear:
            self.tell(UNCLEAR.format(count=count))
        self._unclear = count

    @cached_property
    def _courier(self) -> Courier:
        """One for the process: it remembers how fast each place was written to."""
        return Courier(run=self.run, chats=self.chats, clock=self.clock, progress=self._progress)

    def _progress(self, sent: Sent) -> None:
        if sent.of >= MANY and (sent.done % (sent.of // 10) == 0 or sent.done == sent.of):
            self.tell(PROGRESS.format(done=sent.done, of=sent.of))


def make_desk(taxonomy: Taxonomy, store: Store) -> Desk:
    """A desk that foresees; numpy is loaded when it first has to."""
    return Desk(taxonomy=taxonomy, store=store, foresee=_foresee)


def _foresee(stretch: Stretch, ledger: Sequence[Entry]) -> Outlook:
    from digest.foresee import foresee, usual_chance

    return foresee(stretch, usual_chance, ledger)
