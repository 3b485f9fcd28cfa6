"""What every long-running process does at its start and its end."""

import asyncio
import signal
import sys
from collections.abc import Sequence

from app import clock
from app.settings import Settings
from bot.terminal.render import clean
from cascade.feed import Feed
from cascade.ports import Store
from storage.feedlist import DEFAULT, read_feed_list

PAUSED = "feeds that the list pauses"  # a note: what the list said at the last start
BREATH = 2.0  # seconds that running work gets when Cascade is stopped


def watch_listed(store: Store, settings: Settings) -> None:
    """Watch the feeds of the list; lines that are refused are told of."""
    listed = read_feed_list(settings.feeds or DEFAULT)
    for line in listed.refused:
        tell(line)
    store.add_feeds(listed.feeds, clock.now())
    store.describe_feeds(listed.feeds)
    _follow_pauses(store, listed.feeds)


def _follow_pauses(store: Store, feeds: Sequence[Feed]) -> None:
    """Do what the list pauses or resumes since the last start; what a person paused by command stays so."""
    before = store.note(PAUSED)
    was = before.split("\n") if before is not None else None
    for feed in feeds:
        if was is not None and feed.paused != (feed.url in was):
            store.pause_feed(feed.url, paused=feed.paused, now=clock.now())
    store.set_note(PAUSED, "\n".join(feed.url for feed in feeds if feed.paused))


def stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def let_go() -> None:
    """Give running work a breath to end, then cancel it."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=BREATH)


def tell(line: str) -> None:
    """One line for the operator."""
    print(told(line), file=sys.stderr, flush=True)  # noqa: T201


def told(line: str) -> str:
    """How such a line reads."""
    return f"cascade: {clean(line)}"
