"""Everything an answer may look at, read once per question."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cascade.board import Board, Facts, Judged, fold, judge
from cascade.gaps import Gap, gaps
from cascade.ports import HOME, Store
from cascade.sighting import Person, Status
from cascade.taxonomy import Cell, Taxonomy


@dataclass(frozen=True, kw_only=True)
class View:
    """One team's board at one moment, and the person who asks."""

    taxonomy: Taxonomy
    store: Store
    now: datetime  # UTC
    person: Person
    team: str = HOME

    @cached_property
    def facts(self) -> Facts:
        """The sightings, votes and corrections of the team."""
        return self.store.facts(self.team)

    @cached_property
    def judged(self) -> list[Judged]:
        """Every sighting with what was decided about it."""
        return judge(self.facts, self.now)

    @cached_property
    def board(self) -> Board:
        """The board as of now, as known now."""
        return fold(self.taxonomy, self.judged, self.now.date(), self.now)

    @cached_property
    def gaps(self) -> dict[Cell, Gap]:
        """Every gap by its later cell."""
        return {gap.cell: gap for gap in gaps(self.board)}

    def waiting(self) -> list[Judged]:
        """What people have not decided yet; the expired ones come last."""
        undecided = (Status.CANDIDATE, Status.EXPIRED)
        return [one for one in self.judged if one.decision.status in undecided]
