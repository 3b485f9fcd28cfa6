"""Which models a text names, whose they are, and which stages they live in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cascade.errors import BadInput
from classifier.phrases import Found, Phrases
from classifier.text import Text

NEAR = 25  # characters around a name within which a variant word ("dev", "pro") belongs to it
_MORE = re.compile(
    r"[ -]?(?:v?\d+(?:\.\d+)*[a-z]?\b(?!%)|pro|max|mini|flash|ultra|lite|turbo|preview|plus|omni|opus|sonnet|haiku|"
    r"edit|image|video|coder|thinking|instruct|dev|klein|schnell|kontext|animate|next|air)\b"
)
_MORE_CAP = 3  # further words a name may have


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family of models: a row of the gazetteer. No stages: known, but outside what is tracked."""

    name: str
    org: str
    kind: str
    stages: tuple[str, ...]
    ambiguous: frozenset[str]  # aliases that mean something else without a context word
    context: tuple[str, ...]
    variants: tuple[tuple[str, str | None], ...]  # longest word first; None: this variant is outside
    see: Mapping[str, str]  # an umbrella brand's family, by the modality that the text is about
    is_public: bool
    open_since: str  # the day its weights came, as YYYY-MM-DD, where that was after its release; "" otherwise


@dataclass(frozen=True)
class Mention:
    """A model that a text names."""

    family: Family
    name: str  # as written
    start: int
    end: int
    stages: tuple[str, ...]  # the ones that variant words single out first
    narrowed: tuple[str, ...] = ()  # the modalities that a variant word singles out


class Gazetteer:
    """The known families, by every name they go by."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows as in `cascade/data/models.jsonl`; raises BadInput naming the row that cannot be used."""
        self._by_name: dict[str, Family] = {}
        aliases: dict[str, tuple[str, Family]] = {}
        for number, row in enumerate(rows, 1):
            family = _family(row, number)
            self._by_name[family.name] = family
            for alias in row["aliases"]:
                aliases.setdefault(str(alias), (str(alias), family))
        self._phrases = Phrases(aliases, versions=True)

    def family(self, name: str) -> Family | None:
        """The family of this name; None when there is none."""
        return self._by_name.get(name)

    def mentions(self, text: Text, url: str = "") -> Iterator[Mention]:
        """Every model named in the text, in order; the address of the item tells what an ambiguous word means."""
        for found in self._phrases.find(text):
            alias, family = found.value
            if alias in family.ambiguous and not _is_meant(family, found, text, url):
                continue
            end = _grown(text, found.end)
            yield Mention(family, text.original[found.start : end], found.start, end, *_narrowed(family, found, text))


def _family(row: Mapping[str, Any], number: int) -> Family:
    try:
        variants = sorted(dict(row.get("variants") or {}).items(), key=lambda entry: -len(entry[0]))
        return Family(
            name=str(row["family"]),
            org=str(row.get("org") or ""),
            kind=str(row["kind"]),
            stages=tuple(row["stages"]),
            ambiguous=frozenset(row.get("ambiguous_aliases") or ()),
            context=tuple(row.get("context") or ()),
            variants=tuple(variants),
            see=dict(row.get("see") or {}),
            open_since=str(row.get("open_since") or ""),
            is_public=row.get("public", True) is not False,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadInput(f"row {number} of the gazetteer needs family, aliases, kind and stages: {error}") from error


def _is_meant(family: Family, found: Found[tuple[str, Family]], text: Text, url: str) -> bool:
    """Whether an ambiguous word means the model here: a context word is near, or it is written as a name."""
    around = text.folded[max(0, found.start - 160) : found.start] + "|" + text.folded[found.end : found.end + 160]
    around += "|" + url
    if family.context:
        return any(word in around for word in family.context)
    return text.original[found.start].isupper() or any(letter.isdigit() for letter in found.phrase)


def _grown(text: Text, end: int) -> int:
    for _ in range(_MORE_CAP):
        more = _MORE.match(text.folded, end)
        if not more:
            break
        end = more.end()
    return end


def _narrowed(family: Family, found: Found[tuple[str, Family]], text: Text) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stages of the variant that is named, and the modalities that it singles out."""
    near = text.folded[found.start : found.end + NEAR] if family.variants else ""
    for word, stage in family.variants:
        at = near.find(word)
        if at < 0 or near[at - 1 : at].isalnum() or near[at + len(word) : at + len(word) + 1].isalnum():
            continue
        return _singled_out(family.stages, stage)
    return family.stages, ()


def _singled_out(stages: tuple[str, ...], stage: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A variant's stages first. What writes code writes it with the same weights: open or closed holds for both."""
    if stage is None:
        return (), ()
    modality, _, variant = stage.partition("/")
    first = [stage]
    if modality == "text" and any(one.startswith("code/") for one in stages):
        first.append(f"code/{variant}")
    modalities = tuple(one.partition("/")[0] for one in first)
    return (*first, *(one for one in stages if one.partition("/")[0] not in modalities)), modalities
