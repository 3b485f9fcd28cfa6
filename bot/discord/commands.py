"""`/cascade` as application commands: each subcommand becomes the words that every platform understands."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.discord.rooms import PLATFORM, place_of
from bot.discord.text import cut
from cascade.errors import BadInput
from cascade.lookup import Entry, Found, Unclear, find_capability, find_stage
from cascade.message import Message
from cascade.ports import Place
from cascade.sighting import Choice
from cascade.taxonomy import Capability, Stage, Taxonomy, words_of

CHOICES = 25  # Discord shows no more
REPORT = "Report as sighting"
NO_LINK = "That message has no link to a page that could show it"
_LINK = re.compile(r"https?://[^\s<>\"]+")
_VERBS = {Choice.CONFIRM: "confirm", Choice.REJECT: "reject", Choice.UNSURE: "unsure", Choice.NONE: "undo"}
_VOTES = [app_commands.Choice(name=verb, value=verb) for verb in _VERBS.values()]

Hit = discord.Interaction[Any]
Where = Callable[[], Place]  # raises BadInput


class Ask(Protocol):
    """Answers words, asked where the command was given unless `where` says otherwise."""

    def __call__(self, hit: Hit, words: str, where: Where | None = None, /) -> Awaitable[None]:
        """See Ask."""


Picks = list[app_commands.Choice[str]]


class Questions(app_commands.Group):
    """Everything that can be asked."""

    def __init__(self, ask: Ask, taxonomy: Taxonomy) -> None:
        super().__init__(
            name="cascade", description="What generative models can do where, and when the next one gets it"
        )
        self._ask, self._taxonomy = ask, taxonomy

    async def _capabilities(self, _hit: Hit, typed: str) -> Picks:
        return picks(self._taxonomy.capabilities, find_capability(self._taxonomy, typed), typed)

    async def _stages(self, _hit: Hit, typed: str) -> Picks:
        return picks(self._taxonomy.stages, find_stage(self._taxonomy, typed), typed)

    @app_commands.command()
    async def board(self, hit: Hit) -> None:
        """The board: what works where."""
        await self._ask(hit, "board")

    @app_commands.command()
    @app_commands.describe(words="A capability, a stage, or a question")
    async def ask(self, hit: Hit, words: app_commands.Range[str, 1, 300]) -> None:
        """Ask in your own words, as in: realtime video."""
        await self._ask(hit, words)

    @app_commands.command()
    @app_commands.autocomplete(name=_capabilities)
    async def capability(self, hit: Hit, name: str) -> None:
        """A capability's way down the cascade, with its gaps."""
        await self._ask(hit, f"capability {name}")

    @app_commands.command()
    @app_commands.autocomplete(name=_stages)
    async def stage(self, hit: Hit, name: str) -> None:
        """A stage: what works there, what comes next, how far behind it is."""
        await self._ask(hit, f"stage {name}")

    @app_commands.command()
    @app_commands.autocomplete(earlier=_stages, later=_stages)
    async def gap(self, hit: Hit, earlier: str, later: str) -> None:
        """The gap between two stages, capability by capability."""
        await self._ask(hit, f"gap {earlier} and {later}")

    @app_commands.command()
    @app_commands.autocomplete(capability=_capabilities, stage=_stages)
    async def when(self, hit: Hit, capability: str, stage: str) -> None:
        """The forecast for a capability in a stage, and what it rests on."""
        await self._ask(hit, f"when {capability} in {stage}")

    @app_commands.command()
    @app_commands.describe(by="The date you need it by, as 2027-06")
    @app_commands.autocomplete(capability=_capabilities, stage=_stages)
    async def plan(self, hit: Hit, capability: str, stage: str, by: str) -> None:
        """Build now, build around, or wait."""
        await self._ask(hit, f"plan {capability} in {stage} by {by}")

    @app_commands.command()
    async def report(self, hit: Hit, url: str) -> None:
        """Report a page that shows what a model can or cannot do."""
        await self._ask(hit, f"report {url}")

    @app_commands.command()
    async def review(self, hit: Hit) -> None:
        """What waits for a decision."""
        await self._ask(hit, "review")

    @app_commands.command()
    async def why(self, hit: Hit, sighting: str) -> None:
        """One sighting's whole history."""
        await self._ask(hit, f"why {sighting}")

    @app_commands.command()
    @app_commands.choices(choice=_VOTES)
    async def vote(self, hit: Hit, choice: app_commands.Choice[str], sighting: str) -> None:
        """Vote on a sighting, or take your vote back."""
        await self._ask(hit, f"{choice.value} {sighting}")

    @app_commands.command()
    async def law(self, hit: Hit) -> None:
        """How well the order holds, and how good past forecasts were."""
        await self._ask(hit, "law")

    @app_commands.command()
    @app_commands.describe(what="A capability, a stage, or a capability in a stage")
    async def watch(self, hit: Hit, what: str) -> None:
        """A direct message to you when it moves."""
        await self._ask(hit, f"watch {what}")

    @app_commands.command()
    async def unwatch(self, hit: Hit, what: str) -> None:
        """No more direct messages about it."""
        await self._ask(hit, f"unwatch {what}")

    @app_commands.command()
    async def watches(self, hit: Hit) -> None:
        """What you watch."""
        await self._ask(hit, "watches")

    @app_commands.command()
    @app_commands.describe(code="The code that Cascade gave you on the other platform; leave it out to get one")
    async def link(self, hit: Hit, code: str = "") -> None:
        """Join your Slack and Discord accounts, so that you vote once."""
        await self._ask(hit, f"link {code}".strip())

    @app_commands.command()
    @app_commands.describe(
        how="Day, hour, time zone, stages, capabilities, as in: monday 9 Europe/Berlin video",
        forum="A forum, where each digest becomes a post; else it is for this channel, thread or post",
        tags="The forum's tags for its posts, separated by commas",
    )
    async def subscribe(
        self, hit: Hit, how: str = "", forum: discord.ForumChannel | None = None, tags: str = ""
    ) -> None:
        """A weekly digest for this channel, thread or post, or for a forum."""
        await self._ask(hit, f"subscribe {how}".strip(), lambda: forum_place(hit, forum, tags))

    @app_commands.command()
    @app_commands.describe(forum="A forum; else it is for this channel, thread or post", tags="The tags it had")
    async def unsubscribe(self, hit: Hit, forum: discord.ForumChannel | None = None, tags: str = "") -> None:
        """No more digests for this channel, thread or post, or for a forum."""
        await self._ask(hit, "unsubscribe", lambda: forum_place(hit, forum, tags))

    @app_commands.command()
    async def feeds(self, hit: Hit, words: str = "") -> None:
        """The feeds and their health."""
        await self._ask(hit, f"feeds {words}".strip())

    @app_commands.command()
    async def help(self, hit: Hit) -> None:
        """Everything that can be asked, with examples."""
        await self._ask(hit, "help")


