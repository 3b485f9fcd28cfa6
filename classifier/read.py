"""Reads an item: whether it is news about what a generative model can do, and what it claims.

Pure and bounded: the same item gives the same reading, and a hostile one costs no more than a long one.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from cascade.dates import DateRange
from cascade.item import Item, Tier
from cascade.sighting import Verdict
from cascade.taxonomy import Cell, Taxonomy
from classifier.features import Candidate, Seen, claim_features, relevance_features
from classifier.gazetteer import Gazetteer
from classifier.model import Model
from classifier.patterns import Phrase
from classifier.provenance import Provenance, happened
from classifier.rules import Hit, shipped_rules
from classifier.stage import Place, Stages
from classifier.text import Text

THRESHOLD = 0.5  # the probability at which a claim is posted and printed
RELEVANT_AT = 0.45  # F1 is best at half of the F1 that is reached, when probabilities are honest
HEAD = 400  # characters after the title that tell what an item is about; what commenters say comes later
# The model is trained on "works". Of the failures that a season of feeds brought, 5 of 12 were meant as such.
FAILING = 0.55
MAX_CLAIMS = 12  # of one item; a list of everything claims nothing


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the words say of one capability in one stage."""

    cell: Cell
    verdict: Verdict
    probability: float  # that a careful reader finds this claim in these words
    quote: str  # the item's own words
    rule: str  # the rule that spoke loudest
    model: str = ""  # as written; "" when no known model is named
    org: str = ""
    features: Mapping[str, float] = field(default_factory=dict)  # what the learned model saw of it


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything that one item says."""

    relevant: bool
    relevance: float  # probability
    model: str  # as written; "" when no known model is named
    org: str
    tier: Tier
    only_announced: bool  # nobody can use it yet
    happened: DateRange | None  # None when neither words nor feed give a date
    language_supported: bool  # False: only relevance was judged
    version: str = ""  # of the learned model
    claims: tuple[Claim, ...]  # every candidate, strongest first; those at or above THRESHOLD are worth a card


class Reader:
    """The embedded classifier: no key, no network."""

    def __init__(self, taxonomy: Taxonomy, gazetteer: Gazetteer, model: Model | None = None) -> None:
        """`model` is the one that ships when left out."""
        self.model = model or shipped_model()
        self._cells = taxonomy
        self._rules = shipped_rules()
        self._stages = Stages(taxonomy, gazetteer, _table("stages"))
        self._provenance = Provenance(_table("tiers"), _table("announced"))
        self._hints = {row["id"]: Phrase(row["says"][0]) for row in _table("relevance")["hint"]}

    def read(self, item: Item) -> Reading:
        """What the item says."""
        seen = self.see(item)
        relevance = self.model.relevance.probability(self.relevance_features(seen))
        claims = self._claims(seen, relevance)
        subject = seen.clues.subject
        return Reading(
            relevant=relevance >= RELEVANT_AT or any(claim.probability >= THRESHOLD for claim in claims),
            relevance=relevance,
            model=subject.name if subject else "",
            org=subject.family.org if subject else "",
            tier=self._provenance.tier(item),
            only_announced=self._provenance.only_announced(seen.text),
            happened=happened(item, seen.text),
            language_supported=seen.text.is_english,
            version=self.model.version,
            claims=claims,
        )

    def see(self, item: Item) -> Seen:
        """The item's words, what they say about models and stages, and where rules fire; these read English only."""
        text = Text.of(item.title, item.summary)
        published = item.published.date().isoformat() if item.published else ""
        clues = self._stages.clues(text, item.url, published)
        return Seen(item, text, clues, tuple(self._rules.hits(text)) if text.is_english else ())

    def relevance_features(self, seen: Seen) -> dict[str, float]:
        """What the learned model sees of the whole item."""
        head = seen.text.folded[: seen.text.title_end + HEAD]
        return relevance_features(seen, [name for name, phrase in self._hints.items() if phrase.stands_in(head)])

    def candidates(self, seen: Seen, relevance: float) -> list[Candidate]:
        """Every (capability, stage) that a rule speaks for, with what the learned model sees of it."""
        by_cell: dict[Cell, list[tuple[Hit, Place]]] = {}
        for hit in seen.hits:
            if hit.is_dropped:
                continue
            place = self._stages.place(seen.clues, hit.start, hit.end, hit.rule)
            by_cell.setdefault(Cell(hit.rule.capability, place.stage), []).append((hit, place))
        merged = _merged(by_cell)
        return [
            Candidate(cell, tuple(found), claim_features(seen, cell, found, relevance, merged))
            for cell, found in merged.items()
            if cell in self._cells
        ]

    def _claims(self, seen: Seen, relevance: float) -> tuple[Claim, ...]:
        claims = [self._claim(seen.text, one) for one in self.candidates(seen, relevance)]
        return tuple(sorted(claims, key=lambda claim: -claim.probability)[:MAX_CLAIMS])

    def _claim(self, text: Text, candidate: Candidate) -> Claim:
        hit = candidate.loudest
        model = next(place.model for one, place in candidate.found if one is hit)
        chance = self.model.claim.probability(candidate.features)
        return Claim(
            cell=candidate.cell,
            verdict=candidate.verdict,
            probability=chance if candidate.verdict is Verdict.WORKS else FAILING * chance,
            quote=text.quote(hit.start, hit.end),
            rule=hit.rule.id,
            model=model.name if model else "",
            org=model.family.org if model else "",
            features=candidate.features,
        )


def _merged(by_cell: Mapping[Cell, Sequence[tuple[Hit, Place]]]) -> dict[Cell, list[tuple[Hit, Place]]]:
    """A capability that a text speaks of in one modality is claimed once: where it was placed most surely."""
    kept: dict[Cell, list[tuple[Hit, Place]]] = {}
    best: dict[tuple[str, str], Cell] = {}
    for cell, found in sorted(by_cell.items(), key=lambda entry: -max(place.sure for _, place in entry[1])):
        home = best.setdefault((cell.capability, cell.stage.partition("/")[0]), cell)
        kept.setdefault(home, []).extend(found)
    return kept


def shipped_model() -> Model:
    """The model that comes with the program."""
    import json

    return Model.parse(json.loads(resources.files("classifier").joinpath("data", "model.json").read_text("utf-8")))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("classifier").joinpath("data", f"{name}.toml").read_text("utf-8"))


def at_threshold(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims worth a card."""
    return tuple(claim for claim in claims if claim.probability >= THRESHOLD)
