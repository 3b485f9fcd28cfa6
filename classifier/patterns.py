"""The hand-written rules: readable phrases per capability, with the contexts that spoil them.

A phrase is written as a person would say it. Between its words may stand a space or a hyphen; `~` stands for up
to 40 characters of the same sentence; `(a|b)`, `?` and `[...]` mean what they mean in a regular expression.
From every phrase follow a few words of which one must be there literally (its cues), so that most are never tried.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from cascade.errors import BadInput

RUN = 4  # letters by which words are looked up at first
GAP = r"(?![a-z0-9])[^.;!?\n]{0,40}?(?<![a-z0-9])"
SPACE = r"(?:['\"*]?[\s-]{1,2}['\"*]?)"
_MAY_LACK = re.compile(r" (\([^()]*[^() ]\))\?(?=[ )|]|$)")
_WORD = re.compile(r"[a-z0-9']{2,}")
_LOOSE = re.compile(r"\[[^\]]*\][?*+]?|\\.[?*+]?|.[?*]|\{[^}]*\}")


class Phrase:
    """One pattern, compiled when it is first needed."""

    def __init__(self, written: str) -> None:
        """Raises BadInput when the pattern has no cue."""
        self.written = written
        self.cues = cues(written)
        # Every part that must be there, the one with the fewest spellings first: it is missing soonest.
        self._parts = sorted(_needed(written), key=len)
        long = [part for part in self._parts if min(map(len, part)) >= RUN]
        self._runs = [frozenset(word[:RUN] for word in part) for part in long]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression that the phrase stands for; raises BadInput when it does not compile."""
        body = re.sub(r"\s*~\s*", lambda _: GAP, self.written.strip())
        body = _MAY_LACK.sub(r"(?: \1)?", body)  # with the last word goes the space before it
        body = re.sub(r" +", lambda _: SPACE, body)
        body = body.replace(")*", "){0,4}").replace(")+", "){1,4}")  # bounded, so that time stays linear
        try:
            return re.compile(rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])")
        except re.error as error:
            raise BadInput(f"the pattern {self.written!r} does not compile: {error}") from error

    def find(self, folded: str, runs: Set[str] | None = None) -> Iterator[tuple[int, int]]:
        """Where the phrase stands in a folded text; `runs` are its runs of RUN letters, for a quick no."""
        if runs is not None and any(map(runs.isdisjoint, self._runs)):
            return
        for part in self._parts:
            if not any(map(folded.__contains__, part)):
                return
        for found in self.regex.finditer(folded):
            yield found.span()

    def stands_in(self, folded: str) -> bool:
        """Whether the phrase stands anywhere in a folded text."""
        return any(map(folded.__contains__, self.cues)) and self.regex.search(folded) is not None


def cues(written: str) -> frozenset[str]:
    """Letters of which at least one run must be there, literally, wherever the pattern matches."""
    best = max(_needed(written), key=lambda words: min(map(len, words)), default=frozenset[str]())
    if not best or min(map(len, best)) < 2:
        raise BadInput(f"the pattern {written!r} needs a word that is always there")
    return best


def _needed(written: str) -> list[frozenset[str]]:
    """Each part that must be there, as the letter runs one of which it brings along."""
    branches = _branches(written)
    if len(branches) > 1:
        each = [max(_needed(one), key=lambda words: min(map(len, words)), default=frozenset[str]()) for one in branches]
        return [frozenset().union(*each)] if all(each) else []
    parts = [need for inside in _groups(written) for need in _needed(inside)]
    bare = _LOOSE.sub("~", _without_groups(written))
    return [*parts, *(frozenset({word}) for word in _WORD.findall(bare))]


def _branches(written: str) -> list[str]:
    """The alternatives that `|` separates outside of any group."""
    depth, branches = 0, [""]
    for letter in written:
        depth += (letter in "([") - (letter in ")]")
        if letter == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += letter
    return branches


def _groups(written: str) -> list[str]:
    """The insides of the groups that must be there, outermost only."""
    return [inside for inside, may_lack in _scan(written) if not may_lack and not inside.startswith("?")]


def _without_groups(written: str) -> str:
    for inside, _ in _scan(written):
        written = written.replace(f"({inside})", "~", 1)
    return written


def _scan(written: str) -> Iterator[tuple[str, bool]]:
    depth = start = 0
    for at, letter in enumerate(written):
        if letter == "(":
            depth += 1
            start = at + 1 if depth == 1 else start
        elif letter == ")":
            depth -= 1
            if depth == 0:
                yield written[start:at], written[at + 1 : at + 2] in {"?", "*"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Phrases that speak for one capability, with where they hold."""

    id: str
    capability: str
    modalities: tuple[str, ...]  # the modalities it can speak of; the first is the default
    confidence: float  # how often it is right, by hand; learned from decisions later
    phrases: tuple[Phrase, ...]
    needs: tuple[Phrase, ...] = ()  # one of these must stand in the same sentence
    unless: tuple[Phrase, ...] = ()  # none of these may
    last_resort: tuple[str, ...] = ()  # modalities that count only for models that make nothing else
    fixed: bool = False  # the phrase itself names the modality: words nearby cannot change it


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A context that spoils a claim or turns it round."""

    id: str
    side: str  # before, after or sentence
    reach: int  # characters
    effect: str  # fails, drop or doubt
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...] = ()  # words within the reach that make it harmless


def shipped(folder: str = "patterns") -> dict[str, dict[str, Any]]:
    """The TOML tables that come with the classifier, by file name."""
    files = resources.files("classifier").joinpath("data", folder).iterdir()
    return {file.name: tomllib.loads(file.read_text("utf-8")) for file in files if file.name.endswith(".toml")}


def rules(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Every rule of the capability tables; raises BadInput naming the one that cannot be used."""
    return tuple(
        _rule(table["capability"], row) for _, table in sorted(tables.items()) for row in table.get("rule", ())
    )


def guards(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Guard, ...]:
    """Every guard of the tables."""
    return tuple(
        Guard(
            id=row["id"],
            side=row["side"],
            reach=row.get("reach", 60),
            effect=row["effect"],
            phrases=_phrases(row["says"]),
            unless=_phrases(row.get("unless", ())),
        )
        for _, table in sorted(tables.items())
        for row in table.get("guard", ())
    )


def _rule(capability: str, row: Mapping[str, Any]) -> Rule:
    try:
        return Rule(
            id=f"{capability}/{row['id']}",
            capability=capability,
            modalities=tuple(row.get("in", ("text", "code", "image", "video", "3d"))),
            confidence=float(row["sure"]),
            phrases=_phrases(row["says"]),
            needs=_phrases(row.get("with", ())),
            unless=_phrases(row.get("unless", ())),
            last_resort=tuple(row.get("last_resort", ())),
            fixed=bool(row.get("fixed", False)),
        )
    except KeyError as error:
        raise BadInput(f"a rule of {capability} lacks {error}: {row.get('id', row)}") from error


def _phrases(written: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(one) for one in written)
