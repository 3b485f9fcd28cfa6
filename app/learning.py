"""The classifier learns from decisions: trained in the background, adopted only when held-out decisions favour it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.build import House
from app.clock import Clock
from app.threads import StoreThread
from cascade.board import Judged, judge
from cascade.learned import Opinion, Tag, Trained
from cascade.message import Bullets, Heading, Line, Message, Note, Paragraph, Part
from cascade.phrases import counted
from cascade.ports import HOME, Store
from cascade.sighting import Status, Verdict
from classifier.learn import Example, Lesson, Precision, precisions, relearn
from classifier.model import Model

STEP = 10  # new decisions before it is worth training again
PAUSE = timedelta(hours=1)  # between two looks at what was decided
SHOWN = 10  # rules and sources in an answer


@dataclass(frozen=True)
class Decided:
    """A claim as it was found, and whether people said that it is right."""

    tag: Tag
    judged: Judged
    right: bool


@dataclass(kw_only=True)
class Learner:
    """Trains the small model when enough was decided, and hands it to the reader when it is better."""

    house: House
    run: StoreThread
    clock: Clock
    tell: Callable[[str], None]
    _again: datetime | None = field(default=None, init=False)

    async def learn(self) -> None:
        """Once an hour, take up the newest adopted model, and train if there is something to learn."""
        now = self.clock()
        if self._again is not None and now < self._again:
            return
        self._again = now + PAUSE
        # Also each hour: another process may have trained it.
        self.house.reader.model = await self.run(lambda store: model_in_use(store, self.house.reader.model))
        known, before = await self.run(lambda store: (examples(decided(store, now)), store.trained()))
        if len(known) - (before[0].decisions if before else 0) < STEP:
            return
        current = self.house.reader.model
        version = f"{_shipped(current.version)}+{len(known)}"
        lesson = await asyncio.to_thread(relearn, current, known, version=version)
        if lesson is not None:
            await self.run(lambda store: store.save_trained(to_trained(lesson, len(known), now)))
            self._use(lesson)

    def _use(self, lesson: Lesson) -> None:
        if lesson.adopted:
            self.house.reader.model = lesson.model
            self.tell(
                f"The classifier learned from the decisions: version {lesson.model.version} is better, and in use"
            )


def model_in_use(store: Store, shipped: Model) -> Model:
    """The newest model that was adopted on top of the shipped one, else the shipped one."""
    base = _shipped(shipped.version)
    for one in store.trained():
        if one.adopted and _shipped(one.version) == base:
            return Model.parse(one.content)
    return shipped


def decided(store: Store, now: datetime, team: str = HOME) -> list[Decided]:
    """Every claim that people confirmed, rejected, or moved to another cell (which says that it was wrong)."""
    facts = store.facts(team)
    told = {one.id: one.cell for one in facts.sightings}
    tags = {one.sighting: one for one in store.tags()}
    answers = []
    for one in judge(facts, now):
        moved = one.sighting.cell != told[one.sighting.id]
        status = one.decision.status
        if one.sighting.id in tags and (moved or status in (Status.CONFIRMED, Status.REJECTED)):
            answers.append(Decided(tags[one.sighting.id], one, status is Status.CONFIRMED and not moved))
    return answers


def examples(answers: Iterable[Decided]) -> list[Example]:
    """What the model can learn from: *works* claims, those of one story together."""
    return [
        Example(one.tag.features, one.right, group=one.judged.sighting.story)
        for one in answers
        if one.judged.sighting.verdict is Verdict.WORKS
    ]


def to_trained(lesson: Lesson, decisions: int, now: datetime) -> Trained:
    """A lesson as it is kept."""
    return Trained(
        version=lesson.model.version,
        at=now,
        decisions=decisions,
        new_loss=lesson.new.log_loss,
        old_loss=lesson.old.log_loss,
        adopted=lesson.adopted,
        content=lesson.model.as_json(),
    )


def answer_classifier(house: House, store: Store, now: datetime) -> Message:
    """`cascade classifier`: which model is in use, what was learned, how often each rule and source was right."""
    model, answers, trained = model_in_use(store, house.reader.model), decided(store, now), store.trained()
    rules = precisions((one.tag.rule, one.right) for one in answers)
    sources = precisions((one.tag.source, one.right) for one in answers)
    right = sum(one.right for one in answers)
    return Message(
        headline=f"The classifier is at version {model.version}; {right} of {len(answers)} decided claims were right",
        parts=(
            Paragraph((_trained_words(trained),)),
            *_table("By rule", rules),
            *_table("By source", sources),
            Note((_opinion_words(store.opinions(), answers),)),
        ),
        facts={
            "version": model.version,
            "decided": len(answers),
            "right": right,
            "trained": [_trained_facts(one) for one in trained],
            "rules": [_precision_facts(one) for one in rules],
            "sources": [_precision_facts(one) for one in sources],
            "opinions": len(store.opinions()),
        },
    )


def _trained_words(trained: Sequence[Trained]) -> str:
    if not trained:
        return "It has not been trained from decisions yet: the model that ships with Cascade is in use."
    last = trained[0]
    verdict = "was adopted" if last.adopted else "was not better, so it was left"
    return (
        f"Trained {counted(len(trained), 'time')}, last on {last.at:%Y-%m-%d} from {last.decisions} decisions: "
        f"log loss {last.new_loss:.3f} against {last.old_loss:.3f} on decisions held out; it {verdict}."
    )


def _table(title: str, rows: Sequence[Precision]) -> tuple[Part, ...]:
    lines: tuple[Line, ...] = tuple(
        (f"{one.name}: {one.right} of {one.right + one.wrong} right",) for one in rows[:SHOWN]
    )
    return (Heading(title), Bullets(lines)) if lines else ()


def _opinion_words(opinions: Sequence[Opinion], answers: Sequence[Decided]) -> str:
    if not opinions:
        return "No second opinion was asked for."
    people = {one.tag.sighting: one.right for one in answers}
    both = Counter(one.agrees == people[one.sighting] for one in opinions if one.sighting in people)
    agreed = sum(one.agrees for one in opinions)
    return (
        f"The second opinion agrees with the classifier on {agreed} of {len(opinions)} claims, "
        f"and with people on {both[True]} of {both.total()}."
    )


def _trained_facts(one: Trained) -> dict[str, object]:
    return {
        "version": one.version,
        "at": one.at.isoformat(),
        "decisions": one.decisions,
        "new_loss": one.new_loss,
        "old_loss": one.old_loss,
        "adopted": one.adopted,
    }


def _precision_facts(one: Precision) -> dict[str, object]:
    return {"name": one.name, "right": one.right, "wrong": one.wrong, "share": round(one.share, 3)}


def _shipped(version: str) -> str:
    return version.partition("+")[0]
