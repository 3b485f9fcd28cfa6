"""1,000 commands to Discord's adapter over gateway and REST on loopback, with 100,000 items in the database.

The real discord.py client against the tests' server, in one process: what is measured is everything between the
moment Discord sends an interaction and the moment its first answer (words, or the word that they take longer) and
the words themselves have arrived there.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `cascade` does
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_slack import ASKED, COMMANDS, furnished, missed
from tests.chat.house import House
from tests.discord.platform import DiscordPlatform

FIRST, ANSWER = 3000.0, 500.0  # the bars, in milliseconds: Discord's own, and Slack's for the same words


def main() -> None:
    """Measure and print; exit code 1 when a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        house = furnished(Path(folder))
        firsts, answers = asyncio.run(measured(house))
        house.close()
    sys.exit(missed({"first word": (firsts, FIRST), "answered": (answers, ANSWER)}))


async def measured(house: House) -> tuple[list[float], list[float]]:
    """Milliseconds to the first answer and to the words, command by command."""
    platform = DiscordPlatform()
    await platform.open()
    await platform.start(house.services(), platform.settings(review_channel=""))
    ada = platform.person("ada")
    firsts, answers = [], []
    for number in range(-len(ASKED), COMMANDS):
        words = ASKED[number % len(ASKED)] or "board"
        started = time.perf_counter()
        one = await platform.server.interactions.command(platform.channel, ada, "ask", words=words)
        async with asyncio.timeout(60):
            await one.answered.wait()
            first = time.perf_counter()
            await one.settled.wait()
        if number >= 0:  # the first of each kind loads what it needs
            firsts.append((first - started) * 1000)
            answers.append((time.perf_counter() - started) * 1000)
    await platform.close()
    return firsts, answers


if __name__ == "__main__":
    main()
