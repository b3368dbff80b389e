"""Whether anything came of a plan: a change held against chance, and what may be said of it (RULES section 6).

Counts: the weighted displacement difference of Wheeler and Ratcliffe (2018). Surveys: the two-proportion z-test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt

from npt.core.errors import Reason
from npt.problem_solving.rules.vocabulary import Better, Method

Z90 = 1.645
"""So many standard errors either side make the 90 % interval of the published method."""
Z95 = 1.959964
"""The same for 95 %."""


class Verdict(StrEnum):
    """What may be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    CHANCE = "chance"
    TOO_FEW = "too_few"
    NO_COMPARISON = "no_comparison"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Verdict.BETTER: "Better, by more than chance explains",
    Verdict.WORSE: "Worse, by more than chance explains",
    Verdict.CHANCE: "Could be chance",
    Verdict.TOO_FEW: "Too few to tell",
    Verdict.NO_COMPARISON: "No comparison: cannot be told from the trend",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A count before and after."""

    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Areas:
    """Counts of the treated area and of a comparison area; those of a displacement area come with its own control."""

    treated: Change
    comparison: Change
    displacement: Change | None = None
    control: Change | None = None


@dataclass(frozen=True, slots=True)
class Surveys:
    """How many were asked in each survey, and how many of them said it."""

    said: Change
    asked: Change


@dataclass(frozen=True, slots=True)
class Impact:
    """A change and what may be said of it. The figures are counts, or percentage points of surveys; else nothing."""

    verdict: Verdict
    sentence: str
    difference: float | None = None
    standard_error: float | None = None
    z: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    unit: str = ""
    confidence: int = 90


NO_COMPARISON = Impact(
    Verdict.NO_COMPARISON,
    "There is no comparison, so a change cannot be told from the trend. Crime may have fallen, or risen, everywhere.",
)


@dataclass(frozen=True, slots=True)
class Least:
    """The force's limits: the fewest counted before in an area, the fewest asked in a survey."""

    counted: int
    asked: int

    def of(self, method: Method) -> int | None:
        """The one a comparison is judged by; nothing where nothing is compared."""
        return {Method.AREA: self.counted, Method.SURVEY: self.asked, Method.NONE: None}[method]


def of_areas(counts: Areas, better: Better, least: int) -> Impact:
    """The weighted displacement difference, its standard error, z and 90 % interval, and the verdict in words.

    :param least: the fewest counted before in each area, for a verdict
    """
    pairs = [counts.treated, counts.comparison]
    difference = counts.treated.difference - counts.comparison.difference
    if counts.displacement and counts.control:
        pairs += [counts.displacement, counts.control]
        difference += counts.displacement.difference - counts.control.difference
    if any(pair.before < max(least, 1) for pair in pairs):
        return Impact(
            Verdict.TOO_FEW,
            f"Too few to tell: each area needs at least {max(least, 1)} counted before. "
            "Take a longer period or a larger area.",
        )
    error = sqrt(sum(pair.before + pair.after for pair in pairs))
    low, high = difference - Z90 * error, difference + Z90 * error
    verdict = _verdict(low, high, better)
    return Impact(
        verdict,
        _AREAS[verdict],
        difference,
        error,
        difference / error,
        low,
        high,
    )


_AREAS = {
    Verdict.BETTER: "The treated area did better than the comparison area, by more than chance explains.",
    Verdict.WORSE: "The treated area did worse than the comparison area, by more than chance explains.",
    Verdict.CHANCE: "This could be chance: no change lies inside the interval. It does not show that the plan worked.",
}


