"""Whatever arrives gives items or a named reason: never an exception, never for more than two seconds."""

import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from cascade.feed import Failed
from sources.known import sort_out
from sources.parse import parse
from sources.raw import Document
from tests.sources.documents import News, origin, rss
from tests.sources.mutate import mutated
from tests.sources.test_parse import SAMPLES

TYPES = ("", "application/xml", "text/html; charset=utf-16", "application/json", "text/xml; charset=no-such")
LONGEST = 2.0  # seconds


def outcome(body: bytes, content_type: str) -> str:
    """Items that can be stored, or the reason why there are none."""
    found = parse(body, content_type, origin())
    if isinstance(found, Failed):
        assert found.text
        return found.reason.value
    _check(found)
    return found.reader


def _check(document: Document) -> None:
    for entry in sort_out(document.items, ()).new:
        item = entry.item
        for words in (item.title, item.summary, item.url, item.identity):
            words.encode("utf8")
            assert len(words) <= 4000
        assert item.title or item.summary
        assert item.identity
        assert not item.url or item.url.startswith(("http://", "https://"))
        assert item.published is None or item.published.utcoffset() is not None


def outcomes(bodies: Iterable[bytes], rng: Random) -> set[str]:
    """What became of each; fails on the first one that takes too long."""
    found = set()
    for body in bodies:
        start = time.process_time()
        found.add(outcome(body, rng.choice(TYPES)))
        assert time.process_time() - start < LONGEST, body[:1000]
    return found


def test_spoiled_samples() -> None:
    """A few hundred, every day; all ways of ending are met."""
    rng = Random(7)
    bodies = [*(path.read_bytes() for path in sorted(SAMPLES.glob("*"))), rss(News(), News(id="2", title="Another"))]
    found = outcomes((*bodies, *(mutated(rng.choice(bodies), rng) for _ in range(300))), rng)
    assert found >= {"fast", "tolerant", "json", "not-a-feed", "broken"}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_twenty_thousand_spoiled_documents(odd: list[Path], recorded: list[Path]) -> None:
    """Nineteen of twenty are from feedparser's own tests, the others real feeds."""
    rng = Random(2026)
    small, large = ([path.read_bytes() for path in paths] for paths in (odd, recorded))
    chosen = (rng.choice(large if rng.random() < 0.05 else small) for _ in range(20_000))
    assert len(outcomes((mutated(body, rng) for body in chosen), rng)) >= 5
