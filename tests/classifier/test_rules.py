"""The hand-written patterns: how they are written, and that what is sped up finds the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.errors import BadInput
from classifier.patterns import Phrase
from classifier.rules import Index, runs_of, shipped_rules
from classifier.text import Text

RULES = shipped_rules()
WORDS = ["keep", "the", "same", "character", "editing", "image", "video", "a", "no", "without", "story", "plan", "mode"]
PHRASES = [phrase for rule in RULES.all for phrase in rule.phrases]


def test_every_capability_has_rules() -> None:
    """No capability of the taxonomy is left to chance."""
    assert len({rule.capability for rule in RULES.all}) == 12


def test_rules_have_names_of_their_own() -> None:
    """Precision is counted by name."""
    names = [rule.id for rule in RULES.all]
    assert len(names) == len(set(names))


def test_words_may_be_joined_and_gaps_stay_in_the_sentence() -> None:
    """A space is also a hyphen; `~` does not reach over a full stop."""
    phrase = Phrase("keep ~ same character")
    assert phrase.stands_in("they keep the same-character look")
    assert not phrase.stands_in("they keep it. the same character")


def test_an_optional_word_takes_its_space_along() -> None:
    """`clips (today)?` is also found at the end."""
    assert Phrase("short clips (today)?").stands_in("it makes short clips")


@pytest.mark.parametrize("written", ["(a|b)?", "~", "[a-z]+"])
def test_a_pattern_without_a_sure_word_is_refused(written: str) -> None:
    """It would be tried on every text."""
    with pytest.raises(BadInput, match="always there"):
        Phrase(written)


def test_a_pattern_that_does_not_compile_is_named() -> None:
    """The author learns which one."""
    with pytest.raises(BadInput, match="does not compile"):
        Phrase("same (character").regex  # noqa: B018


@given(st.lists(st.sampled_from(WORDS)))
def test_the_index_forgets_no_phrase(words: list[str]) -> None:
    """Every phrase that stands in a text is among the possible ones."""
    folded = Text.of("", " ".join(words)).folded
    index = Index()
    numbers = {index.add(phrase): phrase for phrase in PHRASES}
    possible = index.possible(folded, runs_of(folded))
    there = {number for number, phrase in numbers.items() if re.search(phrase.regex, folded)}
    assert there <= possible
    assert all(list(numbers[number].find(folded, runs_of(folded))) for number in there)