def grow(tree: app_commands.CommandTree[Any], ask: Ask, taxonomy: Taxonomy) -> None:
    """Add every command to a tree."""
    tree.add_command(Questions(ask, taxonomy))

    async def report(hit: Hit, message: discord.Message) -> None:
        await ask(hit, f"report {link_in(message)}".strip())

    tree.add_command(app_commands.ContextMenu(name=REPORT, callback=report))


def definition(tree: app_commands.CommandTree[Any]) -> str:
    """A short text that changes when, and only when, the commands do."""
    told = json.dumps([command.to_dict(tree) for command in tree.get_commands()], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def picks(entries: Sequence[Capability | Stage], found: Found | Unclear, typed: str) -> Picks:
    """What may be meant by what was typed so far; all of them while nothing was."""
    wanted = typed.strip().lower()
    hits: list[Entry] = [one for one in entries if any(wanted in name.lower() for name in words_of(one))]
    if not hits:
        hits = [*found.nearest] if isinstance(found, Unclear) else [found.entry]
    return [app_commands.Choice(name=cut(getattr(one, "name", one.id), 100), value=one.id) for one in hits[:CHOICES]]


def forum_place(hit: Hit, forum: discord.ForumChannel | None, tags: str) -> Place:
    """The place that a subscription is for. Raises BadInput for tags that are none, or a forum closed to the asker."""
    if forum is None:
        return place_of(hit)
    if isinstance(hit.user, discord.Member) and not forum.permissions_for(hit.user).send_messages:
        raise BadInput(f"you may not post in {forum.name} yourself")
    known = {tag.name.lower(): tag.id for tag in forum.available_tags}
    wanted = [name.strip().lower() for name in tags.split(",") if name.strip()]
    unknown = next((name for name in wanted if name not in known), None)
    if unknown is not None:
        raise BadInput(f"{forum.name} has no tag {unknown!r}; it has {', '.join(known) or 'none'}")
    chosen = ",".join(str(known[name]) for name in wanted)
    return Place(PLATFORM, f"{forum.id}+{chosen}" if chosen else str(forum.id))


def link_in(message: discord.Message) -> str:
    """The first link of a message: in its words, else in its previews; "" when there is none."""
    texts = (message.content, *(embed.url or "" for embed in message.embeds))
    return next((found[0].rstrip(").,") for text in texts if (found := _LINK.search(text))), "")


def no_link() -> Message:
    """What is said to a report without one."""
    return Message(headline=NO_LINK, facts={"error": NO_LINK})
