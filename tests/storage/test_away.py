"""The database goes away for a minute under everything that runs, and comes back."""

import asyncio
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest

from app import clock
from app.outage import BACK
from app.threads import StoreThread
from app.work.calls import Call, Name
from app.work.queue import call, install, make_app
from cascade.errors import StoreAway
from cascade.feed import Feed
from cascade.ports import HOME
from cascade.sighting import Choice
from storage.postgres import Postgres, connect
from storage.server_troubles import AWAY
from storage.store import Store
from tests.chaos.world import World
from tests.chat.fixtures import opened
from tests.chat.house import House
from tests.discord.platform import DiscordPlatform
from tests.make import sighting
from tests.postgres import Server, running
from tests.slack.limits import words
from tests.slack.platform import SlackPlatform

MINUTE, PATIENCE = 62.0, 150.0  # the clock looks every minute
CASCADE = Path(sys.executable).with_name("cascade")
PROCESSES = ("web", "bot", "worker", "clock", "run")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that other processes do."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.2)


def free_port() -> int:
    """One that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class Service:
    """The Procfile's processes on one database, `cascade run` with a person at its prompt on another."""

    url: str
    run_url: str
    folder: Path
    env: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=lambda: {"web": free_port(), "run": free_port()})
    members: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    keyboard: int = -1

    def start(self) -> None:
        """Everything, and wait until both pages are there."""
        self.keyboard, screen = pty.openpty()
        for name in PROCESSES:
            env = {**self.env, "DATABASE_URL": self.run_url if name == "run" else self.url}
            env["CASCADE_WEB_PORT"] = str(self.ports.get(name, 1))
            with (self.folder / f"{name}.txt").open("wb") as out:
                self.members[name] = self._start(name, env, out, screen)
        until(lambda: all(self.page(one)[0] == 200 for one in self.ports))

    def _start(self, name: str, env: Mapping[str, str], out: BinaryIO, screen: int) -> "subprocess.Popen[bytes]":
        stdin = screen if name == "run" else subprocess.DEVNULL
        return subprocess.Popen([CASCADE, name], env=env, stdin=stdin, stdout=out, stderr=out)

    def ask(self, words: str) -> None:
        """A person at the prompt."""
        os.write(self.keyboard, f"{words}\n".encode())

    def said(self, name: str) -> str:
        """All that a process said so far."""
        return (self.folder / f"{name}.txt").read_text("utf8")

    def page(self, name: str) -> tuple[int, str, str]:
        """Status, Retry-After and text of the board's page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/", timeout=30) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Retry-After", ""), error.read().decode()
        except OSError:
            return 0, "", ""

    def stop(self) -> dict[str, int]:
        """End them in good order; their exit codes."""
        for one in self.members.values():
            one.terminate()
        return {name: one.wait(30) for name, one in self.members.items()}


@contextmanager
def serving(server: Server, world: World, folder: Path) -> Iterator[Service]:
    """Everything started, ended afterwards whatever happens."""
    (folder / "feeds.toml").write_text("".join(f"{url}\n" for url in world.feeds(1)))
    hosts = ",".join({url.split("/")[2].split(":")[0] for url in world.feeds(1)})
    env = {**os.environ, "CASCADE_FEEDS": str(folder / "feeds.toml"), "CASCADE_ALLOW_PRIVATE_HOSTS": hosts}
    service = Service(server.new_database(), server.new_database(), folder, env)
    with ExitStack() as ends:
        ends.callback(service.stop)
        service.start()
        yield service


def identities(url: str) -> list[str]:
    """Every item that is kept."""
    with connect(url) as connection:
        return sorted(str(row["identity"]) for row in connection.execute("SELECT identity FROM items"))


def all_due(url: str) -> None:
    """An hour passes."""
    with connect(url) as connection:
        connection.execute("UPDATE feeds SET next_at = '2000-01-01T00:00:00.000000+00:00'")


async def called(url: str, feed: str) -> None:
    """A poll that a worker takes at once."""
    app = make_app(url)
    async with app.open_async():
        await call(app, [Call(name=Name.POLL, lock=f"host {feed}", about={"urls": [feed]})])


def published(world: World) -> list[str]:
    """Every entry of every feed."""
    return sorted(f"{url}/{n}" for url in world.feeds(1) for n in range(world.step + 1))


def test_a_minute_without_the_database(tmp_path: Path) -> None:
    """Each process says so once and goes on; the page and the prompt say it too; what came meanwhile is there once."""
    world = World()
    world.start()
    with running() as server, serving(server, world, tmp_path) as service:
        urls = (service.url, service.run_url)
        until(lambda: all(identities(url) == published(world) for url in urls))
        world.slow = 3
        all_due(service.url)
        asked = sum(world.asked.values())
        asyncio.run(called(service.url, world.feeds(1)[0]))
        until(lambda: sum(world.asked.values()) > asked)
        server.kill()  # with a poll under way
        gone = time.monotonic()
        world.step, world.slow = 1, 0
        for name in service.ports:
            until(lambda name=name: service.page(name)[0] == 503)  # type: ignore[misc]
            status, again, text = service.page(name)
            assert (status, again.isdigit(), AWAY.split(":")[0] in text) == (503, True, True)
        service.ask("negation")
        until(lambda: service.said("run").count(AWAY) == 2)  # to the operator, and to the asker
        time.sleep(MINUTE - (time.monotonic() - gone))
        server.start()
        for url in urls:
            all_due(url)
        until(lambda: all(identities(url) == published(world) for url in urls))
        until(lambda: all(service.page(name)[0] == 200 for name in service.ports))
        service.ask("negation")
        until(lambda: "works in" in service.said("run"))
        until(lambda: all(BACK in service.said(name) for name in PROCESSES))
        assert service.stop() == dict.fromkeys(PROCESSES, 0)
        for name in PROCESSES:
            said = service.said(name)
            assert (name, said.count(f"cascade: {AWAY}"), said.count(BACK)) == (name, 1, 1)
            assert "Traceback" not in said


async def asked_on(platform: SlackPlatform | DiscordPlatform, question: str) -> str:
    """What a person reads who asks."""
    if isinstance(platform, SlackPlatform):
        return words((await platform.say(question))["blocks"])
    return (await platform.command("ask", words=question)).text


async def pressed_on(platform: SlackPlatform | DiscordPlatform, value: str) -> str:
    """What a person reads who presses a card's button."""
    if isinstance(platform, SlackPlatform):
        await platform.server.send("interactive", platform.press(value))
        return words((await platform.whisper())["blocks"])
    (card,) = platform.server.messages(platform.channel)
    return (await platform.press(card, value)).text


