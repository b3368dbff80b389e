"""Figures of teams from the real database against counts by hand, and the entries they are made of."""

import datetime as dt
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries
from npt.abstractions.models import Absence, Abstraction
from npt.abstractions.queries import EntryRow, Narrowing, Question
from npt.abstractions.rules import DutyStatus, Figures
from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session, transaction
from npt.core.periods import Window
from npt.people import queries as people
from npt.people.models import Person, Team
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from npt.policy.rules import Definition
from tests import make
from tests.conftest import NOW, TODAY

LONDON = ZoneInfo("Europe/London")
LATER = make.at("2027-02-01 09:00")
NOVEMBER = Window(dt.date(2026, 11, 1), dt.date(2026, 11, 30), LONDON)
DECEMBER = Window(dt.date(2026, 12, 1), dt.date(2026, 12, 31), LONDON)


@pytest.fixture(autouse=True)
def _policy(session: object) -> None:
    with transaction():
        start_policy()


def asked(window: Window = NOVEMBER, at: dt.datetime = LATER, definition: Definition = Definition.LOCAL) -> Question:
    return Question(window, at, policy_on(window.last_day), reason_book(), definition)


def figures(team: Team, question: Question | None = None) -> Figures:
    return queries.count(question or asked(), EVERYTHING, [team.id]).by_team()[team.id]


def rows_of(team: Team) -> dict[int, people.TeamRow]:
    return {row.id: row for row in people.teams(Scope(team_ids=frozenset({team.id})))}


def minutes(team: Team, question: Question | None = None) -> tuple[int, int, int]:
    """Available duty, counted and off-duty minutes of a team."""
    found = figures(team, question)
    return found.duty_minutes, found.abstracted_minutes, found.off_duty_minutes


def entries(team: Team, question: Question | None = None, narrowing: Narrowing | None = None) -> list[EntryRow]:
    return queries.entries_behind(queries.count(question or asked(), EVERYTHING, [team.id]), narrowing or Narrowing())


def a_shift(who: Person, day: str) -> None:
    make.duty(who, f"{day} 08:00", f"{day} 16:00")


def moved(on: dt.date, to: Team, *, away_from: Team) -> Person:
    """Somebody of one team until the day before, of the other from that day on."""
    who = make.person()
    make.posting(who, make.post(away_from), last_day=on - dt.timedelta(days=1))
    make.posting(who, make.post(to), on)
    return who


def test_a_night_duty_over_month_end_is_shared_between_the_months_to_the_minute() -> None:
    team = make.team()
    who = make.posted(team)
    make.duty(who, "2026-11-30 22:00", "2026-12-01 07:00")
    make.abstraction(who, "2026-11-30 23:00", "2026-12-01 02:00")

    assert minutes(team) == (120, 60, 0)
    assert minutes(team, asked(DECEMBER)) == (420, 120, 0)


def test_somebody_attached_counts_for_the_host_team_and_their_entry_is_listed_there() -> None:
    ely, soham = make.team(code="ELY"), make.team(code="SOH")
    who = make.posted(ely)
    make.posting(who, make.post(soham), dt.date(2026, 11, 10), dt.date(2026, 11, 20), PostingKind.ATTACHMENT)
    for day in ("2026-11-09", "2026-11-10", "2026-11-20", "2026-11-21"):
        a_shift(who, day)
    make.abstraction(who, "2026-11-10 09:00", "2026-11-10 10:00", ref="A-HOST")

    assert (minutes(ely), minutes(soham)) == ((960, 0, 0), (960, 60, 0))
    assert entries(ely) == []
    assert [row.ref for row in entries(soham)] == ["A-HOST"]


def test_a_night_duty_that_starts_before_an_attachment_stays_with_the_team_it_started_in() -> None:
    ely, soham = make.team(), make.team()
    who = make.posted(ely)
    make.posting(who, make.post(soham), dt.date(2026, 11, 10), kind=PostingKind.ATTACHMENT)
    make.duty(who, "2026-11-09 22:00", "2026-11-10 07:00")
    make.abstraction(who, "2026-11-10 01:00", "2026-11-10 03:00")

    assert (minutes(ely), minutes(soham)) == ((540, 120, 0), (0, 0, 0))


