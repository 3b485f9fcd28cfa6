"""One reader for all tests of the room: it costs a tenth of a second to make."""

import pytest

from classifier.gazetteer import Gazetteer
from classifier.read import Reader
from storage.atlas import read_gazetteer, read_taxonomy


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The classifier as it ships."""
    return Reader(read_taxonomy(), Gazetteer(read_gazetteer()))
