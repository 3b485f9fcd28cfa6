"""What is kept of how claims were found, of second opinions, and of the models trained from people's decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Tag:
    """How one item's claim was found, as the model saw it then."""

    sighting: str
    item: str  # the item's link, else its identity
    rule: str  # the hand-written rule that spoke loudest
    source: str  # the feed's title, else its address
    model: str  # the version that gave the probability
    probability: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """A language model's word on a sighting: kept beside the embedded classifier's, never counted as a vote."""

    sighting: str
    voter: str  # the language model's name
    agrees: bool  # it finds the same claim in the same words
    rules: str  # the taxonomy version that it was shown
    at: datetime  # UTC


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model that was trained from decisions, adopted or not."""

    version: str
    at: datetime  # UTC
    decisions: int  # how many it could learn from
    new_loss: float  # log loss on the held-out decisions
    old_loss: float  # the same of the model it was to replace
    adopted: bool
    content: Mapping[str, object]  # the weights, as JSON can hold them
