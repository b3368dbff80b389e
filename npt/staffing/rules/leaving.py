"""Why a post fell or falls vacant, and when it is to be filled again."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import DAY
from npt.people.rules import PostFact, PostingFact, PostingKind, in_force_from, in_force_until, is_live


@dataclass(frozen=True, slots=True)
class Leaver:
    """The last to fill a post before a day. ``last_day`` is empty while they hold it still but act elsewhere."""

    posting: PostingFact
    last_day: dt.date | None

    @property
    def leaves_service(self) -> bool:
        """Whether the posting ended with the service."""
        return self.last_day is not None and self.last_day == self.posting.person_last_day


def last_to_fill(postings: Iterable[PostingFact], vacant_since: dt.date) -> Leaver | None:
    """Of the postings to one post, the one whose end, or whose suspension, left it vacant from a day.

    An attachment fills nothing. Nothing for a post nobody has filled yet.
    """
    filled = [p for p in postings if p.kind is not PostingKind.ATTACHMENT and in_force_from(p) < vacant_since]
    last = max(filled, key=lambda p: (in_force_until(p) or dt.date.max, p.first_day), default=None)
    if last is None:
        return None
    until = in_force_until(last)
    return Leaver(last, until if until is not None and until < vacant_since else None)


def why(leaver: Leaver, end_reason: str | None, leaving_reason: str | None) -> str:
    """Why a post was left, as far as it is recorded.

    :param end_reason: why the posting ended
    :param leaving_reason: why the person leaves the service
    """
    if leaver.last_day is None:
        return "acts elsewhere"
    if leaver.leaves_service:
        return leaving_reason or end_reason or "leaves the service"
    return end_reason or "no reason recorded"


@dataclass(frozen=True, slots=True)
class Plan:
    """The day by which a post is to be filled, as somebody said on a day."""

    planned_fill_on: dt.date
    note: str | None
    set_on: dt.date
    set_by: str

    def answers(self, vacant_since: dt.date) -> bool:
        """Whether it is about a vacancy that began on a day, and not about one before it."""
        return self.planned_fill_on >= vacant_since

    def missed(self, day: dt.date) -> bool:
        """Whether the planned day has passed."""
        return self.planned_fill_on < day


def plan_in_force(plans: Iterable[Plan], day: dt.date, vacant_since: dt.date) -> Plan | None:
    """The newest plan set up to a day that is about the vacancy of that day."""
    known = [plan for plan in plans if plan.set_on <= day and plan.answers(vacant_since)]
    return max(known, key=lambda plan: plan.set_on, default=None)


def obstacles_to_planning(
    post: PostFact, *, vacant_from: dt.date | None, planned_fill_on: dt.date, today: dt.date
) -> Iterator[Reason]:
    """Why a fill date cannot be set.

    :param vacant_from: since when the post is vacant, or from when it will be; nothing while it is filled
    """
    if vacant_from is None:
        yield Reason(f"Post {post.ref} is filled and nobody is known to leave it: there is no vacancy to plan for")
        return
    if planned_fill_on < today:
        yield Reason("Enter today or a later day", "planned_fill_on")
    elif planned_fill_on < vacant_from - DAY:
        yield Reason("The post is still filled on that day: enter a later one", "planned_fill_on")
    elif not is_live(post, planned_fill_on):
        yield Reason("The post is no longer funded on that day", "planned_fill_on")
