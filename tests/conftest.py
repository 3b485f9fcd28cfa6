"""What holds for every test, and one PostgreSQL for the whole run, started by the first test that asks."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgres import Server, running

# A noisy machine is no failure: how fast something is stands in benchmarks/, not in tests.
settings.register_profile("cascade", deadline=None, print_blob=True)
settings.load_profile("cascade")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that is gone after the run."""
    with running() as server:
        yield server
