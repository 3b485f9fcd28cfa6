"""lemon24/reader's side of the feed benchmark, run by an interpreter that has it: PORT FEEDS FOLDER."""

import json
import resource
import sys
import time
import urllib.request

from reader import make_reader

WORKERS = 8


def passes(port: int, count: int, folder: str) -> None:
    """First, unchanged, and one new entry in each; one line of JSON for each pass."""
    reader = make_reader(f"{folder}/reader.db")
    for number in range(count):
        reader.add_feed(f"http://127.0.0.1:{port}/{number}")
    for name in ("first poll", "all unchanged", "one new entry each"):
        if name == "one new entry each":
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/more", method="POST")).read()
        wall, cpu = time.perf_counter(), time.process_time()
        news = failures = 0
        for result in reader.update_feeds_iter(workers=WORKERS, scheduled=False):
            failures += result.error is not None
            news += result.updated_feed.new if result.updated_feed else 0
        found = {
            "pass": name,
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "items": news,
            "failures": failures,
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    passes(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
