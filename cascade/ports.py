"""What the rooms ask of each other: the Protocols that storage and the chat platforms fulfil."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cascade.board import Facts
from cascade.delivery import Mark, Part, Slot, Statement
from cascade.feed import Entry as FeedEntry
from cascade.feed import Feed, ItemHistory, Known, Record, Told, Visit
from cascade.item import Fate, Item, Story
from cascade.learned import Opinion, Tag, Trained
from cascade.ledger import Entry, Published
from cascade.linking import Account, LinkCode
from cascade.message import Message
from cascade.sighting import Correction, Person, Sighting, Status, Vote
from cascade.subscription import Subscription, Watch
from cascade.taxonomy import Cell

HOME = "home"  # the one team of a self-hosted Cascade


@dataclass(frozen=True, order=True)
class Place:
    """Where a message can stand: a channel, thread or person of one platform."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read what `str(place)` wrote."""
        platform, _, name = text.partition(":")
        return cls(platform, name)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A sighting put before people in one place."""

    sighting: str
    place: Place
    claimed_at: datetime  # UTC
    ref: str | None  # the platform's name for the message; None while it is unclear whether it was sent


class ReviewStore(Protocol):
    """Sightings, the votes and corrections on them, and their cards. Votes are only ever added."""

    def save_sighting(self, sighting: Sighting) -> bool:
        """Keep a sighting; False when one of this id is there already, which then only gains evidence."""

    def reword_sighting(self, sighting: Sighting) -> None:
        """Show what a source says now: its evidence, and the quote and probability where they are that source's.

        Cell, model, date and votes stay; people correct those. Nothing happens when none of this id is there.
        """

    def save_atlas(self, rows: Sequence[Sighting]) -> None:
        """Bring the atlas's own sightings in line with its files; what people voted on stays."""

    def sightings(self) -> tuple[Sighting, ...]:
        """Every sighting, oldest known first."""

    def facts(self, team: str) -> Facts:
        """All that the team's board is folded from."""

    def alone(self, what: str) -> AbstractContextManager[None]:
        """Do what is inside, all or nothing, while nobody else does so under this name."""

    def add_votes(self, team: str, votes: Sequence[Vote]) -> None:
        """Append votes; one that stands already (same person, sighting, moment and place) is not doubled."""

    def add_correction(self, team: str, correction: Correction) -> None:
        """Append a *Fix*."""

    def claim_card(self, team: str, sighting: str, place: Place, now: datetime) -> bool:
        """Take the right to post this card here; False when it was taken before."""

    def card_sent(self, sighting: str, place: Place, ref: str) -> None:
        """Record where the card stands."""

    def drop_claim(self, sighting: str, place: Place) -> None:
        """Give a claim back, when the card was surely not sent."""

    def claim_telling(self, sighting: str, place: Place, status: Status) -> bool:
        """Take the right to tell the card's thread of a status; False when it was told before."""

    def cards(self, team: str) -> tuple[Card, ...]:
        """Every card of the team, unclear ones too, oldest first."""


