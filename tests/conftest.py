"""What holds for every test, and one PostgreSQL for the whole run, started by the first test that asks."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres import Server, running

ROOM = 2 << 30  # bytes: more than a run leaves behind

# A noisy machine is no failure: how fast something is stands in benchmarks/, not in tests.
settings.register_profile("cascade", deadline=None, print_blob=True, max_examples=30)
settings.register_profile("thorough", settings.get_profile("cascade"), max_examples=300)
settings.load_profile("cascade")

# What is compiled is kept, whatever the shell says: each of a run's processes would compile every test anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line sets it: threads only get in each other's way

# Files of tests need not survive a power cut: in memory, nobody waits for a disk to be sure of them.
if (memory := Path("/dev/shm")).is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector need not look at it again and again, nor as often."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that is gone after the run."""
    with running() as server:
        yield server
