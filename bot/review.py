"""Review: the card that asks, the votes that answer, the queue that waits. The same everywhere."""

from collections.abc import Mapping, Sequence

from bot.asked import Asked
from bot.press import COUNTS, FIX
from cascade import priority
from cascade.board import Board, Judged, fold
from cascade.effect import Effect, effect
from cascade.errors import BadInput
from cascade.gaps import DAYS_A_MONTH
from cascade.learned import Opinion
from cascade.linking import may_count_twice
from cascade.message import Bullets, Heading, Line, Link, Message, Note, Offer, Paragraph, Part, Quote, Strong
from cascade.phrases import cell_name, counted, listed, months, percent, verdict_words
from cascade.sighting import Choice, Decision, Person, Sighting, Status, Vote
from cascade.taxonomy import Taxonomy
from cascade.view import View

SIGN = {Choice.CONFIRM: "✅", Choice.REJECT: "❌", Choice.UNSURE: "🤔"}  # seeded on cards, in this order
LABEL = {Choice.CONFIRM: "✅ it works", Choice.REJECT: "❌ it does not", Choice.UNSURE: "🤔 unsure"}
LABEL_FAILS = {Choice.CONFIRM: "✅ it still fails", Choice.REJECT: "❌ it works", Choice.UNSURE: "🤔 unsure"}
NONE_WAIT = "Nothing waits for a decision"
WHENCE = "Candidates come from the feeds that `cascade run` watches, and from `report LINK`."
HOW_TO_VOTE = "Vote with `confirm ID`, `reject ID` or `unsure ID`; `why ID` tells more."
NOT_A_REVIEWER = "You are not among the reviewers here: your word is recorded, and not counted."
OWN_REPORT = "You reported this yourself: somebody else has to confirm it."
NOTHING_CHANGED = "nothing changed"
BELL = "🔔 Tell me when it moves"
TWO_PLATFORMS = (
    "Votes came from more than one platform: whoever has not joined their accounts with `link` counts once on each."
)
ONE_CARD = "The same news stands on an older card above: please vote there. The votes given here count there, once."
YES, NO = "Counts", "Does not count"
NAMES_SHOWN, LONGEST_NAME = 12, 60
LISTED = 10  # of those that wait
RULES = "Counts when the words alone do it, anyone could use it that day, and no training by the user was needed."


def card(view: View, judged: Judged) -> Message:
    """The claim in one line, the source's words, why it matters, and how people voted."""
    sighting = judged.sighting
    first = sighting.evidence[0] if sighting.evidence else None
    parts: list[Part] = []
    if sighting.quote or (first and first.says):
        parts.append(Quote(sighting.quote or (first.says if first else "")))
    if first:
        parts.append(Paragraph(_sources(sighting)))
    parts.append(
        Paragraph(("Why it matters: ", why_it_matters(view.taxonomy, effect(_board_without(view, judged), sighting))))
    )
    parts.append(Paragraph((Strong(decision_words(judged.decision)),)))
    if may_count_twice(voters(judged.decision), view.facts.same):
        parts.append(Note((TWO_PLATFORMS,)))
    parts.append(Note((_small_print(sighting, view.facts.opinions),)))
    return Message(
        headline=claim(view.taxonomy, sighting),
        parts=tuple(parts),
        offers=card_offers(sighting),
        facts=sighting_facts(judged),
    )


def pointer(view: View, judged: Judged) -> Message:
    """What a card says whose claim turned out to stand on an older card already."""
    return Message(
        headline=claim(view.taxonomy, judged.sighting),
        parts=(Paragraph((Strong(decision_words(judged.decision)),)), Note((f"{ONE_CARD} id {judged.sighting.id}",))),
        facts=sighting_facts(judged),
    )


def card_offers(sighting: Sighting) -> tuple[Offer, ...]:
    """The votes, and what else can be done with a card."""
    cell = sighting.cell
    return (
        *vote_offers(sighting),
        Offer(FIX, f"fix:{sighting.id}"),
        Offer(COUNTS, f"counts:{sighting.id}"),
        Offer(BELL, f"ask:watch {cell.capability} in {cell.stage}"),
    )


def claim(taxonomy: Taxonomy, sighting: Sighting) -> str:
    """`negation in open image models: FLUX.3 works since 2026-05-14`."""
    return f"{cell_name(taxonomy, sighting.cell)}: {sighting.model or 'an unnamed model'} {verdict_words(sighting)}"


