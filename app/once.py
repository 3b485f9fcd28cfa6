"""The commands that answer once and end."""

from collections.abc import Callable
from getpass import getuser
from pathlib import Path
from typing import TextIO, TypeVar

from app import clock
from app.build import House, open_store
from app.settings import Settings, read_settings
from bot.ask import ask, first_word, refusal, reported_link
from bot.asked import Asked, asked
from bot.terminal.chat import HERE, PLATFORM
from bot.terminal.keys import decide_by_key
from cascade.errors import BadInput
from cascade.message import Message
from cascade.ports import Store
from cascade.sighting import Person

T = TypeVar("T")

IN_CHAT = frozenset({"subscribe", "unsubscribe", "watch", "unwatch"})
ELSEWHERE = (
    "{command} works where its messages come: in a Slack or Discord channel, or at the prompt of `cascade run`; "
    "`cascade ask subscriptions` and `cascade ask watches` list what there is"
)


def me() -> Person:
    """Whoever sits at this terminal."""
    try:
        name = getuser()
    except (OSError, KeyError):  # a container without a user entry
        name = "you"
    return Person(PLATFORM, name, name)


def answer(db: Path | None, words: str) -> Message:
    """The answer to one question; what belongs where messages come is refused."""
    command = first_word(words)
    if command in IN_CHAT:
        return refusal(BadInput(ELSEWHERE.format(command=command)))
    link = reported_link(words)
    if link is not None:
        from app.report import report_once

        return report_once(db, link)
    return _with_store(db, lambda store, house: ask(_asked(store, house), words))


def review_by_key(db: Path | None, read_key: Callable[[], str], out: TextIO) -> None:
    """Decide what waits, key by key."""
    _with_store(db, lambda store, house: decide_by_key(_asked(store, house), read_key, out))


def _with_store(db: Path | None, work: Callable[[Store, House], T]) -> T:
    settings: Settings = read_settings(db)
    store = open_store(settings)
    try:
        return work(store, House(settings))
    finally:
        store.close()


def _asked(store: Store, house: House) -> Asked:
    return asked(house.taxonomy, store, clock.now(), person=me(), place=HERE)
