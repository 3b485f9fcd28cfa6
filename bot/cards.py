"""Cards in a place: posted once, read back, edited when the votes change.

Claim, send, record: the claim is a unique row, the message carries a marker, and a claim without
a reference is settled by looking for the marker before anything is sent again.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import review
from bot.asked import Asked, Look
from bot.fix import fix_words
from bot.runner import Run
from cascade.apart import apart
from cascade.board import Judged
from cascade.errors import ChatError
from cascade.message import Message
from cascade.ports import Card, Chat, Place, Store
from cascade.priority import to_ask
from cascade.reconcile import missing_votes
from cascade.sighting import EXPIRES_AFTER, Correction, Person, Status

Choose = Callable[[Sequence[Judged], Sequence[Card]], Sequence[Judged]]  # which of the waiting to post now
Reviewers = Callable[[], Awaitable[Collection[str] | None]]  # keys of those who count; None: everybody
Seed = Callable[[Place, str], Awaitable[None]]  # puts the three signs under a new card
# A claim younger than this may be on its way in another task or process: it is not looked for yet.
ON_ITS_WAY = timedelta(seconds=60)


async def everybody() -> None:
    """Everybody's votes count."""


async def no_signs(place: Place, ref: str) -> None:
    """Put nothing under a card: there are buttons."""


