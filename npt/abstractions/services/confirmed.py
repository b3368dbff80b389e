"""Hold everything that is written against the months that teams have confirmed. The one place that does.

After a month is confirmed a change needs a reason and the BCU manager, and stays visible for ever (RULES section 4).
What an import brings is not stopped, and is counted all the same.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from npt.abstractions import queries, rules
from npt.abstractions.models import ReturnChange
from npt.abstractions.queries import Entry
from npt.abstractions.rules import TeamMonth, Touch
from npt.core import db
from npt.core.authority import EVERYTHING, Actor, Permission
from npt.core.errors import Reason, refuse_if_any
from npt.core.periods import DAY, Interval, Window, local_day, midnight, month_of
from npt.people import queries as people
from npt.people.queries import Roll

RETURNS = "returns"
"""The lock of whoever confirms a month, opens one again, or writes about one that is over."""


def touch_of(person_id: int, starts_at: dt.datetime, ends_at: dt.datetime | None, zone: ZoneInfo) -> Touch:
    """The time of an entry or of an absence."""
    return Touch(person_id, starts_at, ends_at, local_day(starts_at, zone))


def touch_of_duty(person_id: int, starts_at: dt.datetime, ends_at: dt.datetime, zone: ZoneInfo) -> Touch:
    """The time of a duty, all of which is the team's of the duty date."""
    return Touch(person_id, starts_at, ends_at, local_day(starts_at, zone), whole=True)


def between(person_id: int, one: dt.datetime, other: dt.datetime, on: dt.date) -> Touch:
    """The time that is added or taken away when an end is moved."""
    return Touch(person_id, min(one, other), max(one, other), on)


@dataclass(frozen=True, slots=True)
class Written:
    """Something that is written: its event and subject in the record, and the time it adds, changes or takes away."""

    event: str
    subject: str
    touches: Sequence[Touch]


def hold_to_returns(
    written: Sequence[Written], *, because: str, field: str = "why", actor: Actor, at: dt.datetime, zone: ZoneInfo
) -> None:
    """Refuse what touches a month its team has confirmed, unless the BCU manager does it for a reason; then keep that
    it was done.

    :param because: why, as the actor gives it; ``field`` is where they give it
    :raises Refused: naming each month, and who can change it
    """
    touched = _touched([touch for each in written for touch in each.touches], at, zone, wait=True)
    if not touched:
        return
    refuse_if_any(_obstacles(touched, because, field, actor))
    _keep(written, touched, because=because, actor=actor, at=at)


