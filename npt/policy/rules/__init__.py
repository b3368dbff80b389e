"""What policy says on a day: which reasons count, which target applies, where the lines are."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from npt.core.periods import Period, day_in_words
from npt.people.rules import Grade


class Definition(StrEnum):
    """Whose definition of abstraction a figure follows."""

    LOCAL = "local"
    NATIONAL = "national"

    @property
    def label(self) -> str:
        return "Force definition" if self is Definition.LOCAL else "National definition"


class TargetScope(StrEnum):
    FORCE = "force"
    BCU = "bcu"
    TEAM = "team"


class Group(StrEnum):
    """The grades a target is for."""

    ALL = "all"
    OFFICERS = "officers"
    PCSOS = "pcsos"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


FIXED_FAMILIES = ("custody", "response")
"""Families whose reasons always have a line of their own, zero included (RULES section 4)."""


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A dated row of a reason: for each grade, whether time taken for it counts under each definition."""

    code: str
    first_day: dt.date
    last_day: dt.date | None
    label: str
    family: str
    counts_local: frozenset[Grade]
    counts_national: frozenset[Grade]
    guidance: str = ""

    def counts(self, grade: Grade, definition: Definition) -> bool:
        return grade in (self.counts_local if definition is Definition.LOCAL else self.counts_national)


class ReasonBook:
    """Every reason with its dates. Of several rows of a code in force, the latest first day applies."""

    def __init__(self, rows: Iterable[ReasonRow]) -> None:
        self._rows: dict[str, list[ReasonRow]] = {}
        for row in sorted(rows, key=lambda r: r.first_day, reverse=True):
            self._rows.setdefault(row.code, []).append(row)

    @property
    def codes(self) -> list[str]:
        """Every code there ever was, in order."""
        return sorted(self._rows)

    def on(self, code: str, day: dt.date) -> ReasonRow | None:
        """The row of a code that applies on a day, or nothing when none is in force."""
        # A month asks this of every entry, so no generator and no period is made for it.
        for row in self._rows.get(code, ()):
            if row.first_day <= day and (row.last_day is None or day <= row.last_day):
                return row
        return None

    def in_force(self, day: dt.date) -> list[ReasonRow]:
        """The rows that can be logged on a day, in order of label."""
        rows = [row for code in self._rows if (row := self.on(code, day))]
        return sorted(rows, key=lambda row: (row.label.lower(), row.code))

    def counts(self, code: str, day: dt.date, grade: Grade, definition: Definition) -> bool:
        """Whether time taken for a reason counts on a day. A reason not in force does not count."""
        row = self.on(code, day)
        return row is not None and row.counts(grade, definition)

    def fixed_codes(self, first_day: dt.date, last_day: dt.date) -> list[str]:
        """Codes of the custody and response families in force on any day of a window, in order."""
        window = Period(first_day, last_day)
        return sorted(
            code
            for code, rows in self._rows.items()
            if any(r.family in FIXED_FAMILIES and window.overlaps(Period(r.first_day, r.last_day)) for r in rows)
        )

    def assuming(self, row: ReasonRow) -> "ReasonBook":
        """These reasons, had one counted as a row says on every day there ever was."""
        others = [each for code, rows in self._rows.items() if code != row.code for each in rows]
        return ReasonBook([*others, replace(row, first_day=dt.date.min, last_day=None)])

    def label(self, code: str) -> str:
        """The newest label of a code, or the code itself when there is none."""
        rows = self._rows.get(code)
        return rows[0].label if rows else code

    def family(self, code: str) -> str:
        rows = self._rows.get(code)
        return rows[0].family if rows else ""


@dataclass(frozen=True, slots=True)
class Target:
    """The share of available duty that may be lost, in per cent, for a scope and a group of grades."""

    scope: TargetScope
    scope_code: str
    group: Group
    percent: Decimal


