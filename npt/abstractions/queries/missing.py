"""People on duty with no team, and people of a team with no duty."""

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, Date, bindparam, func, null, select, type_coerce, union_all

from npt.abstractions import rules
from npt.abstractions.models import Absence, Duty
from npt.abstractions.queries.facts import MANY, Whose, facts, on_duty, touching
from npt.abstractions.queries.figures import Question
from npt.abstractions.rules import DutyStatus, Gap, by_person
from npt.core.db import UtcDateTime, among, session
from npt.core.lasting import lasts_beyond
from npt.core.periods import DAY, MINUTE, Interval, local_day, midnight
from npt.people.models import Posting
from npt.people.queries import Roll, TeamRow
from npt.people.rules import RATED_GRADES, PostingFact

_DUTIES, _ABSENCES = Duty.__table__.c, Absence.__table__.c


@dataclass(frozen=True, slots=True)
class LooseDuty:
    """A duty while no posting held whoever worked it, with the minutes of it that were available in the window."""

    ref: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class WithoutTeam:
    """Somebody who was on duty with no team. The team is the one they had last, or else have next; or none ever."""

    person_id: int
    team_id: int | None
    duties: tuple[LooseDuty, ...]

    @property
    def minutes(self) -> int:
        return sum(duty.minutes for duty in self.duties)


def without_team(
    asked: Question, teams: Mapping[int, TeamRow], roll: Roll, *, also_never_posted: bool
) -> list[WithoutTeam]:
    """Everybody who was on duty while no posting held them, those with most minutes first (RULES section 2).

    :param roll: everybody who ever held a post of these teams
    :param also_never_posted: also those who never held a post at all, which only the whole force can claim
    """
    within, zone = asked.within, asked.window.zone
    if within is None:
        return []
    first, last = local_day(within.starts_at, zone) - _LONGEST_DUTY, local_day(within.ends_at, zone)
    loose = [person_id for person_id in roll.by_person if not _held_throughout(roll, person_id, first, last)]
    wanted = [row for row in _without_team(loose, roll, within, zone) if row.team_id in teams]
    if also_never_posted:
        wanted += _without_team(_never_posted(within), Roll(()), within, zone)
    return sorted(wanted, key=lambda row: (-row.minutes, row.person_id))


_LONGEST_DUTY = 31 * DAY
"""Whoever was in posts so long before the days asked for had no duty before them that still lasts."""


def _held_throughout(roll: Roll, person_id: int, first: dt.date, last: dt.date) -> bool:
    """Whether some posting held somebody on each of some days: then no duty of theirs need be looked at."""
    days, present = roll.timeline(person_id)
    begun = bisect_right(days, first)
    return begun > 0 and None not in present[begun - 1 : bisect_right(days, last)]


_NEVER_POSTED = (
    select(_DUTIES.person_id)
    .where(
        *on_duty(),
        _DUTIES.person_id.not_in(select(Posting.__table__.c.person_id)),
    )
    .distinct()
)


def _never_posted(within: Interval) -> set[int]:
    return set(session.scalars(_NEVER_POSTED, {"first": within.starts_at, "last": within.ends_at}))


def _without_team(person_ids: Collection[int], roll: Roll, within: Interval, zone: ZoneInfo) -> Iterator[WithoutTeam]:
    if not person_ids:
        return
    read = facts(within, person_ids, zone)
    duties = by_person(read.duties)
    absences = by_person(read.absences)
    for person_id, theirs in duties.items():
        minutes: Counter[str] = Counter()
        for piece in rules.available_pieces(theirs, absences.get(person_id, ()), within):
            if roll.present(person_id, piece.duty.duty_date) is None:
                minutes[piece.duty.ref] += piece.interval.minutes
        loose = [duty for duty in sorted(theirs, key=lambda duty: duty.starts_at) if duty.ref in minutes]
        if loose:
            nearest = _nearest_team(roll.by_person.get(person_id, ()), loose[0].duty_date)
            kept = (LooseDuty(duty.ref, duty.starts_at, duty.ends_at, minutes[duty.ref]) for duty in loose)
            yield WithoutTeam(person_id, nearest, tuple(kept))


def _nearest_team(postings: Collection[PostingFact], day: dt.date) -> int | None:
    """The team somebody had last before a day, or else has first after it."""
    in_teams = [posting for posting in postings if posting.post.team_id is not None]
    before = [posting for posting in in_teams if posting.first_day <= day]
    if before:
        return max(before, key=lambda posting: (posting.last_day or day, posting.first_day)).post.team_id
    return min(in_teams, key=lambda posting: posting.first_day).post.team_id if in_teams else None


@dataclass(frozen=True, slots=True)
class WithoutDuty:
    """Days in a row in which somebody of a team had no duty and was not absent."""

    person_id: int
    team_id: int
    gap: Gap


