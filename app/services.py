"""What every chat platform is handed: the rest of the house, each part by its own function."""

from collections.abc import Callable

from app import clock
from app.build import House
from app.jobs import A_DAY, budget
from app.pictures import Drawing
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
