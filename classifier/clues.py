"""What the words of one text say about stages, and which of the models it names a claim is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from classifier.gazetteer import Mention
from classifier.phrases import Found
from classifier.text import Text

# Known names of other things than models that make something.
NO_MODEL = frozenset(
    {"method", "technique", "benchmark", "hardware", "infrastructure", "encoder", "embedding", "vision-understanding"}
)
COMPARING = frozenset(
    {
        "than",
        "vs",
        "vs.",
        "versus",
        "over",
        "against",
        "beats",
        "beating",
        "beat",
        "outperforms",
        "outperforming",
        "outperform",
        "surpassing",
        "surpasses",
        "surpassed",
        "rivals",
        "rivaling",
        "rivalling",
        "compared",
        "comparing",
        "comparison",
        "comparable",
        "unlike",
        "matches",
        "matching",
        "competitor",
        "alternative",
        "similar",
        "below",
        "behind",
        "ahead",
        "exceeds",
        "exceeding",
        "distilled",
    }
)


@dataclass(frozen=True)
class Clues:
    """What the words of one text say about stages; worked out once per item."""

    text: Text
    url: str
    words: tuple[Found[tuple[str, int]], ...]
    opening: tuple[Found[str], ...]
    mentions: tuple[Mention, ...]
    tally: Mapping[str, float] = field(default_factory=dict)
    published: str = ""  # the day, as YYYY-MM-DD; "" when unknown

    @cached_property
    def subject(self) -> Mention | None:
        """The model that the text is about: the first that is no mere comparison, title first."""
        own = [one for one in self.mentions if one.family.kind not in NO_MODEL and not self.is_compared(one)]
        models = [mention for mention in own if mention.family.kind == "model"]
        inside = [mention for mention in models or own if mention.start < self.text.title_end]
        return next(iter(inside or models or own), None)

    def is_compared(self, mention: Mention) -> bool:
        """Whether the name only stands for something better or worse."""
        before = self.text.folded[max(0, mention.start - 45) : mention.start]
        cut = max(before.rfind(mark) for mark in ".;:!?")
        return not COMPARING.isdisjoint(before[cut + 1 :].split())

    def about(self, start: int, end: int, modalities: Sequence[str]) -> Mention | None:
        """The model a claim at this place is about: near it and at home in one of the modalities, if there is one."""
        own = [mention for mention in self.mentions if not self.is_compared(mention)]
        home = [mention for mention in own if _lives_in(mention, modalities)]
        # "Gemini app" makes clips too, but Gemini Omni beside it is what makes them.
        home = [one for one in home if one.stages and _is_known_for(one, modalities)] or home
        return self._named_fully(self._nearest(start, end, home, own))

    def _named_fully(self, mention: Mention | None) -> Mention | None:
        """The same family where a variant of it is named: "Hunyuan3D 3.1" tells what "Hunyuan3D" means later on."""
        if mention is None or mention.narrowed:
            return mention
        full = (one for one in self.mentions if one.narrowed and one.family is mention.family)
        return next(full, mention)

    def _nearest(self, start: int, end: int, home: Sequence[Mention], own: Sequence[Mention]) -> Mention | None:
        left, right = self.text.sentence(start)
        for found in (home, own):
            here = [one for one in found if left <= one.start < right]
            here = [one for one in here if one.family.kind == "model"] or here
            before = [one for one in here if one.start <= end]
            if here:
                return before[-1] if before else here[0]
            title = [one for one in found if one.start < self.text.title_end]
            if title:
                return title[0]
        return next(iter(home), None) or self.subject


def _is_known_for(mention: Mention, modalities: Sequence[str]) -> bool:
    """Whether the model makes one of these visual modalities before all else."""
    first = mention.stages[0].partition("/")[0]
    return first in modalities and first in ("image", "video", "3d")


def _lives_in(mention: Mention, modalities: Sequence[str]) -> bool:
    """Whether the model makes one of these; an umbrella brand also makes what its families make."""
    made = {stage.partition("/")[0] for stage in mention.stages} | set(mention.family.see)
    return not made.isdisjoint(modalities)
