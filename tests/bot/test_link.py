"""One person with two accounts: joined by a code, parted again, and guessed at in vain."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import link, review
from bot.ask import ask
from bot.asked import Asked, asked
from cascade.linking import ALPHABET, GUESSES, LIVES, digest_of, may_count_twice, new_code
from cascade.message import Message
from cascade.sighting import Choice, Person, Status
from storage.database import SQLite
from storage.store import Store
from tests.make import MONDAY, sighting, taxonomy, vote

SLACK, DISCORD = Person("slack", "U1", "Ada"), Person("discord", "17", "ada_l")
MALLORY = Person("discord", "66", "Mallory")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one candidate."""
    opened = Store(SQLite(tmp_path / "cascade.db"))
    opened.save_sighting(sighting())
    yield opened
    opened.close()


def view(store: Store, person: Person, now: datetime = MONDAY) -> Asked:
    """The board, seen by somebody."""
    return asked(taxonomy(), store, now, person=person)


def say(store: Store, person: Person, words: str, now: datetime = MONDAY) -> Message:
    """What somebody is told."""
    return ask(view(store, person, now), words)


def join(store: Store, one: Person = SLACK, other: Person = DISCORD, now: datetime = MONDAY) -> Message:
    """Two accounts become one person's."""
    return say(store, other, f"link {say(store, one, 'link', now).facts['code']}", now)


def status(store: Store, now: datetime = MONDAY + MINUTE) -> tuple[Status, int]:
    """What was decided about the one candidate, and how many said yes."""
    decision = review.find_sighting(view(store, SLACK, now), sighting().id).decision
    return decision.status, len(decision.confirmed_by)


def test_joined_accounts_vote_once(store: Store) -> None:
    """Two reactions of one person are one vote, those from before the joining too."""
    store.add_votes("home", [vote(sighting(), SLACK), vote(sighting(), DISCORD)])
    assert status(store) == (Status.CONFIRMED, 2)
    assert join(store).facts["joined"] == [SLACK.key, DISCORD.key]
    assert status(store) == (Status.CONFIRMED, 1)


def test_the_latest_word_counts(store: Store) -> None:
    """Whichever account says it."""
    join(store)
    store.add_votes("home", [vote(sighting(), SLACK), vote(sighting(), DISCORD, Choice.REJECT, MONDAY + MINUTE)])
    assert status(store) == (Status.REJECTED, 0)


def test_an_account_that_may_not_review_takes_no_vote_away(store: Store) -> None:
    """A word that does not count never stands in place of one that does."""
    join(store)
    silent = replace(vote(sighting(), DISCORD, Choice.REJECT, MONDAY + MINUTE), counts=False)
    store.add_votes("home", [vote(sighting(), SLACK), silent])
    assert status(store) == (Status.CONFIRMED, 1)


def test_nobody_confirms_their_own_report_from_another_account(tmp_path: Path) -> None:
    """Above a quorum of one a joined account is the reporter too."""
    store = Store(SQLite(tmp_path / "quorum.db"), quorum=2)
    store.save_sighting(sighting(reported_by=SLACK))
    join(store)
    store.add_votes("home", [vote(sighting(), DISCORD), vote(sighting(), MALLORY)])
    assert status(store)[0] is Status.CANDIDATE
    store.close()


def test_the_card_says_that_accounts_are_not_joined(store: Store) -> None:
    """With voters on two platforms the card explains how they are counted, until they have joined."""
    store.add_votes("home", [vote(sighting(), SLACK), vote(sighting(), DISCORD)])
    assert review.TWO_PLATFORMS in card_words(store)
    join(store)
    assert review.TWO_PLATFORMS not in card_words(store)


def card_words(store: Store) -> list[str]:
    """Everything on the candidate's card."""
    seen = view(store, SLACK, MONDAY + MINUTE)
    return list(review.card(seen, review.find_sighting(seen, sighting().id)).words())


def test_parted_again(store: Store) -> None:
    """`unlink` makes two of one, and says so when there is nothing to part."""
    join(store)
    assert say(store, SLACK, "unlink").facts["parted"] == [DISCORD.key, SLACK.key]
    assert store.accounts("home") == ()
    assert say(store, SLACK, "unlink").facts["error"] == link.NOT_JOINED


@pytest.mark.parametrize("later", [LIVES + MINUTE, 2 * LIVES])
def test_a_code_expires(store: Store, later: timedelta) -> None:
    """After ten minutes it is as good as any other wrong code."""
    code = say(store, SLACK, "link").facts["code"]
    assert say(store, DISCORD, f"link {code}", MONDAY + later).facts["error"] == link.WRONG


def test_a_code_works_once(store: Store) -> None:
    """Whoever comes second with it is refused."""
    code = say(store, SLACK, "link").facts["code"]
    assert "joined" in say(store, DISCORD, f"link {code}").facts
    assert say(store, MALLORY, f"link {code}").facts["error"] == link.WRONG


def test_guessing_is_slowed_down(store: Store) -> None:
    """After five wrong codes even the right one is refused for an hour."""
    code = say(store, SLACK, "link").facts["code"]
    for number in range(GUESSES):
        assert say(store, MALLORY, f"link AAAA-AAA{ALPHABET[number]}").facts["error"] == link.WRONG
    assert say(store, MALLORY, f"link {code}").facts["error"] == link.TOO_MANY_GUESSES
    assert store.accounts("home") == ()


def test_codes_are_not_given_without_end(store: Store) -> None:
    """The sixth within an hour is refused."""
    told = [say(store, SLACK, "link").facts for _ in range(6)]
    assert told[-1]["error"] == link.TOO_MANY_CODES
    assert all("code" in one for one in told[:-1])


def test_one_account_on_each_platform(store: Store) -> None:
    """A human has no two accounts on one platform: neither directly nor by a third."""
    assert join(store, MALLORY, DISCORD).facts["error"] == link.SAME_PLATFORM
    join(store)
    assert "joined already" in str(join(store, SLACK, MALLORY).facts["error"])


def test_three_platforms(store: Store) -> None:
    """A third account joins the two that are one."""
    join(store)
    terminal = Person("terminal", "ada", "Ada")
    join(store, terminal, SLACK)
    assert {one.human for one in store.accounts("home")} == {terminal.key}
    assert len(store.accounts("home")) == 3


@given(st.integers(), st.sampled_from(["{}", " {} ", "`{}`"]), st.booleans())
def test_a_code_is_known_however_it_is_typed(seed: int, shape: str, small: bool) -> None:
    """Case, blanks, quotes and the dash do not matter."""
    code = new_code(Random(seed))
    typed = shape.format(code.lower() if small else code)
    assert digest_of(typed) == digest_of(code.replace("-", ""))


@given(st.text())
def test_no_text_breaks_the_reading_of_codes(words: str) -> None:
    """Anything is a code or none."""
    digest = digest_of(words)
    assert digest is None or len(digest) == 64


def test_unjoined_voters_on_two_platforms_may_be_one() -> None:
    """One platform alone, or joined voters, cannot be counted twice."""
    assert may_count_twice([SLACK, DISCORD], {})
    assert not may_count_twice([DISCORD, MALLORY], {})
    assert not may_count_twice([SLACK, DISCORD], {SLACK.key: SLACK.key, DISCORD.key: SLACK.key})


@pytest.mark.parametrize("words", ["link", "/cascade link ABCD-EFGH", "cascade link", "LINK x"])
def test_codes_are_for_the_asker_alone(words: str) -> None:
    """Words with codes are not answered where others read."""
    assert link.is_private(words)
    assert not link.is_private("links between text and image")
