"""One person with accounts on several platforms: the one-time code that joins them, and who is who afterwards."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cascade.sighting import Person

# Without the signs that people mistake for each other (0 and O, 1, I and L).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8  # 31^8 is nearly 10^12: with a few guesses an hour nobody gets through
LIVES = timedelta(minutes=10)
GUESSES, CODES, WITHIN = 5, 5, timedelta(hours=1)  # wrong codes, and codes asked for, by one account


@dataclass(frozen=True, kw_only=True)
class Account:
    """One platform's account of a human, by the key that all of theirs share."""

    person: Person
    human: str
    since: datetime  # UTC


@dataclass(frozen=True, kw_only=True)
class LinkCode:
    """A code that waits to be said on another platform. The code itself is never kept."""

    digest: str
    person: Person  # who asked for it
    expires_at: datetime  # UTC


def new_code(rng: Random) -> str:
    """A code that people can type, as `7QK2-M9XF`. Needs a source that cannot be guessed."""
    signs = "".join(rng.choices(ALPHABET, k=LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def digest_of(words: str) -> str | None:
    """What is kept of a code, however it was typed; None for what can be none."""
    bare = "".join(sign for sign in words.upper() if sign not in " -`")
    if len(bare) != LENGTH or any(sign not in ALPHABET for sign in bare):
        return None
    return hashlib.sha256(bare.encode()).hexdigest()


def human_of(person: Person, accounts: Iterable[Account]) -> str:
    """The key that the person's accounts share; their own while they have joined none."""
    return next((one.human for one in accounts if one.person == person), person.key)


def same_people(accounts: Iterable[Account]) -> dict[str, str]:
    """Each joined account's key to the key of the human, as `decide` takes it."""
    return {one.person.key: one.human for one in accounts}


def clash(one: Person, other: Person, accounts: Collection[Account]) -> Person | None:
    """An account that stands in the way of joining these two: a human has one on each platform."""
    humans = {human_of(one, accounts), human_of(other, accounts)}
    everybody = {one, other, *(account.person for account in accounts if account.human in humans)}
    seen: dict[str, Person] = {}
    for person in sorted(everybody, key=lambda person: person not in {one, other}):
        if seen.setdefault(person.platform, person) != person:
            return person
    return None


def may_count_twice(people: Iterable[Person], same: Mapping[str, str]) -> bool:
    """Whether voters on more than one platform have joined no accounts, so that one of them may have voted twice."""
    return len({person.platform for person in people if person.key not in same}) > 1