def test_of_somebody_who_moved_each_team_has_only_its_own_part_of_one_entry() -> None:
    ely, soham = make.team(), make.team()
    who = moved(dt.date(2026, 11, 16), soham, away_from=ely)
    a_shift(who, "2026-11-15")
    a_shift(who, "2026-11-16")
    make.abstraction(who, "2026-11-15 08:00", "2026-11-16 10:00")

    [of_ely], [of_soham] = entries(ely), entries(soham)
    assert (minutes(ely), minutes(soham)) == ((480, 480, 16 * 60), (480, 120, 0))
    assert (of_ely.counted, of_ely.off_duty) == (480, 16 * 60)
    assert (of_soham.counted, of_soham.off_duty) == (120, 0)


def test_an_entry_begun_in_a_team_stays_off_duty_there_however_long_ago_its_person_left() -> None:
    ely, soham = make.team(), make.team()
    who = moved(dt.date(2026, 9, 1), soham, away_from=ely)
    make.abstraction(who, "2026-08-31 10:00", None)
    a_shift(who, "2026-11-02")

    november, before = asked(), asked(Window(dt.date(2026, 10, 1), dt.date(2026, 10, 31), LONDON))
    both = queries.summaries([november, before], rows_of(ely), people.roll(team_ids=[ely.id]))

    assert minutes(ely)[2] == both[0].total().off_duty_minutes > 0
    assert both[1].total().off_duty_minutes == 31 * 24 * 60 + 60
    assert minutes(soham)[1] == 480


def test_leave_taken_inside_a_duty_is_no_available_duty_and_abstraction_in_it_is_off_duty() -> None:
    team = make.team()
    who = make.posted(team)
    a_shift(who, "2026-11-10")
    make.absence(who, "2026-11-10 12:00", "2026-11-10 16:00")
    make.abstraction(who, "2026-11-10 11:00", "2026-11-10 13:00")

    assert minutes(team) == (240, 60, 60)


def test_somebody_still_away_counts_up_to_the_moment_of_asking() -> None:
    team = make.team()
    who = make.posted(team)
    a_shift(who, "2026-11-12")
    make.abstraction(who, "2026-11-12 11:00", None)

    assert minutes(team, asked(at=NOW)) == (252, 72, 0)
    assert minutes(team, asked(at=make.at("2026-11-12 11:00"))) == (180, 0, 0)


def test_somebody_still_away_is_off_duty_once_the_duty_is_over_and_no_later_than_the_window() -> None:
    team = make.team()
    who = make.posted(team)
    a_shift(who, "2026-11-30")
    make.abstraction(who, "2026-11-30 15:00", None)

    assert minutes(team) == (480, 60, 8 * 60)


def test_a_cancelled_duty_and_a_cancelled_entry_are_nothing() -> None:
    team = make.team()
    who = make.posted(team)
    a_shift(who, "2026-11-10")
    make.duty(who, "2026-11-11 08:00", "2026-11-11 16:00", DutyStatus.CANCELLED)
    make.keep(_cancelled(who))

    assert minutes(team) == (480, 0, 0)
    assert entries(team) == []


def _cancelled(who: Person) -> Abstraction:
    return Abstraction(
        ref="A-CANCELLED",
        person_id=who.id,
        reason="custody",
        starts_at=make.at("2026-11-10 09:00"),
        ends_at=make.at("2026-11-10 12:00"),
        cancelled_at=make.at("2026-11-10 12:30"),
        cancel_reason="Entered twice",
    )


def test_a_planned_duty_counts_like_a_worked_one() -> None:
    team = make.team()
    make.duty(make.posted(team), "2026-11-10 08:00", "2026-11-10 16:00", DutyStatus.PLANNED)

    assert minutes(team) == (480, 0, 0)


