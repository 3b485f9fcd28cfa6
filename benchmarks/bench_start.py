"""A cold `cascade ask` beside a bare Python and beside importing numpy; the nine-week replay where its data is.

Prints medians of paired runs, as ratios.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASCADE = (sys.executable, "-c", "from app.cli import main; main()")
BARE = (sys.executable, "-c", "pass")
NUMPY = (sys.executable, "-c", "import numpy")
REPLAY = Path(__file__).resolve().parents[2] / "shared" / "replay"
RUNS = 9


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        db = str(Path(folder) / "cascade.db")
        ask = (*CASCADE, "ask", "negation", "--db", db)
        seconds(ask)  # makes the database, and the byte code
        rows = [(seconds(BARE), seconds(NUMPY), seconds(ask)) for _ in range(RUNS)]
        bare, numpy, answer = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"ask negation  {answer:.2f} s   bare python {bare:.2f} s   import numpy {numpy:.2f} s")
        print(f"              {answer / bare:.1f} times bare python, {answer / numpy:.1f} times importing numpy")
        if REPLAY.is_dir():
            replayed = str(Path(folder) / "replay.db")
            took, peak = measured((*CASCADE, "replay", str(REPLAY), "--reviews", "all", "--db", replayed))
            print(f"replay, nine weeks, --reviews all  {took:.1f} s   peak {peak:.0f} MB")


def seconds(command: tuple[str, ...]) -> float:
    """How long a process takes from its start to its end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measured(command: tuple[str, ...]) -> tuple[float, float]:
    """Seconds, and the most resident memory of that process in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