def obstacles_from_returns(touches: Sequence[Touch], *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> list[Reason]:
    """What would be refused because a month is confirmed and the actor may not change it; for looking ahead only."""
    return _obstacles(_touched(touches, at, zone, wait=False), "to look ahead", "", actor)


def closed_by_returns(entry: Entry, *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> list[Reason]:
    """Why the actor can change nothing of an entry: a month it lies in is confirmed. So a page offers no more than it
    keeps; who may change it for a reason is told nothing here.
    """
    touch = touch_of(entry.person.id, entry.starts_at, entry.ends_at, zone)
    return obstacles_from_returns([touch], actor=actor, at=at, zone=zone)


def count_imported(written: Sequence[Written], *, actor: Actor, at: dt.datetime, zone: ZoneInfo) -> None:
    """Keep what an import wrote about months that were confirmed. Nothing of it is refused."""
    touched = _touched([touch for each in written for touch in each.touches], at, zone, wait=False)
    _keep(written, touched, because="", actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The confirmed months that each piece of time touches, and of each whether it stands confirmed."""

    by_touch: Mapping[Touch, Collection[TeamMonth]]
    stands: Mapping[TeamMonth, bool]

    def __bool__(self) -> bool:
        return bool(self.by_touch)

    @property
    def standing(self) -> list[TeamMonth]:
        found = {each for months in self.by_touch.values() for each in months if self.stands[each]}
        return sorted(found)


def _touched(touches: Sequence[Touch], at: dt.datetime, zone: ZoneInfo, *, wait: bool) -> _Touched:
    """Which of the months that were ever confirmed are touched.

    :param wait: wait for whoever is confirming a month at this moment
    """
    this_month = local_day(at, zone).replace(day=1)
    past = [touch for touch in touches if rules.is_past(touch, this_month, zone)]
    if not past:
        return _Touched({}, {})
    if wait:
        db.lock_record(RETURNS)
    spans = {touch: touch.until(at) for touch in past}
    first, last = min(s.starts_at for s in spans.values()), max(s.ends_at for s in spans.values())
    known = queries.confirmed_once(local_day(first, zone).replace(day=1), local_day(last, zone).replace(day=1))
    if not known:
        return _Touched({}, {})
    days = [each.first_day for each in known]
    past = [touch for touch in past if _may_touch(spans[touch], min(days), max(days), zone)]
    ids = {touch.person_id for touch in past}
    roll = people.roll(person_ids=ids)
    # Whose duty a minute falls in matters only of somebody who changed teams about then.
    moved = {touch.person_id for touch in past if _moved(touch, spans[touch], roll, zone)}
    duties = queries.duties_in(Interval(first, last), moved) if moved else {}
    found = {}
    for touch in past:
        theirs = _near(duties.get(touch.person_id, ()), spans[touch])
        months = rules.months_of(touch, theirs, at=at, team_on=roll.team_on, zone=zone) & known.keys()
        if months:
            found[touch] = months
    return _Touched(found, known)


def _moved(touch: Touch, span: Interval, roll: Roll, zone: ZoneInfo) -> bool:
    """Whether a person was in more than one team over some time; a duty that reaches into it began days before."""
    days = Window(local_day(span.starts_at, zone) - 2 * DAY, local_day(span.ends_at, zone), zone).days()
    return len({roll.team_on(touch.person_id, day) for day in (touch.day, *days)}) > 1


def _may_touch(span: Interval, first_month: dt.date, last_month: dt.date, zone: ZoneInfo) -> bool:
    """Whether some time reaches into the months from a first to a last."""
    return span.starts_at < month_of(last_month, zone).whole.ends_at and span.ends_at > midnight(first_month, zone)


def _near(duties: Iterable[rules.DutyFact], span: Interval) -> Iterator[rules.DutyFact]:
    return (duty for duty in duties if duty.starts_at < span.ends_at and duty.ends_at > span.starts_at)


def _obstacles(touched: _Touched, because: str, field: str, actor: Actor) -> list[Reason]:
    if not touched.standing:
        return []
    named = {team.id: team.name for team in people.teams(actor.scope)}  # read by most pages already
    if any(each.team_id not in named for each in touched.standing):
        named = {team.id: team.name for team in people.teams(EVERYTHING)}
    may = actor.may(Permission.CORRECT_CONFIRMED)
    months = [
        (f"{each.first_day:%B %Y} of {named[each.team_id]}", may and actor.scope.has_team(each.team_id))
        for each in touched.standing
    ]
    return rules.obstacles_to_touching(months, reason=because, field=field)


def _keep(written: Sequence[Written], touched: _Touched, *, because: str, actor: Actor, at: dt.datetime) -> None:
    rows: list[dict[str, Any]] = []
    for each in written:
        people_of: defaultdict[TeamMonth, int] = defaultdict(int)
        for touch in each.touches:
            for month in touched.by_touch.get(touch, ()):
                people_of[month] = touch.person_id
        rows += [
            {
                "team_id": month.team_id,
                "month": month.first_day,
                "at": at,
                "actor": actor.name,
                "event": each.event,
                "subject": each.subject,
                "person_id": person_id,
                "because": because.strip()[:500] or None,
                "stood": touched.stands[month],
            }
            for month, person_id in sorted(people_of.items())
        ]
    db.bulk_insert(ReturnChange, rows)
