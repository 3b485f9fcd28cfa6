"""1,000 commands to Slack's adapter over Socket Mode on loopback, with 100,000 items in the database.

The real slack-bolt client against the tests' server, in one process: what is measured is everything between the
moment Slack sends a command and the moment its acknowledgement, and its answer, have arrived there.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from cascade.feed import Entry, Feed, Record, Visit
from cascade.item import Fate, Item
from cascade.sighting import Sighting
from cascade.taxonomy import Cell
from storage.atlas import read_atlas, read_taxonomy
from tests.chat.house import House
from tests.make import MONDAY, sighting, vote
from tests.slack.platform import SlackPlatform
from tests.slack.workspace import APP_TOKEN

ITEMS, SIGHTINGS = 100_000, 2_000
COMMANDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
ACK, ANSWER = 100.0, 500.0  # the bars, in milliseconds
ASKED = (
    "",
    "negation",
    "realtime video",
    "gap image video",
    "when style in realtime video",
    "plan style in realtime video by 2027-06",
    "review",
    "law",
    "help",
    "charcter consistancy",
)


def main() -> None:
    """Measure and print; exit code 1 when a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        house = furnished(Path(folder))
        acks, answers = asyncio.run(measured(house))
        house.close()
    sys.exit(missed({"acknowledged": (acks, ACK), "answered": (answers, ANSWER)}))


def missed(series: Mapping[str, tuple[list[float], float]]) -> bool:
    """Print each series of milliseconds beside its bar; whether any 99th percentile is over it."""
    print(f"{COMMANDS} commands, {ITEMS} items, {SIGHTINGS} sightings beside the atlas")
    over = False
    for name, (times, bar) in series.items():
        p99 = sorted(times)[int(len(times) * 0.99)]
        over |= p99 > bar
        print(f"{name:13} p50 {median(times):6.1f} ms   p99 {p99:6.1f} ms   most {max(times):6.1f} ms   bar {bar:.0f}")
    return over


def furnished(folder: Path) -> House:
    """A house with the real taxonomy and atlas, and a long history."""
    house = House(folder / "cascade.db", taxonomy=read_taxonomy())
    house.store.save_atlas(read_atlas())
    feeds = [Feed(url=f"https://feed{number}.example/rss") for number in range(100)]
    house.store.add_feeds(feeds, MONDAY)
    each = ITEMS // len(feeds)
    house.store.record_looks(
        [Record(visit=visit(feed), new=tuple(islice(entries(feed), each))) for feed in feeds], MONDAY
    )
    history = list(sightings(house))
    house.add(*history)
    house.store.add_votes("home", [vote(one) for one in history[::2]])
    return house


def visit(feed: Feed) -> Visit:
    """The feed was just looked at."""
    return Visit(feed=feed, address=feed.url, next_at=MONDAY + timedelta(hours=1), since=MONDAY)


def entries(feed: Feed) -> Iterator[Entry]:
    """An item each hour, back from now."""
    for number in range(ITEMS):
        at = MONDAY - timedelta(hours=number)
        words = f"Brush {number} edits what the prompt names and leaves the rest alone"
        item = Item(
            feed=feed.url, identity=str(number), url=f"{feed.url}/{number}", title=words, published=at, seen_at=at
        )
        yield Entry(
            item=item, digest=str(number), link_key=item.url, story=f"{feed.url}#{number}", fate=Fate.IRRELEVANT
        )


def sightings(house: House) -> Iterator[Sighting]:
    """Claims about every cell in turn."""
    cells = list(house.taxonomy.cells())
    for number in range(SIGHTINGS):
        cell: Cell = cells[number % len(cells)]
        yield sighting(
            cell.stage, "2026-05-01", capability=cell.capability, story=f"s{number}", model=f"Brush {number}"
        )


async def measured(house: House) -> tuple[list[float], list[float]]:
    """Milliseconds to the acknowledgement and to the answer, command by command."""
    platform = SlackPlatform()
    await platform.open()
    await platform.start(house.services(), platform.settings(review_channel="", app_token=APP_TOKEN))
    acks, answers = [], []
    for number in range(-len(ASKED), COMMANDS):
        started = time.perf_counter()
        envelope = await platform.server.send("slash_commands", platform.command(ASKED[number % len(ASKED)]))
        answer = await platform.whisper()
        if number >= 0:  # the first of each kind loads what it needs
            acks.append((platform.server.acks[envelope][0] - started) * 1000)
            answers.append((answer["_at"] - started) * 1000)
    await platform.close()
    return acks, answers


if __name__ == "__main__":
    main()
