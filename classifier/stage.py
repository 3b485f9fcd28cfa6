"""Where a claim belongs: modality, open or closed, realtime or not, from the words and the model named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cascade.taxonomy import Taxonomy
from classifier.clues import Clues
from classifier.gazetteer import Gazetteer, Mention
from classifier.patterns import Rule
from classifier.phrases import Phrases
from classifier.text import Text

MODALITIES = ("text", "code", "image", "video", "3d")
NEAR = 60  # characters within which a word is about the claim itself
HOME = 0.5  # for the modality that a family is known for first


@dataclass(frozen=True, kw_only=True)
class Place:
    """A stage, with how it was found."""

    stage: str
    sure: float  # -1 to 1: how far the modality is ahead of the next one, or behind the first
    openness: str  # family, words or default: what decided open or closed
    model: Mention | None = None  # the model that the claim is about


class Stages:
    """Tells the stage of claims."""

    def __init__(self, taxonomy: Taxonomy, gazetteer: Gazetteer, tables: Mapping[str, Any]) -> None:
        """`tables` is `data/stages.toml`, parsed."""
        self._stages = [stage.id for stage in taxonomy.stages]
        self._gazetteer = gazetteer
        words: dict[str, tuple[str, int]] = {}
        for modality, by_strength in tables["modality"].items():
            for strength, phrases in by_strength.items():
                words.update(dict.fromkeys(phrases, (modality, int(strength))))
        for modality, phrases in tables["target"].items():
            words.update(dict.fromkeys(phrases, (modality, 4)))
        self._words = Phrases(words)
        marks = {"github copilot": "neutral"}  # a product whose name holds "github", which speaks for open weights
        marks |= dict.fromkeys(tables["open"]["says"], "open")
        marks |= dict.fromkeys(tables["open"]["feeble"], "maybe")
        marks |= dict.fromkeys(tables["closed"]["says"], "closed")
        marks |= dict.fromkeys(tables["realtime"]["says"], "realtime")
        self._marks = Phrases(marks)
        self._addresses = tuple(tables["open"]["addresses"])
        self._places = tuple(tables["open"]["places"])

    def clues(self, text: Text, url: str, published: str = "") -> Clues:
        """Everything the text says about stages."""
        words = tuple(self._words.find(text))
        mentions = tuple(self._gazetteer.mentions(text, url.lower()))
        tally: dict[str, float] = {}
        for word in words:
            modality, strength = word.value
            title = 2.0 if word.start < text.title_end else 1.0
            tally[modality] = min(12.0, tally.get(modality, 0.0) + 0.5 * strength * title)
        return Clues(text, url.lower(), words, tuple(self._marks.find(text)), mentions, tally, published)

    def place(self, clues: Clues, start: int, end: int, rule: Rule) -> Place:
        """The stage of a claim that a rule found at `start` to `end`."""
        fixed, modalities = rule.fixed, self._possible(clues, start, end, rule)
        model = self._resolved(clues, clues.about(start, end, modalities), modalities)
        scores = {modality: self._score(clues, model, modality, start, end, fixed=fixed) for modality in MODALITIES}
        best = max(modalities, key=scores.__getitem__)  # the first of equals is the default
        lead = scores[best] - max(score for modality, score in scores.items() if modality != best)
        model = self._resolved(clues, clues.about(start, end, (best,)), (best,))
        is_open, how = self._is_open(clues, model, best)
        stage = self._stage(best, is_open=is_open, is_realtime=self._is_realtime(clues, model, best, start))
        return Place(stage=stage, sure=min(1.0, max(-1.0, lead / 8.0)), openness=how, model=model)

    @staticmethod
    def _possible(clues: Clues, start: int, end: int, rule: Rule) -> tuple[str, ...]:
        """The rule's modalities, without those that need a model which makes nothing else."""
        model = clues.about(start, end, rule.modalities)
        made = {stage.partition("/")[0] for stage in model.stages} if model else set()
        return tuple(one for one in rule.modalities if one not in rule.last_resort or made == {one})

    def _score(self, clues: Clues, model: Mention | None, modality: str, start: int, end: int, *, fixed: bool) -> float:
        left, right = clues.text.sentence(start)
        score = clues.tally.get(modality, 0.0)
        for word in clues.words:
            named, strength = word.value
            if named == modality and left <= word.start < right:
                score += strength * (1.5 if start - NEAR < word.start < end + NEAR else 0.8)
        if model is not None and model.stages:
            lived = {stage.partition("/")[0] for stage in model.stages}
            is_drawer = modality not in ("text", "code") and not model.family.see
            if modality in lived:
                score += (9.0 if is_drawer or len(lived) == 1 else 5.0) / len(lived)
                score += 5.0 if modality in model.narrowed else 0.0
                score += HOME if model.stages[0].startswith(modality + "/") else 0.0
            elif not fixed:
                score -= 5.0
        return score

    def _resolved(self, clues: Clues, model: Mention | None, modalities: Sequence[str]) -> Mention | None:
        """An umbrella brand stands for its family in the modality that the text is about."""
        if model is None or not model.family.see:
            return model
        visual = [one for one in modalities if one in ("image", "video", "3d")]
        wanted = max(visual, key=lambda one: clues.tally.get(one, 0.0), default=None)
        if wanted is None or clues.tally.get(wanted, 0.0) < 2.0 or wanted not in model.family.see:
            return model
        family = self._gazetteer.family(model.family.see[wanted])
        return replace(model, stages=(*(family.stages if family else ()), *model.stages))

    def _is_open(self, clues: Clues, model: Mention | None, modality: str) -> tuple[bool, str]:
        stages = [stage for stage in (model.stages if model else ()) if stage.startswith(modality + "/")]
        if model is not None and stages and model.family.open_since:
            return clues.published >= model.family.open_since, "family"
        variants = {"open" in stage.partition("/")[2] for stage in stages}
        narrowed = len(stages) == 1 or len(variants) == 1
        said = self._openness_said(clues)
        if narrowed and stages:
            is_open = "open" in stages[0].partition("/")[2]
            if said is None or model is None or model.family.kind != "tool":
                return is_open, "family"
        if said is not None:
            return said, "words"
        return (("open" in stages[0].partition("/")[2]), "family") if stages else (False, "default")

    def _openness_said(self, clues: Clues) -> bool | None:
        kinds = [found.value for found in clues.opening]
        if "closed" in kinds and "open" not in kinds:
            return False
        hints = kinds.count("open") * 2 + kinds.count("maybe")
        hints += 2 * any(address in clues.url for address in self._addresses)
        hints += 1 * any(place in clues.url or place in clues.text.folded for place in self._places)
        return True if hints >= 2 else None

    @staticmethod
    def _is_realtime(clues: Clues, model: Mention | None, modality: str, start: int) -> bool:
        if modality != "video":
            return False
        if model is not None and model.stages and all(stage.endswith("realtime") for stage in model.stages):
            return True
        left, right = clues.text.sentence(start)
        near = [found for found in clues.opening if found.value == "realtime"]
        return any(left <= found.start < right or found.start < clues.text.title_end for found in near) or len(near) > 1

    def _stage(self, modality: str, *, is_open: bool, is_realtime: bool) -> str:
        wanted = "open" if is_open else "closed"
        if modality == "video":
            wanted += "-realtime" if is_realtime else "-offline"
        name = f"{modality}/{wanted}"
        return name if name in self._stages else next(one for one in self._stages if one.startswith(modality + "/"))
