"""Steps beside each other, of which one that breaks leaves the others alone."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from cascade.errors import StoreError

Guard = Callable[[], AbstractContextManager[None]]


@contextmanager
def apart() -> Iterator[Guard]:
    """Hands out what each step is done in. What broke first, whatever it is, is raised after all of them."""
    broken = list[Exception]()

    @contextmanager
    def step() -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise  # the others would wait for the same database
        except Exception as error:
            broken.append(error)

    yield step
    if broken:
        raise broken[0]
