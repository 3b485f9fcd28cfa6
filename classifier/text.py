"""An item's words, folded for matching, with every offset still pointing into the text as published."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

TITLE_CAP = 600  # characters that are read; the longest real title of the sample feeds has 311
TEXT_CAP = 4_000  # title and summary together: bounds the work on a hostile item

_FOLD = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-", "\u00a0": " ", "_": " "})
_HUB = re.compile(r"hugging face", re.IGNORECASE)  # so that "face" means a face
_TOKEN = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^a-z])|\n+|;\s|(?<=[.!?:\n]\s)[-•*]\s|\s•\s")
_ENGLISH_WORDS = """
the a an of to and in is for with on that it as was are by this be from at or has have its can not new you how
what we your our i now which but all more using than into without per via after over their his her
"""
_FOREIGN_WORDS = """
der die das und ist nicht mit für von auf eine ein wie wird den im le la les des et est une pour dans que qui sur
avec el los las del una por con para como il di che per non sono o os da do em não uma com um het een van niet
voor op zijn och att det som för på av är jest nie się w z na do
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = frozenset(_FOREIGN_WORDS.split()) - _ENGLISH


class Token(NamedTuple):
    """One word, folded, and where it stands. A tuple, since an item has hundreds of them."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """Title and summary as one text; `title_end` is where the title stops."""

    original: str
    title_end: int

    @classmethod
    def of(cls, title: str, summary: str) -> "Text":
        """The text of an item. A title that the summary only repeats is read once."""
        title, summary = _clean(title)[:TITLE_CAP], _clean(summary)[:TEXT_CAP]
        bare = title.rstrip("… .")
        if len(bare) > 1 and summary.startswith(bare):
            return cls(summary[:TEXT_CAP], len(bare))
        return cls(f"{title}\n{summary}"[:TEXT_CAP], len(title))

    @cached_property
    def folded(self) -> str:
        """Lower case, plain quotes and dashes; as long as the original, character for character."""
        text = _HUB.sub("huggingface ", self.original.translate(_FOLD))
        lower = text.lower()
        return (
            lower if len(lower) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
        )

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words, in order."""
        return tuple(Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(self.folded))

    @cached_property
    def _ends(self) -> list[int]:
        return [0, *(found.end() for found in _SENTENCE_END.finditer(self.original))]

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence around an offset starts and ends."""
        index = bisect_right(self._ends, at)
        end = self._ends[index] if index < len(self._ends) else len(self.original)
        return self._ends[index - 1], end

    def quote(self, start: int, end: int, room: int = 220) -> str:
        """The words around a match, as published, no longer than `room`: the sentence if it fits."""
        left, right = self.sentence(start)
        right = max(right, end)
        if right - left > room:
            left, right = self._narrowed(left, right, start, end, room)
        return self.original[left:right].strip()

    def _narrowed(self, left: int, right: int, start: int, end: int, room: int) -> tuple[int, int]:
        spare = max(0, room - (end - start)) // 2
        near, far = max(left, start - spare), min(right, end + spare, start + room)
        if near > left:
            near = self.original.find(" ", near, start) + 1 or start
        if far < right:
            far = max(self.original.rfind(" ", end, far), min(end, far))
        return near, far

    @cached_property
    def is_english(self) -> bool:
        """Whether enough words are common English ones; a text too short to tell counts as English."""
        words = [token.word for token in self.tokens[:120]]
        if not words:
            return not any(letter.isalpha() for letter in self.original)
        foreign, english = sum(word in _FOREIGN for word in words), sum(word in _ENGLISH for word in words)
        return sum(word.isascii() for word in words) / len(words) > 0.7 and (foreign < 2 or foreign <= english)


def _clean(text: str) -> str:
    """Without control characters, which no word needs; offsets count from here on."""
    text = text[: 2 * TEXT_CAP]
    return (
        "".join(one if one.isprintable() or one == "\n" else " " for one in text).strip()
        if not text.isprintable()
        else text.strip()
    )