def without_duty(asked: Question, teams: Collection[int], roll: Roll) -> list[WithoutDuty]:
    """The gaps in which duties of people of these teams are missing, the longest first.

    Only days that are over are looked at, and as many before the window as policy calls a gap, so that one that began
    before the window is seen. Sergeants, PCs and PCSOs only: nobody rosters a special.
    """
    least, window = asked.policy.no_duty_days, asked.window
    last = local_day(asked.as_at, window.zone) - DAY
    if asked.within is None or last < window.first_day:
        return []
    looked_at = Gap(window.first_day - least * DAY, last)
    expected = _expected(teams, roll, looked_at)
    covered = _covered(asked, looked_at, expected)
    rows = [
        WithoutDuty(person_id, roll.team_on(person_id, gap.last_day) or 0, gap)
        for person_id in expected
        for gap in rules.gaps_without_duty(covered[person_id], _belongs(teams, roll, person_id), looked_at, least)
        if gap.last_day >= window.first_day
    ]
    return sorted(rows, key=lambda row: (-row.gap.days, row.person_id, row.gap.first_day))


def _expected(teams: Collection[int], roll: Roll, looked_at: Gap) -> list[int]:
    """Those whom some posting held in these teams, in a grade that is rostered, on a day that is looked at."""
    return [
        person_id
        for person_id, postings in roll.by_person.items()
        if any(
            posting.post.team_id in teams
            and posting.post.grade in RATED_GRADES
            and posting.first_day <= looked_at.last_day
            and (posting.last_day is None or posting.last_day >= looked_at.first_day)
            for posting in postings
        )
    ]


def _belongs(teams: Collection[int], roll: Roll, person_id: int) -> Callable[[dt.date], bool]:
    def belongs(day: dt.date) -> bool:
        posting = roll.present(person_id, day)
        return posting is not None and posting.post.team_id in teams and posting.post.grade in RATED_GRADES

    return belongs


_SINCE, _FIRST = (bindparam(name, type_=_DUTIES.starts_at.type) for name in ("since", "first"))


def _days_covered(*theirs: Whose) -> CompoundSelect[*tuple[Any, ...]]:
    """The day of each duty, and from when to when each absence was: nothing else of a month's thousands is looked at.

    Of those before the window only the last matters: what was missing before it is no gap of this window. PostgreSQL
    types a column by the first two parts of a union, which between them fill all of them.
    """
    duty, absence = ([each(table.person_id) for each in theirs] for table in (_DUTIES, _ABSENCES))
    no_day, no_moment = type_coerce(null(), Date()), type_coerce(null(), UtcDateTime())
    return union_all(
        select(_DUTIES.person_id, _DUTIES.duty_date, no_moment, no_moment).where(*on_duty(), *duty),
        select(_ABSENCES.person_id, no_day, _ABSENCES.starts_at, _ABSENCES.ends_at).where(
            *touching(_ABSENCES), *absence
        ),
        select(_DUTIES.person_id, func.max(_DUTIES.duty_date), null(), null())
        .where(_DUTIES.starts_at >= _SINCE, _DUTIES.starts_at < _FIRST, _DUTIES.status != DutyStatus.CANCELLED, *duty)
        .group_by(_DUTIES.person_id),
        select(_ABSENCES.person_id, null(), func.max(_ABSENCES.starts_at), func.max(_ABSENCES.ends_at))
        .where(
            lasts_beyond(_ABSENCES.ends_at, _SINCE),
            _ABSENCES.ends_at <= _FIRST,
            _ABSENCES.cancelled_at.is_(None),
            *absence,
        )
        .group_by(_ABSENCES.person_id),
    )


_OF_EVERYBODY, _OF_SOME = _days_covered(), _days_covered(lambda person_id: among(person_id, "people"))


def _covered(asked: Question, looked_at: Gap, ids: Collection[int]) -> defaultdict[int, set[dt.date]]:
    """The days on which each had a duty or was absent."""
    window, since = asked.window, midnight(looked_at.first_day, asked.window.zone)
    sent = {"since": since, "first": window.whole.starts_at, "last": asked.as_at, "people": ids}
    rows: Sequence[Any] = session.execute(_OF_EVERYBODY if len(ids) > MANY else _OF_SOME, sent).all()
    covered: defaultdict[int, set[dt.date]] = defaultdict(set)
    for person_id, day, starts_at, ends_at in rows:
        if day is not None:
            covered[person_id].add(day)
            continue
        first = max(local_day(starts_at, window.zone), looked_at.first_day)
        last = local_day(ends_at - MINUTE, window.zone) if ends_at else looked_at.last_day
        covered[person_id].update(_days(first, min(last, looked_at.last_day)))
    return covered


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + number * DAY for number in range((last - first).days + 1))