def vote_offers(sighting: Sighting) -> tuple[Offer, ...]:
    """The three votes as buttons."""
    labels = LABEL if sighting.verdict == "works" else LABEL_FAILS
    return tuple(Offer(labels[choice], f"vote:{sighting.id}:{choice}", choice is Choice.CONFIRM) for choice in SIGN)


def why_it_matters(taxonomy: Taxonomy, change: Effect, *, done: bool = False) -> str:
    """What a confirmation would change on the board (or has, when `done`), in a few words."""
    if change.still_fails:
        return "a dated test that fails, where the board knows none or only an older one"
    if change.earlier_by:
        return f"{counted(change.earlier_by, 'day')} earlier than the emergence known so far"
    if change.first_word:
        return f"people {'now ' if done else 'would '}vouch for an emergence that only the atlas told of"
    if not change.first:
        return "more evidence for what the board already says"
    be, lag = ("is", "lag") if done else ("would be", "would lag")
    words = [f"{be} the first in its stage"]
    if change.inverts:
        ahead = f"{months(-change.closes.months * DAYS_A_MONTH)} before" if change.closes else "not there in"
        words.append(f"{be} an inversion: {ahead} the stage upstream")
    elif change.closes:
        words.append(f"closes a gap of {months(change.closes.months * DAYS_A_MONTH)}")
    if change.opens:
        words.append(f"{listed(taxonomy.stage(cell.stage).name for cell in change.opens)} {lag} from then on")
    return "; ".join(words)


def decision_words(decision: Decision) -> str:
    """Who said what, and what follows from it."""
    said = [
        f"{SIGN[choice]} {_names(people)}"
        for choice, people in zip(SIGN, (decision.confirmed_by, decision.rejected_by, decision.unsure), strict=True)
        if people
    ]
    state = {
        Status.CANDIDATE: "Waits for a decision",
        Status.CONFIRMED: "Confirmed",
        Status.REJECTED: "Rejected",
        Status.EXPIRED: "Nobody decided in 30 days; it waits at the back of the queue",
    }[decision.status]
    return f"{state}{': ' + ', '.join(said) if said else ''}"


def voters(decision: Decision) -> tuple[Person, ...]:
    """Everybody whose word stands."""
    return (*decision.confirmed_by, *decision.rejected_by, *decision.unsure)


def _names(people: Sequence[Person]) -> str:
    more = len(people) - NAMES_SHOWN
    shown = [str(person)[:LONGEST_NAME] for person in people[:NAMES_SHOWN]]
    return listed([*shown, f"{more} more"] if more > 0 else shown)


def sighting_facts(judged: Judged) -> dict[str, object]:
    """A sighting and its decision for programs."""
    sighting, decision = judged.sighting, judged.decision
    return {
        "id": sighting.id,
        "capability": sighting.cell.capability,
        "stage": sighting.cell.stage,
        "model": sighting.model,
        "org": sighting.org,
        "verdict": sighting.verdict.value,
        "happened": str(sighting.happened) if sighting.happened else None,
        "quote": sighting.quote,
        "probability": sighting.probability,
        "links": [one.url for one in sighting.evidence],
        "status": decision.status.value,
        "confirmed_by": [person.key for person in decision.confirmed_by],
        "rejected_by": [person.key for person in decision.rejected_by],
    }


def queue(view: View) -> list[Judged]:
    """What waits, what would change the board most first; expired ones last."""
    return priority.queue(view.board, view.waiting)


def answer_queue(view: View) -> Message:
    """`/cascade review`: what waits for a decision."""
    waiting = queue(view)
    lines = tuple(_queue_line(view, one) for one in waiting[:LISTED])
    more = len(waiting) - len(lines)
    hint = f"{f'{more} more wait. ' if more > 0 else ''}{HOW_TO_VOTE}"
    return Message(
        headline=f"{counted(len(waiting), 'sighting')} waiting for a decision" if waiting else NONE_WAIT,
        parts=(Bullets(lines), Note((hint,))) if waiting else (Note((WHENCE,)),),
        facts={"waiting": [sighting_facts(one) for one in waiting]},
    )


def cast(view: Asked, sighting_id: str, choice: Choice) -> Judged:
    """Add the person's vote, counted or not; the sighting as it stands after it. Raises BadInput for an unknown id."""
    judged = find_sighting(view, sighting_id)
    vote = Vote(
        sighting=judged.sighting.id,
        person=view.person,
        choice=choice,
        at=view.now,
        counts=view.counts,
        rules=view.taxonomy.version,
    )
    view.store.add_votes(view.team, [vote])
    return find_sighting(view.again(), judged.sighting.id)


