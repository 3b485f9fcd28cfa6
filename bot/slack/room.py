"""What every part of the Slack app has at hand."""

from dataclasses import dataclass

from bot.asked import Asked, asked
from bot.cards import Desk
from bot.services import Services
from bot.slack.chat import SlackChat
from bot.slack.ids import Ids
from bot.slack.payload import Who
from bot.slack.people import People, Reviewers
from bot.slack.workspaces import Workspaces
from bot.troubles import Troubles
from bot.watch import CardWatch
from cascade.errors import ChatError
from cascade.ports import Place, Store
from cascade.sighting import Person


@dataclass(frozen=True, kw_only=True)
class Room:
    """The rest of the house on one side, Slack on the other."""

    services: Services
    workspaces: Workspaces
    ids: Ids
    people: People
    chat: SlackChat
    troubles: Troubles
    desk: Desk | None = None  # None: no review channel is set
    watch: CardWatch | None = None
    reviewers: Reviewers | None = None

    async def person(self, who: Who) -> Person:
        """Somebody by the name that people know."""
        try:
            known = await self.people.look_up(await self.workspaces.of(who.team), who.user)
        except ChatError:
            return self.ids.person(who.team, who.user, who.name)
        return self.ids.person(who.team, who.user, known.name)

    async def counts(self, person: Person) -> bool:
        """Whether the person may review; nobody may while that cannot be found out."""
        if self.desk is None:
            return True
        try:
            return await self.desk.may_review(person)
        except ChatError:
            return False

    def view(self, store: Store, person: Person, place: Place | None = None, *, counts: bool = True) -> Asked:
        """The team's board, seen by somebody."""
        services = self.services
        return asked(
            services.taxonomy,
            store,
            services.clock(),
            person=person,
            place=place,
            team=services.team,
            counts=counts,
        )
