"""Valid values for tests: Ada and Grace review, Linus reports. A test spells out only what it is about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cascade.board import Facts
from cascade.dates import DateRange
from cascade.ports import HOME, Place
from cascade.sighting import ATLAS, Choice, Evidence, Person, Sighting, Verdict, Vote, sighting_id
from cascade.subscription import Subscription, Weekday, subscription_id
from cascade.taxonomy import Capability, Cell, Modality, Stage, Taxonomy
from cascade.week import UTC_ZONE

ADA = Person("terminal", "ada", "Ada")
GRACE = Person("terminal", "grace", "Grace")
LINUS = Person("terminal", "linus", "Linus")

MONDAY = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)

TEXT, IMAGE, OPEN_IMAGE, VIDEO = "text/closed", "image/closed", "image/open", "video/closed-offline"
NEGATION, STYLE = "negation", "style-consistency"


def taxonomy() -> Taxonomy:
    """Four stages and two capabilities: enough for every rule."""
    return Taxonomy(
        stages=(
            Stage(id=TEXT, name="closed text models", modality="text", aliases=("closed llm",)),
            Stage(id=IMAGE, name="closed image models", modality="image", after=TEXT),
            Stage(id=OPEN_IMAGE, name="open image models", modality="image", after=IMAGE),
            Stage(id=VIDEO, name="closed offline video", modality="video", after=IMAGE, aliases=("offline video",)),
        ),
        capabilities=(
            Capability(id=NEGATION, name="negation", means="'Not X' is obeyed.", aliases=("without",)),
            Capability(id=STYLE, name="style consistency", means="One look is kept.", aliases=("style",)),
        ),
        modalities=(
            Modality(id="text"),
            Modality(id="image", aliases=("pictures",)),
            Modality(id="video", aliases=("clips",)),
        ),
    )


def sighting(
    stage: str = IMAGE,
    happened: str | None = "2026-05-14",
    *,
    capability: str = NEGATION,
    verdict: Verdict = Verdict.WORKS,
    story: str = "story-1",
    seen_at: datetime = MONDAY,
    model: str = "Brush 2",
    probability: float | None = 0.8,
    reported_by: Person | None = None,
    only_announced: bool = False,
    quote: str = "It finally leaves the elephant out.",
) -> Sighting:
    """A candidate that Brush 2 obeys negation in closed image models, seen on Monday."""
    cell = Cell(capability, stage)
    return Sighting(
        id=sighting_id(story, cell, verdict),
        cell=cell,
        model=model,
        org="Brushworks",
        verdict=verdict,
        happened=DateRange.parse(happened) if happened else None,
        evidence=(Evidence(url="https://brush.example/2", title="Brush 2", says="No elephant.", kind="maker"),),
        quote=quote,
        probability=probability,
        story=story,
        seen_at=seen_at,
        only_announced=only_announced,
        reported_by=reported_by,
    )


def atlas(
    stage: str,
    happened: str,
    *,
    capability: str = NEGATION,
    model: str = "Old One",
    verdict: Verdict = Verdict.WORKS,
) -> Sighting:
    """A row of the atlas, known since its own date."""
    return sighting(
        stage,
        happened,
        capability=capability,
        verdict=verdict,
        story="",
        seen_at=datetime.combine(DateRange.parse(happened).middle, datetime.min.time(), UTC),
        model=model,
        probability=None,
        reported_by=ATLAS,
    )


def weekly(place: Place, since: datetime, *, hour: int = 9, zone: ZoneInfo = UTC_ZONE) -> Subscription:
    """A digest every Monday."""
    return Subscription(
        id=subscription_id(HOME, place),
        team=HOME,
        place=place,
        weekday=Weekday.MONDAY,
        hour=hour,
        zone=zone,
        since=since,
    )


def vote(
    on: Sighting,
    person: Person = ADA,
    choice: Choice = Choice.CONFIRM,
    at: datetime = MONDAY,
    *,
    counts: bool = True,
    place: str = "",
) -> Vote:
    """Ada confirms on Monday."""
    return Vote(sighting=on.id, person=person, choice=choice, at=at, counts=counts, place=place)


def facts(*sightings: Sighting, votes: tuple[Vote, ...] = (), quorum: int = 1) -> Facts:
    """These sightings and votes; the atlas's rows bring their own vote."""
    own = tuple(vote(one, ATLAS, at=one.seen_at) for one in sightings if one.from_atlas)
    return Facts(sightings=sightings, votes=(*own, *votes), quorum=quorum)


def day(text: str) -> date:
    """A day from its ISO form."""
    return date.fromisoformat(text)
