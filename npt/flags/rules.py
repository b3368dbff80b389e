"""What scheduled checks find, and what becomes of it: detect, then reconcile (RULES section 7)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from npt.core.authority import Role
from npt.core.errors import Reason
from npt.core.periods import DAY, add_months
from npt.policy.rules import Severity


class FlagKind(StrEnum):
    """Everything a check can find, in the words of RULES section 7; three of its own are in docs/decisions/0053."""

    VACANCY = "vacancy"
    FORECAST_VACANCY = "forecast_vacancy"
    SERGEANT_OVER_TWO_TEAMS = "sergeant_over_two_teams"
    SPAN_OVER_LINE = "span_over_line"
    TEAM_WITHOUT_SUPERVISOR = "team_without_supervisor"
    OVER_ABSTRACTION = "over_abstraction"
    PROJECTED_OVER_ABSTRACTION = "projected_over_abstraction"
    PERSON_OVER_ABSTRACTION = "person_over_abstraction"
    NO_TARGET = "no_target"
    RETURN_MISSING = "return_missing"
    NO_NAMED_CONTACT = "no_named_contact"
    NAMED_CONTACT_LEFT = "named_contact_left"
    PANEL_WITHOUT_CHAIR = "panel_without_chair"
    PANEL_BEHIND = "panel_behind"
    NEXT_MEETING_NOT_FIXED = "next_meeting_not_fixed"
    PROFILE_NOT_ISSUED = "profile_not_issued"
    AUTHORITY_MEMBER_LOAD = "authority_member_load"
    PANEL_WITHOUT_AUTHORITY_MEMBER = "panel_without_authority_member"
    CHAIRS_FORUM_MISSED = "chairs_forum_missed"
    PRIORITY_WITHOUT_PLAN = "priority_without_plan"
    PRIORITY_NOT_REVIEWED = "priority_not_reviewed"
    SIGNED_OFF_NOT_CLOSED = "signed_off_not_closed"
    PLAN_STALE = "plan_stale"
    ACTION_OVERDUE = "action_overdue"
    RESOURCES_MEETING_NOT_HELD = "resources_meeting_not_held"

    @property
    def job(self) -> str:
        """The name of the job that judges this kind."""
        return _JOB_OF[self]

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class FlagState(StrEnum):
    """Which flags are asked for."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        return self.value.capitalize()


_KINDS: dict[str, tuple[FlagKind, ...]] = {
    "vacancies": (FlagKind.VACANCY, FlagKind.FORECAST_VACANCY),
    "supervision": (FlagKind.SERGEANT_OVER_TWO_TEAMS, FlagKind.SPAN_OVER_LINE, FlagKind.TEAM_WITHOUT_SUPERVISOR),
    "abstractions": (
        FlagKind.OVER_ABSTRACTION,
        FlagKind.PROJECTED_OVER_ABSTRACTION,
        FlagKind.PERSON_OVER_ABSTRACTION,
        FlagKind.NO_TARGET,
    ),
    "returns": (FlagKind.RETURN_MISSING,),
    "contacts": (FlagKind.NO_NAMED_CONTACT, FlagKind.NAMED_CONTACT_LEFT),
    "panels": (
        FlagKind.PANEL_WITHOUT_CHAIR,
        FlagKind.PANEL_BEHIND,
        FlagKind.NEXT_MEETING_NOT_FIXED,
        FlagKind.PROFILE_NOT_ISSUED,
        FlagKind.AUTHORITY_MEMBER_LOAD,
        FlagKind.PANEL_WITHOUT_AUTHORITY_MEMBER,
        FlagKind.CHAIRS_FORUM_MISSED,
    ),
    "priorities": (
        FlagKind.PRIORITY_WITHOUT_PLAN,
        FlagKind.PRIORITY_NOT_REVIEWED,
        FlagKind.SIGNED_OFF_NOT_CLOSED,
    ),
    "plans": (FlagKind.PLAN_STALE, FlagKind.ACTION_OVERDUE),
    "resources": (FlagKind.RESOURCES_MEETING_NOT_HELD,),
}

_JOB_OF = {kind: job for job, kinds in _KINDS.items() for kind in kinds}

JOBS = tuple(_KINDS)
"""The names of the checks, in the order of RULES section 7."""

OWNERS = (Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER)
"""Who answers for a flag: each when the one before has not acknowledged it in time."""

_WORSE = tuple(Severity)


