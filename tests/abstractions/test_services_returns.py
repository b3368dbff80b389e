"""A confirmed month: who changes it, what stays visible, who opens it again, and who is chased for a missing one."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions import queries, services
from npt.abstractions.jobs import returns as chase
from npt.abstractions.models import MonthlyReturn
from npt.abstractions.queries import Question
from npt.abstractions.rules import AbsenceKind, DutyStatus, Part, ReturnKind
from npt.abstractions.services import ChangeOfDuty, Division, NewAbsence, NewAbstraction, NewDuty
from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import month_of
from npt.flags import queries as flags
from npt.people import queries as people
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import reason_book
from tests import make
from tests.abstractions.make import LONDON, a_policy, terms
from tests.abstractions.planning import change_of, entry, mark
from tests.conftest import NOW, TODAY

OCTOBER = month_of(dt.date(2026, 10, 1), LONDON)
at = make.at
LOCKED = "October 2026 of Soham is confirmed. Only the BCU manager can change it now: ask them"
UNSAID = "October 2026 of Soham is confirmed: enter why it is changed"


class Force:
    """A team with a day's duty and an entry in October, its sergeant, and the BCU's manager."""

    def __init__(self) -> None:
        make.reason("custody", "Custody cover")
        make.reason("court", "Court", family="court", counts="")
        self.team: Team = make.team(code="SOH", name="Soham")
        self.rahman: Person = make.posted(self.team, collar_number="1432")
        make.duty(self.rahman, "2026-10-20 08:00", "2026-10-20 16:00", ref="D-OCT")
        self.entry = make.abstraction(self.rahman, "2026-10-20 09:00", "2026-10-20 11:00", ref="A-OCT").ref
        scope = Scope(team_ids=frozenset({self.team.id}))
        self.sergeant = Actor("Sgt Okafor", Role.SERGEANT, scope, 7)
        self.inspector = Actor("Insp Vale", Role.INSPECTOR, scope, 8)
        self.manager = Actor("C. Hale", Role.BCU_MANAGER, scope, 9)


@pytest.fixture
def force(session: scoped_session[Session]) -> Force:
    return Force()


def question() -> Question:
    return Question(OCTOBER, NOW, a_policy(), reason_book())


def seen() -> str:
    return queries.teams_month(people.team("SOH", EVERYTHING), question()).mark


def confirm(
    force: Force, kind: ReturnKind = ReturnKind.COMPLETE, *, when: dt.datetime = NOW, seen_before: str | None = None
) -> None:
    with transaction():
        services.confirm_month(
            "SOH", question(), kind, seen=seen_before or seen(), actor=force.sergeant, at=when, policy=a_policy()
        )


def reopen(force: Force, reason: str = "A week was missing", when: dt.datetime = NOW) -> None:
    with transaction():
        services.reopen_month("SOH", OCTOBER, reason=reason, actor=force.manager, at=when)


def why_not(doing: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refusal, transaction():
        doing()
    return [reason.message for reason in refusal.value.reasons]


def log(force: Force, actor: Actor, why: str = "", starts: str = "2026-10-20 12:00") -> Callable[[], object]:
    new = NewAbstraction(force.rahman.id, "custody", at(starts), at(starts) + dt.timedelta(hours=1), why=why)
    return lambda: services.record_abstraction(new, actor=actor, at=NOW, terms=terms())


def test_the_figures_of_the_moment_are_kept_with_who_and_when(force: Force) -> None:
    confirm(force)

    [kept] = queries.returns([people.team("SOH", EVERYTHING)], [OCTOBER], on=TODAY, policy=a_policy())
    assert kept.standing.state.value == "complete"
    assert kept.newest is not None
    of = kept.newest.figures
    assert (of.duty_minutes, of.abstracted_minutes, of.off_duty_minutes, of.entries) == (480, 120, 0, 1)
    assert (kept.newest.by, kept.newest.at, kept.changes) == ("Sgt Okafor", NOW, 0)
    assert history("return:SOH:2026-10")[0].details["abstracted_minutes"] == 120


def test_nobody_confirms_twice_a_month_they_have_not_seen_or_one_of_another_team(force: Force) -> None:
    stale = seen()
    make.abstraction(force.rahman, "2026-10-20 12:00", "2026-10-20 13:00")
    assert why_not(
        lambda: services.confirm_month(
            "SOH", question(), ReturnKind.COMPLETE, seen=stale, actor=force.sergeant, at=NOW, policy=a_policy()
        )
    ) == ["Something in this month has changed since you opened it. Look at it as it stands now"]
    confirm(force)

    assert why_not(lambda: confirm_inside(force)) == ["October 2026 is confirmed already, by Sgt Okafor"]
    stranger = Actor("Sgt Other", Role.SERGEANT, Scope(), 3)
    with pytest.raises(NoResultFound), transaction():
        services.confirm_month(
            "SOH", question(), ReturnKind.COMPLETE, seen="", actor=stranger, at=NOW, policy=a_policy()
        )


def confirm_inside(force: Force) -> None:
    services.confirm_month(
        "SOH", question(), ReturnKind.COMPLETE, seen=seen(), actor=force.sergeant, at=NOW, policy=a_policy()
    )


def test_somebody_still_away_must_be_ended_first(force: Force) -> None:
    make.abstraction(force.rahman, "2026-10-31 20:00", None)

    assert why_not(lambda: confirm_inside(force)) == ["PC 1432 A. Rahman is still away: end that entry first"]


WRITES: dict[str, Callable[[Force, Actor, str], object]] = {
    "logs": lambda f, who, why: log(f, who, why)(),
    "changes": lambda f, who, why: services.change_abstraction(
        f.entry, change_of(f.entry, reason="court", why=why), seen=mark(f.entry), actor=who, at=NOW, terms=terms()
    ),
    "splits": lambda f, who, why: services.divide_abstraction(
        f.entry,
        Division(at("2026-10-20 10:00"), Part("custody"), Part("court"), why),
        seen=mark(f.entry),
        actor=who,
        at=NOW,
        terms=terms(),
    ),
    "cancels": lambda f, who, why: services.cancel_abstraction(f.entry, why, actor=who, at=NOW, zone=LONDON),
    "adds a duty": lambda f, who, why: services.add_duty(
        NewDuty(f.rahman.id, at("2026-10-21 08:00"), at("2026-10-21 16:00"), DutyStatus.WORKED, why),
        actor=who,
        at=NOW,
        zone=LONDON,
    ),
    "corrects a duty": lambda f, who, why: services.correct_duty(
        "D-OCT",
        ChangeOfDuty(at("2026-10-20 08:00"), at("2026-10-20 17:00"), DutyStatus.WORKED, why),
        actor=who,
        at=NOW,
        zone=LONDON,
    ),
    "cancels a duty": lambda f, who, why: services.cancel_duty("D-OCT", reason=why, actor=who, at=NOW, zone=LONDON),
    "enters an absence": lambda f, who, why: services.enter_absence(
        NewAbsence(f.rahman.id, AbsenceKind.SICKNESS, at("2026-10-20 08:00"), at("2026-10-20 16:00"), why),
        actor=who,
        at=NOW,
        zone=LONDON,
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_after_the_return_only_the_bcu_manager_writes_and_only_for_a_reason_that_stays(force: Force, name: str) -> None:
    confirm(force)
    write = WRITES[name]

    assert why_not(lambda: write(force, force.sergeant, "Found in the custody log")) == [LOCKED]
    assert why_not(lambda: write(force, force.inspector, "Found in the custody log")) == [LOCKED]
    assert any(
        said in (UNSAID, "Enter why", "Enter why it is changed", "Enter why it is split")
        for said in why_not(lambda: write(force, force.manager, " "))
    )
    assert queries.changes(force.team.id, OCTOBER.first_day) == []
    with transaction():
        write(force, force.manager, "Found in the custody log")

    changed = queries.changes(force.team.id, OCTOBER.first_day)
    assert changed
    assert {(c.actor, c.because, c.stood) for c in changed} == {("C. Hale", "Found in the custody log", True)}
    assert queries.changes_about(changed[0].subject)[0].month == OCTOBER.first_day
    assert "Found in the custody log" in str(history(changed[0].subject)[0].details)


def test_an_end_or_an_absence_that_is_moved_is_held_to_the_months_between_and_no_other(force: Force) -> None:
    make.duty(force.rahman, "2026-10-31 16:00", "2026-11-01 02:00")
    night = make.abstraction(force.rahman, "2026-10-31 20:00", "2026-11-12 20:00")
    sick = make.absence(force.rahman, "2026-10-25 00:00", "2026-10-27 00:00")
    confirm(force)

    with transaction():
        services.end_abstraction(
            night.ref, ends_at=at("2026-11-01 01:00"), actor=force.sergeant, at=at("2026-11-01 00:30"), terms=terms()
        )
    assert queries.changes(force.team.id, OCTOBER.first_day) == []
    longer = dt.datetime(2026, 10, 28, tzinfo=dt.UTC)
    assert why_not(
        lambda: services.end_absence(sick.ref, ends_at=longer, actor=force.sergeant, at=NOW, zone=LONDON)
    ) == [LOCKED]
    assert why_not(
        lambda: services.cancel_absence(sick.ref, reason="Never was", actor=force.sergeant, at=NOW, zone=LONDON)
    ) == [LOCKED]
    with transaction():
        services.end_absence(sick.ref, ends_at=longer, actor=force.manager, at=NOW, zone=LONDON, why="Sick note came")
    assert [c.because for c in queries.changes(force.team.id, OCTOBER.first_day)] == ["Sick note came"]


def test_authorising_or_declining_afterwards_is_for_the_bcu_manager_once_the_month_is_confirmed(force: Force) -> None:
    waiting = entry(force.entry)
    with transaction():
        waiting.awaiting_since, waiting.authorisation_why = NOW, "It is longer than 12 hours"
    confirm(force)

    def authorise(actor: Actor) -> None:
        services.authorise(
            force.entry,
            note="",
            afterwards_why="A critical incident",
            seen=mark(force.entry),
            actor=actor,
            at=NOW,
            zone=LONDON,
        )

    assert why_not(lambda: authorise(force.inspector)) == [LOCKED]
    assert why_not(
        lambda: services.decline(
            force.entry, reason="No", seen=mark(force.entry), actor=force.inspector, at=NOW, zone=LONDON
        )
    ) == [LOCKED]
    with transaction():
        authorise(force.manager)
    assert [c.because for c in queries.changes(force.team.id, OCTOBER.first_day)] == ["A critical incident"]


def test_a_manager_of_another_bcu_is_refused_and_another_teams_month_is_free(force: Force) -> None:
    confirm(force)
    other = make.team(code="ELY", name="Ely")
    osei = make.posted(other, collar_number="1500")
    elsewhere = Actor("D. Reed", Role.BCU_MANAGER, Scope(team_ids=frozenset({other.id})), 12)

    new = NewAbstraction(osei.id, "custody", at("2026-10-20 12:00"), at("2026-10-20 13:00"))
    with transaction():
        services.record_abstraction(new, actor=elsewhere, at=NOW, terms=terms())
    assert why_not(log(force, elsewhere, "Found")) == [services.NOT_YOURS]


def test_a_month_opened_again_is_free_and_everything_of_before_stays(force: Force) -> None:
    confirm(force)
    assert why_not(lambda: reopen_inside(force, " ")) == ["Enter why it is opened again"]
    reopen(force)

    with transaction():
        log(force, force.sergeant)()
    confirm(force)

    [kept] = queries.returns([people.team("SOH", EVERYTHING)], [OCTOBER], on=TODAY, policy=a_policy())
    first, second = kept.confirmations
    assert (first.reopened_by, first.reopen_reason) == ("C. Hale", "A week was missing")
    assert (first.figures.abstracted_minutes, second.figures.abstracted_minutes) == (120, 180)
    assert (kept.standing.state.value, kept.reopened, kept.changes) == ("complete", 1, 1)
    [changed] = queries.changes(force.team.id, OCTOBER.first_day)
    assert (changed.stood, changed.because) == (False, None)


def reopen_inside(force: Force, reason: str) -> None:
    services.reopen_month("SOH", OCTOBER, reason=reason, actor=force.manager, at=NOW)


def test_the_database_lets_one_confirmation_of_a_month_stand(force: Force) -> None:
    confirm(force)

    def again() -> None:
        current.add(
            MonthlyReturn(
                team_id=force.team.id,
                month=OCTOBER.first_day,
                version=2,
                kind=ReturnKind.NIL,
                confirmed_at=NOW,
                confirmed_by="Somebody",
                duty_minutes=0,
                abstracted_minutes=0,
                off_duty_minutes=0,
                entries=0,
            )
        )

    assert why_not(again)


@pytest.fixture
def at_work(app: Flask, session: scoped_session[Session]) -> object:
    with transaction():
        start_policy()
    with app.app_context():
        yield


def run(on: dt.date = TODAY) -> list[tuple[str, str, str | None, str | None, str]]:
    with transaction():
        chase(on, system("returns"))
    found = [flag for flag in flags.open_for(EVERYTHING) if flag.kind.job == "returns"]
    return [(f.subject, f.severity.value, f.figure, f.threshold, f.detail) for f in found]


def test_a_missing_return_is_flagged_from_the_sixth_and_closed_the_moment_it_is_confirmed(at_work: object) -> None:
    force = Force()
    make.posted(force.team, Grade.SERGEANT)

    assert run(dt.date(2026, 11, 5)) == []
    assert run(dt.date(2026, 11, 6)) == [
        ("SOH", "medium", "1", "0", "Return for October 2026 not confirmed, 1 day late")
    ]
    assert run()[0][2] == "7"
    [flag] = flags.open_for(EVERYTHING)
    assert flag.owner_role is Role.SERGEANT
    confirm(force)

    assert flags.open_for(EVERYTHING) == []
    assert run() == []
    reopen(force)
    assert run() == []
    assert run(TODAY + dt.timedelta(days=2))[0][2] == "2"


def test_a_force_without_data_owes_nothing_and_nobody_is_chased_for_the_years_before(at_work: object) -> None:
    team = make.team(code="SOH")
    assert run() == []

    who = make.posted(team)
    make.duty(who, "2001-01-10 08:00", "2001-01-10 16:00")

    [(_, _, figure, _, detail)] = run()
    assert detail.startswith("Return for November 2025 and 11 more not confirmed")
    assert figure == str((TODAY - dt.date(2025, 12, 5)).days)
