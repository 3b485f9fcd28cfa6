"""How the program grows on PostgreSQL: a due feed from its call to done, and what more workers bring.

Prints three tables: claim-to-done of one due feed beside few and many feeds and items (paired runs), the
clock's look at what is due, and feeds polled a second by 1, 2 and 4 workers. A line is fitted to the clock's
looks and predicts one size that was held back.
"""

import argparse
import statistics
import time

from app.work.calls import due_calls
from benchmarks.scale_claim import claim_to_done
from benchmarks.scale_data import NOW, filled
from benchmarks.scale_workers import throughput
from storage.postgres import Postgres
from storage.store import Store
from tests.postgres import Server, running

RUNS = 15  # of each look


def looks(server: Server, sizes: list[int]) -> None:
    """The clock's look at so many feeds, fitted on all sizes but the last but one, which is predicted."""
    took = {}
    for size in sizes:
        store = Store(Postgres(filled(server, size, 0)))
        samples = sorted(_timed(store) for _ in range(RUNS))
        took[size] = statistics.median(samples)
        spread = f"from {samples[0]:.1f} to {samples[-1]:.1f}"
        print(f"clock's look at {size:6} feeds: median {statistics.median(samples):7.1f} ms of CPU, {spread}")
        store.close()
    held = sizes[-2]
    known = [(size, took[size]) for size in sizes if size != held]
    slope, offset = statistics.linear_regression([x for x, _ in known], [y for _, y in known])
    said = slope * held + offset
    print(
        f"model: {offset:.1f} ms + {slope * 1000:.2f} ms for each 1,000 feeds; held back {held}: predicted {said:.1f}, "
        f"measured {took[held]:.1f} ({said / took[held] - 1:+.0%})"
    )


def _timed(store: Store) -> float:
    began = time.process_time()  # nearly all of it is our own work: what else the machine does is left out
    due_calls(store, [], NOW)
    return (time.process_time() - began) * 1000


def main() -> None:
    """Everything, in the sizes of docs/scaling.md unless told otherwise."""
    options = argparse.ArgumentParser()
    options.add_argument("--feeds", type=int, default=20_000)
    options.add_argument("--items", type=int, default=1_000_000)
    options.add_argument("--pairs", type=int, default=300)
    options.add_argument("--polled", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--parts", nargs="+", default=["claim", "clock", "workers"])
    told = options.parse_args()
    with running() as server:
        if "claim" in told.parts:
            claim_to_done(filled(server, 200, 10_000), filled(server, told.feeds, told.items), told.pairs)
        if "clock" in told.parts:
            looks(server, [200, 2_000, 5_000, 10_000, told.feeds])
        if "workers" in told.parts:
            throughput(server, told.polled, told.rounds)


if __name__ == "__main__":
    main()
