"""What a change would do, said before it is made."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Whether an effect is for the worse, for the better, or neither."""

    WORSE = "worse"
    BETTER = "better"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a change would do, as a sentence without its full stop."""

    sentence: str
    weight: Weight = Weight.NEITHER
