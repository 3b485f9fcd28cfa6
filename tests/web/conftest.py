"""One page for all tests that only read."""

import os
from collections.abc import Iterator

import pytest

from tests.web.served import Served, serve

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line sets it: threads only get in each other's way


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page of a team after some months, with hostile words from outside in it."""
    with serve(tmp_path_factory.mktemp("site")) as served:
        yield served
