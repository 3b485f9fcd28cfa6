"""A replay ends the same on both engines, to the byte."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.replay import live
from app.settings import Settings, read_settings
from bot.ask import ask
from bot.asked import asked
from cascade.message import Message
from cascade.message_json import message_data
from storage.atlas import read_taxonomy
from storage.copy import fingerprint
from storage.database import Database, SQLite
from storage.postgres import Postgres
from storage.store import Store
from tests.app.test_replay import NEWS, OLD
from tests.postgres import Server

WEEKS = Path(__file__).parents[3] / "shared" / "replay"
THEN = datetime(2026, 7, 1, tzinfo=UTC)
OTHER = NEWS.replace("kontext", "other").replace("SuperVid 9", "ÜberVid ✅").replace("29 Apr", "06 May")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three weeks of one feed."""
    for day, entries in (("2026-04-24", OLD), ("2026-05-01", NEWS + OLD), ("2026-05-08", OTHER + NEWS)):
        (tmp_path / "weeks" / day).mkdir(parents=True)
        body = f"<rss version='2.0'><channel><title>Maker</title>{entries}</channel></rss>"
        (tmp_path / "weeks" / day / "maker.xml").write_text(body, encoding="utf8")
    return tmp_path / "weeks"


def lived(settings: Settings, folder: Path, database: Database) -> bytes:
    """Digests, board and the content of every table after a replay, as JSON."""
    told: list[Message] = []
    live(settings, folder, "all", told.append)
    store = Store(database)
    board = ask(asked(read_taxonomy(), store, THEN), "")
    kept = fingerprint(database)
    everything = {
        "digests": [message_data(one) for one in told],
        "facts": [one.facts for one in told],
        "board": [message_data(board), board.facts],
        "cards": [repr(card) for card in store.cards("home")],
        "rows": dict(kept.rows),
        "content": kept.fingerprint,
    }
    database.close()
    return json.dumps(everything, ensure_ascii=False, default=str).encode()


def both(postgres: Server, folder: Path, scratch: Path) -> tuple[bytes, bytes]:
    """The same weeks on a file and on a server."""
    url, file = postgres.new_schema(), scratch / "replay.db"
    settings = read_settings(file)
    on_file = lived(settings, folder, SQLite(file))
    on_server = lived(settings.model_copy(update={"database_url": url}), folder, Postgres(url))
    return on_file, on_server


def test_three_weeks(postgres: Server, folder: Path, tmp_path: Path) -> None:
    """Digests, board, cards and every row."""
    on_file, on_server = both(postgres, folder, tmp_path)
    assert on_file == on_server
    assert json.loads(on_file)["rows"]["items"] == 3


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not WEEKS.is_dir(), reason="the recorded weeks are not here")
def test_nine_weeks(postgres: Server, tmp_path: Path) -> None:
    """The recorded weeks of real feeds too."""
    on_file, on_server = both(postgres, WEEKS, tmp_path)
    assert on_file == on_server
