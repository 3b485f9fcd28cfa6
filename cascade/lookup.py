"""Finding a capability, a stage or a modality in a person's words. Forgiving, never silent.

Aliases, word order, plurals and typos are forgiven (RapidFuzz); when the words stay unclear,
the nearest three are offered instead of a guess; words that are near nothing are told to be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import fmean

from rapidfuzz import fuzz

from cascade.taxonomy import Capability, Cell, Modality, Stage, Taxonomy, words_of

Entry = Stage | Capability | Modality

# Chosen so that two letters swapped or lost in a longer name are forgiven ("charcter consistancy"
# scores 92) while another name of the list is not taken for it; see tests/cascade/test_lookup.py.
SURE = 84
LEAD = 5
NEAR = 72  # from here on the words share a word with a name, or nearly: "reason", "imag edit", "video gen"; not "foo"
LONGEST = 200
_FILLERS = frozenset(
    {"a", "an", "the", "of", "for", "model", "models", "generation", "generative", "ai"}
    | {"between", "from", "will", "does", "get", "gets"}
)
_JOINTS = frozenset({"in", "to", "and", "vs", "versus", "->", "→", ">"})
_SHORT = {
    "open-source": "open",
    "opensource": "open",
    "rt": "realtime",
    "vid": "video",
    "img": "image",
    "3-d": "3d",
    "real-time": "realtime",
}


@dataclass(frozen=True)
class Found:
    """The one entry that was meant."""

    entry: Entry


@dataclass(frozen=True)
class Unclear:
    """Words that name nothing for sure. What may have been meant is looked for when somebody wants to know."""

    words: str
    among: tuple[Entry, ...]

    @property
    def nearest(self) -> tuple[Entry, ...]:
        """What may have been meant, likeliest first; at most three."""
        return tuple(entry for _, entry in self._alike[:3])

    @property
    def is_near(self) -> bool:
        """Whether anything is like these words; else the nearest are chance."""
        return bool(self._alike) and self._alike[0][0] >= NEAR

    @cached_property
    def _alike(self) -> list[tuple[float, Entry]]:
        asked = _plain(self.words[:LONGEST])
        return sorted(((_likeness(asked, entry), entry) for entry in self.among), key=lambda pair: -pair[0])


def find(taxonomy: Taxonomy, words: str) -> Found | Unclear:
    """The stage, modality or capability that a person's words name."""
    return _best(words, (*taxonomy.capabilities, *taxonomy.modalities, *taxonomy.stages))


def find_capability(taxonomy: Taxonomy, words: str) -> Found | Unclear:
    """The same among capabilities alone."""
    return _best(words, taxonomy.capabilities)


def find_stage(taxonomy: Taxonomy, words: str) -> Found | Unclear:
    """The same among stages; a modality's name means its first stage."""
    found = _best(words, (*taxonomy.stages, *taxonomy.modalities))
    if isinstance(found, Found) and isinstance(found.entry, Modality):
        return Found(taxonomy.in_modality(found.entry.id)[0])
    return found


def find_cell(taxonomy: Taxonomy, words: str) -> Cell | Unclear:
    """A capability in a stage: "style in realtime video", in either order, with or without "in".

    A capability alone is unclear, with nothing near.
    """
    unclear: Unclear | None = None
    for left, right in _splits(words):
        for first, second in ((left, right), (right, left)):
            capability, stage = find_capability(taxonomy, first), find_stage(taxonomy, second)
            if isinstance(capability, Found) and isinstance(stage, Found):
                return Cell(capability.entry.id, stage.entry.id)
            unclear = unclear or next((one for one in (capability, stage) if isinstance(one, Unclear)), None)
    alone = find_capability(taxonomy, words)
    return unclear or (alone if isinstance(alone, Unclear) else Unclear(words, ()))


def find_two_stages(taxonomy: Taxonomy, words: str) -> tuple[Stage, Stage] | Unclear:
    """Two stages, as in "image video" or "closed video and open video"."""
    unclear: Unclear | None = None
    for left, right in _splits(words):
        first, second = find_stage(taxonomy, left), find_stage(taxonomy, right)
        if isinstance(first, Found) and isinstance(second, Found) and first != second:
            return first.entry, second.entry  # type: ignore[return-value]
        unclear = unclear or next((one for one in (first, second) if isinstance(one, Unclear)), None)
    return unclear or Unclear(words, ())


def _best(words: str, entries: tuple[Entry, ...]) -> Found | Unclear:
    asked = _plain(words[:LONGEST])
    ranked = sorted(((_score(asked, entry), entry) for entry in entries), key=lambda pair: -pair[0])
    if asked and ranked[0][0] >= SURE and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= LEAD):
        return Found(ranked[0][1])
    return Unclear(words, entries)


def _score(asked: str, entry: Entry) -> float:
    return max(fuzz.ratio(asked, _plain(name)) for name in words_of(entry))


def _likeness(asked: str, entry: Entry) -> float:
    """How near an entry is when no name of it is close: the words asked for share a name's words, or hold them all."""
    return max(
        max(fuzz.ratio(asked, name), fmean(_found(asked, name) or [0]), _held(name, asked))
        for name in map(_plain, words_of(entry))
    )


def _held(name: str, asked: str) -> float:
    """How well a name is found in the middle of a sentence; 0 when any word of it is missing."""
    worst = min(_found(name, asked), default=0)
    return worst if worst >= SURE else 0


def _found(some: str, others: str) -> list[float]:
    """For each word of some, how near the nearest of the others comes."""
    return [max((fuzz.ratio(one, other) for other in others.split()), default=0) for one in some.split()]


@lru_cache(4096)  # the same names at every question
def _plain(text: str) -> str:
    """Lower case, no punctuation, no plurals, the words in the order of the alphabet."""
    text = re.sub(r"[-_/.,;:!?'\"]+", " ", _long_forms(text.lower()))
    return " ".join(sorted(_singular(word) for word in text.split() if word not in _FILLERS))


def _long_forms(text: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in text.split()).replace("real time", "realtime")


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _splits(words: str) -> Iterator[tuple[str, str]]:
    """Every way to part the words in two; where a word like "in" stands, there first."""
    tokens = words[:LONGEST].replace(",", ", ").split()
    for at, token in enumerate(tokens):
        if token.lower() in _JOINTS and 0 < at < len(tokens) - 1:
            yield " ".join(tokens[:at]), " ".join(tokens[at + 1 :])
    bare = [token for token in tokens if token.lower() not in _JOINTS]
    for at in range(1, len(bare)):
        yield " ".join(bare[:at]), " ".join(bare[at:])
