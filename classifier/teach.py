"""From labelled items to examples for the small model, and from examples to a model."""

from collections.abc import Mapping, Sequence
from typing import Any

from cascade.errors import BadInput
from cascade.sighting import Verdict
from classifier.labelled import Labelled
from classifier.learn import FOLDS, RELEVANCE_STRENGTH, Example, fit, fold_of, train
from classifier.model import Linear, Model
from classifier.read import Reader

TOO_FEW = (
    "{items} labelled items are too few to learn from: some of each kind are needed, relevant ones with claims too"
)


def teach(reader: Reader, labelled: Sequence[Labelled], *, version: str, report: Mapping[str, Any]) -> Model:
    """A model of these items. Deterministic. Raises BadInput when they are too few to learn from."""
    try:
        relevance = relevance_examples(reader, labelled)
        return train(relevance, claim_examples(reader, labelled, relevance), version=version, report=report)
    except ValueError as error:  # scikit-learn's word for no example, or for examples of one kind only
        raise BadInput(TOO_FEW.format(items=len(labelled))) from error


def relevance_examples(reader: Reader, labelled: Sequence[Labelled]) -> list[Example]:
    """One example for each item."""
    return [
        Example(reader.relevance_features(reader.see(one.item)), one.relevant, group=one.item.identity)
        for one in labelled
    ]


def claim_examples(reader: Reader, labelled: Sequence[Labelled], relevance: Sequence[Example]) -> list[Example]:
    """One example for each cell that a rule speaks for: right when the reader labelled it so.

    The relevance that a claim's features hold is that of a model which did not see the item.
    """
    linears = {fold: _without(relevance, fold) for fold in range(FOLDS)}
    examples: list[Example] = []
    for one, whole in zip(labelled, relevance, strict=True):
        chance = linears[fold_of(whole.group)].probability(whole.features)
        found = reader.candidates(reader.see(one.item), chance)
        examples += [
            Example(each.features, each.cell in one.cells, group=whole.group)
            for each in found
            if each.verdict is Verdict.WORKS
        ]
    return examples


def _without(relevance: Sequence[Example], fold: int) -> Linear:
    return fit([one for one in relevance if fold_of(one.group) != fold], strength=RELEVANCE_STRENGTH)
