"""Which stories are one piece of news: decided for pairs of items, so that the order of arrival does not matter.

Items that link to one page share a story from the start (`known.solitary`). Here, near-duplicate
titles, and titles about the same model within days, join stories. Two stories are one when any of
their items are; the older one's id lives.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, utils

from cascade.feed import Told

SAME_TITLE_WITHIN = timedelta(days=7)
SAME_MODEL_WITHIN = timedelta(days=3)
WINDOW = 2 * SAME_TITLE_WITHIN  # how far back a pass compares: an entry may arrive a week after it was published
NEAR = 88.0  # of 100, by sorted words: wording and order may differ, no more
NEAR_WITH_MODEL = 65.0  # for titles that name the same version of a model
LEAST_LETTERS = 12  # shorter titles ("Update", "Bug fixes") say too little to be told equal
KEYS = 3  # longest words of a title: two near-duplicates share one of them

# A name and its version: "GPT-5.5", "DeepSeek v4", "Wan 2.2", "Kimi K2.6", "FLUX.2".
_MODEL = re.compile(r"\b([A-Za-z][A-Za-z]{1,20})[ .\-]?([vVkKoO]?\d{1,3}(?:\.\d{1,3}){0,2})(?![\d.]*\d)", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
# Words before a number that name no model.
# fmt: off
_NO_MODEL = frozenset((
    "in", "on", "of", "at", "the", "and", "for", "to", "with", "from", "by", "top", "over", "under", "than",
    "only", "about", "up", "part", "day", "week", "issue", "version", "release", "january", "february",
    "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class _Item:
    told: Told
    words: str  # the title in lower case, without signs
    numbers: tuple[str, ...]
    models: frozenset[str]


def merges(items: Sequence[Told]) -> dict[str, str]:
    """Which story becomes part of which older one, for recent items. Nothing to do: empty."""
    groups = _Groups()
    prepared = [_prepare(told) for told in items]
    for one, other in _pairs(prepared):
        if one.told.story != other.told.story and _same_news(one, other):
            groups.join(one.told.story, other.told.story)
    return groups.merges(_first_seen(items))


def same_news(one: Told, other: Told) -> bool:
    """Whether two items tell the same news, by their titles and moments."""
    return _same_news(_prepare(one), _prepare(other))


def _same_news(one: _Item, other: _Item) -> bool:
    apart = abs(one.told.at - other.told.at)
    if apart > SAME_TITLE_WITHIN or min(len(one.words), len(other.words)) < LEAST_LETTERS:
        return False
    if one.numbers == other.numbers and fuzz.token_sort_ratio(one.words, other.words) >= NEAR:
        return True
    if one.told.feed == other.told.feed or apart > SAME_MODEL_WITHIN or not one.models or one.models != other.models:
        return False  # one feed seldom tells a piece of news twice: its entries about one model are different news
    return fuzz.token_sort_ratio(one.words, other.words) >= NEAR_WITH_MODEL


def models_in(title: str) -> frozenset[str]:
    """The versioned models that a title names, in one spelling: "Wan 2.2" and "wan2.2" are `wan2.2`."""
    found = ((name.lower(), version.lower()) for name, version in _MODEL.findall(title))
    return frozenset(name + version for name, version in found if name not in _NO_MODEL)


def _prepare(told: Told) -> _Item:
    words = utils.default_process(told.title)
    return _Item(told, words, tuple(sorted(_NUMBER.findall(told.title))), models_in(told.title))


def _pairs(items: Sequence[_Item]) -> Iterator[tuple[_Item, _Item]]:
    """Pairs worth comparing: those that share a model or one of their longest words."""
    by_key: dict[str, list[_Item]] = defaultdict(list)
    for item in items:
        for key in _keys(item):
            by_key[key].append(item)
    for members in by_key.values():
        for place, one in enumerate(members):
            for other in members[place + 1 :]:
                yield one, other


def _keys(item: _Item) -> Iterable[str]:
    longest = sorted(set(item.words.split()), key=lambda word: (-len(word), word))[:KEYS]
    return {*longest, *item.models}


def _first_seen(items: Sequence[Told]) -> dict[str, tuple[datetime, str]]:
    """For each story its age: when its first item was seen; those of one pass in the order of their ids."""
    age: dict[str, tuple[datetime, str]] = {}
    for item in items:
        mine = (item.seen_at, item.story)
        age[item.story] = min(mine, age.get(item.story, mine))
    return age


class _Groups:
    """Disjoint sets of stories."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        self._above[self._root(one)] = self._root(other)

    def merges(self, age: Mapping[str, tuple[datetime, str]]) -> dict[str, str]:
        members: dict[str, list[str]] = defaultdict(list)
        for story in list(self._above):
            members[self._root(story)].append(story)
        found: dict[str, str] = {}
        for stories in members.values():
            oldest = min(stories, key=age.__getitem__)
            found.update({story: oldest for story in stories if story != oldest})
        return found

    def _root(self, story: str) -> str:
        above = self._above.setdefault(story, story)
        while above != self._above[above]:
            self._above[story] = self._above[above]
            above = self._above[above]
        return above
