"""What the learned model sees of an item and of a claim: few, named, readable numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cascade.item import Item
from cascade.sighting import Verdict
from cascade.taxonomy import Cell
from classifier.clues import Clues
from classifier.model import log_odds, logistic
from classifier.patterns import Guard
from classifier.rules import Hit
from classifier.stage import Place
from classifier.text import Text

# Several headlines in one title: each is only a few words about something else.
_HEADLINES = re.compile(r"(?:[A-Z0-9][^,]{12,}, ){2}[A-Z0-9]")
_VERSION = re.compile(r"\d")
_WORDS_READ = 160  # of an item, for the word features


@dataclass(frozen=True)
class Seen:
    """An item as rules and gazetteer see it, before anything is weighed."""

    item: Item
    text: Text
    clues: Clues
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Candidate:
    """One cell that rules speak for."""

    cell: Cell
    found: tuple[tuple[Hit, Place], ...]
    features: dict[str, float]

    @property
    def loudest(self) -> Hit:
        """The hit to quote: unspoilt first, then the surest rule, then the earliest."""
        return min((hit for hit, _ in self.found), key=_loudness)

    @property
    def verdict(self) -> Verdict:
        """Still fails when no unspoilt hit says that it works."""
        return Verdict.STILL_FAILS if all(hit.fails for hit, _ in self.found) else Verdict.WORKS


def _loudness(hit: Hit) -> tuple[bool, float, int]:
    return (hit.fails, -hit.rule.confidence, hit.start)


def relevance_features(seen: Seen, hints: Iterable[str]) -> dict[str, float]:
    """Of a whole item: hints, models named, rules that fire, the feed, and its words."""
    text, clues = seen.text, seen.clues
    features = {f"hint:{hint}": 1.0 for hint in hints} | _model_features(text, clues) | _rule_features(seen.hits)
    features[f"feed:{_feed_kind(seen.item)}"] = 1.0
    features["length"] = min(1.0, len(text.original) / 800)
    for modality in ("image", "video", "3d", "code", "text"):
        features[f"about:{modality}"] = min(1.0, clues.tally.get(modality, 0.0) / 6.0)
    for word in _plain_words(text, clues):
        features[f"word:{word}"] = 0.25
    return features


def _model_features(text: Text, clues: Clues) -> dict[str, float]:
    """Which kinds of model are named, and where."""
    subject, tracked = clues.subject, [mention for mention in clues.mentions if mention.stages]
    return {
        "model:named": float(subject is not None),
        "model:in-title": float(subject is not None and subject.start < text.title_end),
        "model:visual": float(subject is not None and any(_is_visual(stage) for stage in subject.stages)),
        "model:outside": float(any(not mention.stages for mention in clues.mentions)),
        "model:mentioned": float(bool(tracked)),
        "model:versioned": float(any(_VERSION.search(mention.name) for mention in tracked)),
        "model:several": min(3, max(0, len({mention.family.name for mention in tracked}) - 1)) / 3.0,
        f"subject:{subject.family.kind if subject else 'none'}": 1.0,
    }


def _rule_features(hits: Sequence[Hit]) -> dict[str, float]:
    """Whether the words claim anything: who claims a capability writes about what a model can do."""
    clean = [hit.rule for hit in hits if not hit.guards]
    return {
        "rules:clean": float(bool(clean)),
        "rules:sure": max((rule.confidence for rule in clean), default=0.0),
        "rules:many": min(3, len({rule.id for rule in clean})) / 3.0,
    }


def _plain_words(text: Text, clues: Clues) -> set[str]:
    """The words that name no model: whose model it is says nothing about whether the item matters."""
    named = [(mention.start, mention.end) for mention in clues.mentions]
    read = text.tokens[:_WORDS_READ]
    return {one.word for one in read if not any(start <= one.start < end for start, end in named)}


def claim_features(
    seen: Seen,
    cell: Cell,
    found: Sequence[tuple[Hit, Place]],
    relevance: float,
    merged: Mapping[Cell, Sequence[tuple[Hit, Place]]],
) -> dict[str, float]:
    """Of one candidate claim: its rules and their contexts, where it stands, how sure its stage is."""
    text, clues = seen.text, seen.clues
    clean = [hit for hit, _ in found if not hit.guards] or [hit for hit, _ in found if not hit.fails]
    hits = clean or [hit for hit, _ in found]
    features = {f"rule:{hit.rule.id}": 1.0 for hit in hits}
    features["prior"] = log_odds(_together(hits))
    features["relevance"] = log_odds(relevance)
    features[f"capability:{cell.capability}"] = 1.0
    features[f"modality:{cell.stage.partition('/')[0]}"] = 1.0
    features["in-title"] = float(any(hit.start < text.title_end for hit in hits))
    features["in-headlines"] = float(bool(_HEADLINES.search(text.original[: text.title_end])) and features["in-title"])
    features["rules"] = float(len({hit.rule.id for hit in hits}) > 1)
    features["hits"] = min(3, len({hit.start for hit in hits})) / 3.0
    features["model:named"] = float(clues.subject is not None)
    features["sure"] = _sure(found)
    features[f"openness:{found[0][1].openness}"] = 1.0
    features[f"feed:{_feed_kind(seen.item)}"] = 1.0
    features["late"] = min(1.0, min(hit.start for hit in hits) / 900.0)
    features["length"] = min(1.0, len(text.original) / 1200)
    features["others"] = min(4, len(merged) - 1) / 4.0
    features["rival"] = float(any(_sure(other) > _sure(found) for key, other in merged.items() if _is_rival(key, cell)))
    features.update((f"guard:{guard.id}", 1.0) for guard in _shared_guards(hits))
    return features


def _sure(found: Sequence[tuple[Hit, Place]]) -> float:
    return max(place.sure for _, place in found)


def _is_rival(other: Cell, cell: Cell) -> bool:
    return other != cell and other.capability == cell.capability


def _together(hits: Sequence[Hit]) -> float:
    """The chance that one of several rules is right, each rule counted once and half independent."""
    by_rule = sorted({hit.rule.id: hit.rule.confidence for hit in hits}.values(), reverse=True)
    odds = log_odds(by_rule[0]) + sum(0.5 * max(0.0, log_odds(one)) for one in by_rule[1:])
    return logistic(odds)


def _shared_guards(hits: Sequence[Hit]) -> Iterable[Guard]:
    """The contexts that spoil every hit: one clean hit is enough for a claim."""
    shared = set(hits[0].guards)
    for hit in hits[1:]:
        shared &= set(hit.guards)
    return shared


def _is_visual(stage: str) -> bool:
    return stage.startswith(("image/", "video/", "3d/"))


def _feed_kind(item: Item) -> str:
    source = item.source.lower()
    for word in ("reddit", "twitter", "discord", "batch", "changelog", "ainews"):
        if word in source:
            return word
    return "other"
