"""What every Store does with sightings, votes, corrections and cards."""

from dataclasses import replace

from cascade.dates import DateRange
from cascade.ports import HOME, Place, Store
from cascade.sighting import ATLAS, Choice, Correction, Evidence, Status
from cascade.taxonomy import Cell
from tests.make import ADA, DAY, GRACE, IMAGE, LINUS, MONDAY, STYLE, TEXT, atlas, sighting, vote

CHANNEL = Place("terminal", "here")


class ReviewContract:
    """Every engine runs this."""

    def test_a_sighting_comes_back_whole(self, store: Store) -> None:
        """What is kept is what was saved."""
        whole = sighting(reported_by=LINUS, only_announced=True)
        assert store.save_sighting(whole)
        assert store.sightings() == (whole,)

    def test_an_undated_sighting(self, store: Store) -> None:
        """No date stays no date."""
        store.save_sighting(sighting(happened=None, probability=None))
        assert store.sightings()[0].happened is None
        assert store.sightings()[0].probability is None

    def test_saved_twice_it_only_gains_evidence(self, store: Store) -> None:
        """The same id again adds its sources and changes nothing else."""
        store.save_sighting(sighting())
        more = Evidence(url="https://tester.example/1", title="A test", says="Empty room, as asked.", kind="tester")
        again = sighting(model="Other")
        assert not store.save_sighting(replace(again, evidence=(*again.evidence, more)))
        kept = store.sightings()[0]
        assert (kept.model, len(kept.evidence)) == ("Brush 2", 2)

    def test_new_words_of_a_source_replace_its_old_ones(self, store: Store) -> None:
        """Its evidence, and the quote that comes from it; cell, model and date stay as people know them."""
        more = Evidence(url="https://tester.example/1", title="A test", says="Empty room, as asked.", kind="tester")
        first = sighting()
        store.save_sighting(replace(first, evidence=(*first.evidence, more)))
        edited = Evidence(url="https://brush.example/2", title="Brush 2.1", says="Still no elephant.", kind="maker")
        store.reword_sighting(replace(sighting(model="Other", quote="No elephants at all."), evidence=(edited,)))
        store.reword_sighting(replace(sighting(story="unknown"), evidence=(edited,)))
        [kept] = store.sightings()
        assert kept.evidence == (edited, more)
        assert (kept.model, kept.quote) == ("Brush 2", "No elephants at all.")
        store.reword_sighting(replace(sighting(quote="Other"), evidence=(replace(more, says="Full room."),)))
        [kept] = store.sightings()
        assert (kept.quote, kept.evidence[1].says) == ("No elephants at all.", "Full room.")

    def test_votes_are_only_added(self, store: Store) -> None:
        """Each word stays, in its order; the same one is not doubled."""
        store.save_sighting(sighting())
        first, second = vote(sighting()), vote(sighting(), choice=Choice.NONE, at=MONDAY + DAY)
        store.add_votes(HOME, [first, second])
        store.add_votes(HOME, [first])
        assert store.facts(HOME).votes == (first, second)

    def test_teams_do_not_see_each_other(self, store: Store) -> None:
        """Votes and corrections belong to a team, sightings to all."""
        store.save_sighting(sighting())
        store.add_votes("other", [vote(sighting())])
        assert store.facts(HOME).votes == ()
        assert store.facts(HOME).sightings == (sighting(),)

    def test_a_correction_comes_back(self, store: Store) -> None:
        """A *Fix* keeps what it changed and leaves None for the rest."""
        store.save_sighting(sighting())
        fix = Correction(
            sighting=sighting().id,
            by=GRACE,
            at=MONDAY,
            cell=Cell(STYLE, IMAGE),
            happened=DateRange.parse("2026-Q2"),
        )
        store.add_correction(HOME, fix)
        assert store.facts(HOME).corrections == (fix,)

    def test_a_card_is_claimed_once(self, store: Store) -> None:
        """The second claim of the same card is refused; its reference is found again."""
        store.save_sighting(sighting())
        assert store.claim_card(HOME, sighting().id, CHANNEL, MONDAY)
        assert not store.claim_card(HOME, sighting().id, CHANNEL, MONDAY)
        assert store.cards(HOME)[0].ref is None
        store.card_sent(sighting().id, CHANNEL, "17.4")
        [card] = store.cards(HOME)
        assert (card.sighting, card.place, card.ref) == (sighting().id, CHANNEL, "17.4")

    def test_a_claim_given_back(self, store: Store) -> None:
        """A claim can be given back until the card was sent."""
        store.save_sighting(sighting())
        store.claim_card(HOME, sighting().id, CHANNEL, MONDAY)
        store.drop_claim(sighting().id, CHANNEL)
        assert store.claim_card(HOME, sighting().id, CHANNEL, MONDAY)
        store.card_sent(sighting().id, CHANNEL, "17.4")
        store.drop_claim(sighting().id, CHANNEL)
        assert len(store.cards(HOME)) == 1

    def test_a_status_is_told_once(self, store: Store) -> None:
        """What a thread was told is not told again."""
        store.save_sighting(sighting())
        assert store.claim_telling(sighting().id, CHANNEL, Status.CONFIRMED)
        assert not store.claim_telling(sighting().id, CHANNEL, Status.CONFIRMED)
        assert store.claim_telling(sighting().id, CHANNEL, Status.REJECTED)

    def test_the_atlas_follows_its_files(self, store: Store) -> None:
        """Edited rows change, removed ones go unless people voted on them; the atlas votes for each."""
        text, image = atlas(TEXT, "2023-03-14"), atlas(IMAGE, "2024-03")
        store.save_atlas([text, image])
        assert [cast.person for cast in store.facts(HOME).votes] == [ATLAS, ATLAS]
        store.add_votes(HOME, [vote(image, ADA)])
        store.save_atlas([atlas(TEXT, "2023-03-15")])
        assert {str(one.happened) for one in store.sightings()} == {"2023-03-15", "2024-03"}
        store.save_atlas([])
        assert [one.id for one in store.sightings()] == [image.id]

    def test_notes(self, store: Store) -> None:
        """A note is kept, and replaced."""
        assert store.note("atlas") is None
        store.set_note("atlas", "one")
        store.set_note("atlas", "two")
        assert store.note("atlas") == "two"
