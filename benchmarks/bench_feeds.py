"""Feeds over loopback beside lemon24/reader, then a hard pass: thousands of feeds, some slow, broken or silent.

The documents are the real ones of a folder of recorded feeds (`REPLAY`, dated folders of XML); without it nothing
is measured. Each side runs in a process of its own, against a fresh server, one after the other.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPLAY = Path(__file__).resolve().parents[2] / "shared" / "replay"
FEEDS = 1000
MANY, TURNS = 5000, 50
Measured = dict[str, dict[str, Any]]


def main() -> None:
    """Measure and print."""
    if not REPLAY.is_dir():
        print("no recorded feeds here: not measured")
        return
    ours, theirs = side("feed_passes", FEEDS), side("feed_passes_reader", FEEDS)
    for name, mine in ours.items():
        faster = ", ".join(f"{theirs[name][clock] / mine[clock]:.1f} times by {clock}" for clock in ("wall", "cpu"))
        print(f"{name:20} {told(mine)}   reader {told(theirs[name])}   {faster}")
    for name, mine in side("feed_passes_hard", MANY, str(TURNS)).items():
        print(f"{name:20} {told(mine)}   {mine.get('note', '')}")


def told(measured: dict[str, Any]) -> str:
    """One pass in a line."""
    return (
        f"{measured['wall']:6.2f} s wall {measured['cpu']:6.2f} s CPU {measured['peak_mb']:4.0f} MB "
        f"{measured['items']:6} items {measured['failures']} failures"
    )


def side(program: str, count: int, *more: str) -> Measured:
    """Run one side in a fresh folder, against a fresh server; its passes by name, each told as it comes."""
    found: Measured = {}
    with server() as port, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", f"benchmarks.{program}", str(port), str(count), folder, *more]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                measured = json.loads(line)
                found[measured["pass"]] = measured
        if process.returncode:
            raise SystemExit(f"{program} failed")
    return found


@contextmanager
def server() -> Iterator[str]:
    """A server of the recorded documents; its port."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(REPLAY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
