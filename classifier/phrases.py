"""Finds many fixed phrases in one pass over a text's words. Space, hyphen and underscore are the same to it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from classifier.text import Text, Token

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*")
_VERSION = re.compile(r"[\d.]+[a-z]?$")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A phrase that stands in a text."""

    phrase: str
    value: T
    start: int
    end: int


class Phrases(Generic[T]):
    """A dictionary of phrases; the longest one that fits at a place wins."""

    def __init__(self, values: Mapping[str, T], *, versions: bool = False) -> None:
        """`versions` lets `wan2.7` be found as `wan`."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, T]]] = {}
        self._versions = versions
        for phrase, value in values.items():
            words = tuple(_WORD.findall(phrase.lower()))
            if words:
                self._by_first.setdefault(words[0], []).append((words, phrase, value))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: Text) -> Iterator[Found[T]]:
        """Every phrase in the text, in order, none inside another."""
        tokens, free = text.tokens, 0
        for at in self._starts(tokens):
            found = self._at(tokens, at) if at >= free else None
            if found is not None:
                words, phrase, value = found
                free = at + len(words)
                yield Found(phrase, value, tokens[at].start, tokens[free - 1].end)

    def _starts(self, tokens: Sequence[Token]) -> list[int]:
        """Where a phrase could begin: few of the words, so that the rest costs nothing."""
        first, versions = self._by_first, self._versions
        words = [(at, token.word) for at, token in enumerate(tokens)]
        return [at for at, word in words if word in first or (versions and word[-1].isdigit())]

    def _at(self, tokens: Sequence[Token], at: int) -> tuple[tuple[str, ...], str, T] | None:
        first = tokens[at].word
        entries = self._by_first.get(first)
        if entries is None and self._versions and first[-1:].isdigit():
            entries = self._by_first.get(_VERSION.sub("", first)) if len(first) > 3 else None
            return next((entry for entry in entries or () if len(entry[0]) == 1), None)
        for entry in entries or ():
            words = entry[0]
            if len(words) == 1:
                return entry
            if at + 1 < len(tokens) and tokens[at + 1].word == words[1] and _stands(words, tokens, at):
                return entry
        return None


def _stands(words: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    return tuple(token.word for token in tokens[at : at + len(words)]) == words
