"""What every Store does when several threads hold it, as two chat platforms in one process may."""

from concurrent.futures import ThreadPoolExecutor

from cascade.ports import HOME, Store
from cascade.sighting import Sighting
from tests.make import DAY, MONDAY, sighting, vote

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

    def test_what_is_done_alone(self, store: Store) -> None:
        """Of many that add what is missing one adds it: the others look when it stands there."""
        store.save_sighting(one := sighting())

        def add_missing(number: int) -> None:
            with store.alone("votes"):
                if not store.facts(HOME).votes:
                    store.add_votes(HOME, [vote(one, at=MONDAY + number * DAY)])

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(add_missing, range(20)))
        assert len(store.facts(HOME).votes) == 1
