"""What a past month would have been under another policy: the same count, by other terms, and kept nowhere."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.abstractions.rules.authorisation import why_too_long
from npt.abstractions.rules.entries import is_late
from npt.abstractions.rules.rates import Assessment, Status
from npt.policy.rules import Group, Policy, ReasonBook, ReasonRow, Target
from npt.policy.rules.figures import supposing


@dataclass(frozen=True, slots=True)
class Supposed:
    """One thing of policy as it would be: a target, a reason, or the value of a figure."""

    target: Target | None = None
    reason: ReasonRow | None = None
    figure: tuple[str, str] | None = None

    @property
    def group(self) -> Group:
        """The grades whose rate is looked at."""
        return self.target.group if self.target else Group.ALL

    def policy(self, policy: Policy) -> Policy:
        """The policy of the month, with this in it."""
        if self.target:
            return dataclasses.replace(policy, targets=policy.targets.assuming(self.target))
        if self.figure:
            return supposing(policy, *self.figure)
        return policy

    def reasons(self, reasons: ReasonBook) -> ReasonBook:
        """The reasons, with this in them on every day."""
        return reasons.assuming(self.reason) if self.reason else reasons


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stood, or would have stood: rate, target, status."""

    rate: Fraction | None
    target_percent: Decimal | None
    status: Status


def standing(assessment: Assessment, group: Group) -> Standing:
    """How the rate of a group of grades stands."""
    if group is Group.ALL:
        return Standing(assessment.figures.rate, assessment.target_percent, assessment.status)
    found = assessment.groups[group]
    return Standing(found.share.rate, found.target_percent, found.status)


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the month, as the figures about single entries need it."""

    team_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    logged_at: dt.datetime | None


ENTRY_FIGURES = {
    "late_hours": "Late entries",
    "authorise_over_hours": "Entries longer than policy allows without an inspector",
    "return_day": "Returns late or missing",
}
"""Figures that judge single entries or returns, and what is counted of them."""

RATE_FIGURES = frozenset({"approaching_percent"})
"""Figures that judge rates."""


def broken(name: str, entries: Iterable[Logged], policy: Policy) -> dict[int, int]:
    """By team, how many entries a figure of policy strikes."""
    counted: dict[int, int] = {}
    for each in entries:
        late = name == "late_hours" and is_late(each.starts_at, each.logged_at, policy)
        long = name == "authorise_over_hours" and bool(why_too_long(each.starts_at, each.ends_at, policy))
        if late or long:
            counted[each.team_id] = counted.get(each.team_id, 0) + 1
    return counted