class DigestStore(Protocol):
    """Subscriptions and watches; the digests that were claimed, and how far each part has come."""

    def save_subscription(self, subscription: Subscription) -> None:
        """Add it, or replace the one of its id."""

    def end_subscription(self, subscription: str) -> bool:
        """Forget it; False when there is none of this id. What it was sent stays."""

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Every team's, by id."""

    def save_watch(self, watch: Watch) -> None:
        """Add it, or replace the one of the same person about the same cells."""

    def end_watch(self, watch: Watch) -> bool:
        """Forget it; False when it is not there."""

    def watches(self) -> tuple[Watch, ...]:
        """Every person's, the oldest first."""

    def watches_seen(self, watches: Sequence[Watch], now: datetime) -> None:
        """What moved before now need not be told to these."""

    def last_slots(self) -> Mapping[str, Slot]:
        """Each owner's newest slot, by the end of its period; copies and withdrawn ones left out."""

    def last_slot(self, owner: str) -> Slot | None:
        """One owner's, as `last_slots` has it; None when there is none."""

    def claim(
        self,
        slot: Slot,
        parts: Sequence[Message],
        told: Mapping[Cell, Statement],
        marks: Mapping[str, Sequence[str]],
        now: datetime,
        forecasts: Iterable[Published] = (),
    ) -> bool:
        """Take the slot and the weeks it covers, and freeze its parts, in one transaction.

        `told` is what it says of which cell, `marks` the corrections to add to earlier slots by
        name, `forecasts` those that it shows, for the ledger (`cascade.ledger.publish` makes them).
        False, and nothing is written, when somebody else has any of it.
        """

    def open_parts(self, place: Place | None = None) -> tuple[Part, ...]:
        """Every part that is waiting or trying, each owner's in order."""

    def parts(self, owner: str, name: str) -> tuple[Part, ...]:
        """Every part of one slot, copies after it."""

    def parts_with(self, link: str, team: str, since: datetime, here: "Place | None", most: int) -> tuple[Part, ...]:
        """Up to so many sent parts of the team's digests that end since then and lead to a link, those `here` first."""

    def save_progress(self, before: Part, after: Part) -> bool:
        """Record how far a part has come; False, and nothing is written, when it is not as `before` any more."""

    def withdraw(self, slot: Slot) -> bool:
        """Give a slot's weeks back, to be told by a later one; False when its first part may have been sent."""

    def note_trouble(self, owner: str, trouble: str) -> None:
        """Keep with a subscription why its digest could not be posted; "" when all is well."""

    def slots(self, owner: str) -> tuple[Slot, ...]:
        """Every slot the owner was sent, newest first, copies too."""

    def told(self, owner: str) -> Mapping[Cell, tuple[str, Statement]]:
        """What was last said of each cell to this owner, and the slot that said it."""

    def open_marks(self) -> tuple[Mark, ...]:
        """Every message that was sent and lacks a correction."""

    def mark_done(self, mark: Mark) -> None:
        """All the mark's notes stand on the message."""


class LedgerStore(Protocol):
    """Forecasts that digests showed, written once, and their scores. Votes and corrections settle them at once."""

    def publish(self, forecasts: Iterable[Published]) -> None:
        """Write forecasts that a digest shows; one that stands there already stays as it was."""

    def settle_forecasts(self, team: str, now: datetime) -> None:
        """Score what is resolved as of now, take back what no longer is; for what only time or the atlas resolves.

        Repeating it changes nothing. Ask it before telling the record, as a digest does.
        """

    def ledger(self, team: str) -> tuple[Entry, ...]:
        """Every forecast that the team was shown, with its score, oldest first."""


class NoteStore(Protocol):
    """Small facts that Cascade keeps about itself."""

    def note(self, name: str) -> str | None:
        """What was noted under this name; None when nothing was."""

    def set_note(self, name: str, value: str) -> None:
        """Note it, in place of what stood there."""


class InstallationStore(Protocol):
    """What chat platforms need to remember between two starts."""

    def is_new_event(self, platform: str, event: str, now: datetime) -> bool:
        """Remember an event; False when it was seen before. Forgotten after two days."""

    def save_installation(self, platform: str, workspace: str, content: str, now: datetime) -> None:
        """Keep what a workspace gave, in place of what it gave before."""

    def installation(self, platform: str, workspace: str) -> str | None:
        """What the workspace gave; None where the app is not installed."""

    def end_installation(self, platform: str, workspace: str) -> None:
        """Forget what the workspace gave."""

    def save_state(self, state: str, expires_at: datetime) -> None:
        """Begin an installation."""

    def take_state(self, state: str, now: datetime) -> bool:
        """Finish an installation that was begun; False for a state that is unknown, taken or too old."""


class LinkStore(Protocol):
    """People's accounts on several platforms, and the codes by which they are joined."""

    def accounts(self, team: str) -> tuple[Account, ...]:
        """Every account that was joined with another, the oldest first."""

    def join_accounts(self, team: str, accounts: Sequence[Account]) -> None:
        """Make each of these one human's, in place of whose it was."""

    def part_accounts(self, team: str, human: str) -> None:
        """Let the human's accounts be strangers again."""

    def save_link_code(self, team: str, code: LinkCode) -> None:
        """Keep a code, in place of the person's earlier one."""

    def take_link_code(self, team: str, digest: str, now: datetime) -> Person | None:
        """Who asked for the code, which is used up by that; None for one that is unknown, taken or too old."""

    def may_try_link(self, team: str, person: Person, kind: str, most: int, now: datetime) -> bool:
        """Note a try of this kind; False when the person made as many within the last hour already."""


