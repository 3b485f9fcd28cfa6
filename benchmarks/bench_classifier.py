"""The classifier's speed, start, memory and learning curve, on the labelled items that come with the project.

`python benchmarks/bench_classifier.py [LABELLED.jsonl ...]`; without files, on `tests/samples/labelled.jsonl`.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from classifier.gazetteer import Gazetteer
from classifier.labelled import Labelled, read_labelled
from classifier.learn import Example, fit_on, quality
from classifier.model import Linear
from classifier.read import Reader
from classifier.teach import claim_examples, relevance_examples, teach
from storage.atlas import read_gazetteer, read_taxonomy

OWN = Path(__file__).parent.parent / "tests" / "samples" / "labelled.jsonl"
ROUNDS = 5_000  # items read for the speed
STEPS = (0, 20, 40, 80, 120, 160)  # decisions, for the learning curve
WRONG = 0.05  # how often a simulated reviewer errs
REPEATS = 10


def main(files: Sequence[str]) -> None:
    """Print every figure."""
    labelled = [
        one for file in files or [str(OWN)] for one in read_labelled(Path(file).read_text("utf-8").splitlines())
    ]
    speed(labelled)
    start()
    whole_command(labelled)
    for decisions, loss, error in curve(labelled):
        print(f"after {decisions:4} decisions: log loss {loss:.3f}, calibration error {error:.3f}")


def speed(labelled: Sequence[Labelled]) -> None:
    """Items a second on one core, and what the reader adds to the memory."""
    before = _megabytes()
    reader = Reader(read_taxonomy(), Gazetteer(read_gazetteer()))
    items = [one.item for one in labelled]
    for item in items:  # compiles the patterns
        reader.read(item)
    began = time.process_time()
    for at in range(ROUNDS):
        reader.read(items[at % len(items)])
    print(f"reading: {ROUNDS / (time.process_time() - began):,.0f} items a second of one core's time")
    print(f"memory: {_megabytes() - before:.0f} MB more with the reader")


def start() -> None:
    """A start of `cascade classify` with nothing to read, and the same for Python alone."""
    for name, words in (("cascade classify", _COMMAND), ("an empty Python", [sys.executable, "-c", ""])):
        took = min(_seconds(words, b"") for _ in range(5))
        print(f"start of {name}: {took:.2f} s (the best of five)")


def whole_command(labelled: Sequence[Labelled]) -> None:
    """The whole command on many lines, with its start."""
    lines = [_line(labelled[at % len(labelled)]) for at in range(ROUNDS)]
    took = _seconds(_COMMAND, "\n".join(lines).encode())
    print(f"cascade classify: {ROUNDS:,} lines in {took:.2f} s by the clock, {ROUNDS / took:,.0f} a second")


def curve(labelled: Sequence[Labelled]) -> Iterator[tuple[int, float, float]]:
    """How good the claim model is after so many decisions of simulated reviewers, on claims that nobody decided.

    It starts from a model of the older half of the items; the claims of the newer half are shuffled, and reviewers
    decide the first of them as the labels say, but for one in twenty. The mean of many shuffles.
    """
    ordered = sorted(labelled, key=lambda one: one.item.seen_at)
    older, newer = ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]
    reader = Reader(read_taxonomy(), Gazetteer(read_gazetteer()))
    begun = teach(reader, older, version="begun", report={})
    claims = claim_examples(reader, newer, relevance_examples(reader, newer))
    for decisions in STEPS:
        if decisions <= len(claims) - 40:
            rows = [_learned(begun.claim, claims, decisions, random.Random(seed)) for seed in range(REPEATS)]
            yield decisions, sum(row[0] for row in rows) / REPEATS, sum(row[1] for row in rows) / REPEATS


def _learned(begun: Linear, claims: Sequence[Example], decisions: int, chance: random.Random) -> tuple[float, float]:
    shuffled = list(claims)
    chance.shuffle(shuffled)
    decided, held = shuffled[:decisions], shuffled[-40:]
    said = [replace(one, right=one.right != (chance.random() < WRONG)) for one in decided]
    reached = quality(fit_on(begun, said) if len({one.right for one in said}) == 2 else begun, held)
    return reached.log_loss, reached.calibration_error


def _line(one: Labelled) -> str:
    item = one.item
    published = item.published.date().isoformat() if item.published else ""
    told = {"id": item.identity, "published": published, "source": item.source, "url": item.url}
    return json.dumps({**told, "title": item.title, "summary": item.summary})


def _seconds(words: Sequence[str], content: bytes) -> float:
    began = time.perf_counter()
    subprocess.run(words, input=content, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_COMMAND = [sys.executable, "-c", "from app.cli import main; main(['classify'])"]

if __name__ == "__main__":
    main(sys.argv[1:])
