"""The second opinion in the background: asked about new candidates, kept beside the classifier's, told of once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from app.build import House
from app.clock import Clock
from app.settings import Settings
from app.threads import StoreThread
from cascade.item import Item
from cascade.learned import Opinion
from cascade.ports import Store
from cascade.sighting import Sighting
from classifier.opinion import Endpoint, OpinionError, Said, SecondOpinion, Spending

SPENT = "llm spent"  # the note that tells how much a day has cost
AT_ONCE = 24  # candidates in one round
NEW = timedelta(days=3)  # an older candidate is not asked about any more

Question = tuple[Sighting, Item]


def endpoint(settings: Settings) -> Endpoint | None:
    """The endpoint that the settings name; None when there is none, as at first."""
    if not settings.llm_url or not settings.llm_model:
        return None
    return Endpoint(
        url=settings.llm_url,
        model=settings.llm_model,
        key=settings.llm_key,
        seconds=settings.llm_seconds,
        dollars_a_million=settings.llm_dollars_a_million,
        dollars_a_day=settings.llm_dollars_a_day,
    )


@dataclass(kw_only=True)
class Opinions:
    """Asks about new candidates. Its failure changes nothing, and is told once."""

    house: House
    run: StoreThread
    clock: Clock
    tell: Callable[[str], None]
    where: Endpoint
    _asker: SecondOpinion | None = field(default=None, init=False)
    _trouble: str = field(default="", init=False)

    async def ask(self) -> int:
        """Get an opinion on the candidates that have none; how many got one."""
        now = self.clock()
        questions = await self.run(lambda store: waiting(store, self.where.model, now))
        if not questions:
            return 0
        spending = await self.run(lambda store: _spent(store, now))
        try:
            answers = await self._ask([item for _, item in questions], spending)
        except OpinionError as error:
            self._heard(str(error))
            return 0
        finally:
            await self.run(lambda store: store.set_note(SPENT, f"{spending.day} {spending.dollars:.6f}"))
        self._heard("")
        await self.run(lambda store: self._keep(store, questions, answers, now))
        return len(questions)

    async def _ask(self, items: Sequence[Item], spending: Spending) -> list[tuple[Said, ...]]:
        async with aiohttp.ClientSession() as session:
            if self._asker is None:
                self._asker = SecondOpinion(self.where, self.house.taxonomy)
            return await self._asker.ask(session, items, spending)

    def _keep(
        self, store: Store, questions: Sequence[Question], answers: Sequence[tuple[Said, ...]], now: datetime
    ) -> None:
        for (sighting, _), said in zip(questions, answers, strict=True):
            agrees = any(one.cell == sighting.cell and one.verdict is sighting.verdict for one in said)
            rules = self.house.taxonomy.version
            voter = self.where.model
            store.save_opinion(Opinion(sighting=sighting.id, voter=voter, agrees=agrees, rules=rules, at=now))

    def _heard(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            self.tell(f"{trouble}. The embedded classifier's answer stands")
        elif self._trouble and not trouble:
            self.tell("second opinion: works again")
        self._trouble = trouble


def waiting(store: Store, voter: str, now: datetime) -> list[Question]:
    """New candidates on which this voter was not heard, each with the item that claims it."""
    heard = {one.sighting for one in store.opinions() if one.voter == voter}
    fresh = [one for one in store.sightings() if one.story and one.id not in heard and now - one.seen_at <= NEW]
    pairs = ((one, _item(store, one)) for one in fresh[:AT_ONCE])
    return [(one, item) for one, item in pairs if item is not None]


def _item(store: Store, sighting: Sighting) -> Item | None:
    story = store.story(sighting.story)
    urls = {one.url for one in sighting.evidence}
    return next((item for item in story.items if item.url in urls), None) if story else None


def _spent(store: Store, now: datetime) -> Spending:
    day, _, dollars = (store.note(SPENT) or "").partition(" ")
    today = now.date().isoformat()
    return Spending(day=today, dollars=float(dollars) if day == today else 0.0)
