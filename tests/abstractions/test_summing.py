"""What a night adds up is what would be counted, until somebody writes something; then it is counted again."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from npt import edge
from npt.abstractions import jobs, queries, services
from npt.abstractions.models import Absence, Abstraction, Duty, Recount, SummedMonth
from npt.abstractions.queries import Question
from npt.abstractions.rules import AbsenceKind, DutyStatus, Figures
from npt.abstractions.services import AddedUp
from npt.abstractions.services.summing import CHECKED_EVERY, MONTHS
from npt.core import db
from npt.core.authority import EVERYTHING, Scope, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import DAY, Interval, midnight, month_of
from npt.people import queries as people
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from npt.policy.rules import Definition
from tests import make
from tests.abstractions.force import ASKED, LONDON, Force

TODAY = ASKED.date()
DECEMBER, NOVEMBER = month_of(TODAY, LONDON), month_of(TODAY - 2 * DAY, LONDON)


def add_up(on: dt.date = TODAY) -> AddedUp:
    with transaction():
        return services.add_up_months(on, zone=LONDON)


def both(team: Team, at: dt.datetime = ASKED) -> list[Figures]:
    """The figures of a team this month and in the one before, side by side."""
    this, before = asked(at)
    roll = people.roll(team_ids=[team.id])
    return [each.by_team()[team.id] for each in queries.summaries([this, before], rows_of(team), roll)]


def rows_of(team: Team) -> dict[int, people.TeamRow]:
    return {row.id: row for row in people.teams(Scope(team_ids=frozenset({team.id})))}


def alone(team: Team, at: dt.datetime = ASKED) -> list[Figures]:
    """The same, each counted from its entries."""
    return [queries.count(each, EVERYTHING, [team.id]).by_team()[team.id] for each in asked(at)]


def asked(at: dt.datetime) -> tuple[Question, Question]:
    question = Question(DECEMBER, at, policy_on(DECEMBER.last_day), reason_book())
    return question, replace(question, window=NOVEMBER)


def slips() -> list[tuple[int, dt.datetime, dt.datetime | None]]:
    return [
        (row.person_id, row.starts_at, row.ends_at)
        for row in current.execute(select(Recount.person_id, Recount.starts_at, Recount.ends_at).order_by(Recount.id))
    ]


@pytest.fixture
def team(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team()


def on_duty(team: Team, day: str = "2026-11-10") -> Person:
    who = make.posted(team)
    make.duty(who, f"{day} 08:00", f"{day} 16:00")
    return who


def test_a_force_by_chance_counts_the_same_with_nights_in_between_as_from_the_entries_alone(force: Force) -> None:
    teams = people.teams(EVERYTHING)
    everybody = [current.get_one(Team, each.id) for each in teams]

    def same(at: dt.datetime = ASKED) -> bool:
        return all(both(each, at) == alone(each, at) for each in everybody)

    assert same()
    assert add_up(TODAY - 10 * DAY).added
    assert same()
    assert add_up().added
    assert same()
    assert same(midnight(TODAY, LONDON))
    assert same(midnight(TODAY - 5 * DAY, LONDON))
    for entry in current.scalars(select(Abstraction).where(Abstraction.ends_at > NOVEMBER.whole.starts_at).limit(5)):
        with transaction():
            entry.cancelled_at, entry.cancel_reason = ASKED, "Logged for the wrong person"
        assert same()
    with transaction():
        current.execute(update(Duty).where(Duty.starts_at > ASKED - 20 * DAY).values(status=DutyStatus.CANCELLED))
    assert same()
    add_up()
    assert same()
    assert add_up().added == 0


def test_what_was_added_up_is_taken_and_not_counted_again(team: Team) -> None:
    who = on_duty(team)
    add_up()
    with transaction():
        current.execute(
            update(SummedMonth)
            .where(SummedMonth.person_id == who.id, SummedMonth.starts_at == NOVEMBER.whole.starts_at)
            .values(duty_minutes=1)
        )

    assert [each.duty_minutes for each in both(team)] == [0, 1]
    assert [each.duty_minutes for each in alone(team)] == [0, 480]


def test_months_are_counted_again_within_some_nights_and_what_differed_is_said_and_mended(team: Team) -> None:
    who = on_duty(team)
    add_up()
    with transaction():
        current.execute(update(SummedMonth).where(SummedMonth.starts_at == NOVEMBER.whole.starts_at).values(taken=[[]]))
        current.execute(
            update(SummedMonth)
            .where(SummedMonth.starts_at == NOVEMBER.whole.starts_at)
            .values(taken=[], duty_minutes=1)
        )

    nights = [add_up(TODAY + DAY * number) for number in range(CHECKED_EVERY)]

    assert [each.differed for each in nights if each.differed] == [[f"{who.id} 2026-11"]]
    assert "1 differed" in " ".join(map(str, nights))
    assert [each.duty_minutes for each in both(team)] == [0, 480]


def test_every_day_that_passes_is_added_to_the_month_that_runs(team: Team) -> None:
    who = on_duty(team, "2026-12-01")
    make.duty(who, "2026-12-02 06:00", "2026-12-02 14:00")
    add_up(TODAY - DAY)

    assert [each.duty_minutes for each in both(team)] == [8 * 60 + 4 * 60 + 17, 0]
    add_up(TODAY)
    assert [each.duty_minutes for each in both(team)] == [8 * 60 + 4 * 60 + 17, 0]
    assert (
        current.scalar(select(SummedMonth.duty_minutes).where(SummedMonth.starts_at == DECEMBER.whole.starts_at))
        == 8 * 60
    )


def test_a_night_run_again_adds_nothing_and_one_for_an_earlier_day_takes_nothing_back(team: Team) -> None:
    on_duty(team)

    first, again, earlier = add_up(), add_up(), add_up(TODAY - DAY)

    assert (first.added, again.added, earlier.added) == (MONTHS, 0, 0)
    assert both(team) == alone(team)
    assert str(first) == "14 months of people added up, 0 counted again to check them"


def test_a_night_run_for_a_day_of_last_year_mends_what_was_written_about_this_month(team: Team) -> None:
    who = on_duty(team)
    add_up()
    make.absence(who, "2026-11-10 08:00", "2026-11-10 10:00")

    assert add_up(TODAY - 400 * DAY).added == 1
    assert slips() == []
    assert [each.duty_minutes for each in both(team)] == [0, 360]


def test_no_night_adds_up_days_that_are_to_come(app: Flask, team: Team) -> None:
    on_duty(team)
    with app.app_context():
        today = edge.today()
        with transaction():
            jobs.minutes(today + 90 * DAY, system("minutes"))

        assert current.scalar(select(func.max(SummedMonth.until))) == midnight(today, LONDON)


def test_months_older_than_a_year_are_let_go(team: Team) -> None:
    on_duty(team)
    add_up(TODAY)
    add_up(TODAY + 31 * DAY)

    assert current.scalar(select(func.min(SummedMonth.starts_at))) == midnight(dt.date(2025, 12, 1), LONDON)
    assert current.scalar(select(func.count()).select_from(SummedMonth)) == MONTHS


def test_somebody_who_moved_in_the_month_is_counted_from_the_entries(team: Team) -> None:
    other, who = make.team(), make.person()
    make.posting(who, make.post(team), last_day=dt.date(2026, 11, 10))
    make.posting(who, make.post(other, Grade.PCSO), dt.date(2026, 11, 11))
    for day in (10, 11):
        make.duty(who, f"2026-11-{day} 08:00", f"2026-11-{day} 16:00")
    make.abstraction(who, "2026-11-10 15:00", "2026-11-11 09:00")
    add_up()

    assert both(team) == alone(team)
    assert both(other) == alone(other)
    assert [both(each)[1].duty_minutes for each in (team, other)] == [480, 480]


def test_somebody_posted_elsewhere_after_a_night_takes_their_minutes_along(team: Team) -> None:
    other, who = make.team(), make.person()
    posting = make.posting(who, make.post(team))
    make.duty(who, "2026-11-10 08:00", "2026-11-10 16:00")
    add_up()
    with transaction():
        current.merge(posting).last_day = dt.date(2026, 11, 9)
    make.posting(who, make.post(other), dt.date(2026, 11, 10))

    assert [each[1].duty_minutes for each in (both(team), both(other))] == [0, 480]


def test_a_posting_taken_back_and_given_again_does_not_bring_back_old_minutes(team: Team) -> None:
    who = make.person()
    posting = make.posting(who, make.post(team), dt.date(2026, 11, 1))
    duty = make.duty(who, "2026-11-10 08:00", "2026-11-10 16:00")
    add_up()

    def posted_from(day: dt.date) -> None:
        with transaction():
            current.merge(posting).first_day = day

    posted_from(dt.date(2026, 12, 2))
    with transaction():
        current.merge(duty).status = DutyStatus.CANCELLED
    add_up()
    posted_from(dt.date(2026, 11, 1))

    assert [each.duty_minutes for each in both(team)] == [0, 0]


def test_a_reason_that_stops_counting_stops_in_months_that_were_added_up(team: Team) -> None:
    who = on_duty(team)
    make.abstraction(who, "2026-11-10 09:00", "2026-11-10 10:00", "court")
    add_up()
    this, before = asked(ASKED)
    roll = people.roll(team_ids=[team.id])
    nationally = [replace(each, definition=Definition.NATIONAL) for each in (this, before)]

    locally = queries.summaries([this, before], rows_of(team), roll)[1].total()
    national = queries.summaries([nationally[0], nationally[1]], rows_of(team), roll)[1].total()

    assert (locally.abstracted_minutes, national.abstracted_minutes) == (0, 60)


def test_a_month_still_to_come_has_no_minutes(team: Team) -> None:
    who = on_duty(team)
    make.duty(who, "2026-12-20 08:00", "2026-12-20 16:00")
    add_up()

    assert [each.duty_minutes for each in both(team, make.at("2026-11-20 12:00"))] == [0, 480]


Write = Callable[[Person], None]


def a_duty_is_cancelled(who: Person) -> None:
    with transaction():
        current.execute(update(Duty).where(Duty.person_id == who.id).values(status=DutyStatus.CANCELLED))


def a_duty_is_deleted(who: Person) -> None:
    with transaction():
        current.execute(delete(Duty).where(Duty.person_id == who.id))


def a_duty_is_added(who: Person) -> None:
    make.duty(who, "2026-11-11 08:00", "2026-11-11 16:00")


def leave_is_entered(who: Person) -> None:
    make.absence(who, "2026-11-10 12:00", None)


def leave_comes_by_an_import(who: Person) -> None:
    row = {"person_id": who.id, "kind": AbsenceKind.SICKNESS}
    times = {"starts_at": make.at("2026-11-10 08:00"), "ends_at": make.at("2026-11-10 09:00")}
    with transaction():
        current.execute(insert(Absence), [{"ref": f"X{n}", **row, **times} for n in range(2)])


def an_entry_is_logged(who: Person) -> None:
    make.abstraction(who, "2026-11-10 12:00", "2026-11-10 13:00")


def an_entry_is_moved(who: Person) -> None:
    with transaction():
        current.execute(
            update(Abstraction).where(Abstraction.person_id == who.id).values(ends_at=make.at("2026-11-10 11:00"))
        )


def an_entry_is_deleted(who: Person) -> None:
    with transaction():
        current.execute(delete(Abstraction).where(Abstraction.person_id == who.id))


@pytest.mark.parametrize(
    "write",
    [
        a_duty_is_cancelled,
        a_duty_is_deleted,
        a_duty_is_added,
        leave_is_entered,
        leave_comes_by_an_import,
        an_entry_is_logged,
        an_entry_is_moved,
        an_entry_is_deleted,
    ],
    ids=lambda write: write.__name__.replace("_", " "),
)
def test_whatever_is_written_the_figures_are_those_of_the_entries_at_once(team: Team, write: Write) -> None:
    who = on_duty(team)
    make.abstraction(who, "2026-11-10 09:00", "2026-11-10 10:00")
    add_up()
    before = both(team)

    write(who)

    assert both(team) == alone(team) != before
    assert {id for id, _, _ in slips()} == {who.id}


def test_a_slip_has_the_times_before_and_after(team: Team) -> None:
    who = make.posted(team)
    duty = make.duty(who, "2026-11-10 08:00", "2026-11-10 16:00")
    add_up()
    with transaction():
        current.merge(duty).starts_at = make.at("2026-11-10 07:00")

    assert slips() == [
        (who.id, make.at("2026-11-10 08:00"), make.at("2026-11-10 16:00")),
        (who.id, make.at("2026-11-10 07:00"), make.at("2026-11-10 16:00")),
    ]


def test_what_is_logged_today_leaves_alone_what_was_added_up(team: Team) -> None:
    who = on_duty(team)
    add_up()
    make.abstraction(who, "2026-12-02 09:00", None)

    starts = [month.whole.starts_at for month in (NOVEMBER, DECEMBER)]
    assert {each.until for each in queries.sums_of(starts, [who.id])} == {
        midnight(dt.date(2026, 12, 1), LONDON),
        midnight(TODAY, LONDON),
    }
    assert both(team) == alone(team)


def test_a_night_duty_over_month_end_is_added_up_in_both_months(team: Team) -> None:
    who = on_duty(team, "2026-11-30")
    make.duty(who, "2026-11-30 22:00", "2026-12-01 06:00")
    add_up()

    [november] = queries.sums_as_kept(NOVEMBER.whole.starts_at, [who.id])
    [december] = queries.sums_as_kept(DECEMBER.whole.starts_at, [who.id])

    assert Interval(november.starts_at, november.until) == NOVEMBER.whole
    assert (november.sums.duty_minutes, december.sums.duty_minutes) == (480 + 120, 360)


def test_what_is_written_while_a_night_counts_is_counted_again_the_next_night(fresh_url: str) -> None:
    engine = db.connect(fresh_url)
    with transaction():
        start_policy()
    team = make.team()
    who = on_duty(team)
    with transaction():
        current.execute(delete(Recount))
    leave = {"person_id": who.id, "kind": AbsenceKind.SICKNESS, "ref": "X"}
    times = {"starts_at": make.at("2026-11-10 08:00"), "ends_at": make.at("2026-11-10 09:00")}

    def written_by_somebody_else() -> None:
        with engine.begin() as other:
            other.execute(insert(Absence), [{**leave, **times}])

    with transaction():
        services.add_up_months(TODAY, zone=LONDON)
        if engine.dialect.name == "postgresql":
            written_by_somebody_else()
    if engine.dialect.name == "sqlite":  # which has one writer, who waits for the night to end
        written_by_somebody_else()

    assert slips() == [(who.id, times["starts_at"], times["ends_at"])]
    assert both(team)[1].duty_minutes == 420
    assert add_up().added == 1
    assert slips() == []
    assert both(team)[1].duty_minutes == 420
    db.session.remove()
    engine.dispose()
