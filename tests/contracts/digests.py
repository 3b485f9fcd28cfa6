"""What every Store does with subscriptions, watches and digests."""

from dataclasses import replace
from datetime import timedelta

from cascade.dates import DateRange
from cascade.delivery import Part, Progress, Slot, Statement
from cascade.message import Bullets, Chart, Link, Message, Note, Offer, Picture, PlaceName, Strong, Table
from cascade.ports import HOME, Place, Store
from cascade.subscription import Filter, Watch, subscription_id
from cascade.taxonomy import Cell
from cascade.week import Period
from tests.make import ADA, DAY, GRACE, IMAGE, MONDAY, NEGATION, STYLE, weekly

GENERAL, OTHER = Place("fake", "general"), Place("fake", "other")
SUBSCRIPTION = replace(weekly(GENERAL, MONDAY), only=Filter(stages=frozenset({IMAGE})))
SLOT = Slot(
    owner=SUBSCRIPTION.id,
    name="2026-W21",
    place=GENERAL,
    period=Period(MONDAY - 7 * DAY, MONDAY),
    covers=("2026-W21",),
)
LEAD = Message(
    headline="Negation reaches closed image models",
    parts=(
        Bullets(((Strong("negation"), " since May ", Link("brush.example", "https://brush.example/2")),)),
        Table(("a", "b"), (("1", "2"),)),
        Picture(Chart.CAPABILITY, (NEGATION,), "what it shows"),
        Note(("small print of ", PlaceName("slack:C1"))),
    ),
    offers=(Offer("why", "ask:why"),),
    facts={"weeks": ["2026-W21"]},
)
REST = Message(headline="All of it")
HERE = Cell(NEGATION, IMAGE)
SAID = Statement(works=True, model="Brush 2", when=DateRange.parse("2026-05-14"))


def next_slot(slot: Slot = SLOT, *covers: str) -> Slot:
    """The slot a week later."""
    period = Period(slot.period.end, slot.period.end + 7 * DAY)
    return replace(slot, name="2026-W22", period=period, covers=(*covers, "2026-W22"))


