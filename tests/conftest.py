"""What tests of several rooms share: one PostgreSQL for the whole run, started by the first test that asks."""

from collections.abc import Iterator

import pytest

from tests.postgres import Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that is gone after the run."""
    with running() as server:
        yield server
