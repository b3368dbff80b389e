"""People on duty with no team, and people of a team with no duty."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, null, select, type_coerce, union_all

from npt.abstractions import rules
from npt.abstractions.models import Absence, Duty
from npt.abstractions.queries.facts import MANY, Facts, facts
from npt.abstractions.queries.figures import Count
from npt.abstractions.rules import DutyStatus, Gap
from npt.core.db import UtcDateTime, among, session
from npt.core.lasting import lasts_beyond
from npt.core.periods import DAY, MINUTE, Interval, Window, local_day, midnight
from npt.people.models import Posting
from npt.people.queries import Roll
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


def without_team(found: Count, *, also_never_posted: bool) -> list[WithoutTeam]:
    """Everybody who was on duty while no posting held them, those with most minutes first (RULES section 2).

    :param also_never_posted: also those who never held a post at all, which only the whole force can claim
    """
    within = found.question.within
    if within is None:
        return []
    rows = list(_without_team(found.facts, found.roll, within, found.roll.by_person))
    wanted = [row for row in rows if row.team_id in found.teams]
    if also_never_posted:
        strangers = _never_posted(within)
        if strangers:
            read = facts(within, strangers, found.question.window.zone)
            wanted += _without_team(read, Roll(()), within, strangers)
    return sorted(wanted, key=lambda row: (-row.minutes, row.person_id))


_NEVER_POSTED = (
    select(_DUTIES.person_id)
    .where(
        _DUTIES.starts_at < bindparam("last", type_=_DUTIES.starts_at.type),
        _DUTIES.ends_at > bindparam("first", type_=_DUTIES.ends_at.type),
        _DUTIES.status != DutyStatus.CANCELLED,
        _DUTIES.person_id.not_in(select(Posting.__table__.c.person_id)),
    )
    .distinct()
)


def _never_posted(within: Interval) -> set[int]:
    return set(session.scalars(_NEVER_POSTED, {"first": within.starts_at, "last": within.ends_at}))


def _without_team(read: Facts, roll: Roll, within: Interval, ids: Collection[int]) -> Iterator[WithoutTeam]:
    days = _duty_days(read)
    asked = {id for id in days if id in ids and not _held_throughout(roll, id, days[id])}
    duties = defaultdict(list)
    absences = defaultdict(list)
    for duty in read.duties if asked else ():
        duties[duty.person_id].append(duty)
    for absence in read.absences if asked else ():
        absences[absence.person_id].append(absence)
    for person_id in asked:
        theirs = duties[person_id]
        minutes: Counter[str] = Counter()
        for piece in rules.available_pieces(theirs, absences[person_id], within):
            if roll.present(person_id, piece.duty.duty_date) is None:
                minutes[piece.duty.ref] += piece.interval.minutes
        loose = [duty for duty in sorted(theirs, key=lambda duty: duty.starts_at) if duty.ref in minutes]
        if loose:
            nearest = _nearest_team(roll.by_person.get(person_id, ()), loose[0].duty_date)
            kept = (LooseDuty(duty.ref, duty.starts_at, duty.ends_at, minutes[duty.ref]) for duty in loose)
            yield WithoutTeam(person_id, nearest, tuple(kept))


def _duty_days(read: Facts) -> defaultdict[int, set[dt.date]]:
    """The days on which each had a duty."""
    days: defaultdict[int, set[dt.date]] = defaultdict(set)
    for duty in read.duties:
        days[duty.person_id].add(duty.duty_date)
    return days


def _held_throughout(roll: Roll, person_id: int, worked: Collection[dt.date]) -> bool:
    """Whether some posting held somebody on each day on which they had a duty."""
    days, present = roll.timeline(person_id)
    if days and days[0] <= min(worked) and None not in present:
        return True  # nearly always, and then no day need be looked at by itself
    return all(roll.present(person_id, day) for day in worked)


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


def without_duty(found: Count) -> list[WithoutDuty]:
    """The gaps in which duties of people of these teams are missing, the longest first.

    Only days that are over are looked at, and as many before the window as policy calls a gap, so that one that began
    before the window is seen. Sergeants, PCs and PCSOs only: nobody rosters a special.
    """
    asked = found.question
    least, window = asked.policy.no_duty_days, asked.window
    last = local_day(asked.as_at, window.zone) - DAY
    if asked.within is None or last < window.first_day:
        return []
    looked_at = Gap(window.first_day - least * DAY, last)
    covered = _covered(found, looked_at)
    rows = [
        WithoutDuty(person_id, found.roll.team_on(person_id, gap.last_day) or 0, gap)
        for person_id in _expected(found, looked_at)
        for gap in rules.gaps_without_duty(covered[person_id], _belongs(found, person_id), looked_at, least)
        if gap.last_day >= window.first_day
    ]
    return sorted(rows, key=lambda row: (-row.gap.days, row.person_id, row.gap.first_day))


def _expected(found: Count, looked_at: Gap) -> list[int]:
    """Those whom some posting held in these teams, in a grade that is rostered, on a day that is looked at."""
    return [
        person_id
        for person_id, postings in found.roll.by_person.items()
        if any(
            posting.post.team_id in found.teams
            and posting.post.grade in RATED_GRADES
            and posting.first_day <= looked_at.last_day
            and (posting.last_day is None or posting.last_day >= looked_at.first_day)
            for posting in postings
        )
    ]


def _belongs(found: Count, person_id: int) -> Callable[[dt.date], bool]:
    def belongs(day: dt.date) -> bool:
        posting = found.roll.present(person_id, day)
        return posting is not None and posting.post.team_id in found.teams and posting.post.grade in RATED_GRADES

    return belongs


def _covered(found: Count, looked_at: Gap) -> defaultdict[int, set[dt.date]]:
    """The days on which each had a duty or was absent. Of those before the window only the last matters: what was
    missing before it is no gap of this window.
    """
    window = found.question.window
    covered = _duty_days(found.facts)
    for person_id, day in _last_before(window, looked_at.first_day, found.roll.by_person):
        covered[person_id].add(day)
    for absence in found.facts.absences:
        end = local_day(absence.ends_at - MINUTE, window.zone) if absence.ends_at else looked_at.last_day
        first = max(local_day(absence.starts_at, window.zone), looked_at.first_day)
        covered[absence.person_id].update(_days(first, min(end, looked_at.last_day)))
    return covered


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + number * DAY for number in range((last - first).days + 1))


_SINCE, _UNTIL = (bindparam(name, type_=_DUTIES.starts_at.type) for name in ("since", "until"))
_LAST_DUTY = (
    select(_DUTIES.person_id, func.max(_DUTIES.duty_date), type_coerce(null(), UtcDateTime()))
    .where(_DUTIES.starts_at >= _SINCE, _DUTIES.starts_at < _UNTIL, _DUTIES.status != DutyStatus.CANCELLED)
    .group_by(_DUTIES.person_id)
)
_LAST_ABSENCE = (
    select(_ABSENCES.person_id, null(), func.max(_ABSENCES.ends_at))
    .where(lasts_beyond(_ABSENCES.ends_at, _SINCE), _ABSENCES.ends_at <= _UNTIL, _ABSENCES.cancelled_at.is_(None))
    .group_by(_ABSENCES.person_id)
)
_LAST_OF_EVERYBODY = union_all(_LAST_DUTY, _LAST_ABSENCE)
_LAST_OF_SOME = union_all(
    _LAST_DUTY.where(among(_DUTIES.person_id, "people")), _LAST_ABSENCE.where(among(_ABSENCES.person_id, "people"))
)


def _last_before(window: Window, first_day: dt.date, ids: Collection[int]) -> Iterator[tuple[int, dt.date]]:
    """The last day before a window on which each had a duty, and that on which an absence of theirs ended."""
    asked = {"since": midnight(first_day, window.zone), "until": window.whole.starts_at, "people": ids}
    rows: Sequence[Any] = session.execute(_LAST_OF_EVERYBODY if len(ids) > MANY else _LAST_OF_SOME, asked).all()
    for person_id, day, end in rows:
        yield person_id, day if end is None else local_day(end - MINUTE, window.zone)
