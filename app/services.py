"""What a process is made of: what every chat platform is handed, and the jobs."""

from collections.abc import Callable, Sequence
from random import SystemRandom

from app import clock
from app.build import House
from app.jobs import A_DAY, Jobs, budget
from app.pictures import Drawing
from app.platforms import Platform
from app.report import Reporting
from app.threads import StoreThread
from bot.services import Services
from sources.check import Fetch


def make_services(house: House, run: StoreThread, fetch: Fetch, tell: Callable[[str], None]) -> Services:
    """The services of one process; `tell` is the operator's ear."""
    return Services(
        taxonomy=house.taxonomy,
        run=run,
        clock=clock.now,
        draw=Drawing(house.taxonomy, run, clock.now, house.settings.pictures),
        report=Reporting(house=house, run=run, fetch=fetch, clock=clock.now),
        choose=budget(house.settings.cards_a_day, A_DAY, clock.now),
        tell_operator=tell,
        public_url=house.settings.public_url,
    )


def make_jobs(house: House, run: StoreThread, fetch: Fetch, services: Services, platforms: Sequence[Platform]) -> Jobs:
    """The jobs of one process, over its chats and desks."""
    return Jobs(
        house=house,
        run=run,
        fetch=fetch,
        clock=clock.now,
        rng=SystemRandom(),
        chats={one.chat.platform: services.linking(one.chat) for one in platforms},
        desks=[one.desk for one in platforms if one.desk],
        tell=services.tell_operator,
    )