def of_surveys(counts: Surveys, better: Better, least: int) -> Impact:
    """The two-proportion z-test at 95 %, and the verdict in words. The interval is of percentage points.

    :param least: the fewest asked in each survey, for a verdict
    """
    asked_before, asked_after = counts.asked.before, counts.asked.after
    if min(asked_before, asked_after) < max(least, 1):
        return Impact(
            Verdict.TOO_FEW,
            f"Too few to tell: each survey needs at least {max(least, 1)} answers. Ask more people.",
        )
    before, after = counts.said.before / asked_before, counts.said.after / asked_after
    error, z = two_proportions(before, asked_before, after, asked_after)
    verdict = _verdict(z - Z95, z + Z95, better)
    spread = Z95 * sqrt(before * (1 - before) / asked_before + after * (1 - after) / asked_after)
    return Impact(
        verdict,
        _SURVEYS[verdict],
        (after - before) * 100,
        error * 100,
        z,
        (after - before - spread) * 100,
        (after - before + spread) * 100,
        two_sided(z),
        unit="percentage points",
        confidence=95,
    )


def two_proportions(before: float, asked_before: int, after: float, asked_after: int) -> tuple[float, float]:
    """The pooled standard error of a change between two shares of one, and its z; z is 0 where all answer alike."""
    pooled = (before * asked_before + after * asked_after) / (asked_before + asked_after)
    error = sqrt(max(pooled * (1 - pooled), 0.0) * (1 / asked_before + 1 / asked_after))
    return error, (after - before) / error if error else 0.0


def two_sided(z: float) -> float:
    """How often chance alone would go as far as z, either way."""
    return erfc(abs(z) / sqrt(2))


_SURVEYS = {
    Verdict.BETTER: "People's answers are better than before, by more than chance explains.",
    Verdict.WORSE: "People's answers are worse than before, by more than chance explains.",
    Verdict.CHANCE: "This could be chance: two samples of the same people would differ as much. It shows no success.",
}


def _verdict(low: float, high: float, better: Better) -> Verdict:
    if low <= 0 <= high:
        return Verdict.CHANCE
    return Verdict.BETTER if (high < 0) == (better is Better.LOWER) else Verdict.WORSE


AREA_COUNTS = ("treated", "comparison")
AWAY_COUNTS = ("displacement", "control")
SURVEY_COUNTS = ("asked", "said")
TIMES = ("before", "after")
COUNTS = tuple(f"{what}_{time}" for what in (*AREA_COUNTS, *AWAY_COUNTS, *SURVEY_COUNTS) for time in TIMES)


def obstacles_to_counts(method: Method, counts: Mapping[str, int | None]) -> list[Reason]:
    """Why counts cannot be kept: some are missing, or more people said it than were asked."""
    if method is Method.NONE:
        return []
    wanted = AREA_COUNTS if method is Method.AREA else SURVEY_COUNTS
    reasons = [_enter(name) for what in wanted for name in _names(what) if counts.get(name) is None]
    away = [name for what in AWAY_COUNTS for name in _names(what)]
    if method is Method.AREA and any(counts.get(name) is not None for name in away):
        reasons += [_enter(name) for name in away if counts.get(name) is None]
    if method is Method.SURVEY and not reasons:
        reasons += [
            Reason("No more can say it than were asked", f"said_{time}")
            for time in TIMES
            if (counts[f"said_{time}"] or 0) > (counts[f"asked_{time}"] or 0)
        ]
    return reasons


def _names(what: str) -> list[str]:
    return [f"{what}_{time}" for time in TIMES]


def _enter(name: str) -> Reason:
    return Reason("Enter a whole number, 0 if there was none", name)


def impact(method: Method, counts: Mapping[str, int | None], better: Better, least: int | None) -> Impact:
    """What may be said of the counts kept; with none, that there is no comparison.

    :param least: the limit they are judged by, as ``Least.of`` gives it
    """
    if method is Method.NONE or obstacles_to_counts(method, counts) or least is None:
        return NO_COMPARISON
    if method is Method.SURVEY:
        return of_surveys(Surveys(_change(counts, "said"), _change(counts, "asked")), better, least)
    away = counts.get("displacement_before") is not None
    return of_areas(
        Areas(
            _change(counts, "treated"),
            _change(counts, "comparison"),
            _change(counts, "displacement") if away else None,
            _change(counts, "control") if away else None,
        ),
        better,
        least,
    )


def _change(counts: Mapping[str, int | None], what: str) -> Change:
    before, after = (counts[name] or 0 for name in _names(what))
    return Change(before, after)
