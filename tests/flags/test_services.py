"""Flags in the database: opened, escalated, passed up, answered and closed, on either database."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.flags import queries, services
from npt.flags.models import Flag
from npt.flags.queries import FlagRow, Narrowing
from npt.flags.rules import Finding, FlagKind, FlagState
from npt.flags.services import Acknowledgement, Reconciled
from npt.people.models import Team
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.policy.rules import Severity
from tests import make
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("_policy")

WEEK = dt.timedelta(days=7)


@pytest.fixture
def _policy(session: object) -> None:
    with transaction():
        start_policy()


def a_finding(team: Team | None = None, subject: str = "SOH-PC-3", **more: object) -> Finding:
    found = Finding(
        FlagKind.VACANCY,
        subject,
        Severity.MEDIUM,
        "30",
        "28",
        Role.SERGEANT,
        f"PC post {subject} vacant 30 days",
        team_id=team.id if team else None,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def check(*findings: Finding, on: dt.date = TODAY) -> Reconciled:
    with transaction():
        return services.reconcile("vacancies", findings, on=on, policy=policy_on(on), actor=system("vacancies"), at=NOW)


def everything() -> list[FlagRow]:
    return queries.flags_for(EVERYTHING, Narrowing(FlagState.ALL))


def events(flag: FlagRow) -> list[str]:
    return [line.event for line in reversed(history(f"flag:{flag.id}"))]


def answer(flag: FlagRow, actor: Actor, action: str = "Post advertised", due_on: dt.date = TODAY) -> FlagRow:
    with transaction():
        return services.acknowledge(flag.id, Acknowledgement(action, due_on), actor=actor, at=NOW, on=TODAY)


def sergeant_of(team: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset({team.id})))


def test_what_is_new_is_opened_once_however_often_the_check_runs() -> None:
    team = make.team()

    first = check(a_finding(team))
    second = check(a_finding(team))

    assert (first.opened, second.opened, second.updated, second.closed) == (1, 0, 0, 0)
    [flag] = everything()
    assert (flag.opened_on, flag.closed_on, flag.owner_role) == (TODAY, None, Role.SERGEANT)
    assert events(flag) == ["flag.opened"]


def test_what_has_ended_is_closed_on_the_day_judged_and_opens_anew_when_it_returns() -> None:
    team = make.team()
    check(a_finding(team), on=TODAY)

    ended = check(on=TODAY + WEEK)
    check(a_finding(team), on=TODAY + 2 * WEEK)

    assert ended.closed == 1
    assert [(flag.opened_on, flag.closed_on) for flag in everything()] == [
        (TODAY, TODAY + WEEK),
        (TODAY + 2 * WEEK, None),
    ]


def test_what_got_worse_keeps_its_flag_and_its_opening_day() -> None:
    team = make.team()
    check(a_finding(team))

    outcome = check(a_finding(team, severity=Severity.HIGH, figure="90", threshold="90"), on=TODAY + WEEK)

    assert (outcome.escalated, outcome.opened) == (1, 0)
    [flag] = everything()
    assert (flag.severity, flag.figure, flag.opened_on) == (Severity.HIGH, "90", TODAY)
    assert "flag.escalated" in events(flag)


def test_a_check_for_an_earlier_day_says_what_it_would_find_and_changes_nothing() -> None:
    team = make.team()
    check(a_finding(team))
    before = everything()

    outcome = check(a_finding(team, "SOH-PC-4", figure="2"), on=TODAY - WEEK)

    assert everything() == before
    assert outcome.judged == TODAY
    assert outcome.opened == 0
    assert str(outcome).splitlines()[1:] == ["vacancy SOH-PC-4 medium: PC post SOH-PC-4 vacant 30 days"]


def test_a_flag_nobody_answers_goes_to_the_inspector_after_a_week_and_then_to_the_bcu_manager() -> None:
    team = make.team()
    check(a_finding(team))
    owners = []

    for day in (WEEK - dt.timedelta(days=1), WEEK, 2 * WEEK, 5 * WEEK):
        check(a_finding(team), on=TODAY + day)
        owners.append(everything()[0].owner_role)

    assert owners == [Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER, Role.BCU_MANAGER]
    assert everything()[0].owned_since == TODAY + 2 * WEEK


def test_an_answered_flag_stays_with_whoever_had_it() -> None:
    team = make.team()
    check(a_finding(team))
    answer(everything()[0], sergeant_of(team))

    outcome = check(a_finding(team), on=TODAY + 4 * WEEK)

    assert outcome.passed_up == 0
    assert everything()[0].owner_role is Role.SERGEANT


def test_what_is_open_in_three_months_running_is_marked_repeat_over_all_its_spells() -> None:
    team = make.team()
    check(a_finding(team), on=dt.date(2026, 9, 28))
    check(on=dt.date(2026, 10, 2))
    check(a_finding(team), on=dt.date(2026, 10, 30))
    assert not any(flag.repeat for flag in everything())

    outcome = check(a_finding(team), on=dt.date(2026, 11, 1))

    assert outcome.repeated == 1
    assert [flag.repeat for flag in everything()] == [False, True]


def test_an_inspector_and_a_bcu_manager_see_what_is_about_a_team_below_them_and_others_do_not() -> None:
    sector = make.sector()
    team, elsewhere = make.team(sector), make.team()
    check(a_finding(team))

    seen = [
        bool(queries.open_for(scope))
        for scope in (
            Scope(team_ids=frozenset({team.id})),
            Scope(sector_ids=frozenset({sector.id})),
            Scope(bcu_ids=frozenset({sector.bcu_id})),
            Scope(team_ids=frozenset({elsewhere.id}), bcu_ids=frozenset({elsewhere.sector.bcu_id})),
            Scope(),
        )
    ]

    assert seen == [True, True, True, False, False]


def test_a_flag_out_of_scope_is_no_flag_to_read_or_to_answer() -> None:
    team, elsewhere = make.team(), make.team()
    check(a_finding(team))
    [flag] = everything()

    with pytest.raises(NoResultFound):
        queries.flag(flag.id, sergeant_of(elsewhere).scope)
    with pytest.raises(NoResultFound):
        answer(flag, sergeant_of(elsewhere))


def test_an_answer_keeps_the_action_the_date_and_the_name() -> None:
    team = make.team()
    check(a_finding(team))

    row = answer(everything()[0], sergeant_of(team), " Post advertised ", TODAY + WEEK)

    assert row.acknowledgement == queries.Acknowledged(NOW, "Sgt Okafor", "Post advertised", TODAY + WEEK)
    assert events(row) == ["flag.opened", "flag.acknowledged"]
    assert queries.waiting_for(Role.SERGEANT, EVERYTHING) == []


def test_an_answer_without_an_action_or_by_a_day_that_is_over_is_refused_with_both_reasons() -> None:
    team = make.team()
    check(a_finding(team))

    with pytest.raises(Refused) as refused:
        answer(everything()[0], sergeant_of(team), " ", TODAY - WEEK)

    assert [reason.field for reason in refused.value.reasons] == ["action", "due_on"]
    assert everything()[0].acknowledgement is None


def test_a_closed_flag_cannot_be_answered() -> None:
    team = make.team()
    check(a_finding(team))
    check()

    with pytest.raises(Refused, match="closed"):
        answer(everything()[0], sergeant_of(team))


def test_a_resources_lead_answers_vacancies_and_is_not_shown_abstraction() -> None:
    team = make.team()
    lead = Actor("L", Role.RESOURCES_LEAD, Scope(team_ids=frozenset({team.id})))
    check(a_finding(team))
    over = a_finding(team, team.code, kind=FlagKind.OVER_ABSTRACTION)
    with transaction():
        services.reconcile(
            "abstractions", [over], on=TODAY, policy=policy_on(TODAY), actor=system("abstractions"), at=NOW
        )
    abstraction, vacancy = everything()

    assert answer(vacancy, lead).acknowledgement
    with pytest.raises(NoResultFound):
        answer(abstraction, lead)


def test_the_database_itself_refuses_a_second_open_flag_about_one_thing() -> None:
    check(a_finding(make.team()))
    [row] = current.query(Flag).all()
    again = {column.name: getattr(row, column.name) for column in Flag.__table__.columns if column.name not in ("id",)}

    with pytest.raises(Refused, match="flagged already"):
        make.keep(Flag(**again))


def test_lists_are_gravest_first_and_narrowed_by_team_and_bcu() -> None:
    soham, ely = make.team(code="SOH"), make.team(code="ELY")
    check(
        a_finding(soham, "A", severity=Severity.LOW),
        a_finding(soham, "B", severity=Severity.CRITICAL),
        a_finding(ely, "C"),
    )

    listed = [flag.subject for flag in queries.listed(EVERYTHING)]
    of_soham = Narrowing(team_code="SOH")

    assert listed == ["B", "C", "A"]
    assert [flag.subject for flag in queries.listed(EVERYTHING, of_soham, order="severity")] == ["A", "B"]
    assert queries.how_many(EVERYTHING, of_soham) == 2
    assert queries.how_many(EVERYTHING, Narrowing(bcu_code=ely.sector.bcu.code)) == 1
