"""Votes as a set read back from the platform: what was read becomes votes, missing ones withdraw.

Reaction events are only hints. Whoever hears one, starts, or wakes by a timer reads the whole set
of reactions on the card and asks here which votes bring the record in line with it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from cascade.sighting import Choice, Person, Vote

# Synonyms that people use for the three signs; skin tones are taken off by the adapters.
SIGNS: Mapping[str, Choice] = {
    **dict.fromkeys(
        ("white_check_mark", "heavy_check_mark", "ballot_box_with_check", "+1", "thumbsup", "✅", "✔️", "✔", "☑️", "👍"),
        Choice.CONFIRM,
    ),
    **dict.fromkeys(
        ("x", "negative_squared_cross_mark", "heavy_multiplication_x", "-1", "thumbsdown", "❌", "❎", "✖️", "✖", "👎"),
        Choice.REJECT,
    ),
    **dict.fromkeys(("thinking_face", "thinking", "question", "grey_question", "🤔", "❓", "❔"), Choice.UNSURE),
}


def missing_votes(
    sighting: str,
    place: str,
    reactions: Iterable[tuple[Person, str]],
    known: Iterable[Vote],
    now: datetime,
    *,
    reviewers: Collection[str] | None = None,
    rules: str = "1",
) -> list[Vote]:
    """The votes to add so that the record equals the reactions on the card in `place`.

    `known` are the sighting's votes so far; only those read from this place are compared, so a
    button pressed since is never undone by an old reaction. Signs that contradict each other make
    one *unsure*. `reviewers` holds the keys of those who count; None means that everybody does.
    """
    shown = _choices(reactions)
    recorded = {vote.person: vote.choice for vote in known if vote.sighting == sighting and vote.place == place}
    changed = [
        (person, shown.get(person, Choice.NONE))
        for person in sorted({*shown, *recorded})
        if shown.get(person, Choice.NONE) is not recorded.get(person, Choice.NONE)
    ]
    return [
        Vote(
            sighting=sighting,
            person=person,
            choice=choice,
            at=now,
            counts=reviewers is None or person.key in reviewers,
            rules=rules,
            place=place,
        )
        for person, choice in changed
    ]


def _choices(reactions: Iterable[tuple[Person, str]]) -> dict[Person, Choice]:
    said: dict[Person, set[Choice]] = {}
    for person, sign in reactions:
        if sign in SIGNS:
            said.setdefault(person, set()).add(SIGNS[sign])
    return {person: choices.pop() if len(choices) == 1 else Choice.UNSURE for person, choices in said.items()}
