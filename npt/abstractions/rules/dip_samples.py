"""Dip-samples: how entries are drawn, what an auditor may find, and what a sample says of all it was drawn from."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from npt.abstractions.rules.quality import Kept
from npt.core.errors import Reason

LARGEST_SAMPLE = 500
"""A bound of the form, no figure of policy: what nobody could look at by hand."""


class Finding(StrEnum):
    """What an auditor finds of an entry when they hold it against the evidence."""

    AGREES = "agrees"
    WRONG_TIME = "wrong_time"
    WRONG_REASON = "wrong_reason"
    SHOULD_NOT_COUNT = "should_not_count"
    NOT_AUTHORISED = "not_authorised"
    CANNOT_BE_TOLD = "cannot_be_told"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def wrong(self) -> bool:
        return self not in (Finding.AGREES, Finding.CANNOT_BE_TOLD)


_LABELS = {
    Finding.AGREES: "Agrees with the duty record",
    Finding.WRONG_TIME: "Wrong time",
    Finding.WRONG_REASON: "Wrong reason",
    Finding.SHOULD_NOT_COUNT: "Should not count",
    Finding.NOT_AUTHORISED: "Not authorised as it should be",
    Finding.CANNOT_BE_TOLD: "Cannot be told",
}


class DrawnFrom(StrEnum):
    """Which entries a sample is drawn from."""

    ALL = "all"
    LATE = "late"
    LONG = "long"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        return self.kept.label

    @property
    def kept(self) -> Kept:
        return Kept(self.value)

    @property
    def words(self) -> str:
        """As a sentence names them: "late entries"."""
        return _WORDS[self]


_WORDS = {
    DrawnFrom.ALL: "entries",
    DrawnFrom.LATE: "late entries",
    DrawnFrom.LONG: "long entries",
    DrawnFrom.CHANGED: "changed entries",
}


def place_in_draw(ref: str, seed: str) -> str:
    """An entry's place in a draw: the SHA-256 of ``SEED:REF`` in hexadecimal. The lowest are drawn.

    Anybody can work it out again with any tool, also years later, which no library's random numbers promise.
    """
    return hashlib.sha256(f"{seed}:{ref}".encode()).hexdigest()


def drawn(refs: Iterable[str], size: int, seed: str) -> list[str]:
    """So many entries, or all when there are fewer, drawn by a seed; in the order drawn."""
    return sorted(refs, key=lambda ref: (place_in_draw(ref, seed), ref))[:size]


@dataclass(frozen=True, slots=True)
class Result:
    """What a sample has come to so far, or in the end."""

    population: int
    """How many entries it was drawn from."""
    drawn: int
    findings: Counter[Finding]

    @property
    def looked_at(self) -> int:
        return self.findings.total()

    @property
    def left(self) -> int:
        return self.drawn - self.looked_at

    @property
    def wrong(self) -> int:
        return sum(count for finding, count in self.findings.items() if finding.wrong)

    @property
    def told(self) -> int:
        """Those of which it could be told whether they are right."""
        return self.looked_at - self.findings[Finding.CANNOT_BE_TOLD]

    @property
    def share(self) -> Fraction | None:
        """The share wrong of those that could be told."""
        return Fraction(self.wrong, self.told) if self.told else None

    @property
    def every_one(self) -> bool:
        """Whether every entry there is was looked at and could be told, so that nothing is left to chance."""
        return self.told == self.population

    @property
    def interval(self) -> tuple[Fraction, Fraction] | None:
        """Between which shares the truth of all they were drawn from lies, 19 times in 20."""
        return wilson(self.wrong, self.told) if self.told else None


def result(population: int, findings: Sequence[Finding | None]) -> Result:
    """What a sample has come to: a finding for each entry drawn, or nothing where none is recorded yet."""
    return Result(population, len(findings), Counter(each for each in findings if each is not None))


Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution: a mathematical constant, no figure of policy."""


def wilson(count: int, of: int) -> tuple[Fraction, Fraction]:
    """The 95 % interval of a share by Wilson's score (1927), which is sound for small samples and shares near 0 or 1.

    :raises ZeroDivisionError: of nothing
    """
    share = count / of
    middle = (share + Z95**2 / (2 * of)) / (1 + Z95**2 / of)
    half = Z95 / (1 + Z95**2 / of) * sqrt(share * (1 - share) / of + Z95**2 / (4 * of**2))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return Fraction(low), Fraction(high)


def obstacles_to_drawing(size: int | None, population: int, drawn_from: DrawnFrom) -> list[Reason]:
    """What stands in the way of drawing a sample."""
    listed = []
    if size is None or not 1 <= size <= LARGEST_SAMPLE:
        listed.append(Reason(f"Enter how many to draw, from 1 to {LARGEST_SAMPLE}", "size"))
    if not population:
        listed.append(Reason(f"There are no {drawn_from.words} to draw from. Choose other days, or other entries"))
    return listed


def obstacles_to_finding(finding: Finding, note: str, evidence: str, *, closed: bool, own: bool) -> list[Reason]:
    """What stands in the way of recording a finding.

    :param own: whether the entry is about whoever audits it
    """
    listed = []
    if closed:
        listed.append(Reason("This sample is closed. Its findings stand as they are"))
    if own:
        listed.append(Reason("This entry is about you. Another auditor must look at it"))
    if not evidence.strip():
        listed.append(Reason("Enter what you looked at", "evidence"))
    if finding is not Finding.AGREES and not note.strip():
        listed.append(Reason("Enter what is wrong, or why it cannot be told", "note"))
    return listed


def obstacles_to_closing(result: Result, conclusion: str, *, closed: bool) -> list[Reason]:
    """What stands in the way of closing a sample."""
    if closed:
        return [Reason("This sample is closed already")]
    listed = []
    if result.left:
        left = "1 entry is" if result.left == 1 else f"{result.left} entries are"
        listed.append(Reason(f"{left} not looked at yet. Record a finding for each, if only that it cannot be told"))
    if not conclusion.strip():
        listed.append(Reason("Enter your conclusion", "conclusion"))
    return listed
