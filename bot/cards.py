"""Cards in a place: posted once, read back, edited when the votes change.

Claim, send, record: the claim is a unique row, the message carries a marker, and a claim without
a reference is settled by looking for the marker before anything is sent again.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import review
from bot.asked import Asked, Look
from bot.runner import Run
from cascade.board import Judged
from cascade.errors import ChatError
from cascade.message import Message
from cascade.ports import Card, Chat, Place, Store
from cascade.reconcile import missing_votes
from cascade.sighting import Status

Choose = Callable[[Sequence[Judged], Sequence[Card]], Sequence[Judged]]  # which of the waiting to post now


@dataclass(kw_only=True)
class Desk:
    """One review channel: where the team's cards stand on one platform."""

    run: Run
    look: Look
    chat: Chat
    place: Place
    choose: Choose
    report: Callable[[ChatError], None]  # the operator's ear
    reviewers: Collection[str] | None = None  # keys of those who count; None: everybody

    async def post_new(self, now: datetime) -> int:
        """Post the cards whose turn it is; how many went out. One that fails leaves the others alone."""
        await self.settle(now)
        chosen = await self.run(lambda store: self._chosen(self.look(store, now)))
        return sum([await self._post(one, message, now) for one, message in chosen])

    async def settle(self, now: datetime) -> None:
        """Find out about cards that were claimed and never recorded: sent, or not."""
        for card in await self.run(lambda store: self._cards(self.look(store, now))):
            if card.ref is None:
                await self._settle(card)

    async def read_back(self, now: datetime, ref: str | None = None) -> None:
        """Make the votes equal the reactions on the open cards (or on one), and the cards show them."""
        for card in await self.run(lambda store: self._cards(self.look(store, now))):
            if card.ref is not None and ref in (None, card.ref):
                await self._read_back(card, card.ref, now)

    async def refresh(self, sighting: str, now: datetime) -> None:
        """Show the newest state of one sighting on its card, after a vote by button or command."""
        for card in await self.run(lambda store: self._cards(self.look(store, now))):
            if card.sighting == sighting and card.ref is not None:
                await self._show(card, card.ref, now)

    def _cards(self, view: Asked) -> list[Card]:
        return [card for card in view.store.cards(view.team) if card.place == self.place]

    def _chosen(self, view: Asked) -> list[tuple[Judged, Message]]:
        cards = self._cards(view)
        there = {card.sighting for card in cards}
        waiting = [one for one in review.queue(view) if one.sighting.id not in there]
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
        await self.run(lambda store: store.card_sent(sighting, self.place, ref))
        return True

    def _team(self, store: Store, now: datetime) -> str:
        return self.look(store, now).team

    async def _settle(self, card: Card) -> None:
        ref = await self.chat.find(self.place, marker(card.sighting), card.claimed_at)
        if ref is None:
            await self.run(lambda store: store.drop_claim(card.sighting, self.place))
        else:
            await self.run(lambda store: store.card_sent(card.sighting, self.place, ref))

    async def _read_back(self, card: Card, ref: str, now: datetime) -> None:
        reactions = await self.chat.reactions(self.place, ref)

        def add(store: Store) -> bool:
            view = self.look(store, now)
            votes = missing_votes(
                card.sighting,
                str(self.place),
                reactions,
                view.facts.votes,
                now,
                reviewers=self.reviewers,
                rules=view.taxonomy.version,
            )
            store.add_votes(view.team, votes)
            return bool(votes)

        if await self.run(add):
            await self._show(card, ref, now)

    async def _show(self, card: Card, ref: str, now: datetime) -> None:
        def render(store: Store) -> tuple[Message, Message | None, str]:
            view = self.look(store, now)
            one = review.find_sighting(view, card.sighting)
            status = one.decision.status
            news = status is not Status.CANDIDATE and store.claim_telling(card.sighting, self.place, status)
            line = Message(headline=review.effect_line(view, one)) if news else None
            return review.card(view, one), line, f"told:{card.sighting}:{status}"

        message, line, mark = await self.run(render)
        await self.chat.edit(self.place, ref, message)
        if line:
            await self.chat.reply(self.place, ref, line, mark)


def marker(sighting: str) -> str:
    """What a card carries unseen, so that it can be found again."""
    return f"card:{sighting}"
