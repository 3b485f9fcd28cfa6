"""Databases of any size, a feed's document, and the processor time of a server: for `bench_scale.py`."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.work.queue import install
from cascade.feed import Feed, Fetched, Visit
from storage.postgres import Postgres, connect
from storage.store import Store
from tests.postgres import Server

NOW = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)
_TICKS = os.sysconf("SC_CLK_TCK")


def filled(server: Server, feeds: int, items: int) -> str:
    """The URL of a database with so many feeds and items, none of them due."""
    url = server.new_database()
    store = Store(Postgres(url))
    install(url)
    store.add_feeds([Feed(url="http://host0.example/feed")], NOW)
    later, seen = (NOW + timedelta(days=1)).isoformat(), (NOW - timedelta(days=40)).isoformat()
    with connect(url) as connection:
        connection.execute("CREATE TEMP TABLE one AS SELECT * FROM feeds")
        connection.execute(
            """INSERT INTO feeds SELECT (json_populate_record(one, json_build_object(
                   'url', 'http://host' || n || '.example/feed', 'address', 'http://host' || n || '.example/feed'))).*
               FROM one, generate_series(1, %s) AS n""",
            (feeds - 1,),
        )
        connection.execute(
            """INSERT INTO items (feed, identity, story, link, link_hash, title, summary, digest, seen_at, told_at,
                                  source, fate, why, fated_at)
               SELECT 'http://host' || n %% %s || '.example/feed', 'id' || n, 'story' || n, 'http://x.example/' || n, n,
                      'Title ' || n, repeat('word ', 40), 'digest', %s, NULL, '', 'irrelevant', 'not about it', %s
               FROM generate_series(1, %s) AS n""",
            (feeds, seen, seen, items),
        )
        connection.execute("UPDATE feeds SET next_at = %s, succeeded_at = %s", (later, seen))
        connection.execute("VACUUM ANALYZE")
    store.close()
    return url


async def document(visit: Visit, now: datetime) -> Fetched:
    """A feed of twenty entries, each new or in new words."""
    del now
    entries = "".join(
        f"<item><guid>g{n}</guid><title>Entry {n} {time.monotonic_ns()}</title></item>" for n in range(20)
    )
    body = f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>".encode()
    return Fetched(body=body, address=visit.address)


def server_seconds(server: Server) -> float:
    """The processor time of a server so far, with all its processes, those that ended too. Needs Linux's /proc."""
    return sum(_seconds(line) for line in _stats() if server.pid in {int(line[0]), int(line[3])})


def _stats() -> list[list[str]]:
    """Of each process its number, name, state, parent and so on, as proc(5) counts them; without odd names."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = path.read_text().partition(" (")
        except OSError:  # it ended
            continue
        found.append([number, "", *rest.rpartition(") ")[2].split()])
    return found


def _seconds(line: list[str]) -> float:
    own, of_ended = line[13:15], line[15:17]
    return sum(int(ticks) for ticks in (*own, *of_ended)) / _TICKS