@pytest.mark.parametrize("grade", [Grade.SPECIAL, Grade.INSPECTOR])
def test_specials_and_inspectors_are_in_no_figure(grade: Grade) -> None:
    team = make.team()
    who = make.person(grade=grade)
    unit = people.team(team.code, EVERYTHING)
    make.posting(who, make.post(team if grade is Grade.SPECIAL else team.sector, grade))
    a_shift(who, "2026-11-10")
    make.abstraction(who, "2026-11-10 09:00", "2026-11-10 10:00")

    count = queries.count(asked(), EVERYTHING, [unit.id])
    assert (count.total().duty_minutes, count.total().abstracted_minutes) == (0, 0)
    assert count.total().rate is None


def test_a_team_is_shown_when_it_is_live_on_any_day_of_the_window() -> None:
    make.team(code="CLOSED", last_day=dt.date(2026, 10, 31))
    make.team(code="CLOSING", last_day=dt.date(2026, 11, 1))
    make.team(code="OPENING", first_day=dt.date(2026, 11, 30))
    make.team(code="TO-COME", first_day=dt.date(2026, 12, 1))

    count = queries.count(asked(), EVERYTHING)

    shown = {count.teams[id].code: found for id, found in count.by_team().items()}
    assert set(shown) == {"CLOSING", "OPENING"}
    assert shown["OPENING"].rate is None
    assert shown["OPENING"].by_reason == {"custody": 0, "response": 0}


def test_a_month_to_come_has_no_data() -> None:
    team = make.team()
    make.duty(make.posted(team), "2026-12-10 08:00", "2026-12-10 16:00", DutyStatus.PLANNED)

    assert figures(team, asked(DECEMBER, at=NOW)).rate is None
    assert queries.duties_behind(queries.count(asked(DECEMBER, at=NOW), EVERYTHING), Narrowing()) == []


def test_a_bcu_is_the_sum_of_its_teams_and_never_the_mean_of_their_rates() -> None:
    bcu, other = make.bcu(), make.bcu()
    busy, quiet = make.team(make.sector(bcu)), make.team(make.sector(bcu))
    elsewhere = make.team(make.sector(other))
    for team, days in ((busy, 1), (quiet, 3), (elsewhere, 1)):
        who = make.posted(team)
        for day in range(days):
            a_shift(who, f"2026-11-{10 + day}")
        if team is not quiet:
            make.abstraction(who, "2026-11-10 08:00", "2026-11-10 12:00")

    count = queries.count(asked(), EVERYTHING)

    assert count.by_team()[busy.id].rate == Fraction(1, 2)
    assert count.by_bcu()[bcu.id].rate == Fraction(1, 8)
    assert count.by_bcu()[other.id].rate == Fraction(1, 2)
    assert count.total().rate == Fraction(1, 5)


def test_court_counts_under_the_national_definition_alone_and_no_target_judges_it() -> None:
    make.target("8")
    team = make.team()
    who = make.posted(team)
    a_shift(who, "2026-11-10")
    make.abstraction(who, "2026-11-10 09:00", "2026-11-10 11:00", "court")

    national = queries.count(asked(definition=Definition.NATIONAL), EVERYTHING, [team.id])

    [locally] = entries(team)
    [nationally] = queries.entries_behind(national, Narrowing())
    assert (minutes(team), locally.counted, locally.not_counting) == ((480, 0, 0), 0, 120)
    assert (nationally.counted, nationally.not_counting) == (120, 0)
    assert national.assess_teams()[team.id].target_percent is None


def test_only_teams_within_scope_are_counted() -> None:
    mine, other = make.team(), make.team()
    a_shift(make.posted(mine), "2026-11-10")
    a_shift(make.posted(other), "2026-11-10")

    count = queries.count(asked(), Scope(team_ids=frozenset({mine.id})), [mine.id, other.id])

    assert set(count.by_team()) == {mine.id}
    assert count.total().duty_minutes == 480


