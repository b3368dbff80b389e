"""Who is on duty with no team, and whose duties are missing, looked for day by day and minute by minute."""

import datetime as dt
import random
from dataclasses import replace
from itertools import groupby

import pytest

from npt.abstractions import queries
from npt.abstractions.models import Absence, Duty
from npt.abstractions.queries import Question
from npt.abstractions.rules import AbsenceKind, DutyStatus
from npt.core.authority import EVERYTHING
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import DAY, MINUTE, Window, local_day
from npt.people import queries as people
from npt.people.models import Person, Team
from npt.people.rules import RATED_GRADES, Grade, present_posting
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from tests import make
from tests.abstractions.force import LONDON

WINDOW = Window(dt.date(2026, 10, 19), dt.date(2026, 11, 8), LONDON)
ASKED = dt.datetime(2026, 11, 6, 10, 17, tzinfo=dt.UTC)
LEAST = 3
START, DAYS = dt.datetime(2026, 10, 1, tzinfo=dt.UTC), 45
GRADES = (Grade.PC, Grade.PCSO, Grade.SERGEANT, Grade.SPECIAL)


def people_by_chance(teams: list[Team], chance: random.Random) -> None:
    """People who come, go and come back, some to nowhere, and whose duties last from an hour to three days."""
    rows: list[Duty | Absence] = []
    for _ in range(14):
        who, grade = make.person(), chance.choice(GRADES)
        on = START.date() - chance.choice((400, 20, 0)) * DAY
        for _ in range(chance.randint(1, 3)):
            last = on + chance.randint(3, 40) * DAY
            make.posting(who, make.post(chance.choice(teams), grade), on, last)
            on = last + chance.choice((1, 1, 2, 9)) * DAY
        rows += list(_hours(who, chance))
    with transaction():
        current.add_all(rows)


def _hours(who: Person, chance: random.Random) -> list[Duty | Absence]:
    rows: list[Duty | Absence] = []
    often = chance.choice((0.2, 0.5, 0.8))
    for day in range(DAYS):
        starts, ref = START + day * DAY + chance.randrange(1440) * MINUTE, f"{who.collar_number}-{day}"
        if chance.random() < often:
            ends = starts + chance.choice((60, 480, 540, 4000)) * MINUTE
            status = chance.choice((DutyStatus.WORKED, DutyStatus.WORKED, DutyStatus.CANCELLED))
            on = local_day(starts, LONDON)
            rows.append(Duty(ref=ref, person_id=who.id, starts_at=starts, ends_at=ends, duty_date=on, status=status))
        if chance.random() < 0.08:
            ends_at = None if day > 40 else starts + chance.randint(1, 6000) * MINUTE
            rows.append(
                Absence(ref=ref, person_id=who.id, kind=AbsenceKind.SICKNESS, starts_at=starts, ends_at=ends_at)
            )
    return rows


@pytest.fixture(params=range(4))
def asked(session: object, request: pytest.FixtureRequest) -> Question:
    with transaction():
        start_policy()
    bcu = make.bcu()
    people_by_chance([make.team(make.sector(bcu)) for _ in range(2)], random.Random(request.param))
    policy = replace(policy_on(WINDOW.last_day), no_duty_days=LEAST)
    return Question(WINDOW, ASKED, policy, reason_book())


def test_whoever_is_on_duty_while_no_posting_holds_them_is_found_with_the_minutes_of_it(asked: Question) -> None:
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    within = asked.within
    assert within is not None
    slowly = {}
    for person_id, postings in people.roll().by_person.items():
        absences = current.query(Absence).filter_by(person_id=person_id).all()
        owned: dict[dt.datetime, Duty] = {}
        for duty in sorted(duties_of(person_id), key=lambda duty: (duty.starts_at, duty.ref)):
            for number in range((duty.ends_at - duty.starts_at) // MINUTE):
                owned.setdefault(duty.starts_at + number * MINUTE, duty)
        slowly[person_id] = sum(
            within.starts_at <= minute < within.ends_at
            and present_posting(postings, duty.duty_date) is None
            and not any(a.starts_at <= minute < (a.ends_at or within.ends_at) for a in absences)
            for minute, duty in owned.items()
        )

    found = queries.without_team(asked, teams, people.roll(team_ids=teams), also_never_posted=False)

    assert {row.person_id: row.minutes for row in found} == {id: number for id, number in slowly.items() if number}
    assert found


def test_duties_are_missing_where_no_day_in_a_row_had_one_or_an_absence(asked: Question) -> None:
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    first, last = WINDOW.first_day - LEAST * DAY, local_day(ASKED, LONDON) - DAY
    days = [first + number * DAY for number in range((last - first).days + 1)]
    slowly = set()
    for person_id, postings in people.roll().by_person.items():
        covered = {duty.duty_date for duty in duties_of(person_id)}
        for absence in current.query(Absence).filter_by(person_id=person_id):
            until = local_day(absence.ends_at - MINUTE, LONDON) if absence.ends_at else last
            covered |= {day for day in days if local_day(absence.starts_at, LONDON) <= day <= until}

        def missing(day: dt.date, postings: list = postings, covered: set = covered) -> bool:  # type: ignore[type-arg]
            held = present_posting(postings, day)
            return day not in covered and held is not None and held.post.grade in RATED_GRADES

        for is_missing, run in groupby(days, missing):
            gap = list(run)
            if is_missing and len(gap) >= LEAST and gap[-1] >= WINDOW.first_day:
                slowly.add((person_id, gap[0], gap[-1]))

    found = queries.without_duty(asked, teams, people.roll(team_ids=teams))

    assert {(row.person_id, row.gap.first_day, row.gap.last_day) for row in found} == slowly
    assert found


def duties_of(person_id: int) -> list[Duty]:
    every = current.query(Duty).filter_by(person_id=person_id)
    return [duty for duty in every if duty.status is not DutyStatus.CANCELLED]


@pytest.mark.usefixtures("session")
def test_a_long_duty_begun_before_somebody_s_first_posting_is_seen_though_a_team_has_them_since() -> None:
    with transaction():
        start_policy()
    question = Question(WINDOW, ASKED, policy_on(WINDOW.last_day), reason_book())
    new = make.person()
    make.posting(new, make.post(make.team()), WINDOW.first_day - DAY)
    make.duty(new, "2026-10-17 20:00", "2026-10-19 05:00")
    teams = {team.id: team for team in people.teams(EVERYTHING)}

    [row] = queries.without_team(question, teams, people.roll(team_ids=teams), also_never_posted=False)

    assert (row.person_id, row.minutes) == (new.id, 6 * 60)
