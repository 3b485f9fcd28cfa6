"""Whose votes count on Discord: those on a list, those who have a role, or whoever can react there."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

import discord

from bot.discord.rooms import PLATFORM, Rooms
from bot.discord.trouble import told_plainly
from cascade.ports import Place
from cascade.sighting import Person

REMEMBERED = timedelta(minutes=10)


class Reviewers(Collection[str]):
    """The keys of those who may review, as far as they were met.

    Who has a role cannot be listed without a privileged intent; so each person is looked up
    when met, and the answer holds for some minutes.
    """

    def __init__(
        self, rooms: Rooms, channel: Place, *, role: str, people: Collection[str], clock: Callable[[], datetime]
    ) -> None:
        self._rooms, self._channel, self._role, self._clock = rooms, channel, role, clock
        self._listed = frozenset(f"{PLATFORM}:{one}" for one in people)
        self._met: dict[str, tuple[datetime, bool]] = {}

    async def __call__(self) -> "Reviewers | None":
        """The collection; None when everybody counts."""
        return self if self._role or self._listed else None

    async def meet(self, people: Iterable[Person]) -> None:
        """Look up who of these has the role. Raises ChatError."""
        if not self._role:
            return
        now = self._clock()
        for person in people:
            at, _ = self._met.get(person.key, (None, False))
            if at is None or now - at > REMEMBERED:
                self._met[person.key] = (now, await self._has_role(person))

    async def _has_role(self, person: Person) -> bool:
        guild = (await self._rooms.find(self._channel)).channel.guild
        with told_plainly(str(self._channel)):
            try:
                member = await guild.fetch_member(int(person.id))
            except discord.NotFound:
                return False  # has left
        return any(str(one) == self._role for one in member._roles)  # the roles themselves may be uncached

    def __contains__(self, key: object) -> bool:
        return key in self._listed or (isinstance(key, str) and self._met.get(key, (None, False))[1])

    def __iter__(self) -> Iterator[str]:
        return iter({*self._listed, *(key for key, (_, has_role) in self._met.items() if has_role)})

    def __len__(self) -> int:
        return sum(1 for _ in self)
