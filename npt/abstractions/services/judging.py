"""Judge entries before they are saved: what stands in the way, what they would do to the month, who must authorise."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.abstractions import queries, rules
from npt.abstractions.queries import Entry, LookedAhead, Words
from npt.abstractions.rules import AbstractionFact, InDuty, Outlook
from npt.core.db import lock_record
from npt.core.errors import Reason, Refused
from npt.core.periods import local_day
from npt.people import queries as people
from npt.policy.rules import NoPolicy, Policy, ReasonBook


@dataclass(frozen=True, slots=True)
class Terms:
    """What entries are judged by: every reason with its dates, the policy of any day, the station's zone, and how an
    entry on record is put in words.
    """

    reasons: ReasonBook
    policy: Callable[[dt.date], Policy]
    zone: ZoneInfo
    words: Words


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What entries would do: the projected rates without and with them, for each person why to ask an inspector, what
    their BCU has to say against the reason, and how much of theirs falls in duty.
    """

    outlooks: Sequence[Outlook]
    why: dict[int, list[str]]
    warned: Sequence[str] = ()
    in_duty: Sequence[InDuty] = ()


def fact_of(
    person_id: int, reason: str, starts_at: dt.datetime, ends_at: dt.datetime | None, zone: ZoneInfo
) -> AbstractionFact:
    """An entry that is not on record yet, as the rules count it."""
    return AbstractionFact(None, person_id, "", reason, starts_at, ends_at, local_day(starts_at, zone))


def foresee(
    new: Sequence[AbstractionFact],
    *,
    logged_at: dt.datetime,
    at: dt.datetime,
    terms: Terms,
    instead_of: Collection[int] = (),
    project: bool = True,
) -> Foreseen:
    """What entries would do together, and why any of them needs authorisation (RULES section 4).

    :param logged_at: when they were logged: what starts after it is planned. ``at`` is the moment of asking
    :param instead_of: entries on record that they take the place of
    :param project: whether the projection is wanted also where it decides nothing
    :raises Refused: when no policy is in force on a day they touch
    """
    try:
        policy_of = {each.person_id: terms.policy(each.starts_on) for each in new}
        decides = any(
            policy_of[each.person_id].authorise_over_target and rules.is_planned(each.starts_at, logged_at)
            for each in new
        )
        ahead = (
            queries.look_ahead(
                new, at=at, zone=terms.zone, reasons=terms.reasons, policy=terms.policy, instead_of=instead_of
            )
            if project or decides
            else LookedAhead((), ())
        )
    except NoPolicy as error:
        raise Refused(Reason(f"{error}: enter a later day", "starts_at")) from error
    lying = {each.person_id: each for each in ahead.in_duty}
    why = {
        each.person_id: rules.why_authorisation_is_needed(
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            logged_at=logged_at,
            outlooks=[outlook for outlook in ahead.outlooks if each.person_id in outlook.person_ids],
            policy=policy_of[each.person_id],
            in_duty=lying.get(each.person_id),
        )
        for each in new
    }
    return Foreseen(ahead.outlooks, why, in_duty=ahead.in_duty)


def one_plan_at_a_time(new: Sequence[AbstractionFact], logged_at: dt.datetime) -> None:
    """Wait until nobody else is saving a plan for these teams: two that keep within the target one by one, and not
    together, would each be judged without the other.
    """
    planned = [each for each in new if rules.is_planned(each.starts_at, logged_at)]
    if planned:
        roll = people.roll(person_ids=[each.person_id for each in planned])
        teams = {roll.team_on(each.person_id, each.starts_on) or 0 for each in planned}
        for team_id in sorted(teams):
            lock_record(f"plans of team {team_id}")


def foresee_entry(entry: Entry, *, at: dt.datetime, terms: Terms) -> Foreseen:
    """What an entry on record does to the months it touches, without it and with it.

    :raises Refused: when no policy is in force on a day it touches
    """
    fact = fact_of(entry.person.id, entry.reason, entry.starts_at, entry.ends_at, terms.zone)
    return foresee([fact], logged_at=entry.logged_at or at, at=at, terms=terms, instead_of=[entry.id])
