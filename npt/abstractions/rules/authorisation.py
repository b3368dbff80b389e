"""Who must authorise an entry, why, and what a later change does to what was authorised (RULES section 4)."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from npt.abstractions.rules.in_duty import InDuty
from npt.abstractions.rules.projection import Outlook
from npt.core.errors import Reason
from npt.core.periods import MINUTE, to_minute
from npt.policy.rules import Policy


class Authorisation(StrEnum):
    """How an entry stands with whoever must authorise it. Afterwards is counted apart from authorised in time."""

    NOT_NEEDED = "not_needed"
    AWAITING = "awaiting"
    AUTHORISED = "authorised"
    AFTERWARDS = "afterwards"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Authorisation.NOT_NEEDED: "Not needed",
    Authorisation.AWAITING: "Awaiting authorisation",
    Authorisation.AUTHORISED: "Authorised",
    Authorisation.AFTERWARDS: "Authorised afterwards",
    Authorisation.DECLINED: "Declined",
}


def authorisation_of(*, awaiting: bool, authorised: bool, afterwards: bool, declined: bool) -> Authorisation:
    """How an entry stands, from what is on record of it. What was decided wins over what waits."""
    if declined:
        return Authorisation.DECLINED
    if authorised:
        return Authorisation.AFTERWARDS if afterwards else Authorisation.AUTHORISED
    return Authorisation.AWAITING if awaiting else Authorisation.NOT_NEEDED


def why_authorisation_is_needed(
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None,
    logged_at: dt.datetime,
    outlooks: Iterable[Outlook],
    policy: Policy,
    in_duty: InDuty | None = None,
) -> list[str]:
    """Why an inspector or above must authorise an entry; nothing when nobody need (RULES section 4).

    One that adds nothing to a month that is over without it needs them too, and says so.

    :param outlooks: the projection with the entry, for every month and team it touches
    :param in_duty: how much of it falls in duty, where that is known
    """
    why: list[str] = []
    if policy.authorise_over_target and is_planned(starts_at, logged_at):
        by_month: dict[str, list[Outlook]] = {}
        for outlook in outlooks:
            if outlook.over:
                by_month.setdefault(f"{outlook.month.first_day:%B %Y}", []).append(outlook)
        why.extend(_why_over(month, over, in_duty) for month, over in by_month.items())
    return why + why_too_long(starts_at, ends_at, policy)


def _why_over(month: str, over: Sequence[Outlook], in_duty: InDuty | None) -> str:
    """That a month is heading over target, whether it was without the entry, and whether the entry adds to it."""
    already, nothing = all(each.over_without for each in over), in_duty and not in_duty.inside
    because = f"{month} is heading over target{' already' if already else ''}"
    if not already:
        because = f"with {'those logged together with it' if nothing else 'it'} {because}"
    if nothing:
        because += f"; this entry adds nothing: it is {_where(in_duty)}"
    elif all(each.without == each.with_it for each in over):
        because += "; this entry adds nothing to it"
    return f"It starts after it is logged, and {because}"


def _where(in_duty: InDuty | None) -> str:
    """Where an entry lies of which nothing falls in available duty."""
    if in_duty is None or not in_duty.absent:
        return "off duty"
    return "off duty or in an absence" if in_duty.off_duty else "in an absence"


_OVER = re.compile(r"\w+ \d{4} is heading over target")


def _cause(why: str) -> str:
    """What a reason to ask is about. The same month over its target is the same cause, with the entry or already."""
    found = _OVER.search(why)
    return found.group() if found else why


def whys_together(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Everything that two sets of reasons ask for, each cause once, as it is worded now."""
    latest = {_cause(why): why for why in (*before, *now)}
    return list(latest.values())


def is_planned(starts_at: dt.datetime, logged_at: dt.datetime) -> bool:
    """Whether an entry starts after it is logged, to the minute."""
    return to_minute(starts_at) > to_minute(logged_at)


def why_too_long(starts_at: dt.datetime, ends_at: dt.datetime | None, policy: Policy) -> list[str]:
    """That an entry exceeds policy's hours from start to end; nothing when it does not, or has no end yet."""
    if ends_at is None:
        return []
    minutes = (to_minute(ends_at) - to_minute(starts_at)) // MINUTE
    if minutes > policy.authorise_over_hours * 60:
        return [f"It is longer than {_plain(policy.authorise_over_hours)} hours"]
    return []


def _plain(hours: Decimal) -> str:
    return f"{hours:f}".rstrip("0").rstrip(".") if "." in f"{hours:f}" else f"{hours:f}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What an entry takes: for which reason, from when, to when; without an end, still away."""

    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None

    def within(self, other: "Stretch") -> bool:
        """Whether this asks for nothing that the other did not: the same reason, and no minute more.

        What has no end is no leave for all time: only an end can be given to it, and not another start.
        """
        if self.reason != other.reason:
            return False
        if other.ends_at is None:
            return self.starts_at == other.starts_at
        return self.starts_at >= other.starts_at and self.ends_at is not None and self.ends_at <= other.ends_at


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a changed entry needs authorisation, and whether what was decided of it before still stands."""

    why: tuple[str, ...]
    stands: bool


def rejudged(
    before: Stretch, after: Stretch, *, why_before: Sequence[str], why_now: Sequence[str], too_long: Sequence[str]
) -> Judgement:
    """Judge an entry again after a change.

    One that takes more, or for another reason, is judged like a new one, and what was authorised lapses. One that only
    gives time back asks for nothing new, unless it has become known to be too long: to say that somebody is back
    early is no new plan. What needed authorisation and no longer does, needs none.

    :param why_now: why it would need authorisation were it new; ``too_long`` those of them that are about its length
    """
    if not after.within(before):
        return Judgement(tuple(why_now), stands=False)
    known = {_cause(reason) for reason in why_before}
    why = tuple(reason for reason in why_now if _cause(reason) in known or reason in too_long)
    return Judgement(why, stands={_cause(reason) for reason in why} <= known)


def obstacles_to_authorising(
    *,
    actor_person_id: int | None,
    actor_user_id: int | None,
    person_id: int,
    logged_by_user_id: int | None = None,
    logged_by_person_id: int | None = None,
    asked_by_user_id: int | None = None,
) -> list[Reason]:
    """Nobody authorises, or declines, an entry about themselves or one they logged (RULES section 4).

    :param asked_by_user_id: who changed it into what must be authorised; to them it is as if they had logged it
    """
    listed: list[Reason] = []
    if actor_person_id == person_id:
        listed.append(Reason("Somebody else must decide this: it is about you"))
    as_user = actor_user_id is not None and actor_user_id == logged_by_user_id
    as_person = actor_person_id is not None and actor_person_id == logged_by_person_id
    if as_user or as_person:
        listed.append(Reason("Somebody else must decide this: you logged it"))
    elif actor_user_id is not None and actor_user_id == asked_by_user_id:
        listed.append(Reason("Somebody else must decide this: you changed it"))
    return listed
