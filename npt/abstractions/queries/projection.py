"""What abstractions about to be saved would do to the months of the teams they fall in."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from npt.abstractions import rules
from npt.abstractions.queries.facts import duties_at, facts
from npt.abstractions.queries.figures import place_on
from npt.abstractions.rules import AbstractionFact, InDuty, Outlook
from npt.core.authority import Scope
from npt.core.periods import MINUTE, Interval, Period, Window, to_minute
from npt.people import queries as people
from npt.policy.rules import Definition, Group, Policy, ReasonBook


@dataclass(frozen=True, slots=True)
class LookedAhead:
    """The months that entries touch, without them and with them; and how much of each falls in duty."""

    outlooks: Sequence[Outlook]
    in_duty: Sequence[InDuty]


def look_ahead(
    new: Sequence[AbstractionFact],
    *,
    at: dt.datetime,
    zone: ZoneInfo,
    reasons: ReasonBook,
    policy: Callable[[dt.date], Policy],
    instead_of: Collection[int] = (),
) -> LookedAhead:
    """The projected rate of each team and month these would touch, without them and with them together; and how much
    of each of them falls in duty.

    Every team is judged, whoever may see it: who asks decides only what is shown.

    :param instead_of: entries on record that these take the place of, which are left out on both sides
    :raises NoPolicy: when no policy is in force at the end of a month they touch
    """
    ids = {each.person_id for each in new}
    months = _months(new, at, zone)
    first, last = months[0], months[-1]
    teams = _teams_between(ids, first, last)
    roll = people.roll(team_ids=teams)
    read = facts(Interval(first.whole.starts_at, last.whole.ends_at), {*roll.by_person, *ids}, zone)
    named = {team.id: team for team in people.teams(Scope(team_ids=frozenset(teams)))}

    def target(team_id: int, month: Window) -> Decimal | None:
        team = named[team_id]
        found = policy(month.last_day).targets.find(Group.ALL, team=team.code, bcu=team.bcu_code)
        return found.percent if found else None

    found = rules.outlooks(
        new,
        read.duties,
        read.absences,
        [each for each in read.abstractions if each.id not in instead_of],
        at=at,
        zone=zone,
        place=place_on(roll),
        counts=lambda reason, day, grade: reasons.counts(reason, day, grade, Definition.LOCAL),
        target=target,
    )
    return LookedAhead(found, [rules.in_duty(each, read.duties, read.absences, at=at) for each in new])


def in_duty(new: Sequence[AbstractionFact], *, at: dt.datetime, zone: ZoneInfo) -> list[InDuty]:
    """How much of each of these falls in duty, where no month is looked at."""
    first = min(each.starts_at for each in new)
    last = max(each.ends_at or max(to_minute(at), each.starts_at) for each in new)
    read = facts(Interval(first, max(last, first) + MINUTE), {each.person_id for each in new}, zone)
    return [rules.in_duty(each, read.duties, read.absences, at=at) for each in new]


def _months(new: Sequence[AbstractionFact], at: dt.datetime, zone: ZoneInfo) -> list[Window]:
    """Every month they touch, in order. An open one needs the duty it is in, to know how long it is taken to last."""
    duties = [
        duty
        for each in new
        if each.ends_at is None
        for duty in duties_at(max(to_minute(at), each.starts_at), [each.person_id])
    ]
    touched = {month for each in new for month in rules.months_touched(each, duties, at, zone)}
    return sorted(touched, key=lambda month: month.first_day)


def _teams_between(person_ids: Collection[int], first: Window, last: Window) -> set[int]:
    """The teams these people hold a post of on any day of some months."""
    days = Period(first.first_day, last.last_day)
    return {
        posting.post.team_id
        for posting in people.roll(person_ids=person_ids).postings
        if posting.post.team_id is not None and Period(posting.first_day, posting.last_day).overlaps(days)
    }