def find_sighting(view: View, sighting_id: str) -> Judged:
    """The sighting of this id (or of the one id that starts so); raises BadInput."""
    wanted = sighting_id.strip().lower()
    known = {one.sighting.id: one for one in view.judged}
    known |= {part: known[whole] for part, whole in view.living.items() if whole in known}
    hits = {one.sighting.id: one for name, one in known.items() if wanted and name.startswith(wanted)}
    if wanted not in known and len(hits) != 1:
        trouble = (
            "names several sightings: write it in full"
            if hits
            else "is no sighting: `review` lists what waits, with ids"
        )
        raise BadInput(f"{sighting_id.strip()[:40]!r} {trouble}")
    return known.get(wanted) or next(iter(hits.values()))


def effect_line(view: View, judged: Judged) -> str:
    """A decision and its claim in one line."""
    return f"{decision_words(judged.decision)}. {claim(view.taxonomy, judged.sighting)}"


def telling(view: View, judged: Judged) -> Message:
    """What the thread under a card is told after a decision: the decision, and what it changed on the board."""
    confirmed = judged.decision.status is Status.CONFIRMED
    change = effect(_board_without(view, judged), judged.sighting)
    what = why_it_matters(view.taxonomy, change, done=True) if confirmed else NOTHING_CHANGED
    return Message(headline=effect_line(view, judged), parts=(Paragraph((f"On the board: {what}.",)),))


def answer_vote(view: Asked, sighting_id: str, choice: Choice) -> Message:
    """What a person is told after pressing a vote; raises BadInput for an unknown id."""
    judged = cast(view, sighting_id, choice)
    alone = judged.sighting.reported_by == view.person and view.facts.quorum > 1
    note = NOT_A_REVIEWER if not view.counts else OWN_REPORT if alone else ""
    return Message(
        headline=f"{SIGN[choice]} recorded. {effect_line(view, judged)}",
        parts=(Note((note,)),) if note else (),
        facts=sighting_facts(judged),
    )


def answer_counts(view: View, sighting_id: str) -> Message:
    """*What counts?*: the taxonomy's rules for the sighting's capability in its modality; raises BadInput."""
    cell = find_sighting(view, sighting_id).sighting.cell
    capability, modality = view.taxonomy.capability(cell.capability), view.taxonomy.stage(cell.stage).modality
    reads = capability.reads.get(modality)
    return Message(
        headline=f"What counts as {cell_name(view.taxonomy, cell)}",
        parts=(
            Paragraph((capability.means, *((f" Here: {reads}",) if reads else ()))),
            *_rules(YES, _for_modality(capability.counts, modality)),
            *_rules(NO, _for_modality(capability.does_not_count, modality)),
            Note((RULES,)),
        ),
    )


def _for_modality(rules: Mapping[str, tuple[str, ...]], modality: str) -> tuple[str, ...]:
    return (*rules.get("any", ()), *rules.get(modality, ()))


def _rules(title: str, rules: tuple[str, ...]) -> tuple[Part, ...]:
    return (Heading(title), Bullets(tuple((rule,) for rule in rules))) if rules else ()


def _board_without(view: View, judged: Judged) -> Board:
    others = [one for one in view.judged if one.sighting.id != judged.sighting.id]
    return fold(view.taxonomy, others, view.now.date(), view.now)


def _queue_line(view: View, one: Judged) -> Line:
    sighting = one.sighting
    sure = f", {percent(sighting.probability)}" if sighting.probability is not None else ""
    why = why_it_matters(view.taxonomy, effect(view.board, sighting))
    url = sighting.evidence[0].url if sighting.evidence else ""
    return (Strong(sighting.id), " ", Link(claim(view.taxonomy, sighting), url), f" ({why}{sure})")


def _sources(sighting: Sighting) -> Line:
    spans: list[str | Link] = ["Source: "]
    for one in sighting.evidence[:3]:
        spans += [", "] if len(spans) > 1 else []
        spans.append(Link(one.title or one.url, one.url))
    more = len(sighting.evidence) - 3
    return (*spans, *((f" and {more} more",) if more > 0 else ()))


def _small_print(sighting: Sighting, opinions: Sequence[Opinion]) -> str:
    sure = f"The classifier is {percent(sighting.probability)} sure. " if sighting.probability is not None else ""
    by = f"Reported by {sighting.reported_by}. " if sighting.reported_by and not sighting.from_atlas else ""
    second = "".join(
        f"{one.voter} {'agrees' if one.agrees else 'does not agree'}. "
        for one in opinions
        if one.sighting == sighting.id
    )
    return f"{sure}{second}{by}{RULES} id {sighting.id}"
