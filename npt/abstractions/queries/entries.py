"""The entries behind a figure: abstractions with the minutes each gives it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, select

from npt.abstractions import rules
from npt.abstractions.models import Abstraction
from npt.abstractions.queries.facts import facts_at
from npt.abstractions.queries.figures import Count, place_on
from npt.abstractions.rules import AbstractionFact, Authorisation, Hours, Tallies
from npt.core.db import among, session
from npt.core.lasting import lasts_beyond
from npt.core.periods import local_day, to_minute
from npt.people import queries as people
from npt.people.queries import PersonRow, Roll
from npt.people.rules import Grade, PostingFact


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An abstraction as a list shows it, with the minutes it gives the figure."""

    ref: str
    person: PersonRow
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    destination: str | None
    counted: int
    not_counting: int
    off_duty: int
    authorisation: Authorisation = Authorisation.NOT_NEEDED
    decided_by: str | None = None
    decided_at: dt.datetime | None = None
    cancelled: bool = False
    logged_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of the entries behind a figure are asked for."""

    grade: Grade | None = None
    grades: frozenset[Grade] = frozenset(Grade)
    reason: str | None = None
    person_id: int | None = None
    authorisation: Authorisation | None = None
    hours: Hours | None = None
    """Only the minutes in a part of the day, and only what has any."""
    destination: str | None = None
    """Only entries to this destination, however its capitals and blanks are written; empty: to none written down."""
    but: str | None = None
    """All but the entry of this reference: what a month comes to without it."""

    @property
    def every_entry(self) -> bool:
        """Whether all entries of the people and hours asked for are, so that they are a share of the duty."""
        return self.reason is None and self.authorisation is None and self.destination is None

    def takes(self, person_id: int, grade: Grade, reason: str | None = None) -> bool:
        return (
            (self.grade is None or grade is self.grade)
            and grade in self.grades
            and (self.person_id is None or person_id == self.person_id)
            and (self.reason is None or reason is None or reason == self.reason)
        )


def entries_behind(count: Count, narrowing: Narrowing) -> list[EntryRow]:
    """The abstractions of a window, newest first. Their minutes add up to the figure.

    One that gives it none is listed with nothing: planned, off the roster, or of somebody who is in no rate. What was
    cancelled is in no list, but for what was declined, when that is asked for.
    """
    minutes = entry_minutes(count, narrowing)
    listed = [fact for fact in count.facts.abstractions if fact.id in minutes]
    if narrowing.authorisation is Authorisation.DECLINED:
        never_began = _cancelled_as_declined(count, narrowing)
        minutes |= {fact.id or 0: [0, 0, 0] for fact in never_began}
        listed += never_began
    listed.sort(key=lambda fact: (fact.starts_at, fact.ref), reverse=True)
    named = people.people({fact.person_id for fact in listed})
    more = _more(fact.id for fact in listed if fact.id is not None)
    rows = [
        EntryRow(
            fact.ref,
            named[fact.person_id],
            fact.reason,
            fact.starts_at,
            fact.ends_at,
            known.destination,
            *_three(minutes[fact.id or 0]),
            authorisation=standing_of(known),
            decided_by=known.decided_by,
            decided_at=known.declined_at or known.authorised_at,
            cancelled=known.cancelled_at is not None,
            logged_at=known.logged_at,
        )
        for fact in listed
        if (known := more.get(fact.id or 0))
    ]
    return [
        row
        for row in rows
        if row.ref != narrowing.but
        and narrowing.authorisation in (None, row.authorisation)
        and narrowing.destination in (None, rules.destination_key(row.destination))
    ]


def entry_minutes(count: Count, narrowing: Narrowing) -> dict[int, list[int]]:
    """Of each entry asked for, by id, what it gives: minutes counted, not counting, off duty."""
    minutes: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    if narrowing.hours is None:
        minutes |= _of_these_teams(count, narrowing)
    for entry in tallies_asked(count, narrowing).entries:
        if entry.team_id in count.teams and narrowing.takes(entry.person_id, entry.grade, entry.reason):
            sums = minutes[entry.abstraction_id or 0]
            sums[0] += entry.counted
            sums[1] += entry.not_counting
            sums[2] += entry.off_duty
    return minutes


def tallies_asked(count: Count, narrowing: Narrowing) -> Tallies:
    """What was counted, in the part of the day asked for."""
    if narrowing.hours is None:
        return count.tallies
    asked = count.question
    cut = parts_by_hours(count).tallies(place=place_on(count.roll), counts=asked.counts)
    return cut.get(narrowing.hours, Tallies())


def parts_by_hours(count: Count) -> rules.Parts[Hours]:
    """What was read for a count, cut by hours of the day."""
    asked, facts = count.question, count.facts
    expected = rules.as_expected(facts.abstractions, facts.duties, asked.at) if count.ahead else facts.abstractions
    return rules.parts(
        rules.ByHours(asked.window.zone),
        facts.duties,
        facts.absences,
        expected,
        within=count.within,
        moment=asked.window.whole.ends_at if count.ahead else asked.as_at,
    )


def _three(minutes: list[int]) -> tuple[int, int, int]:
    counted, not_counting, off_duty = minutes
    return counted, not_counting, off_duty


def standing_of(entry: Any) -> Authorisation:
    """How an entry stands with whoever must authorise it, from a row with its columns."""
    return rules.authorisation_of(
        awaiting=entry.awaiting_since is not None and entry.cancelled_at is None,
        authorised=entry.authorised_at is not None or entry.authorised_by_id is not None,
        afterwards=entry.afterwards_why is not None,
        declined=entry.declined_at is not None,
    )


def _cancelled_as_declined(count: Count, narrowing: Narrowing) -> list[AbstractionFact]:
    """Entries that were declined before they began, and so cancelled."""
    whole, zone = count.question.window.whole, count.question.window.zone
    found = session.execute(
        select(
            Abstraction.id,
            Abstraction.person_id,
            Abstraction.ref,
            Abstraction.reason,
            Abstraction.starts_at,
            Abstraction.ends_at,
        ).where(
            Abstraction.declined_at.is_not(None),
            Abstraction.cancelled_at.is_not(None),
            Abstraction.starts_at < whole.ends_at,
            lasts_beyond(Abstraction.ends_at, whole.starts_at),
        )
    )
    facts = [AbstractionFact(*row, local_day(row.starts_at, zone)) for row in found]
    return [fact for fact in facts if _theirs(count, narrowing, fact)]


def _theirs(count: Count, narrowing: Narrowing, fact: AbstractionFact) -> bool:
    """Whether an entry is of somebody asked for, whose present team on the day it starts is asked for."""
    posting = count.roll.present(fact.person_id, fact.starts_on)
    if posting is None or posting.post.team_id not in count.teams:
        return False
    return narrowing.takes(fact.person_id, posting.post.grade, fact.reason)


def _of_these_teams(count: Count, narrowing: Narrowing) -> dict[int, list[int]]:
    """No minutes yet for every entry of somebody whose present team on the day it starts is asked for."""
    return {
        fact.id: [0, 0, 0]
        for fact in count.facts.abstractions
        if fact.id is not None and _theirs(count, narrowing, fact)
    }


STANDING = (
    Abstraction.awaiting_since,
    Abstraction.authorised_at,
    Abstraction.authorised_by_id,
    Abstraction.afterwards_why,
    Abstraction.declined_at,
    Abstraction.cancelled_at,
)
"""What ``standing_of`` needs of an entry."""


def _more(ids: Iterable[int]) -> dict[int, Row[Any]]:
    """What a list shows of entries beyond what is counted, by id."""
    found: dict[int, Row[Any]] = {}
    listed = list(ids)
    for start in range(0, len(listed), 1000):
        rows = session.execute(
            select(
                Abstraction.id, Abstraction.destination, Abstraction.decided_by, Abstraction.logged_at, *STANDING
            ).where(Abstraction.id.in_(listed[start : start + 1000]))
        )
        found.update({row.id: row for row in rows})
    return found


@dataclass(frozen=True, slots=True)
class AwayRow:
    """Somebody who is away now."""

    ref: str
    person: PersonRow
    team_id: int
    reason: str
    destination: str | None
    since: dt.datetime
    until: dt.datetime | None
    authorisation: Authorisation = Authorisation.NOT_NEEDED


AWAY = (
    Abstraction.ref,
    Abstraction.person_id,
    Abstraction.reason,
    Abstraction.destination,
    Abstraction.starts_at,
    Abstraction.ends_at,
    *STANDING,
)
"""What ``away_rows`` needs of an entry."""


_AT = bindparam("at", type_=Abstraction.starts_at.type)
IS_AWAY = (
    among(Abstraction.person_id.expression, "here"),
    Abstraction.cancelled_at.is_(None),
    Abstraction.starts_at <= _AT,
    lasts_beyond(Abstraction.ends_at, _AT),
)
"""Only entries of people (``here``) who are away at a moment (``at``)."""

_AWAY_NOW = select(*AWAY).where(*IS_AWAY)


def away_now(team_ids: Iterable[int], at: dt.datetime, on: dt.date, roll: Roll) -> list[AwayRow]:
    """Everybody of these teams who is away at a moment, longest first.

    :param roll: everybody who ever held a post of these teams
    """
    here = roll.in_team(team_ids, on)
    return away_rows(session.execute(_AWAY_NOW, {"here": list(here), "at": at}).all(), here)


def away_rows(rows: Iterable[Any], here: Mapping[int, PostingFact]) -> list[AwayRow]:
    """Entries of people who are away, in teams as they were posted, longest first."""
    found = sorted(rows, key=lambda row: (row.starts_at, row.ref))
    named = people.people({row.person_id for row in found})
    return [
        AwayRow(
            row.ref,
            named[row.person_id],
            here[row.person_id].post.team_id or 0,
            row.reason,
            row.destination,
            row.starts_at,
            row.ends_at,
            standing_of(row),
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who of some people is on duty at a moment and there, who is away, and who is absent."""

    on_duty: frozenset[int]
    away: Mapping[int, str]
    """The reason for which somebody is away."""
    absent: frozenset[int]


def whereabouts(person_ids: Iterable[int], at: dt.datetime, zone: ZoneInfo) -> Whereabouts:
    """Where these people are at a moment, as far as duties, absences and abstractions say."""
    found = facts_at(to_minute(at), set(person_ids), zone)
    absent = frozenset(absence.person_id for absence in found.absences)
    return Whereabouts(
        frozenset(duty.person_id for duty in found.duties) - absent,
        {each.person_id: each.reason for each in found.abstractions},
        absent,
    )
