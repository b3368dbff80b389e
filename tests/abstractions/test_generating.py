"""Duties made ahead from shift patterns, on either database: as often as one likes, and never over anybody's hand."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions import services
from npt.abstractions.jobs import duties
from npt.abstractions.models import Duty, PatternDay, PatternPerson
from npt.abstractions.rules import DutySource, DutyStatus
from npt.abstractions.services import ChangeOfDuty
from npt.audit.models import AuditEntry
from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, system
from npt.core.db import session as db_session
from npt.core.db import transaction
from npt.people.models import Person
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, TODAY
from tests.exchange.make import LONDON, load

DAY = dt.timedelta(days=1)
TOMORROW = TODAY + DAY
SERGEANT = Actor("Sgt 1201 P. Okafor", Role.SERGEANT, EVERYTHING)
AHEAD = 4


@pytest.fixture(autouse=True)
def _at_work(session: scoped_session[Session]) -> None:
    """Every test inside a transaction that is never kept."""


def pattern(*shifts: str | None, code: str = "EN", grade: Grade = Grade.PC) -> None:
    for day, shift in enumerate(shifts):
        starts, ends = (dt.time.fromisoformat(t) for t in shift.split("-")) if shift else (None, None)
        make.keep(PatternDay(code=code, day=day, grade=grade, starts=starts, ends=ends))


def on_pattern(
    who: Person, code: str = "EN", first_day: dt.date = TODAY, last_day: dt.date | None = None, days_in: int = 0
) -> PatternPerson:
    return make.keep(
        PatternPerson(person_id=who.id, first_day=first_day, last_day=last_day, pattern=code, days_in=days_in)
    )


def run(on: dt.date = TOMORROW, days: int = AHEAD, at: dt.datetime = NOW) -> services.Generated:
    with transaction():
        return services.generate_duties(on, days, zone=LONDON, actor=system("duties"), at=at)


def roster(who: Person) -> list[tuple[str, str, str, str]]:
    db_session.expire_all()
    rows = db_session.scalars(select(Duty).where(Duty.person_id == who.id).order_by(Duty.starts_at, Duty.ref))
    return [(f"{d.starts_at:%d %H:%M}", f"{d.ends_at:%d %H:%M}", d.status.value, d.source.value) for d in rows]


def standing(who: Person) -> list[str]:
    return [starts for starts, _, status, _ in roster(who) if status != "cancelled"]


def test_duties_are_made_ahead_as_the_pattern_says_and_one_entry_is_left() -> None:
    pattern("07:00-16:00", "22:00-07:00", None)
    who = make.posted(make.team(), collar_number="1432")
    on_pattern(who)

    done = run()

    assert str(done) == "3 made, 0 changed, 0 cancelled; duties to 16 November 2026"
    assert roster(who) == [
        ("13 22:00", "14 07:00", "planned", "generated"),
        ("15 07:00", "15 16:00", "planned", "generated"),
        ("16 22:00", "17 07:00", "planned", "generated"),
    ]
    [entry] = history("duties:generated")
    assert entry.details["made"] == ["P-1432-20261113", "P-1432-20261115", "P-1432-20261116"]


def test_a_second_run_changes_nothing_and_leaves_no_entry() -> None:
    pattern("07:00-16:00")
    on_pattern(make.posted(make.team()))
    run()

    again = run()

    assert (again.made, again.changed, again.cancelled) == ([], [], [])
    assert len(history("duties:generated")) == 1


def test_the_next_nights_run_makes_the_day_that_was_still_missing() -> None:
    pattern("07:00-16:00")
    who = make.posted(make.team())
    on_pattern(who)
    run()

    done = run(TOMORROW + DAY, at=NOW + DAY)

    assert len(done.made) == 1
    assert len(roster(who)) == AHEAD + 1


def test_duties_end_with_the_posting_and_with_the_service() -> None:
    pattern("07:00-16:00")
    team = make.team()
    moved, left = make.person(), make.person(leaving_on=TOMORROW + DAY)
    make.posting(moved, make.post(team), last_day=TOMORROW)
    make.posting(left, make.post(team))
    on_pattern(moved)
    on_pattern(left)

    run()

    assert (len(roster(moved)), len(roster(left))) == (1, 2)


def test_a_changed_assignment_changes_what_is_to_come_and_not_what_was() -> None:
    pattern("07:00-16:00", code="E")
    pattern("14:00-23:00", None, code="L")
    who = make.posted(make.team())
    held = on_pattern(who, "E")
    run(TODAY, at=NOW - DAY)
    with transaction():
        held.pattern = "L"

    done = run(TODAY)

    assert roster(who) == [
        ("12 07:00", "12 16:00", "planned", "generated"),
        ("13 07:00", "13 16:00", "cancelled", "generated"),
        ("14 14:00", "14 23:00", "planned", "generated"),
        ("15 07:00", "15 16:00", "cancelled", "generated"),
    ]
    assert (len(done.changed), len(done.cancelled)) == (1, 2)


def test_a_duty_that_is_wanted_again_is_planned_again() -> None:
    pattern("07:00-16:00")
    who = make.posted(make.team())
    held = on_pattern(who)
    run()
    with transaction():
        held.last_day = TODAY
    run()
    with transaction():
        held.last_day = None

    run()

    assert [status for _, _, status, _ in roster(who)] == ["planned"] * AHEAD


def test_a_duty_cancelled_by_a_sergeant_stays_cancelled() -> None:
    pattern("07:00-16:00")
    who = make.posted(make.team(), collar_number="1432")
    on_pattern(who)
    run()
    with transaction():
        services.cancel_duty("P-1432-20261113", reason="Court on his rest day", actor=SERGEANT, at=NOW, zone=LONDON)

    done = run()

    assert (done.made, done.changed, done.cancelled) == ([], [], [])
    assert roster(who)[0] == ("13 07:00", "13 16:00", "cancelled", "by_hand")


def test_a_duty_corrected_by_a_sergeant_stays_as_corrected_also_when_it_is_moved_to_another_day() -> None:
    pattern("07:00-16:00", None)
    who = make.posted(make.team(), collar_number="1432")
    on_pattern(who, days_in=1)
    run()
    change = ChangeOfDuty(make.at("2026-11-14 10:00"), make.at("2026-11-14 18:00"), DutyStatus.PLANNED, "Swapped")
    with transaction():
        services.correct_duty("P-1432-20261113", change, actor=SERGEANT, at=NOW, zone=LONDON)

    done = run()

    assert (done.made, done.changed, done.cancelled) == ([], [], [])
    assert roster(who) == [
        ("14 10:00", "14 18:00", "planned", "by_hand"),
        ("15 07:00", "15 16:00", "planned", "generated"),
    ]


@pytest.mark.parametrize("status", ["worked", "planned", "cancelled"])
def test_an_imported_duty_wins_over_the_patterns_whichever_comes_first(status: str) -> None:
    pattern("07:00-16:00")
    team = make.team()
    before, after = make.posted(team, collar_number="1001"), make.posted(team, collar_number="1002")
    on_pattern(before)
    on_pattern(after)
    head = "ref,collar_number,starts_at,ends_at,status\n"
    load({"duties": f"{head}R1,1001,2026-11-14T18:00,2026-11-14T22:00,{status}\n"})
    run()

    load({"duties": f"{head}R2,1002,2026-11-14T18:00,2026-11-14T22:00,{status}\n"})
    again = run()

    assert (again.made, again.changed, again.cancelled) == ([], [], [])
    assert standing(before) == standing(after)
    assert "14 07:00" not in standing(after)
    assert history("duty:P-1002-20261114")[0].event == "duty.gave_way"


def test_an_imported_duty_of_a_day_that_is_over_takes_the_place_of_what_the_pattern_planned() -> None:
    pattern("07:00-16:00")
    who = make.posted(make.team(), collar_number="1432")
    on_pattern(who, first_day=TODAY - 3 * DAY)
    run(TODAY - 3 * DAY, days=2)

    load({"duties": "ref,collar_number,starts_at,ends_at,status\nR1,1432,2026-11-09T08:00,2026-11-09T17:00,worked\n"})

    assert roster(who) == [
        ("09 07:00", "09 16:00", "cancelled", "generated"),
        ("09 08:00", "09 17:00", "worked", "imported"),
        ("10 07:00", "10 16:00", "planned", "generated"),
    ]


def test_a_second_import_of_the_same_duty_gives_nothing_way_again() -> None:
    pattern("07:00-16:00")
    on_pattern(make.posted(make.team(), collar_number="1432"))
    run()
    file = {"duties": "ref,collar_number,starts_at,ends_at,status\nR1,1432,2026-11-13T08:00,2026-11-13T17:00,worked\n"}
    load(file)

    assert load(file)["duties"].unchanged == 1
    assert len(history("duty:P-1432-20261113")) == 1


def test_a_generated_duty_that_an_import_changes_is_the_other_systems_from_then_on() -> None:
    pattern("07:00-16:00")
    who = make.posted(make.team(), collar_number="1432")
    on_pattern(who)
    run()
    head = "ref,collar_number,starts_at,ends_at,status\n"

    load({"duties": f"{head}P-1432-20261113,1432,2026-11-13T09:00,2026-11-13T18:00,planned\n"})
    run()

    assert roster(who)[0] == ("13 09:00", "13 18:00", "planned", "imported")


def test_whoever_is_on_a_pattern_that_leaves_out_their_grade_is_named() -> None:
    pattern("07:00-16:00", grade=Grade.PC)
    pcso = make.posted(make.team(), Grade.PCSO, collar_number="7001")
    on_pattern(pcso)

    done = run()

    assert str(done).endswith("; the pattern says nothing for the grade of 7001")
    assert roster(pcso) == []


def test_an_acting_sergeant_works_the_sergeants_shifts_from_that_day() -> None:
    pattern("07:00-16:00", grade=Grade.PC)
    pattern("09:00-18:00", grade=Grade.SERGEANT)
    team = make.team()
    who = make.posted(team)
    make.posting(who, make.post(team, Grade.SERGEANT), first_day=TOMORROW + DAY, kind=PostingKind.ACTING)
    on_pattern(who)

    run()

    assert standing(who) == ["13 07:00", "14 09:00", "15 09:00", "16 09:00"]


def test_the_job_reaches_as_far_ahead_as_policy_says(app: Flask) -> None:
    with transaction():
        start_policy()
    pattern("07:00-16:00")
    who = make.posted(make.team())
    on_pattern(who)

    with app.app_context(), transaction():
        said = duties(TODAY, system("duties"))

    assert said.startswith("42 made")
    assert db_session.scalar(select(func.max(Duty.duty_date))) == TODAY + 41 * DAY


def test_a_batch_of_many_people_leaves_one_entry() -> None:
    pattern("07:00-16:00")
    team = make.team()
    for _ in range(5):
        on_pattern(make.posted(team))
    before = db_session.scalar(select(func.count()).select_from(AuditEntry)) or 0

    run()

    assert (db_session.scalar(select(func.count()).select_from(AuditEntry)) or 0) == before + 1
    assert db_session.scalar(select(func.count()).where(Duty.source == DutySource.GENERATED)) == 5 * AHEAD
