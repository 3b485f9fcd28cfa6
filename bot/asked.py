"""A question on its way to an answer: the view it looks at, and who asks where."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cascade.ports import HOME, Place, Store
from cascade.sighting import Person
from cascade.taxonomy import Taxonomy
from cascade.view import View

NOBODY = Person("cascade", "cascade", "Cascade")


@dataclass(frozen=True, kw_only=True)
class Asked(View):
    """One team's view, the store behind it, and the person and place that the question came from."""

    store: Store
    person: Person = NOBODY
    place: Place | None = None  # None: no place that a subscription could be for
    team: str = HOME
    counts: bool = True  # whether the person may review; their votes are recorded either way

    def again(self) -> "Asked":
        """The same question, with the facts read afresh."""
        return replace(self, facts=self.store.facts(self.team))


Look = Callable[[Store, datetime], Asked]  # a fresh view of the team's board


def asked(
    taxonomy: Taxonomy,
    store: Store,
    now: datetime,
    *,
    person: Person = NOBODY,
    place: Place | None = None,
    team: str = HOME,
    counts: bool = True,
) -> Asked:
    """Read the team's facts once for one question."""
    facts = store.facts(team)
    return Asked(
        taxonomy=taxonomy, facts=facts, now=now, store=store, person=person, place=place, team=team, counts=counts
    )
