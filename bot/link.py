"""`/cascade link`: joins a person's accounts on two platforms by a code that is said once."""

from dataclasses import replace
from random import Random, SystemRandom

from bot.asked import Asked
from cascade.errors import BadInput
from cascade.linking import (
    CODES,
    GUESSES,
    LIVES,
    Account,
    LinkCode,
    clash,
    digest_of,
    human_of,
    new_code,
)
from cascade.message import Message, Note, Paragraph, Strong
from cascade.phrases import listed
from cascade.sighting import Person

_CHANCE = SystemRandom()
PRIVATELY = "Ask with the command `/cascade link`: the code has to be seen by you alone"
TOO_MANY_CODES = "That were many codes within an hour: use the newest, or come back later"
TOO_MANY_GUESSES = "That were many wrong codes within an hour: ask for a fresh one later"
WRONG = "That code is unknown, used up or too old: say `link` on your other platform for a fresh one"
SAME_PLATFORM = "A code joins two platforms: say `link` for a fresh one, and that code on the other platform"
NOT_JOINED = "You have joined no accounts: `link` gives you a code to say on the other platform"


def link(view: Asked, words: str, chance: Random = _CHANCE) -> Message:
    """Without a code: a fresh one. With the code from another platform: both accounts are one. Raises BadInput."""
    return _join(view, words) if words.strip() else _give(view, chance)


def unlink(view: Asked, words: str) -> Message:
    """Take the joining back. Raises BadInput when there is none."""
    del words
    accounts = view.store.accounts(view.team)
    human = human_of(view.person, accounts)
    mine = [one.person for one in accounts if one.human == human]
    if not mine:
        raise BadInput(NOT_JOINED)
    view.store.part_accounts(view.team, human)
    return Message(
        headline=f"{_listed(mine)} are strangers again, and count once each",
        facts={"parted": [one.key for one in mine]},
    )


def is_private(words: str) -> bool:
    """Whether the answer is for the asker's eyes alone, so that it must not stand in a channel."""
    bare = words.strip().lower().removeprefix("/").removeprefix("cascade").strip()
    return bare.partition(" ")[0] == "link"


def _give(view: Asked, chance: Random) -> Message:
    if not view.store.may_try_link(view.team, view.person, "code", CODES, view.now):
        raise BadInput(TOO_MANY_CODES)
    code = new_code(chance)
    kept = LinkCode(digest=digest_of(code) or "", person=view.person, expires_at=view.now + LIVES)
    view.store.save_link_code(view.team, kept)
    return Message(
        headline=f"Your code is {code}",
        parts=(
            Paragraph(("On your other platform, say ", Strong(f"/cascade link {code}"), " to Cascade.")),
            Note((f"It works once, for {LIVES.seconds // 60} minutes. Give it to nobody: who says it votes as you.",)),
        ),
        facts={"code": code, "expires_at": kept.expires_at.isoformat()},
    )


def _join(view: Asked, words: str) -> Message:
    other = _asked_by(view, words)
    accounts = view.store.accounts(view.team)
    if other.platform == view.person.platform:
        raise BadInput(SAME_PLATFORM)
    if (third := clash(view.person, other, accounts)) is not None:
        raise BadInput(f"{third} on {third.platform} is joined already: `unlink` parts the accounts")
    joined = _joined(view, other, accounts)
    view.store.join_accounts(view.team, joined)
    people = [one.person for one in joined]
    return Message(
        headline=f"{_listed(people)} vote as one from now on, and their latest word counts",
        parts=(Note(("Not you? `unlink` takes it back.",)),),
        facts={"joined": [one.key for one in people]},
    )


def _asked_by(view: Asked, words: str) -> Person:
    """Who asked for the code. A guess is counted before it is looked at, so that many at once gain nothing."""
    if not view.store.may_try_link(view.team, view.person, "guess", GUESSES, view.now):
        raise BadInput(TOO_MANY_GUESSES)
    digest = digest_of(words)
    other = view.store.take_link_code(view.team, digest, view.now) if digest else None
    if other is None:
        raise BadInput(WRONG)
    return other


def _joined(view: Asked, other: Person, accounts: tuple[Account, ...]) -> list[Account]:
    human, joining = human_of(other, accounts), human_of(view.person, accounts)
    moved = [replace(one, human=human) for one in accounts if one.human in {human, joining}]
    known = {one.person for one in moved}
    new = [person for person in (other, view.person) if person not in known]
    return [*moved, *(Account(person=person, human=human, since=view.now) for person in new)]


def _listed(people: list[Person]) -> str:
    return listed([f"{one} ({one.platform})" for one in people])
