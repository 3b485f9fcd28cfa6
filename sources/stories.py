"""Which stories are one piece of news: decided for pairs of items, so that the order of arrival does not matter.

Items that link to one page share a story from the start (`known.solitary`). Here, near-duplicate
titles or texts, and titles about the same model within days, join stories. Two stories are one when any of
their items are; the older one's id lives.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process, utils

from cascade.feed import Told

SAME_TITLE_WITHIN = timedelta(days=7)
SAME_TITLE_IN_FEED_WITHIN = timedelta(hours=12)  # a day later it is a serial's next part: "not much happened today"
SAME_MODEL_WITHIN = timedelta(days=3)
NEVER = timedelta(days=-1)  # one feed seldom tells news twice: its entries about one model are different news
WINDOW = 2 * SAME_TITLE_WITHIN  # how far back a pass compares: an entry may arrive a week after it was published
NEAR = 88.0  # of 100, by sorted words: wording and order may differ, no more
NEAR_WITH_MODEL = 65.0  # for titles that name the same version of a model
NEAR_TEXT = 97.0  # for the beginnings of two texts under different titles: one was taken from the other
LEAST_OPENING = 120  # letters: a shorter beginning may be anybody's
LEAST_LETTERS = 12  # shorter titles ("Update", "Bug fixes") say too little to be told equal
MOST_ALIKE = 100  # items that one is joined with at once: a flood of equal titles is a chain, not all its pairs
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

Key = tuple[str, ...]  # what two items share that are worth comparing


@dataclass(frozen=True, slots=True)
class _Item:
    told: Told
    words: str  # of the title, or of the text's beginning: in lower case, without signs, sorted
    numbers: tuple[str, ...]
    models: frozenset[str]


def merges(items: Sequence[Told]) -> dict[str, str]:
    """Which story becomes part of which older one, for recent items. Nothing to do: empty."""
    groups = _Groups()
    for one, other in _same_news(items):
        if one.told.story != other.told.story:
            groups.join(one.told.story, other.told.story)
    return groups.merges(_first_seen(items))


def models_in(words: str) -> frozenset[str]:
    """The versioned models that a title or a text names, in one spelling: "Wan 2.2" and "wan2.2" are `wan2.2`."""
    found = ((name.lower(), version.lower()) for name, version in _MODEL.findall(words))
    return frozenset(name + version for name, version in found if name not in _NO_MODEL)


def _same_news(items: Iterable[Told]) -> Iterator[tuple[_Item, _Item]]:
    """The pairs of items that tell the same news, by their titles and moments: enough of them to join all."""
    ordered = sorted(items, key=lambda told: (told.at, told.feed, told.story))
    titles = [item for told in ordered if len((item := _prepare(told, told.title)).words) >= LEAST_LETTERS]
    for members in _sharing(titles, _long_words):
        yield from _near(members, NEAR, SAME_TITLE_WITHIN, SAME_TITLE_IN_FEED_WITHIN)
    for members in _sharing(titles, _all_models):
        yield from _near(members, NEAR_WITH_MODEL, SAME_MODEL_WITHIN, NEVER)
    texts = [item for told in ordered if len((item := _prepare(told, told.opening)).words) >= LEAST_OPENING]
    for members in _sharing(texts, _long_words):
        yield from _near(members, NEAR_TEXT, SAME_TITLE_WITHIN, NEVER)


def _prepare(told: Told, said: str) -> _Item:
    words = " ".join(sorted(utils.default_process(said).split()))
    return _Item(told, words, tuple(sorted(_NUMBER.findall(said))), models_in(said))


def _moment(item: _Item) -> datetime:
    return item.told.at


def _long_words(item: _Item) -> Iterable[Key]:
    """Near-duplicates share a long word or a model, and every number."""
    longest = sorted(set(item.words.split()), key=lambda word: (-len(word), word))[:KEYS]
    return {(word, *item.numbers) for word in (*longest, *item.models)}


def _all_models(item: _Item) -> Iterable[Key]:
    return [tuple(sorted(item.models))] if item.models else []


def _sharing(items: Iterable[_Item], keys: Callable[[_Item], Iterable[Key]]) -> Iterable[list[_Item]]:
    """The items that share a key, for each key, in their order: only those are worth comparing."""
    by_key: dict[Key, list[_Item]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            by_key[key].append(item)
    return by_key.values()


def _near(
    members: Sequence[_Item], alike: float, within: timedelta, in_feed: timedelta
) -> Iterator[tuple[_Item, _Item]]:
    """The pairs of some items, in order of time, whose words are alike and that were told close together."""
    words = [item.words for item in members]
    for place, one in enumerate(members, start=1):
        end = bisect_right(members, one.told.at + within, key=_moment)
        for _, _, found in process.extract(
            one.words, words[place:end], scorer=fuzz.ratio, processor=None, score_cutoff=alike, limit=MOST_ALIKE
        ):
            other = members[place + found]
            if one.told.feed != other.told.feed or other.told.at - one.told.at <= in_feed:
                yield one, other


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
