"""Runs the rules over a text: which capability is spoken of where, and what the context makes of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from classifier.patterns import RUN, Guard, Phrase, Rule, guards, rules, shipped
from classifier.text import Text

MAX_HITS = 40  # per rule; bounds the work on a text that repeats one phrase


@dataclass(frozen=True)
class Hit:
    """One rule that fired, and the contexts around it."""

    rule: Rule
    start: int
    end: int
    guards: tuple[Guard, ...]

    @property
    def fails(self) -> bool:
        """Whether the words say that it does not work."""
        return any(guard.effect == "fails" for guard in self.guards)

    @property
    def is_dropped(self) -> bool:
        """Whether the words give no claim either way."""
        return any(guard.effect == "drop" for guard in self.guards)


class Index:
    """Many phrases, and which of them could stand in a text: certain about those that cannot."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[str, int]]] = {}
        self._short: list[tuple[str, int]] = []
        self._size = 0

    def add(self, phrase: Phrase) -> int:
        """Take a phrase in; its number."""
        for cue in phrase.cues:
            if len(cue) < RUN:
                self._short.append((cue, self._size))
            else:
                self._by_key.setdefault(cue[:RUN], []).append((cue, self._size))
        self._size += 1
        return self._size - 1

    def possible(self, folded: str, runs: set[str]) -> set[int]:
        """The numbers of the phrases that have a cue in the text."""
        keys = self._by_key.keys() & runs
        numbers = {number for key in keys for cue, number in self._by_key[key] if cue in folded}
        numbers.update(number for cue, number in self._short if cue in folded)
        return numbers


class Rules:
    """All rules and guards, indexed so that a text tries only those that could match."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """`tables` are the parsed files of `data/patterns`; raises BadInput naming a rule that cannot be used."""
        self.all = rules(tables)
        self._index = Index()
        numbered = [(rule, phrase, self._index.add(phrase)) for rule in self.all for phrase in rule.phrases]
        self._phrases = {number: (rule, phrase) for rule, phrase, number in numbered}
        self._guards = [(one, [(phrase, self._index.add(phrase)) for phrase in one.phrases]) for one in guards(tables)]

    def hits(self, text: Text) -> Iterator[Hit]:
        """Every place where a rule fires, with its guards."""
        folded = text.folded
        runs = runs_of(folded)
        possible = self._index.possible(folded, runs)
        around = self._guards_among(possible)
        for number in sorted(possible & self._phrases.keys()):
            rule, phrase = self._phrases[number]
            for count, (start, end) in enumerate(phrase.find(folded, runs)):
                if count == MAX_HITS:
                    break
                if _holds(rule, text, start):
                    yield Hit(rule, start, end, tuple(_around(around, text, start, end)))

    def _guards_among(self, possible: set[int]) -> list[tuple[Guard, list[Phrase]]]:
        """The guards that could stand in a text, with those of their phrases that could."""
        found = ((guard, [one for one, number in phrases if number in possible]) for guard, phrases in self._guards)
        return [(guard, phrases) for guard, phrases in found if phrases]


@cache
def shipped_rules() -> Rules:
    """The rules that come with the program, read once: a reader that has learned more follows the same ones."""
    return Rules(shipped())


def runs_of(folded: str) -> set[str]:
    """Every run of RUN letters in a text."""
    return {folded[at : at + RUN] for at in range(len(folded) - RUN + 1)}


def _around(guards: Iterable[tuple[Guard, list[Phrase]]], text: Text, start: int, end: int) -> Iterator[Guard]:
    left, right = text.sentence(start)
    for guard, phrases in guards:
        if guard.side == "before":
            near = text.folded[max(left, start - guard.reach) : start]
        elif guard.side == "after":
            near = text.folded[end : min(right, end + guard.reach)]
        else:
            near = text.folded[max(left, start - guard.reach) : min(right, end + guard.reach)]
        near = _clause(near, guard.side)
        if near and _any(phrases, near) and not _any(guard.unless, near):
            yield guard


def _clause(near: str, side: str) -> str:
    """Only the clause next to the claim: what stands beyond a "but" or a colon is about something else."""
    if side == "before":
        return near[max((near.rfind(mark) + len(mark) for mark in _BREAKS if mark in near), default=0) :]
    if side == "after":
        return near[: min((near.find(mark) for mark in _BREAKS if mark in near), default=len(near))]
    return near


_BREAKS = (
    " but ",
    "; ",
    ": ",
    " while ",
    " although ",
    " though ",
    " however",
    ". ",
    " and is ",
    " with better ",
    ", and ",
)


def _holds(rule: Rule, text: Text, start: int) -> bool:
    left, right = text.sentence(start)
    sentence = text.folded[left:right]
    if rule.needs and not _any(rule.needs, sentence):
        return False
    return not _any(rule.unless, sentence)


def _any(phrases: Iterable[Phrase], text: str) -> bool:
    return any(phrase.stands_in(text) for phrase in phrases)
