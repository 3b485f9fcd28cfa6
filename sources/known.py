"""Which entries of a document are new, which are changed, and which we know already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cascade.feed import Entry, Known
from cascade.item import Fate, Item
from cascade.links import link_key
from sources.raw import fingerprint


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """A document's entries, sorted out. Everything else in it is known and unchanged."""

    new: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()  # under the identity that they are stored by; their story stays


def sort_out(items: Sequence[Item], known: Iterable[Known], fate: Fate | None = None, why: str = "") -> Sorted:
    """Match a document's entries with what is stored of its feed; new ones get the fate.

    An id that several entries of the document share tells them apart only together with their
    titles. An entry whose id is new but whose link and title are stored has changed its id.
    """
    stored = _Stored(known)
    ids, pages = Counter(item.identity for item in items), Counter(item.url for item in items)
    new: dict[str, Entry] = {}
    changed: dict[str, Entry] = {}
    for item in items:
        words = digest(item)
        match, own = stored.match(item, shared=ids[item.identity] > 1)
        if match is None:
            key = link_key(item.url)
            story = solitary(item, "" if pages[item.url] > 1 else key)
            entry = Entry(item=_named(item, own), digest=words, link_key=key, story=story, fate=fate, why=why)
            new.setdefault(own, entry)
        elif match.digest != words:
            entry = Entry(item=_named(item, match.identity), digest=words, link_key=link_key(item.url), story="")
            changed.setdefault(match.identity, entry)
    return Sorted(new=tuple(new.values()), changed=tuple(changed.values()))


def digest(item: Item) -> str:
    """A hash of what an item says. Its date is no part: feeds re-date their entries."""
    return fingerprint(item.title, item.summary, item.url)


def solitary(item: Item, key: str) -> str:
    """The story of an item that stands alone: that of its link's key, or its own where the key is "".

    Two feeds that link to one page thereby meet in one story without looking each other up. A link
    that several entries of one feed share says nothing.
    """
    return fingerprint(key) if key else fingerprint(item.feed, item.identity)


class _Stored:
    """What is stored of a feed, by identity and by words."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_identity = {one.identity: one for one in known}
        self._by_words = {(one.url, one.title): one for one in self._by_identity.values() if one.url}

    def match(self, item: Item, *, shared: bool) -> tuple[Known | None, str]:
        """The stored item that this is, if any, and the identity it would be stored by."""
        plain = self._by_identity.get(item.identity)
        if not shared and plain:
            return plain, item.identity
        if not shared and not self._by_identity:
            return None, item.identity
        told_apart = f"{item.identity}#{fingerprint(item.title)}"
        own = told_apart if shared else item.identity
        if shared and plain and plain.title == item.title:
            return plain, own
        other = self._by_words.get((item.url, item.title)) if item.url else None
        return self._by_identity.get(told_apart) or other, own


def _named(item: Item, identity: str) -> Item:
    return item if item.identity == identity else replace(item, identity=identity)
