"""What a past month would have been under another policy: the same count, by other terms, and kept nowhere."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.abstractions.rules.authorisation import is_planned, why_too_long
from npt.abstractions.rules.entries import is_late
from npt.abstractions.rules.rates import Assessment, Share, Status, rate
from npt.core.periods import DAY, Interval
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

    id: int
    team_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    logged_at: dt.datetime | None


ENTRY_FIGURES = {
    "late_hours": "Late entries",
    "authorise_over_hours": "Entries longer than policy allows without an inspector",
    "authorise_over_target": "Entries that waited for an inspector because the month was heading over target",
    "person_limit_percent": "People over the limit",
    "rolling_days": "Nights over target",
    "return_day": "Returns late or missing",
}
"""Figures that judge single entries, people, nights or returns, and what is counted of them."""

HOW_COUNTED = {
    "authorise_over_target": "An entry that was logged before it began is judged by what the month held when it was"
    " logged, with duties and ends as they are on record now. What was imported is not judged.",
    "person_limit_percent": "People are judged here on the whole month; the nightly check judges them on the days"
    " before each night. Each stands with the team they belonged to at the end of the month.",
    "rolling_days": "For each night of the month, whether the days before it were over the target in force then. A BCU"
    " has the nights of all its teams together.",
}
"""Where what is counted needs more than its name."""

RATE_FIGURES = frozenset({"approaching_percent"})
"""Figures that judge rates."""


@dataclass(frozen=True, slots=True)
class Struck:
    """One thing a figure of policy strikes, with its team: an entry, a person, a night, or else a return."""

    team_id: int
    entry_id: int | None = None
    person_id: int | None = None
    night: dt.date | None = None
    days: int = 0
    """Of a night, how many days before it were looked at, and ``share`` what was counted on them, out of what duty."""
    share: Share | None = None


def broken(name: str, entries: Iterable[Logged], policy: Policy) -> list[Struck]:
    """The entries a figure of policy strikes."""
    struck = []
    for each in entries:
        late = name == "late_hours" and is_late(each.starts_at, each.logged_at, policy)
        long = name == "authorise_over_hours" and bool(why_too_long(each.starts_at, each.ends_at, policy))
        if late or long:
            struck.append(Struck(each.team_id, entry_id=each.id))
    return struck


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry as far as it was to be judged when it was logged: its teams, with the minutes it gives each."""

    id: int
    home_id: int
    """The team of whoever it is about, on the day it starts."""
    minutes: Mapping[int, int]
    logged_at: dt.datetime | None
    starts_at: dt.datetime


def planned_over_target(
    entries: Iterable[Planned], duty: Mapping[int, int], target: Callable[[int], Decimal | None], month: Interval
) -> list[Struck]:
    """The entries that start in a month and were logged ahead with the month heading over target.

    Each is judged with what was logged before it and with itself, as the form judged it (RULES section 4); an entry
    without the moment it was logged was imported: it is there from the beginning and is not judged.

    :param duty: available minutes of the whole month, by team
    """
    struck: list[Struck] = []
    taken: defaultdict[int, int] = defaultdict(int)
    for each in sorted(entries, key=lambda e: (e.logged_at is not None, e.logged_at or e.starts_at, e.starts_at)):
        for team_id, minutes in each.minutes.items():
            taken[team_id] += minutes
        if each.logged_at is None or not is_planned(each.starts_at, each.logged_at):
            continue
        if not month.starts_at <= each.starts_at < month.ends_at:
            continue
        teams = each.minutes.keys() or {each.home_id}
        if any(_over(taken[team_id], duty.get(team_id, 0), target(team_id)) for team_id in teams):
            struck.append(Struck(each.home_id, entry_id=each.id))
    return struck


def nights_over(
    team_id: int, days: Mapping[dt.date, Share], nights: Iterable[tuple[dt.date, int, Decimal | None]]
) -> list[Struck]:
    """The nights on which a team was over target on the days before them.

    :param days: what was counted on each day, out of what duty
    :param nights: the day a check ran for, how many days it looked back, and the target that judged them
    """
    struck = []
    for night, back, percent in nights:
        rolling = [days[day] for n in range(1, back + 1) if (day := night - n * DAY) in days]
        share = Share(sum(each.duty_minutes for each in rolling), sum(each.abstracted_minutes for each in rolling))
        if _over(share.abstracted_minutes, share.duty_minutes, percent):
            struck.append(Struck(team_id, night=night, days=back, share=share))
    return struck


def _over(minutes: int, duty: int, percent: Decimal | None) -> bool:
    share = rate(minutes, duty)
    return share is not None and percent is not None and share > Fraction(percent) / 100
