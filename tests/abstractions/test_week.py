"""The team's week as it is read: its figures are the figures, and it is asked for as often for many as for few."""

import datetime as dt

import pytest
from sqlalchemy import event

from npt.abstractions import queries
from npt.abstractions.queries import Narrowing, Question, Reader, TeamWeek
from npt.abstractions.rules import AbsenceKind, DutyStatus, week_of
from npt.core import db
from npt.core.authority import EVERYTHING
from npt.core.db import transaction
from npt.core.periods import Window
from npt.people.models import Person, Team
from npt.people.rules import Grade, PostingKind
from npt.policy.queries import policy_on, reason_book
from tests import make
from tests.abstractions.make import LONDON
from tests.abstractions.pages import with_a_week

ASKED = make.at("2026-11-20 12:00")
IN_NOVEMBER = week_of(dt.date(2026, 11, 12), LONDON)
ALL = Reader(sees_kinds=True)


@pytest.fixture
def rahman(soham: Team) -> Person:
    return with_a_week(make.posted(soham, collar_number="1432", surname="Rahman", email="rahman@force.example"))


def read(*teams: Team, at: dt.datetime = ASKED, window: Window = IN_NOVEMBER, reader: Reader = ALL) -> list[TeamWeek]:
    question = Question(window, at, policy_on(window.last_day), reason_book())
    return queries.team_weeks(question, EVERYTHING, [team.id for team in teams], reader)


def test_the_days_and_the_week_are_the_figures_of_count_and_lead_to_lists_with_the_same_total(
    soham: Team, rahman: Person
) -> None:
    night = make.posted(soham, surname="Night")
    make.duty(night, "2026-11-08 22:00", "2026-11-09 07:00")
    make.duty(night, "2026-11-15 22:00", "2026-11-16 07:00")
    make.abstraction(night, "2026-11-15 23:00", "2026-11-16 03:00")
    make.abstraction(night, "2026-11-11 10:00", "2026-11-11 12:00")

    [found] = read(soham)

    for window in (IN_NOVEMBER, *(Window(day, day, LONDON) for day in IN_NOVEMBER.days())):
        question = Question(window, ASKED, policy_on(window.last_day), reason_book())
        counted = queries.count(question, EVERYTHING, [soham.id])
        shown = found.figures if window is IN_NOVEMBER else found.days[window.first_day]
        assert shown == counted.by_team()[soham.id]
        behind = queries.entries_behind(counted, Narrowing())
        assert shown.abstracted_minutes == sum(row.counted for row in behind)
        assert shown.off_duty_minutes == sum(row.off_duty for row in behind)
        assert shown.duty_minutes == sum(row.available for row in queries.duties_behind(counted, Narrowing()))
    assert (found.figures.duty_minutes, found.figures.abstracted_minutes) == (540 + 540 + 420 + 120, 150 + 60)
    assert found.figures.off_duty_minutes == 120
    assert sum(row.week.duty_minutes for row in found.rows) == found.figures.duty_minutes
    assert sum(row.week.abstracted_minutes for row in found.rows) == found.figures.abstracted_minutes


@pytest.mark.parametrize(("sunday", "hours"), [("2026-03-29", 8), ("2026-10-25", 10)])
def test_a_night_of_the_clock_change_is_worth_the_hours_it_had(soham: Team, sunday: str, hours: int) -> None:
    who = make.posted(soham)
    day = dt.date.fromisoformat(sunday)
    spring = day.month == 3
    make.duty(who, f"{day - dt.timedelta(days=1)} {22 if spring else 21}:00", f"{sunday} 0{6 if spring else 7}:00")

    [found] = read(soham, window=week_of(day, LONDON))

    assert found.figures.duty_minutes == hours * 60


def test_what_was_cancelled_is_not_there(soham: Team) -> None:
    who = make.posted(soham)
    make.duty(who, "2026-11-10 07:00", "2026-11-10 16:00", DutyStatus.CANCELLED)
    entry = make.abstraction(who, "2026-11-10 08:00", "2026-11-10 10:00")
    absence = make.absence(who, "2026-11-11 00:00", "2026-11-12 00:00")
    with transaction():
        entry.cancelled_at = absence.cancelled_at = ASKED

    [found] = read(soham)

    assert [cell.empty for cell in found.rows[0].week.cells] == [True] * 7


def test_sergeants_come_first_and_whoever_moved_is_in_each_team_on_their_days(soham: Team) -> None:
    ely = make.team(code="ELY")
    mover = make.person(surname="Abbot")
    make.posting(mover, make.post(soham), last_day=dt.date(2026, 11, 11))
    make.posting(mover, make.post(ely), first_day=dt.date(2026, 11, 12))
    make.posted(soham, Grade.SERGEANT, surname="Zeal")
    gone = make.person(surname="Gone")
    make.posting(gone, make.post(soham), last_day=dt.date(2026, 11, 8))
    lent = make.posted(make.team(), surname="Lent")
    make.posting(lent, make.post(ely), first_day=dt.date(2026, 11, 13), kind=PostingKind.ATTACHMENT)

    weeks = {week.team.code: week for week in read(soham, ely)}

    there = {
        code: [(row.person.surname, "".join("-x"[cell.here] for cell in row.week.cells)) for row in week.rows]
        for code, week in weeks.items()
    }
    assert there == {
        "SOH": [("Zeal", "xxxxxxx"), ("Abbot", "xxx----")],
        "ELY": [("Abbot", "---xxxx"), ("Lent", "----xxx")],
    }


def test_a_kind_of_absence_somebody_may_not_know_is_not_read(soham: Team, rahman: Person) -> None:
    def kinds(reader: Reader) -> list[AbsenceKind | None]:
        [found] = read(soham, reader=reader)
        return [off.kind for row in found.rows for cell in row.week.cells for off in cell.absences]

    assert kinds(ALL) == [AbsenceKind.COMPASSIONATE]
    assert kinds(Reader(sees_kinds=False)) == [None]
    assert kinds(Reader(sees_kinds=False, person_id=rahman.id)) == [AbsenceKind.COMPASSIONATE]


def test_the_statements_do_not_grow_with_the_people_or_the_teams(soham: Team, rahman: Person) -> None:
    teams = [make.team() for _ in range(4)]
    for team in teams:
        for _ in range(5):
            make.duty(make.posted(team), "2026-11-10 07:00", "2026-11-10 16:00")
    question = Question(IN_NOVEMBER, ASKED, policy_on(IN_NOVEMBER.last_day), reason_book())
    one, many = [soham.id], [team.id for team in teams]
    asked: list[str] = []
    event.listen(db.session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))

    db.forget_what_was_read()
    queries.team_weeks(question, EVERYTHING, one, ALL)
    of_one = asked.copy()
    asked.clear()
    db.forget_what_was_read()
    queries.team_weeks(question, EVERYTHING, many, ALL)

    assert len(asked) == len(of_one) <= 8, asked
