"""What the nightly check of plans finds (RULES section 7; docs/decisions/0040)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from npt.core.authority import Role
from npt.core.periods import day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Assessed:
    """A plan that is open on the day judged: the day something was last done to it, and the days its undone actions
    were due.
    """

    ref: str
    team_id: int
    team_name: str
    updated_on: dt.date
    due_on: Sequence[dt.date] = ()

    def days_without_update(self, on: dt.date) -> int:
        """Days since something was last done to it."""
        return (on - self.updated_on).days

    def overdue(self, on: dt.date) -> list[dt.date]:
        """The days of its undone actions that are past, the oldest first. An action is overdue from the day after."""
        return sorted(due for due in self.due_on if due < on)


def plan_findings(
    plans: Iterable[Assessed], supervised: Collection[int], policy: Policy, on: dt.date
) -> Iterator[Finding]:
    """Plans without an update for as long as policy says, and plans with overdue actions.

    No finding says a word of the plan's own: a plan may be restricted, and a flag is read by more people.

    :param supervised: the ids of teams that have a sergeant to answer
    """
    for plan in plans:
        owner = Role.SERGEANT if plan.team_id in supervised else Role.INSPECTOR
        if (days := plan.days_without_update(on)) >= policy.plan_stale_days:
            yield Finding(
                FlagKind.PLAN_STALE,
                plan.ref,
                policy.severity_plan_stale,
                str(days),
                str(policy.plan_stale_days),
                owner,
                f"Plan {plan.ref} of {plan.team_name} has had no update since {day_in_words(plan.updated_on)}, "
                f"{days} days",
                team_id=plan.team_id,
            )
        if late := plan.overdue(on):
            what = "an overdue action" if len(late) == 1 else f"{len(late)} overdue actions"
            due = "due on" if len(late) == 1 else "the oldest due on"
            yield Finding(
                FlagKind.ACTION_OVERDUE,
                plan.ref,
                policy.severity_action_overdue,
                str(len(late)),
                "0",
                owner,
                f"Plan {plan.ref} of {plan.team_name} has {what}, {due} {day_in_words(late[0])}",
                team_id=plan.team_id,
            )
