"""One figure taken apart: by reason, grade, group, destination and hours of the day, under both definitions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from npt.abstractions.rules.counting import EntryMinutes, Tallies
from npt.abstractions.rules.parts import Hours
from npt.abstractions.rules.rates import Assessment, Figures, Status, as_share, badness, figures_of, rate
from npt.policy.rules import Group


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a breakdown: minutes counted under the force's definition and the national one, out of duty.

    ``status`` is empty for a line that is judged by no target. Off-duty minutes are those of the force's definition.
    """

    code: str
    label: str
    duty_minutes: int
    counted: int
    nationally: int
    off_duty_minutes: int = 0
    target_percent: Decimal | None = None
    status: Status | None = None

    @property
    def rate(self) -> Fraction | None:
        return rate(self.counted, self.duty_minutes)

    @property
    def national_rate(self) -> Fraction | None:
        """The rate under the national definition: the same duty, and no target."""
        return rate(self.nationally, self.duty_minutes)

    @property
    def over_target_by(self) -> Fraction | None:
        """How far over target, as a share of duty; nothing when it is not over."""
        if self.status is not Status.OVER or self.rate is None or self.target_percent is None:
            return None
        return self.rate - as_share(self.target_percent)


def by_reason(local: Figures, national: Figures, fixed: Sequence[str], label: Callable[[str], str]) -> tuple[Line, ...]:
    """Custody and response first, zero included; then the rest, most minutes first (RULES section 4)."""
    codes = local.by_reason.keys() | national.by_reason.keys()
    lines = [
        Line(code, label(code), local.duty_minutes, local.by_reason.get(code, 0), national.by_reason.get(code, 0))
        for code in codes | set(fixed)
    ]
    return tuple(sorted(lines, key=lambda line: (line.code not in fixed, *_most_first(line))))


def _most_first(line: Line) -> tuple[int, int, str]:
    return -line.counted, -line.nationally, line.code


def by_grade(local: Figures, national: Figures) -> tuple[Line, ...]:
    """Sergeants, PCs and PCSOs, each out of their own duty. Targets are set for groups of grades, not for one."""
    return tuple(
        Line(
            grade.value,
            grade.label,
            share.duty_minutes,
            share.abstracted_minutes,
            national.by_grade[grade].abstracted_minutes,
        )
        for grade, share in local.by_grade.items()
    )


GROUP_LABELS = {Group.OFFICERS: "Officers (sergeants and PCs)", Group.PCSOS: "PCSOs"}


def by_group(judged: Assessment, national: Figures) -> tuple[Line, ...]:
    """Officers and PCSOs, each against the target that judges the group."""
    return tuple(
        Line(
            group.value,
            GROUP_LABELS[group],
            found.share.duty_minutes,
            found.share.abstracted_minutes,
            national.by_group[group].abstracted_minutes,
            target_percent=found.target_percent,
            status=found.status,
        )
        for group, found in judged.groups.items()
    )


def destination_key(written: str | None) -> str:
    """What makes two destinations the same: the words, whatever their capitals and the blanks between them."""
    return " ".join((written or "").split()).casefold()


def by_destination(
    local: Iterable[EntryMinutes],
    national: Iterable[EntryMinutes],
    destinations: Mapping[int, str | None],
    duty_minutes: int,
) -> tuple[Line, ...]:
    """Where people went, most minutes first; the code of a line is its key, empty where nothing was written down.

    Destinations are written by hand, so spellings that differ in more than capitals and blanks stay apart.
    """
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    labels: dict[str, str] = {}
    for which, entries in enumerate((local, national)):
        for entry in entries:
            if entry.counted:
                written = destinations.get(entry.abstraction_id or 0)
                key = destination_key(written)
                labels[key] = min(
                    labels.get(key) or " ".join((written or "").split()), " ".join((written or "").split())
                )
                sums[key][which] += entry.counted
    lines = [
        Line(key, labels[key] or "Not written down", duty_minutes, counted, nationally)
        for key, (counted, nationally) in sums.items()
    ]
    return tuple(sorted(lines, key=_most_first))


def by_hours(local: Mapping[Hours, Tallies], national: Mapping[Hours, Tallies]) -> tuple[Line, ...]:
    """Every part of the day, out of the duty in it."""

    def line(hours: Hours) -> Line:
        here = figures_of(local[hours].people if hours in local else ())
        there = figures_of(national[hours].people if hours in national else ())
        return Line(
            hours.value,
            hours.label,
            here.duty_minutes,
            here.abstracted_minutes,
            there.abstracted_minutes,
            here.off_duty_minutes,
        )

    return tuple(line(hours) for hours in Hours)


class LineOrder(StrEnum):
    """The columns a comparison can be sorted by; worst first unless asked."""

    WORST = "worst"
    NAME = "name"
    DUTY = "duty"
    COUNTED = "counted"
    RATE = "rate"
    TARGET = "target"
    NATIONALLY = "nationally"
    OFF_DUTY = "off_duty"


_KEYS: Mapping[LineOrder, Callable[[Line], Fraction | int | None]] = {
    LineOrder.DUTY: lambda line: line.duty_minutes,
    LineOrder.COUNTED: lambda line: line.counted,
    LineOrder.RATE: lambda line: line.rate,
    LineOrder.TARGET: lambda line: None if line.target_percent is None else Fraction(line.target_percent),
    LineOrder.NATIONALLY: lambda line: line.national_rate,
    LineOrder.OFF_DUTY: lambda line: line.off_duty_minutes,
}


def ordered_lines(lines: Iterable[Line], order: LineOrder, *, descending: bool = False) -> tuple[Line, ...]:
    """Lines of a comparison by a column. Those without the figure come last either way.

    Worst: over target by how far, then approaching, then without a target by rate, then within, then no data.
    """
    by_code = sorted(lines, key=lambda line: line.code)
    if order is LineOrder.WORST:
        return tuple(sorted(by_code, key=_badness))
    if order is LineOrder.NAME:
        return tuple(sorted(by_code, key=lambda line: line.label.lower(), reverse=descending))
    key = _KEYS[order]
    known = sorted(
        (line for line in by_code if key(line) is not None),
        key=lambda line: -(key(line) or 0) if descending else (key(line) or 0),
    )
    return (*known, *(line for line in by_code if key(line) is None))


def _badness(line: Line) -> tuple[int, Fraction]:
    return badness(line.status or Status.NO_DATA, line.over_target_by, line.rate)
