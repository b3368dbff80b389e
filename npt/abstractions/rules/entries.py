"""What stands in the way of an entry: its times, other entries, how it is divided, and when it is late."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import MINUTE, day_in_words, to_minute
from npt.policy.rules import Policy, ReasonBook

MAX_ENTRY = dt.timedelta(hours=24)
"""A bound of the form, no figure of policy: longer than this is time away from more than one duty (RULES section 4)."""


@dataclass(frozen=True, slots=True)
class Booked:
    """An abstraction of a person that is on record, and the words for it: "Custody cover from 7:00am, still away"."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None
    description: str

    def overlaps(self, starts_at: dt.datetime, ends_at: dt.datetime | None) -> bool:
        """Whether the person would be in two places. An open entry has no end; to touch is not to overlap."""
        return (self.ends_at is None or starts_at < self.ends_at) and (ends_at is None or self.starts_at < ends_at)


def obstacles_to_times(
    starts_at: dt.datetime, ends_at: dt.datetime | None, *, may_run_on: bool = False
) -> list[Reason]:
    """What is wrong with the start and end of an entry.

    :param may_run_on: when an open entry is ended as it stands, or the times are left as they were
    """
    if ends_at is None:
        return []
    length = to_minute(ends_at) - to_minute(starts_at)
    if length < MINUTE:
        return [Reason("The end must be after the start", "ends_at")]
    if length > MAX_ENTRY and not may_run_on:
        return [Reason("The end is more than 24 hours after the start. Enter one entry for each duty", "ends_at")]
    return []


def obstacles_to_logging(
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    starts_on: dt.date,
    reason: str,
    reasons: ReasonBook,
    who: str,
    booked: Iterable[Booked],
    may_run_on: bool = False,
    reason_stands: bool = False,
) -> list[Reason]:
    """Everything that stands in the way of an entry, new or changed (RULES section 4).

    :param starts_on: the local day it starts, on which the reason must be in force
    :param reason_stands: when a change leaves reason and day as they were, whatever an import made of them
    :param who: the person in words, "PC 1432 A. Rahman"
    :param booked: the person's other entries that are not cancelled
    """
    listed = obstacles_to_times(starts_at, ends_at, may_run_on=may_run_on)
    if not reason_stands and reasons.on(reason, starts_on) is None:
        day = day_in_words(starts_on)
        listed.append(Reason(f"{reasons.label(reason)} cannot be logged on {day}: choose another reason", "reason"))
    clashes = [other for other in booked if other.overlaps(starts_at, ends_at)]
    if clashes:
        listed.append(_clash(clashes, starts_at, ends_at, who))
    return listed


def _clash(clashes: Sequence[Booked], starts_at: dt.datetime, ends_at: dt.datetime | None, who: str) -> Reason:
    """What is in the way, and what to do about it. To an entry without an end that is the first: it ends before it."""
    first = clashes[0]
    if ends_at is None and first.starts_at > starts_at:
        way_out = f"Enter when they will be back: {who} is away again for {first.description}"
        return Reason(f"{way_out}. An entry still away would run into it", "returning")
    named = [first] if ends_at is None else clashes
    return Reason(f"{who} is already away: {'; and '.join(each.description for each in named)}", "person_id")


def is_late(starts_at: dt.datetime, logged_at: dt.datetime | None, policy: Policy) -> bool:
    """Whether an entry was logged longer after its start than policy allows; not judged without ``logged_at``."""
    if logged_at is None:
        return False
    allowed = dt.timedelta(hours=policy.late_hours)
    # Whole hours: what is not more to the second is not more to the minute, and nearly always that is the case.
    return logged_at - starts_at > allowed and to_minute(logged_at) - to_minute(starts_at) > allowed


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one part of a divided entry: its reason, or nothing when it is cancelled."""

    reason: str | None


def obstacles_to_dividing(
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    divided_at: dt.datetime,
    first: Part,
    second: Part,
) -> list[Reason]:
    """What is wrong with dividing an entry at a time into two parts."""
    listed: list[Reason] = []
    divided = to_minute(divided_at)
    if divided <= starts_at or (ends_at is not None and divided >= ends_at):
        listed.append(Reason("Enter a time inside the entry: after it starts and before it ends", "divided_at"))
    if first.reason is None and second.reason is None:
        listed.append(Reason("To take back both parts, cancel the whole entry instead", "second"))
    elif first == second:
        same = "Choose another reason for one part, or cancel one: else there is nothing to split"
        listed.append(Reason(same, "second"))
    return listed