def kinds_of(job: str) -> frozenset[FlagKind]:
    """The kinds a job judges.

    :raises KeyError: when no check has that name
    """
    return frozenset(_KINDS[job])


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found on a day: what, about whom, how bad, and the figure against the line it broke.

    ``figure`` and ``threshold`` are as shown: counts as whole numbers, rates and spans with two places; an empty figure
    says that there is none. ``detail`` is the whole sentence for a person.
    """

    kind: FlagKind
    subject: str
    severity: Severity
    figure: str
    threshold: str | None
    owner_role: Role
    detail: str
    team_id: int | None = None
    sector_id: int | None = None
    bcu_id: int | None = None

    @property
    def key(self) -> tuple[FlagKind, str]:
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """A flag that is open, as far as a check may change it."""

    id: int
    kind: FlagKind
    subject: str
    severity: Severity
    figure: str
    threshold: str | None
    detail: str

    @property
    def key(self) -> tuple[FlagKind, str]:
        return self.kind, self.subject

    def says(self, finding: Finding) -> bool:
        """Whether the flag already says everything the finding says."""
        mine = (self.severity, self.figure, self.threshold, self.detail)
        return mine == (finding.severity, finding.figure, finding.threshold, finding.detail)


@dataclass(frozen=True, slots=True)
class Revision:
    """An open flag and the finding whose severity, figure, threshold and detail it takes."""

    flag: OpenFlag
    finding: Finding


@dataclass(frozen=True, slots=True)
class Changes:
    """What a check does to the flags. Each list is in order of kind, then subject."""

    to_open: tuple[Finding, ...] = ()
    to_escalate: tuple[Revision, ...] = ()
    to_update: tuple[Revision, ...] = ()
    to_close: tuple[OpenFlag, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.to_open or self.to_escalate or self.to_update or self.to_close)


def is_worse(severity: Severity, than: Severity) -> bool:
    """Whether a severity stands above another."""
    return _WORSE.index(severity) > _WORSE.index(than)


def reconcile(open_flags: Iterable[OpenFlag], findings: Iterable[Finding], kinds: Collection[FlagKind]) -> Changes:
    """Open what is new, escalate what got worse, bring figures up to date, close what ended; leave the rest.

    Only the kinds the check judges are touched. Of two findings about one thing the more severe stands. Doing what is
    returned and asking again returns nothing (RULES section 7).

    :raises ValueError: when a finding is of a kind this check does not judge
    """
    found = _worst_of_each(findings)
    if strangers := {key[0] for key in found} - set(kinds):
        raise ValueError(f"findings this check does not judge: {', '.join(sorted(strangers))}")
    flags = {flag.key: flag for flag in open_flags if flag.kind in kinds}
    revised = [
        Revision(flags[key], finding)
        for key, finding in sorted(found.items())
        if key in flags and not flags[key].says(finding)
    ]
    return Changes(
        to_open=tuple(finding for key, finding in sorted(found.items()) if key not in flags),
        to_escalate=tuple(r for r in revised if is_worse(r.finding.severity, r.flag.severity)),
        to_update=tuple(r for r in revised if not is_worse(r.finding.severity, r.flag.severity)),
        to_close=tuple(flag for key, flag in sorted(flags.items()) if key not in found),
    )


def _worst_of_each(findings: Iterable[Finding]) -> dict[tuple[FlagKind, str], Finding]:
    worst: dict[tuple[FlagKind, str], Finding] = {}
    for finding in findings:
        known = worst.get(finding.key)
        if known is None or is_worse(finding.severity, known.severity):
            worst[finding.key] = finding
    return worst


def owner_after(
    opened_on: dt.date, day: dt.date, acknowledged_on: dt.date | None, first_owner: Role, escalation_days: int
) -> Role:
    """Who answers for a flag on a day: one step up from the first owner for each so many days without an answer.

    From the day it is acknowledged the flag stays with whoever then had it. A first owner outside the line (sergeant,
    inspector, BCU manager) keeps it.
    """
    if first_owner not in OWNERS:
        return first_owner
    waited = (min(day, acknowledged_on or day) - opened_on).days
    steps = waited // escalation_days if escalation_days > 0 else len(OWNERS)
    return OWNERS[min(OWNERS.index(first_owner) + max(steps, 0), len(OWNERS) - 1)]


@dataclass(frozen=True, slots=True)
class OpenSpell:
    """The days a flag was open: from the day it opened up to, but not including, the day it closed."""

    opened_on: dt.date
    closed_on: dt.date | None = None

    def touches(self, first_day: dt.date, last_day: dt.date) -> bool:
        """Whether it was open on any day of a range, both ends in it."""
        first_open = max(self.opened_on, first_day)
        return first_open <= last_day and (self.closed_on is None or first_open < self.closed_on)


def is_repeat(spells: Collection[OpenSpell], month: dt.date, repeat_months: int) -> bool:
    """Whether a kind was open for a subject in this month and each month before it, so many in all.

    ``month`` is any day of the month judged; ``spells`` are those of one kind and subject (RULES section 7).
    """
    first = month.replace(day=1)
    starts = [add_months(first, -back) for back in range(repeat_months)]
    return bool(spells) and all(
        any(spell.touches(start, add_months(start, 1) - DAY) for spell in spells) for start in starts
    )


VACANCY_KINDS = kinds_of("vacancies")

_STAFFING_KINDS = VACANCY_KINDS | kinds_of("supervision")

_ANSWERING = {
    Role.SERGEANT: frozenset(FlagKind),
    Role.INSPECTOR: frozenset(FlagKind),
    Role.BCU_MANAGER: frozenset(FlagKind),
    Role.RESOURCES_LEAD: VACANCY_KINDS,
}


def kinds_shown_to(role: Role) -> frozenset[FlagKind]:
    """The kinds a role may see: a resources lead those of staffing, everybody else who sees flags all of them."""
    return _STAFFING_KINDS if role is Role.RESOURCES_LEAD else frozenset(FlagKind)


def may_acknowledge(role: Role, kind: FlagKind) -> bool:
    """Whether a role answers flags of a kind: sergeant and above all, a resources lead vacancies (RULES section 9)."""
    return kind in _ANSWERING.get(role, ())


def obstacles_to_acknowledging(
    kind: FlagKind, closed_on: dt.date | None, role: Role, action: str, due_on: dt.date, on: dt.date
) -> list[Reason]:
    """Everything that stands in the way of answering a flag with an action and a date (RULES section 7).

    :param on: today
    """
    reasons = []
    if closed_on is not None:
        reasons.append(Reason("This flag is closed. What it was about has ended, so there is nothing to answer."))
    if not may_acknowledge(role, kind):
        reasons.append(
            Reason(
                "A flag is acknowledged by a sergeant, an inspector or the BCU manager; a vacancy also by "
                "the BCU's resources lead."
            )
        )
    if not action.strip():
        reasons.append(Reason("Enter what will be done", "action"))
    if due_on < on:
        reasons.append(Reason("The date must be today or later", "due_on"))
    return reasons