@dataclass(kw_only=True)
class Desk:
    """One review channel: where the team's cards stand on one platform."""

    run: Run
    look: Look
    chat: Chat
    place: Place
    choose: Choose
    report: Callable[[ChatError], None]  # the operator's ear
    reviewers: Reviewers = everybody
    seed: Seed = no_signs
    neighbours: list["Desk"] = field(default_factory=list)  # where the team's cards stand on other platforms
    _posting: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def post_new(self, now: datetime) -> int:
        """Post the cards whose turn it is; how many went out. One that fails leaves the others alone."""
        async with self._posting:
            await self._settle_all(now)
            chosen = await self.run(lambda store: self._chosen(self.look(store, now)))
            return await self._each(self._post(one, message, now) for one, message in chosen)

    async def settle(self, now: datetime) -> None:
        """Find out about cards that were claimed and never recorded: sent, or not."""
        async with self._posting:
            await self._settle_all(now)

    async def read_back(self, now: datetime, refs: Collection[str] | None = None) -> int:
        """Make the votes equal the reactions, and the cards show them; how many votes were missing.

        `refs` names the cards to look at; None means all that were posted within the time that a
        sighting stays open. A card that cannot be read leaves the others alone.
        """
        cards = await self.run(lambda store: self._to_read(self.look(store, now), now, refs))
        return await self._each(self._read_back(card, card.ref or "", now) for card in cards)

    async def refresh(self, sighting: str, now: datetime) -> None:
        """Show the newest state of one sighting on its cards everywhere, after a vote by button or command."""
        await self._show_here(sighting, now)
        await self._show_elsewhere(sighting, now)

    async def _show_here(self, sighting: str, now: datetime) -> None:
        for card in await self.run(lambda store: self._cards_of(self.look(store, now), sighting)):
            if card.ref is not None:
                await self._told(self._refresh(card, card.ref, now))

    async def tell(self, sighting: str, message: Message, marker: str, now: datetime) -> None:
        """Say something in the thread under a sighting's card, where it has one."""
        for card in (await self.run(lambda store: self._cards_of(self.look(store, now), sighting)))[:1]:
            if card.ref is not None:
                await self._told(self._reply(card.ref, message, marker))

    async def corrected(self, fix: Correction) -> None:
        """Let the cards, and the thread of the one here, say what was set right."""
        await self.refresh(fix.sighting, fix.at)
        mark = f"fix:{fix.sighting}:{fix.at.timestamp():.6f}"
        await self.tell(fix.sighting, Message(headline=fix_words(fix)), mark, fix.at)

    async def may_review(self, person: Person) -> bool:
        """Whether the person's votes count here."""
        those = await self.reviewers()
        return those is None or person.key in those

    def _cards(self, view: Asked) -> list[Card]:
        return [card for card in view.store.cards(view.team) if card.place == self.place]

    def _cards_of(self, view: Asked, sighting: str) -> list[Card]:
        """The cards of one claim, oldest first: several when claims that had cards were joined."""
        return [card for card in self._cards(view) if view.whole(card.sighting) == view.whole(sighting)]

    def _to_read(self, view: Asked, now: datetime, refs: Collection[str] | None) -> list[Card]:
        cards = [card for card in self._cards(view) if card.ref is not None]
        if refs is None:
            return [card for card in cards if now - card.claimed_at <= EXPIRES_AFTER]
        return [card for card in cards if card.ref in refs]

    def _chosen(self, view: Asked) -> list[tuple[Judged, Message]]:
        cards = self._cards(view)
        there = {view.whole(card.sighting) for card in cards}
        waiting = to_ask(view.board, view.waiting, there)
        return [(one, review.card(view, one)) for one in self.choose(waiting, cards)]

    async def _post(self, one: Judged, message: Message, now: datetime) -> bool:
        sighting = one.sighting.id
        if not await self.run(lambda store: store.claim_card(self._team(store, now), sighting, self.place, now)):
            return False
        try:
            ref = await self.chat.post(self.place, message, marker(sighting))
        except ChatError as error:
            if not error.unclear:
                await self.run(lambda store: store.drop_claim(sighting, self.place))
            self.report(error)
            return False
        await self._sent(sighting, ref, message)
        return True

    def _team(self, store: Store, now: datetime) -> str:
        return self.look(store, now).team

    async def _sent(self, sighting: str, ref: str, message: Message | None) -> None:
        def record(store: Store) -> None:
            store.card_sent(sighting, self.place, ref)
            if message is not None:
                self._note_shown(store, ref, message)

        await self.run(record)
        await self._told(self._seed(ref))

    async def _settle_all(self, now: datetime) -> None:
        cards = await self.run(lambda store: self._cards(self.look(store, now)))
        lost = [card for card in cards if card.ref is None and now - card.claimed_at >= ON_ITS_WAY]
        await self._each(self._settle(card) for card in lost)

    async def _settle(self, card: Card) -> int:
        ref = await self.chat.find(self.place, marker(card.sighting), card.claimed_at)
        if ref is None:
            await self.run(lambda store: store.drop_claim(card.sighting, self.place))
        else:
            await self._sent(card.sighting, ref, None)
        return 1

    async def _read_back(self, card: Card, ref: str, now: datetime) -> int:
        # One read at a time: of two that overlap, the one that looked first must not speak last.
        async with self._reading:
            reviewers = await self.reviewers()
            reactions = await self.chat.reactions(self.place, ref)

            def add(store: Store) -> int:
                # Another process may have seen the same: what it added is not missing any more.
                with store.alone(f"votes {self.place}"):
                    view = self.look(store, now)
                    votes = missing_votes(
                        card.sighting,
                        str(self.place),
                        reactions,
                        view.facts.votes,
                        now,
                        reviewers=reviewers,
                        rules=view.taxonomy.version,
                    )
                    store.add_votes(view.team, votes)
                    return len(votes)

            missing = await self.run(add)
            await self._show(card, ref, now)
        if missing:
            await self._show_elsewhere(card.sighting, now)
        return missing

    async def _refresh(self, card: Card, ref: str, now: datetime) -> int:
        async with self._reading:
            await self._show(card, ref, now)
        return 1

    async def _show(self, card: Card, ref: str, now: datetime) -> None:
        view, one, main, shown = await self.run(lambda store: self._find(store, card.sighting, ref, now))
        is_main = card.sighting == main.sighting
        message = review.card(view, one) if is_main else review.pointer(view, one)
        if shown != _print_of(message):
            await self.chat.edit(self.place, ref, message)
            await self.run(lambda store: self._note_shown(store, ref, message))
        if is_main:
            await self._tell_status(view, one, card.sighting, ref)

    async def _show_elsewhere(self, sighting: str, now: datetime) -> None:
        for desk in self.neighbours:
            await desk._show_here(sighting, now)

    def _find(self, store: Store, sighting: str, ref: str, now: datetime) -> tuple[Asked, Judged, Card, str | None]:
        """The board, the claim, the card that people are to vote on, and what this one shows."""
        view, shown = self.look(store, now), store.note(self._shown(ref))
        return view, review.find_sighting(view, sighting), self._cards_of(view, sighting)[0], shown

    def _note_shown(self, store: Store, ref: str, message: Message) -> None:
        # Kept in the store: any process may have been the last to edit the card.
        store.set_note(self._shown(ref), _print_of(message))

    def _shown(self, ref: str) -> str:
        return f"card {self.place} {ref} shows"

    async def _tell_status(self, view: Asked, one: Judged, sighting: str, ref: str) -> None:
        """Tell the thread of a decision, once for each status; that it expired is told by the card alone."""
        status = one.decision.status
        if status not in {Status.CONFIRMED, Status.REJECTED}:
            return
        if await self.run(lambda store: store.claim_telling(sighting, self.place, status)):
            await self._reply(ref, review.telling(view, one), f"told:{sighting}:{status}")

    async def _reply(self, ref: str, message: Message, mark: str) -> int:
        await self.chat.reply(self.place, ref, message, mark)
        return 1

    async def _seed(self, ref: str) -> int:
        await self.seed(self.place, ref)
        return 1

    async def _each(self, steps: Iterable[Awaitable[int]]) -> int:
        """What the steps brought together. One that breaks leaves the others alone, and is raised after them."""
        brought = 0
        with apart() as step:
            for one in steps:
                with step():
                    brought += await self._told(one)
        return brought

    async def _told(self, step: Awaitable[int]) -> int:
        """What the step brought; 0 when the platform refused, which the operator then hears of."""
        try:
            return await step
        except ChatError as error:
            self.report(error)
            return 0


def _print_of(message: Message) -> str:
    return hashlib.sha256(repr(message).encode()).hexdigest()[:16]


def marker(sighting: str) -> str:
    """What a card carries unseen, so that it can be found again."""
    return f"card:{sighting}"