@pytest.mark.parametrize("kind", [SlackPlatform, DiscordPlatform])
async def test_people_are_told_and_no_vote_is_lost(
    kind: type[SlackPlatform] | type[DiscordPlatform], tmp_path: Path
) -> None:
    """Whoever asks or presses reads one line; a reaction meanwhile counts when the database is back."""
    told, house = list[str](), House(tmp_path / "house.db")
    with running() as server:
        store = Store(Postgres(server.new_database()))
        run = StoreThread(store, threads=4, tell=told.append)
        store.save_sighting(sighting())
        async with opened(kind()) as platform:
            await platform.start(house.services(run))
            await platform.desk.post_new(house.clock())
            (card,) = platform.posted()
            await asyncio.to_thread(server.stop)
            for question in ("board", "negation", "watches", "subscribe weekly"):
                assert AWAY in await asked_on(platform, question)
            assert AWAY in await pressed_on(platform, f"vote:{sighting().id}:confirm")
            await platform.react(card.ref, "grace", "✅")
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(until, lambda: answers(store))
            assert AWAY not in await asked_on(platform, "negation")
            await platform.look_again()
        (vote,) = store.facts(HOME).votes
        assert (vote.person.name.lower(), vote.choice) == ("grace", Choice.CONFIRM)
        assert (told, house.told) == ([AWAY, BACK], [])
        run.close()
    house.close()


def test_the_store_goes_on_by_itself() -> None:
    """While the server is away every question is refused in one line; the first one afterwards is answered."""
    with running() as server:
        url = server.new_database()
        store, now = Store(Postgres(url, connections=1)), clock.now()
        install(url)
        store.add_feeds([Feed(url="https://a.example/feed")], now)
        server.stop()
        for _ in range(3):
            with pytest.raises(StoreAway, match="The database is away"):
                store.visits()
        server.start()
        until(lambda: answers(store))
        assert [one.feed.url for one in store.visits()] == ["https://a.example/feed"]
        store.close()


def test_a_frozen_server_keeps_nobody_waiting() -> None:
    """It takes connections and answers nothing: that is one line, too, and over when it thaws."""
    with running() as server:
        store = Store(Postgres(server.new_database()))
        store.set_note("before", "kept")
        server.signal(signal.SIGSTOP)
        try:
            with ThreadPoolExecutor(4) as askers:
                for asked in [askers.submit(store.note, "before") for _ in range(8)]:
                    assert isinstance(asked.exception(60), StoreAway)
        finally:
            server.signal(signal.SIGCONT)
        until(lambda: answers(store))
        assert store.note("before") == "kept"
        store.close()


def answers(store: Store) -> bool:
    """Whether the store does."""
    try:
        store.note("atlas")
    except StoreAway:
        return False
    return True