class LearningStore(Protocol):
    """How claims were found, second opinions on them, and the models trained from people's decisions."""

    def save_tags(self, tags: Sequence[Tag]) -> None:
        """Keep how claims were found; one that is kept already stays as it was."""

    def tags(self) -> tuple[Tag, ...]:
        """How every claim was found."""

    def save_opinion(self, opinion: Opinion) -> None:
        """Keep a second opinion, in place of an earlier one of the same voter."""

    def opinions(self) -> tuple[Opinion, ...]:
        """Every second opinion, the oldest first."""

    def save_trained(self, trained: Trained) -> None:
        """Keep a trained model; one of the same version stays as it was."""

    def trained(self) -> tuple[Trained, ...]:
        """Every model that was trained, the newest first."""


class Chat(Protocol):
    """One chat platform, seen from the middle. Raises ChatError."""

    platform: str

    async def post(self, place: Place, message: Message, marker: str) -> str:
        """Send a message that carries `marker` unseen; the platform's reference to it."""

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Replace a message."""

    async def reply(self, place: Place, ref: str, message: Message, marker: str) -> str:
        """Answer in the message's thread; the reference to the answer."""

    async def find(self, place: Place, marker: str, since: datetime, under: str = "") -> str | None:
        """The reference of one's own message that carries `marker`; None when it was never sent as a whole.

        `under` is the message that it answers, when it was a reply.
        """

    async def reactions(self, place: Place, ref: str) -> frozenset[tuple[Person, str]]:
        """Every person's reactions on a message by the emoji's name, bots left out."""


class FeedStore(Protocol):
    """Feeds, the items they brought, the stories that these make, and what became of each."""

    def add_feeds(self, feeds: Sequence[Feed], now: datetime) -> tuple[Feed, ...]:
        """Watch feeds from now on; those of them that were not watched yet."""

    def describe_feeds(self, feeds: Sequence[Feed]) -> None:
        """Take over what a list says of watched feeds now; whether they are paused, and how they fare, stays."""

    def pause_feed(self, url: str, *, paused: bool, now: datetime) -> bool:
        """Leave a feed alone, or look at it again (a gone one too); False when it is not watched."""

    def visits(self) -> tuple[Visit, ...]:
        """Every feed with what is remembered of it and how it fares, paused ones too, by url."""

    def visits_of(self, urls: Sequence[str]) -> tuple[Visit, ...]:
        """These feeds only, those that are watched."""

    def known_items(self, feed: str) -> tuple[Known, ...]:
        """What is needed of a feed's items to know them again."""

    def record_looks(self, records: Sequence[Record], now: datetime) -> None:
        """Keep what looks brought, all or nothing."""

    def keep_entry(self, entry: FeedEntry) -> None:
        """Keep an item that no feed brought; one of its name that is there already stays as it is."""

    def recent_items(self, since: datetime) -> tuple[Told, ...]:
        """The items that are news from `since` on, for joining stories; oldest first."""

    def merge_stories(self, merges: Mapping[str, str], now: datetime) -> None:
        """Make each younger story part of an older one, for good."""

    def merged_into(self, story: str) -> str:
        """The story that this one became part of, or itself."""

    def names_of_story(self, story: str) -> frozenset[str]:
        """The ids of a story that lives: its own, and those of the stories that became part of it."""

    def stories_waiting(self, limit: int) -> tuple[Story, ...]:
        """The stories with an item that waits to be tagged, whole, the longest waiting first."""

    def story(self, story: str) -> Story | None:
        """A story by its id (also one that became part of another); None when there is none."""

    def set_fate(self, item: Item, fate: Fate, why: str, now: datetime) -> None:
        """Say what became of an item, and why, in a line for people."""

    def items_at(self, link: str) -> tuple[ItemHistory, ...]:
        """All that became of every item with this link, in any spelling, the first seen first."""

    def count_items(self) -> Mapping[str, int]:
        """How many items there are by fate; those that wait under "waiting"."""


class RetentionStore(Protocol):
    """What is not kept for ever."""

    def drop_old_text(self, before: datetime) -> int:
        """Drop the text and earlier wordings of items seen before a moment; how many items lost theirs."""


class Store(
    FeedStore,
    ReviewStore,
    DigestStore,
    LedgerStore,
    NoteStore,
    InstallationStore,
    LinkStore,
    RetentionStore,
    LearningStore,
    Protocol,
):
    """Everything that is kept."""
