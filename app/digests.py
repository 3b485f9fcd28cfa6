"""The digests and watches of the running program: claims what is owed, brings it on its way, tells how far it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.clock import Clock
from app.threads import StoreThread
from cascade.apart import apart
from cascade.ledger import Entry
from cascade.ports import Chat, Place, Store
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
    _unclear: dict[Place | None, int] = field(default_factory=dict, init=False)  # told of already; by place, or of all

    async def send(self) -> None:
        """Claim what is owed by now, then bring every open part on its way."""
        with apart() as step:
            with step():
                await self.claim()
            with step():
                await self._courier.deliver()
            await self._report_unclear()

    async def claim(self) -> None:
        """One moment and one desk for the round: what many subscriptions share is read and composed once."""
        now = self.clock()
        owed = await self.run(lambda store: owed_now(store, now))
        desk = await self.run(lambda store: make_desk(self.taxonomy, store))
        with apart() as step:
            for one in owed:
                with step():
                    await self.run(lambda _, one=one: claim(desk, one, now))  # type: ignore[misc]
            await self.run(lambda store: claim_alerts(make_desk(self.taxonomy, store), now))

    async def deliver_to(self, place: Place) -> None:
        """Bring what is open for one place on its way, where each has a job of its own."""
        await self._courier.deliver(place)
        await self._report_unclear(place)

    async def _report_unclear(self, place: Place | None = None) -> None:
        parts = await self.run(lambda store: store.open_parts(place))
        count = len(unclear(parts, self.clock()))
        if count > self._unclear.get(place, 0):
            self.tell(UNCLEAR.format(count=count))
        self._unclear[place] = count

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
