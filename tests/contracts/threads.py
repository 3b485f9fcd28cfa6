"""What every Store does when several threads hold it, as two chat platforms in one process may."""

from concurrent.futures import ThreadPoolExecutor

from cascade.ports import Store
from cascade.sighting import Sighting
from tests.make import sighting

THREADS = 4


class ThreadsContract:
    """Every engine runs this."""

    def test_writers_and_readers_at_once(self, store: Store) -> None:
        """Each thread finds what it has just written, and nothing of the others is lost."""
        every = [sighting(story=f"story-{number}") for number in range(80)]

        def write_and_read(part: list[Sighting]) -> None:
            for one in part:
                store.save_sighting(one)
                assert one in store.sightings()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(write_and_read, [every[start::THREADS] for start in range(THREADS)]))
        assert set(store.sightings()) == set(every)