def test_a_cancelled_absence_keeps_nobody_from_being_on_duty() -> None:
    soham = make.team()
    back, absent = make.posted(soham), make.posted(soham)
    for who in (back, absent):
        make.duty(who, "2026-11-12 07:00", "2026-11-12 17:00")
    withdrawn = make.absence(back, "2026-11-12 06:00", None)
    with transaction():
        session.get_one(Absence, withdrawn.id).cancelled_at = NOW
    make.absence(absent, "2026-11-12 06:00", None)

    there = queries.whereabouts([back.id, absent.id], NOW, LONDON)

    assert (there.on_duty, there.absent) == (frozenset({back.id}), frozenset({absent.id}))


def test_whoever_is_away_now_is_listed_longest_first_with_the_team_they_are_in_today() -> None:
    soham, ely = make.team(), make.team()
    open_, to_end, back, later, cancelled, attached = (make.posted(soham) for _ in range(6))
    make.posting(attached, make.post(ely), TODAY, kind=PostingKind.ATTACHMENT)
    make.abstraction(to_end, "2026-11-12 11:00", "2026-11-12 12:13", ref="TO-END")
    make.abstraction(open_, "2026-11-12 07:00", None, ref="OPEN")
    make.abstraction(back, "2026-11-12 07:00", "2026-11-12 12:12", ref="BACK")
    make.abstraction(later, "2026-11-12 12:13", None, ref="LATER")
    make.abstraction(attached, "2026-11-12 07:00", None, ref="ATTACHED")
    gone = _cancelled(cancelled)
    gone.starts_at, gone.ends_at = make.at("2026-11-12 07:00"), None
    make.keep(gone)

    roll = people.roll()
    away = queries.away_now([soham.id], NOW, TODAY, roll)
    at_ely = queries.away_now([ely.id], NOW, TODAY, roll)

    assert [(row.ref, row.team_id) for row in away] == [("OPEN", soham.id), ("TO-END", soham.id)]
    assert [(row.ref, row.team_id) for row in at_ely] == [("ATTACHED", ely.id)]


def test_the_usual_reasons_are_the_last_three_somebody_logged_newest_first() -> None:
    who = make.posted(make.team())
    logged = [("court", 9), ("custody", 1), ("event", 2), ("response", 3), ("custody", 4)]
    for reason, day in logged:
        make.keep(_logged(who, reason, make.at(f"2026-11-{day:02d} 09:00"), 7))
    make.keep(_logged(who, "aid", make.at("2026-11-10 09:00"), 8))
    make.keep(_logged(who, "training", make.at("2026-11-11 09:00"), None))

    assert queries.usual_reasons(None) == []
    assert queries.usual_reasons(7) == ["court", "custody", "response"]


def _logged(who: Person, reason: str, at: dt.datetime, by: int | None) -> Abstraction:
    ends_at = at + dt.timedelta(hours=1)
    return Abstraction(
        ref=f"L-{at:%d}",
        person_id=who.id,
        reason=reason,
        starts_at=at,
        ends_at=ends_at,
        logged_at=at,
        logged_by="Sgt Okafor",
        logged_by_user_id=by,
    )


def test_an_entry_belongs_to_the_team_of_the_day_it_starts_and_no_other_team_may_see_it() -> None:
    ely, soham = make.team(), make.team()
    who = moved(dt.date(2026, 11, 16), soham, away_from=ely)
    make.abstraction(who, "2026-11-15 09:00", "2026-11-15 10:00", ref="A-1")

    found = queries.entry("A-1", Scope(team_ids=frozenset({ely.id})), LONDON)

    assert (found.person.id, found.team_id) == (who.id, ely.id)
    with pytest.raises(NoResultFound):
        queries.entry("A-1", Scope(team_ids=frozenset({soham.id})), LONDON)
    with pytest.raises(NoResultFound):
        queries.entry("A-2", EVERYTHING, LONDON)
