"""Rates and how they stand against target: sums over sums, compared as exact fractions (RULES section 4)."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeVar

from npt.abstractions.rules.counting import Tally
from npt.people.rules import OFFICERS, PCSOS, Grade
from npt.policy.rules import Definition, Group, Policy

_SHOWN_GRADES = (Grade.SERGEANT, Grade.PC, Grade.PCSO)
_GROUPS = {
    group: tuple(grade for grade in _SHOWN_GRADES if grade in grades)
    for group, grades in ((Group.OFFICERS, OFFICERS), (Group.PCSOS, PCSOS))
}


class Status(StrEnum):
    """How a rate stands."""

    NO_DATA = "no_data"
    NO_TARGET = "no_target"
    WITHIN = "within"
    APPROACHING = "approaching"
    OVER = "over"

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    Status.NO_DATA: "No data",
    Status.NO_TARGET: "No target set",
    Status.WITHIN: "Within target",
    Status.APPROACHING: "Approaching target",
    Status.OVER: "Over target",
}


def rate(abstracted_minutes: int, duty_minutes: int) -> Fraction | None:
    """Counted minutes as a share of available duty minutes; nothing, never 0, when there was no available duty."""
    return Fraction(abstracted_minutes, duty_minutes) if duty_minutes else None


def status(of: Fraction | None, target_percent: Decimal | None, policy: Policy) -> Status:
    """How a rate stands against a target in per cent: over strictly above it, approaching from policy's share of it on.

    A target of 0 is kept at 0 and broken above it (RULES section 4).
    """
    if of is None:
        return Status.NO_DATA
    if target_percent is None:
        return Status.NO_TARGET
    target = as_share(target_percent)
    if of > target:
        return Status.OVER
    if target and of >= as_share(target_percent, policy.approaching_percent):
        return Status.APPROACHING
    return Status.WITHIN


def minutes_to_spare(abstracted_minutes: int, duty_minutes: int, target_percent: Decimal) -> int:
    """The whole minutes left before the rate is above a target in per cent; below 0, by how many it is."""
    return int(as_share(target_percent) * duty_minutes) - abstracted_minutes


@lru_cache
def as_share(percent: Decimal, of_it: Decimal = Decimal(100)) -> Fraction:
    """A target in per cent, or so many per cent of one, as a share of one. Every line of a page has the same few."""
    return Fraction(percent) / 100 * Fraction(of_it) / 100


class Share(NamedTuple):
    """Counted minutes out of available duty minutes."""

    duty_minutes: int
    abstracted_minutes: int

    @property
    def rate(self) -> Fraction | None:
        return rate(self.abstracted_minutes, self.duty_minutes)


@dataclass(frozen=True, slots=True)
class Figures:
    """The minutes of a unit or a person, added up. ``by_reason`` sums to ``abstracted_minutes``."""

    duty_minutes: int
    abstracted_minutes: int
    off_duty_minutes: int
    by_reason: Mapping[str, int]
    by_grade: Mapping[Grade, Share]
    by_group: Mapping[Group, Share]

    @property
    def rate(self) -> Fraction | None:
        return rate(self.abstracted_minutes, self.duty_minutes)


def figures_of(tallies: Iterable[Tally], fixed_codes: Iterable[str] = ()) -> Figures:
    """Add tallies up: sum over sum, never a mean of rates. Reasons in order of code, the fixed ones zero included."""
    by_reason = dict.fromkeys(fixed_codes, 0)
    duty, abstracted = dict.fromkeys(_SHOWN_GRADES, 0), dict.fromkeys(_SHOWN_GRADES, 0)
    off_duty = 0
    for row in tallies:
        off_duty += row.off_duty_minutes
        taken = 0
        for reason, minutes in row.by_reason.items():
            by_reason[reason] = by_reason.get(reason, 0) + minutes
            taken += minutes
        if row.grade in duty:
            duty[row.grade] += row.duty_minutes
            abstracted[row.grade] += taken
    return Figures(
        duty_minutes=sum(duty.values()),
        abstracted_minutes=sum(abstracted.values()),
        off_duty_minutes=off_duty,
        by_reason=dict(sorted(by_reason.items())),
        by_grade={grade: Share(duty[grade], abstracted[grade]) for grade in _SHOWN_GRADES},
        by_group={
            group: Share(sum(duty[grade] for grade in grades), sum(abstracted[grade] for grade in grades))
            for group, grades in _GROUPS.items()
        },
    )


_Key = TypeVar("_Key", bound=Hashable)


def figures_by(
    tallies: Iterable[Tally],
    key: Callable[[Tally], _Key | None],
    *,
    fixed_codes: Iterable[str] = (),
    also: Iterable[_Key] = (),
) -> dict[_Key, Figures]:
    """The figures of each team, BCU, force or person, as the key says; a key of nothing leaves a tally out.

    :param also: units that have a row although they may have no minutes
    """
    codes = list(fixed_codes)
    grouped: dict[_Key, list[Tally]] = {unit: [] for unit in also}
    for row in tallies:
        unit = key(row)
        if unit is not None:
            grouped.setdefault(unit, []).append(row)
    return {unit: figures_of(rows, codes) for unit, rows in grouped.items()}


_WORST_FIRST = (Status.OVER, Status.APPROACHING, Status.NO_TARGET, Status.WITHIN, Status.NO_DATA)


def badness(of: Status, over_target_by: Fraction | None, rate: Fraction | None) -> tuple[int, Fraction]:
    """What units are sorted by, the worst first: over target by how far, then approaching, then without a target by
    rate, then within, then no data.
    """
    return _WORST_FIRST.index(of), -((rate if over_target_by is None else over_target_by) or Fraction())


@dataclass(frozen=True, slots=True)
class GroupAssessment:
    """The rate of a group of grades against the target that judges it."""

    share: Share
    target_percent: Decimal | None
    status: Status


@dataclass(frozen=True, slots=True)
class Assessment:
    """The figures of a unit against its target, for all grades and for each group."""

    figures: Figures
    target_percent: Decimal | None
    status: Status
    groups: Mapping[Group, GroupAssessment]

    @property
    def over_target_by(self) -> Fraction | None:
        """How far the rate lies above its target, as a share of one; below it when negative."""
        rate, target = self.figures.rate, self.target_percent
        return None if rate is None or target is None else rate - as_share(target)

    @property
    def badness(self) -> tuple[int, Fraction]:
        """What units are sorted by, the worst first."""
        return badness(self.status, self.over_target_by, self.figures.rate)


def assess(
    figures: Figures,
    policy: Policy,
    *,
    team: str | None = None,
    bcu: str | None = None,
    definition: Definition = Definition.LOCAL,
) -> Assessment:
    """Judge a unit by the most specific target: its team's, then its BCU's, then the force's (RULES section 4).

    A rate over all grades is judged by ``all`` targets only, a group's by its own, else by ``all``. Targets belong to
    the local definition, so under the national one there is none.

    :param team: code of the team, for a team
    :param bcu: code of the BCU, for a BCU, a sector or a team
    """

    def target_percent(group: Group) -> Decimal | None:
        found = policy.targets.find(group, team=team, bcu=bcu) if definition is Definition.LOCAL else None
        return found.percent if found else None

    return _assessment(figures, policy, target_percent)


def assess_person(figures: Figures, policy: Policy, *, definition: Definition = Definition.LOCAL) -> Assessment:
    """Judge a person by the individual limit; without one there is no target (RULES section 7)."""
    limit = policy.person_limit_percent if definition is Definition.LOCAL else None
    return _assessment(figures, policy, lambda _: limit)


def _assessment(figures: Figures, policy: Policy, target_percent: Callable[[Group], Decimal | None]) -> Assessment:
    groups = {}
    for group, share in figures.by_group.items():
        percent = target_percent(group)
        groups[group] = GroupAssessment(share, percent, status(share.rate, percent, policy))
    percent = target_percent(Group.ALL)
    return Assessment(figures, percent, status(figures.rate, percent, policy), groups)