class DigestContract:
    """Every engine runs this."""

    def test_a_subscription_comes_back_whole(self, store: Store) -> None:
        """What is kept is what was saved; saving again replaces it, ending it forgets it once."""
        store.save_subscription(SUBSCRIPTION)
        changed = replace(SUBSCRIPTION, hour=17, tells_quiet=False)
        store.save_subscription(changed)
        assert store.subscriptions() == (changed,)
        assert store.end_subscription(SUBSCRIPTION.id)
        assert not store.end_subscription(SUBSCRIPTION.id)
        assert store.subscriptions() == ()

    def test_watches_of_two_people(self, store: Store) -> None:
        """Each person's are their own; the same one twice is one."""
        ada = Watch(team=HOME, person=ADA, about=Filter(capabilities=frozenset({NEGATION})), since=MONDAY)
        grace = replace(ada, person=GRACE, about=Filter(stages=frozenset({IMAGE}), capabilities=frozenset({STYLE})))
        for watch in (ada, grace, ada):
            store.save_watch(watch)
        assert set(store.watches()) == {ada, grace}
        store.watches_seen([ada], MONDAY + DAY)
        assert {watch.person.id: watch.since for watch in store.watches()} == {"ada": MONDAY + DAY, "grace": MONDAY}
        assert store.end_watch(grace)
        assert not store.end_watch(grace)
        assert [watch.person for watch in store.watches()] == [ADA]

    def test_claimed_once(self, store: Store) -> None:
        """The second claim of the same week is refused and writes nothing."""
        assert store.claim(SLOT, [LEAD, REST], {HERE: SAID}, {}, MONDAY)
        assert not store.claim(SLOT, [REST], {}, {}, MONDAY)
        assert [part.message for part in store.parts(SLOT.owner, SLOT.name)] == [LEAD, REST]
        assert store.last_slots() == {SLOT.owner: SLOT}

    def test_a_week_is_told_by_one_digest(self, store: Store) -> None:
        """A digest that would cover a week which another one has told is refused whole."""
        store.claim(SLOT, [LEAD], {}, {}, MONDAY)
        assert not store.claim(next_slot(SLOT, "2026-W21"), [LEAD], {}, {}, MONDAY)
        assert store.slots(SLOT.owner) == (SLOT,)

    def test_sent_parts_that_lead_to_a_link(self, store: Store) -> None:
        """The exact address; those here first, so many at the most, and none of a place that is subscribed no more."""
        link, since = "https://brush.example/a_b?c=%20", SLOT.period.start
        lead = replace(LEAD, parts=(Note((Link("brush", link),)),))
        for place in (GENERAL, OTHER):
            owner = subscription_id(HOME, place)
            store.save_subscription(replace(SUBSCRIPTION, id=owner, place=place))
            store.claim(replace(SLOT, owner=owner, place=place), [lead], {}, {}, MONDAY)
            assert place not in [part.slot.place for part in store.parts_with(link, HOME, since, place, 5)]
            (part,) = store.parts(owner, SLOT.name)
            store.save_progress(part, replace(part, progress=Progress.SENT, ref="1"))
            assert store.parts_with(link, HOME, since, place, 5)[0].slot.place == place
        assert len(store.parts_with(link, HOME, since, None, 5)) == 2
        assert len(store.parts_with(link, HOME, since, None, 1)) == 1
        for other in ("https://brush.example/aXb?c=%20", "https://brush.example/a_b", link + "0"):
            assert store.parts_with(other, HOME, since, None, 5) == ()
        assert store.parts_with(link, "elsewhere", since, None, 5) == ()
        assert store.parts_with(link, HOME, SLOT.period.end + DAY, None, 5) == ()
        store.end_subscription(SUBSCRIPTION.id)
        assert [part.slot.place for part in store.parts_with(link, HOME, since, GENERAL, 5)] == [OTHER]

    def test_frozen_words_come_back_as_they_were(self, store: Store) -> None:
        """Every kind of part survives."""
        store.claim(SLOT, [LEAD], {}, {}, MONDAY)
        assert store.open_parts() == (Part(slot=SLOT, number=0, message=LEAD),)

    def test_progress_is_taken_by_one(self, store: Store) -> None:
        """Of two that want to send the same part, the second finds it taken."""
        store.claim(SLOT, [LEAD], {}, {}, MONDAY)
        (part,) = store.open_parts()
        trying = replace(part, progress=Progress.TRYING, tried_at=MONDAY, tries=1)
        assert store.save_progress(part, trying)
        assert not store.save_progress(part, trying)
        sent = replace(trying, progress=Progress.SENT, ref="general/7")
        assert store.save_progress(trying, sent)
        assert store.open_parts() == ()
        assert store.parts(SLOT.owner, SLOT.name) == (sent,)

    def test_what_was_not_sent_can_be_told_later(self, store: Store) -> None:
        """A withdrawn slot's week is free again, and its claim is no longer the newest."""
        store.claim(SLOT, [LEAD, REST], {HERE: SAID}, {}, MONDAY)
        assert store.withdraw(SLOT)
        assert (store.open_parts(), store.told(SLOT.owner), store.last_slots()) == ((), {}, {})
        assert store.claim(next_slot(SLOT, "2026-W21"), [LEAD], {}, {}, MONDAY + 7 * DAY)

    def test_what_may_have_been_sent_is_not_withdrawn(self, store: Store) -> None:
        """An unclear part keeps its week."""
        store.claim(SLOT, [LEAD], {}, {}, MONDAY)
        (part,) = store.open_parts()
        store.save_progress(part, replace(part, progress=Progress.TRYING, tries=1))
        assert not store.withdraw(SLOT)
        assert store.last_slots() == {SLOT.owner: SLOT}

    def test_the_last_word_on_a_cell(self, store: Store) -> None:
        """What was told last counts, with the slot that told it."""
        store.claim(SLOT, [LEAD], {HERE: SAID}, {}, MONDAY)
        assert store.told(SLOT.owner) == {HERE: (SLOT.name, SAID)}
        taken_back = Statement(works=False)
        store.claim(next_slot(), [LEAD], {HERE: taken_back}, {}, MONDAY + 7 * DAY)
        assert store.told(SLOT.owner) == {HERE: ("2026-W22", taken_back)}

    def test_marks_wait_for_the_message(self, store: Store) -> None:
        """A correction is due once the message it belongs to was sent, and until it stands there."""
        store.claim(SLOT, [LEAD], {HERE: SAID}, {}, MONDAY)
        store.claim(next_slot(), [REST], {}, {SLOT.name: ["not so"]}, MONDAY + 7 * DAY)
        assert store.open_marks() == ()
        part = store.parts(SLOT.owner, SLOT.name)[0]
        store.save_progress(part, replace(part, progress=Progress.SENT, ref="general/7"))
        (mark,) = store.open_marks()
        assert (mark.slot, mark.ref, mark.message, mark.notes) == (SLOT, "general/7", LEAD, ("not so",))
        store.mark_done(mark)
        assert store.open_marks() == ()

    def test_a_copy_is_no_second_digest(self, store: Store) -> None:
        """Sent again on purpose, it takes no week and is not the newest slot."""
        store.claim(SLOT, [LEAD], {}, {}, MONDAY)
        assert store.claim(replace(SLOT, copy=1), [LEAD], {}, {}, MONDAY + timedelta(hours=1))
        assert [part.marker[-4:] for part in store.open_parts()] == [".0.0", ".1.0"]
        assert store.last_slots() == {SLOT.owner: SLOT}

    def test_trouble_is_kept_with_the_subscription(self, store: Store) -> None:
        """A person finds out why nothing came; the subscription stays."""
        store.save_subscription(SUBSCRIPTION)
        store.note_trouble(SUBSCRIPTION.id, "the channel is gone")
        assert store.subscriptions()[0].trouble == "the channel is gone"