class TargetBook:
    """The targets in force on one day."""

    def __init__(self, targets: Iterable[Target] = ()) -> None:
        self._targets = {
            (t.scope, t.scope_code if t.scope is not TargetScope.FORCE else "", t.group): t for t in targets
        }

    def assuming(self, target: Target) -> "TargetBook":
        """These targets, had one been another."""
        return TargetBook([*self._targets.values(), target])

    def find(self, group: Group, *, team: str | None = None, bcu: str | None = None) -> Target | None:
        """The most specific target: team, then BCU, then force; at each, the group's own before ``all``."""
        places = [
            (TargetScope.TEAM, team),
            (TargetScope.BCU, bcu),
            (TargetScope.FORCE, ""),
        ]
        groups = [group] if group is Group.ALL else [group, Group.ALL]
        for scope, code in places:
            if code is None:
                continue
            for wanted in groups:
                if target := self._targets.get((scope, code, wanted)):
                    return target
        return None


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures in force on one day. Every field is a row of ``policy_values`` with the same name."""

    span_line: Decimal
    specials_in_span: bool
    vacancy_open_days: int
    vacancy_prolonged_days: int
    vacancy_serious_days: int
    vacancy_critical_days: int
    forecast_days: int
    tenure_months: int
    succession_months: int
    approaching_percent: Decimal
    authorise_over_target: bool
    authorise_over_hours: Decimal
    return_day: int
    returns_chased_months: int
    late_hours: int
    rolling_days: int
    escalation_days: int
    repeat_months: int
    generate_duties_days: int
    skill_verified_months: int
    panel_meetings: int
    panel_meetings_months: int
    panel_gap_weeks: int
    panel_priorities: int
    panel_meeting_hours: int
    authority_panels_least: int
    authority_panels_most: int
    chairs_forums: int
    briefing_note_days: int
    profile_days: int
    profile_months: int
    priority_review_months: int
    signed_off_close_days: int
    no_duty_days: int
    reason_mix_limit: Decimal
    reason_mix_expected: int
    impact_least_counted: int
    impact_least_asked: int
    plan_stale_days: int
    plan_stalled_days: int
    plan_retention_months: int
    sign_in_link_days: int
    password_link_minutes: int
    email_kept_days: int
    person_limit_percent: Decimal | None
    severity_vacancy_new: Severity
    severity_vacancy_open: Severity
    severity_vacancy_prolonged: Severity
    severity_vacancy_serious: Severity
    severity_vacancy_critical: Severity
    severity_forecast_vacancy: Severity
    severity_sergeant_over_two_teams: Severity
    severity_span_over_line: Severity
    severity_team_without_supervisor: Severity
    severity_over_abstraction: Severity
    severity_projected_over_abstraction: Severity
    severity_person_over_abstraction: Severity
    severity_no_target: Severity
    severity_no_named_contact: Severity
    severity_named_contact_left: Severity
    severity_panel_without_chair: Severity
    severity_panel_behind: Severity
    severity_next_meeting_not_fixed: Severity
    severity_profile_not_issued: Severity
    severity_authority_member_load: Severity
    severity_panel_without_authority_member: Severity
    severity_chairs_forum_missed: Severity
    severity_priority_without_plan: Severity
    severity_priority_not_reviewed: Severity
    severity_signed_off_not_closed: Severity
    severity_return_missing: Severity
    severity_plan_stale: Severity
    severity_action_overdue: Severity
    targets: TargetBook = field(default_factory=TargetBook)


OPTIONAL_VALUES = frozenset({"person_limit_percent"})
"""Figures a force may leave without a value."""

_KINDS = {f.name: f.type for f in fields(Policy) if f.name != "targets"}

VALUE_NAMES = tuple(_KINDS)


@lru_cache(maxsize=1000)
def parse_value(name: str, text: str) -> object:
    """A figure of policy as it was written, in its own type. Every page asks for all of them.

    :raises ValueError: saying what to enter, when the text is not such a value or the name is not known
    """
    kind = _KINDS.get(name)
    if kind is None:
        raise ValueError("no such figure of policy")
    if kind is bool:
        return _yes_or_no(text)
    if kind is int:
        return _at_least_one(_whole(text)) if name in AT_LEAST_ONE else _whole(text)
    if kind is Severity:
        return _severity(text)
    return _number(text)


LARGEST_FIGURE = 9_999
"""A bound on what can be meant, no figure of policy: 27 years in days."""

AT_LEAST_ONE = frozenset(
    {
        "rolling_days",
        "repeat_months",
        "return_day",
        "escalation_days",
        "skill_verified_months",
        "succession_months",
        "panel_meetings_months",
        "panel_gap_weeks",
        "panel_meeting_hours",
        "briefing_note_days",
        "profile_months",
        "priority_review_months",
        "no_duty_days",
        "reason_mix_expected",
        "impact_least_counted",
        "impact_least_asked",
        "plan_stale_days",
        "plan_stalled_days",
        "plan_retention_months",
        "sign_in_link_days",
        "password_link_minutes",
        "email_kept_days",
        "returns_chased_months",
    }
)
"""Figures of which none at all would mean nothing."""


def _at_least_one(value: int) -> int:
    if not value:
        raise ValueError("enter a whole number of 1 or more")
    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("enter a whole number")
    if len(text) > len(str(LARGEST_FIGURE)) or int(text) > LARGEST_FIGURE:
        raise ValueError(f"enter {LARGEST_FIGURE:,} or less")
    return int(text)


def _severity(text: str) -> Severity:
    if text not in set(Severity):
        raise ValueError("enter low, medium, high or critical")
    return Severity(text)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("enter a number") from error
    if not value.is_finite() or value < 0:
        raise ValueError("enter a number of 0 or more")
    if value > LARGEST_FIGURE:
        raise ValueError(f"enter {LARGEST_FIGURE:,} or less")
    return value


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError("enter yes or no")
    return text == "yes"


_NAMED = 5
"""So many missing figures are named; with more of them missing there is no policy to speak of."""


class NoPolicy(LookupError):
    """Figures the rules need have no value in force on a day."""


def policy_from(values: Mapping[str, str], targets: Iterable[Target], on: dt.date) -> Policy:
    """The policy of a day, from the rows in force on it.

    :raises NoPolicy: naming every figure that has no value in force
    """
    missing = [name for name in VALUE_NAMES if name not in values and name not in OPTIONAL_VALUES]
    if missing:
        if len(missing) > _NAMED:
            raise NoPolicy(f"No policy is in force on {day_in_words(on)}")
        raise NoPolicy(f"No value is in force on {day_in_words(on)} for: {', '.join(missing)}")
    parsed = {name: parse_value(name, values[name]) if name in values else None for name in VALUE_NAMES}
    return Policy(**parsed, targets=TargetBook(targets))  # type: ignore[arg-type]
