"""`cascade digest`: what an operator can look at, send, send again and settle."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import clock
from app.build import open_store
from app.settings import read_settings
from bot.terminal.chat import HERE
from cascade.delivery import Part
from cascade.ports import Place
from cascade.subscription import Filter, Subscription
from cascade.week import Week
from digest.claim import claim
from digest.deliver import trying
from digest.edit import Desk
from storage.atlas import read_taxonomy
from tests.app.test_cli import leave, refused
from tests.make import DAY, weekly

ELSEWHERE = Place("slack", "C1")
Said = pytest.CaptureFixture[str]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database in which nobody has subscribed yet."""
    return tmp_path / "cascade.db"


def subscribe(db: Path, place: Place, days: int) -> Subscription:
    """A weekly digest for this place, asked for so many days ago."""
    one = weekly(place, clock.now() - days * DAY)
    with closing(open_store(read_settings(db))) as store:
        store.save_subscription(one)
    return one


def words(said: Said) -> str:
    """What was printed, its lines joined."""
    return " ".join(said.readouterr().out.split())


def test_sent_listed_and_sent_again(db: Path, capsys: Said) -> None:
    """What is owed to the terminal is printed once, listed by its name, and printed again when asked for."""
    one = subscribe(db, HERE, days=22)
    assert leave("digest", "--send", "--db", db) == 0
    printed = words(capsys)
    assert "weeks in one (" in printed
    assert "1 digest claimed • terminal:here" in printed
    assert leave("digest", "--send", "--db", db) == 0
    assert words(capsys).startswith("No digest is owed now • terminal:here: the next on ")
    assert leave("digest", "--list", "--db", db) == 0
    (name,) = re.findall(rf"{one.id}\.\d{{4}}-W\d\d", words(capsys))
    assert leave("digest", "--resend", name, "--db", db) == 0
    assert f"{name} goes to terminal:here once more" in words(capsys)
    assert leave("digest", "--send", "--db", db) == 0
    assert "weeks in one (" in words(capsys)


def test_a_preview_tells_what_the_next_one_would(db: Path, capsys: Said) -> None:
    """Nobody subscribed: as the terminal would get it. A channel hears of what came since its last hour."""
    assert leave("digest", "--preview", "--db", db) == 0
    assert words(capsys).startswith("Nobody has subscribed to the digest")
    subscribe(db, ELSEWHERE, days=0)
    assert leave("digest", "--preview", "--json", "--db", db) == 0
    told_from = re.search(r'"from": "([^"]+)"', capsys.readouterr().out)
    assert told_from
    assert clock.now() - timedelta(days=7, hours=1) < datetime.fromisoformat(told_from[1]) <= clock.now()


def test_a_quiet_preview_where_quiet_weeks_are_off(db: Path, capsys: Said) -> None:
    """It says so, instead of nothing."""
    one = subscribe(db, ELSEWHERE, days=0)
    with closing(open_store(read_settings(db))) as store:
        long_there = Filter(stages=frozenset({"text/closed"}), capabilities=frozenset({"negation"}))
        store.save_subscription(replace(one, only=long_there, tells_quiet=False))
    assert leave("digest", "--preview", "--db", db) == 0
    assert "slack:C1 Nothing so far: nothing moved" in words(capsys)


def test_the_running_week_is_told_so_far(db: Path, capsys: Said) -> None:
    """It ends now, and does not say that the days to come were quiet; a week to come is refused."""
    now = clock.now()
    assert leave("digest", "--week", str(Week.of(now)), "--json", "--db", db) == 0
    assert f'"until": "{now.date().isoformat()}' in capsys.readouterr().out
    assert leave("digest", "--week", str(Week.of(now + 7 * DAY)), "--db", db) == 2
    assert "--preview" in refused(capsys)


@pytest.mark.parametrize(("choice", "done"), [("--was-sent", "counts as posted"), ("--not-sent", "will be posted")])
def test_what_is_unclear_is_settled(choice: str, done: str, db: Path, capsys: Said) -> None:
    """A message that may or may not stand there is shown with its name, and one word settles it."""
    one, now = subscribe(db, ELSEWHERE, days=8), clock.now()
    with closing(open_store(read_settings(db))) as store:
        claim(Desk(taxonomy=read_taxonomy(), store=store), one, now)
        part, *_ = store.open_parts()
        store.save_progress(part, tried(part))
    name = f"{one.id}.{part.slot.name}"
    assert leave("digest", "--unclear", "--db", db) == 0
    assert f"{name}, part 1, to slack:C1, tried " in words(capsys)
    assert leave("digest", "--settle", name, choice, "--db", db) == 0
    assert f"{name} {done}" in words(capsys)
    assert leave("digest", "--unclear", "--db", db) == 0
    assert words(capsys) == "Nothing is unclear"
    assert leave("digest", "--settle", name, choice, "--db", db) == 2
    assert "--unclear" in refused(capsys)


def tried(part: Part) -> Part:
    """The part as a crash an hour ago left it."""
    return replace(trying(part, clock.now()), tried_at=clock.now() - timedelta(hours=1))


@pytest.mark.parametrize(
    ("asked", "cure"),
    [
        (("--settle", "ab.2026-W20"), "--was-sent or --not-sent"),
        (("--was-sent",), "--settle NAME"),
        (("--settle", "ab.2026-W20", "--was-sent"), "--list"),
        (("--resend", "nonsense"), "--list"),
        (("--resend", "ab.2026-W20"), "--list"),
        (("--list", "--send"), "one at a time"),
    ],
)
def test_what_cannot_be_done_says_what_can(asked: tuple[str, ...], cure: str, db: Path, capsys: Said) -> None:
    """One line with the cure."""
    assert leave("digest", *asked, "--db", db) == 2
    assert cure in refused(capsys)
