"""Names of people who do not exist, drawn without repeating a pair."""

import random
from pathlib import Path


def _listed(name: str) -> list[str]:
    return (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").split()


def pairs(draw: random.Random, many: int) -> list[tuple[str, str]]:
    """So many different pairs of forename and surname."""
    surnames = _listed("surnames")
    every = [(forename, surname) for forename in _listed("forenames") for surname in surnames]
    return draw.sample(every, many)
