"""What the nightly checks of panels and priorities find (RULES section 7; docs/decisions/0015, 0029)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from npt.core.authority import Role
from npt.core.periods import day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.panels.rules.meetings import Keeping
from npt.panels.rules.priorities import Review
from npt.panels.rules.terms import Term
from npt.panels.rules.vocabulary import EventKind
from npt.policy.rules import Policy, Severity

Found = tuple[FlagKind, Severity, str, str, str]
"""A kind, its severity, the figure, the threshold it broke, and what is said of it."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A panel that is live on the day judged: its lead team, its chair if it has one, how it keeps to its meetings."""

    code: str
    name: str
    lead_team_id: int
    chair: Term | None
    keeping: Keeping


def panel_findings(
    panels: Iterable[Assessed], supervised: Collection[int], policy: Policy, on: dt.date
) -> Iterator[Finding]:
    """Panels without a chair, behind with their meetings, or without a next one.

    :param supervised: the ids of teams that have a sergeant to answer
    """
    for panel in panels:
        owner = Role.SERGEANT if panel.lead_team_id in supervised else Role.INSPECTOR
        for kind, severity, figure, threshold, detail in _found(panel, policy, on):
            yield Finding(kind, panel.code, severity, figure, threshold, owner, detail, team_id=panel.lead_team_id)


@dataclass(frozen=True, slots=True)
class Going:
    """A priority of a panel that is live on the day judged, adopted by then: its plan, its review, its signature.

    ``signed_on`` is the day it was signed off, of one whose plan is still open.
    """

    ref: str
    title: str
    panel: str
    lead_team_id: int
    planned: bool
    review: Review | None
    signed_on: dt.date | None


def priority_findings(
    priorities: Iterable[Going], supervised: Collection[int], policy: Policy, on: dt.date
) -> Iterator[Finding]:
    """Priorities without a plan, not reviewed in time, or signed off and their plan not closed.

    :param supervised: the ids of teams that have a sergeant to answer
    """
    for priority in priorities:
        owner = Role.SERGEANT if priority.lead_team_id in supervised else Role.INSPECTOR
        for kind, severity, figure, threshold, said in _of_priority(priority, policy, on):
            detail = f"“{priority.title}” of {priority.panel} panel {said}"
            yield Finding(kind, priority.ref, severity, figure, threshold, owner, detail, team_id=priority.lead_team_id)


ENDED_BY: Mapping[EventKind, tuple[FlagKind, ...]] = {
    EventKind.STARTED: (FlagKind.PRIORITY_WITHOUT_PLAN,),
    EventKind.REVIEWED: (FlagKind.PRIORITY_NOT_REVIEWED,),
    EventKind.SIGNED_OFF: (FlagKind.PRIORITY_WITHOUT_PLAN, FlagKind.PRIORITY_NOT_REVIEWED),
    EventKind.WITHDRAWN: (FlagKind.PRIORITY_WITHOUT_PLAN, FlagKind.PRIORITY_NOT_REVIEWED),
    EventKind.REOPENED: (FlagKind.SIGNED_OFF_NOT_CLOSED,),
    EventKind.CLOSED: (FlagKind.SIGNED_OFF_NOT_CLOSED,),
}
"""What a step of a priority mends at once; the next check would find it no more."""


def _of_priority(priority: Going, policy: Policy, on: dt.date) -> Iterator[Found]:
    review = priority.review
    if review is not None and not priority.planned:
        yield FlagKind.PRIORITY_WITHOUT_PLAN, policy.severity_priority_without_plan, "0", "1", "has no plan"
    if review is not None and review.missed(on):
        days, allowed = (on - review.last).days, (review.due - review.last).days
        said = f"was last reviewed on {day_in_words(review.last)}, {days} days ago"
        kind = FlagKind.PRIORITY_NOT_REVIEWED
        yield kind, policy.severity_priority_not_reviewed, str(days), str(allowed), said
    if priority.signed_on is not None and (waited := (on - priority.signed_on).days) > policy.signed_off_close_days:
        said = f"was signed off on {day_in_words(priority.signed_on)} and its plan is still open"
        kind, allowed = FlagKind.SIGNED_OFF_NOT_CLOSED, policy.signed_off_close_days
        yield kind, policy.severity_signed_off_not_closed, str(waited), str(allowed), said


def _found(panel: Assessed, policy: Policy, on: dt.date) -> Iterator[Found]:
    keeping = panel.keeping
    if panel.chair is None:
        said = f"{panel.name} panel has no chair on {day_in_words(on)}"
        yield FlagKind.PANEL_WITHOUT_CHAIR, policy.severity_panel_without_chair, "0", "1", said
    if keeping.behind:
        figure, threshold, said = _behind(panel, policy)
        yield FlagKind.PANEL_BEHIND, policy.severity_panel_behind, figure, threshold, said
    if keeping.next is None:
        said = f"{panel.name} panel has no next meeting"
        yield FlagKind.NEXT_MEETING_NOT_FIXED, policy.severity_next_meeting_not_fixed, "0", "1", said


def _behind(panel: Assessed, policy: Policy) -> tuple[str, str, str]:
    """The figure, the threshold and the sentence; of a panel behind in both ways the figure is of its meetings."""
    keeping = panel.keeping
    said = []
    if keeping.too_few:
        said.append(
            f"held {len(keeping.counted)} of {keeping.minimum} public meetings in {policy.panel_meetings_months} months"
        )
    if keeping.overdue:
        said.append(
            f"has not met since {day_in_words(keeping.running.since)}, {keeping.running.days} days; "
            f"its setting is {keeping.limit_weeks} weeks"
        )
    sentence = f"{panel.name} panel {' and '.join(said)}"
    if keeping.too_few:
        return str(len(keeping.counted)), str(keeping.minimum), sentence
    return str(keeping.running.days), str(keeping.limit_days), sentence
