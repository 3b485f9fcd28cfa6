"""What every Store does with how claims were found, second opinions and trained models."""

from dataclasses import replace

from cascade.learned import Opinion, Tag, Trained
from cascade.ports import HOME, Store
from tests.make import DAY, MONDAY, sighting

TAG = Tag(
    sighting=sighting().id,
    item="https://brush.example/2",
    rule="negation/negation-named",
    source="Brush news",
    model="1",
    probability=0.8,
    features={"prior": 0.5},
)
OPINION = Opinion(sighting=sighting().id, voter="little-llm", agrees=True, rules="1", at=MONDAY)
TRAINED = Trained(
    version="1+40", at=MONDAY, decisions=40, new_loss=0.4, old_loss=0.5, adopted=True, content={"version": "1+40"}
)


class LearningContract:
    """Every engine runs this."""

    def test_how_a_claim_was_found_stays(self, store: Store) -> None:
        """The first word on it is kept: later models do not rewrite history."""
        store.save_sighting(sighting())
        store.save_tags([TAG])
        store.save_tags([replace(TAG, probability=0.1)])
        assert store.tags() == (TAG,)

    def test_an_opinion_is_shown_with_the_facts(self, store: Store) -> None:
        """One voter has one opinion on a sighting, the newest; it is no vote."""
        store.save_sighting(sighting())
        store.save_opinion(OPINION)
        later = replace(OPINION, agrees=False, at=MONDAY + DAY)
        store.save_opinion(later)
        assert store.opinions() == (later,)
        assert store.facts(HOME).opinions == (later,)
        assert store.facts(HOME).votes == ()

    def test_trained_models_newest_first(self, store: Store) -> None:
        """Each version is kept once."""
        newer = replace(TRAINED, version="1+50", at=MONDAY + DAY, adopted=False)
        store.save_trained(TRAINED)
        store.save_trained(newer)
        store.save_trained(replace(TRAINED, adopted=False))
        assert store.trained() == (newer, TRAINED)
