"""The pages of flags, as each role has them."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core.authority import EVERYTHING, Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.flags import queries, services
from npt.flags.queries import FlagRow, Narrowing
from npt.flags.rules import Finding, FlagKind, FlagState
from npt.people.models import Team
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.policy.rules import Severity
from tests import make
from tests.conftest import NOW, TODAY, post

SignIn = Callable[[User], FlaskClient]
FAR_OFF = dt.date(2190, 1, 1)


@pytest.fixture(autouse=True)
def _policy(client: FlaskClient) -> None:
    with transaction():
        start_policy()


def flagged(team: Team, *subjects: str, job: str = "vacancies", kind: FlagKind = FlagKind.VACANCY) -> list[FlagRow]:
    findings = [
        Finding(
            kind,
            subject,
            Severity.HIGH,
            "122",
            "90",
            Role.SERGEANT,
            f"PC post {subject} vacant 122 days",
            team_id=team.id,
        )
        for subject in subjects
    ]
    with transaction():
        services.reconcile(job, findings, on=TODAY, policy=policy_on(TODAY), actor=system(job), at=NOW)
    return queries.flags_for(EVERYTHING, Narrowing(FlagState.ALL))


def test_a_sergeant_sees_the_open_flags_of_their_teams_and_no_others(sign_in: SignIn) -> None:
    own, other = make.team(), make.team()
    flagged(own, "SOH-PC-3")
    flagged(other, "over", job="abstractions", kind=FlagKind.OVER_ABSTRACTION)

    page = sign_in(make.user(Role.SERGEANT, own.code)).get("/flags/").text

    assert "PC post SOH-PC-3 vacant 122 days" in page
    assert "PC post over" not in page
    assert "1 flag<" in page


def test_an_empty_list_says_what_would_be_here(sign_in: SignIn) -> None:
    page = sign_in(make.user(Role.SERGEANT, make.team().code)).get("/flags/?state=closed").text

    assert "No flag here." in page


def test_a_flag_says_figure_line_owner_and_what_is_behind_it(sign_in: SignIn) -> None:
    team = make.team(code="SOH")
    [flag] = flagged(team, "SOH-PC-3")

    page = sign_in(make.user(Role.SERGEANT, "SOH")).get(f"/flags/{flag.id}").text

    assert "122 days" in page
    assert "90 days" in page
    assert "NPT sergeant, since 12 November 2026" in page
    assert f'href="/staffing/teams/SOH?on={TODAY}"' in page
    assert "Flag opened" in page


def test_an_abstraction_flag_leads_to_the_entries_of_its_28_days(sign_in: SignIn) -> None:
    team = make.team(code="SOH")
    [flag] = flagged(team, "SOH", job="abstractions", kind=FlagKind.OVER_ABSTRACTION)

    page = sign_in(make.user(Role.SERGEANT, "SOH")).get(f"/flags/{flag.id}").text

    assert 'href="/abstractions/?team=SOH&amp;first=2026-10-15&amp;last=2026-11-11"' in page


def test_a_sergeant_acknowledges_with_an_action_and_a_date(sign_in: SignIn) -> None:
    team = make.team()
    [flag] = flagged(team, "SOH-PC-3")
    browser = sign_in(make.user(Role.SERGEANT, team.code))

    answer = post(browser, f"/flags/{flag.id}/acknowledge", action="Advertised", due_on=FAR_OFF)

    assert answer.status_code == 302
    assert "Acknowledged: PC post SOH-PC-3" in browser.get(answer.headers["Location"]).text
    current.expire_all()
    kept = queries.flag(flag.id, EVERYTHING).acknowledgement
    assert kept
    assert (kept.action, kept.due_on) == ("Advertised", FAR_OFF)


def test_what_is_missing_from_an_answer_is_asked_for_and_what_was_typed_is_kept(sign_in: SignIn) -> None:
    team = make.team()
    [flag] = flagged(team, "SOH-PC-3")
    browser = sign_in(make.user(Role.SERGEANT, team.code))

    page = post(browser, f"/flags/{flag.id}/acknowledge", action="Advertised", due_on="2020-01-01").text

    assert "The date must be today or later" in page
    assert ">Advertised</textarea>" in page
    assert queries.flag(flag.id, EVERYTHING).acknowledgement is None


@pytest.mark.parametrize("path", ["/flags/{}", "/flags/{}/acknowledge"])
def test_a_flag_of_another_team_is_not_found(sign_in: SignIn, path: str) -> None:
    [flag] = flagged(make.team(), "SOH-PC-3")
    browser = sign_in(make.user(Role.SERGEANT, make.team().code))

    assert browser.get(path.format(flag.id)).status_code == 404


def test_an_auditor_sees_a_flag_and_is_offered_no_answer(sign_in: SignIn) -> None:
    [flag] = flagged(make.team(), "SOH-PC-3")
    browser = sign_in(make.user(Role.AUDITOR))

    page = browser.get(f"/flags/{flag.id}")

    assert page.status_code == 200
    assert "What will be done?" not in page.text
    assert browser.get(f"/flags/{flag.id}/acknowledge").status_code == 404


@pytest.mark.parametrize("role", [Role.PC, Role.ANALYST, Role.ADMINISTRATOR])
def test_a_role_that_sees_no_flags_is_not_told_of_them(sign_in: SignIn, role: Role) -> None:
    assert sign_in(make.user(role)).get("/flags/").status_code == 404


def test_the_list_as_a_file_is_the_list_as_narrowed(sign_in: SignIn) -> None:
    team = make.team()
    flagged(team, "SOH-PC-3", "SOH-PC-4")
    browser = sign_in(make.user(Role.AUDITOR))

    sheet = browser.get(f"/flags/?team={team.code}&format=csv")
    other = browser.get("/flags/?state=closed&format=csv")

    rows = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["About", "SOH-PC-3", "SOH-PC-4"]
    assert len(list(csv.reader(io.StringIO(other.data.decode("utf-8-sig"))))) == 1


def test_fifty_flags_stand_on_a_page(sign_in: SignIn) -> None:
    flagged(make.team(), *(f"PC-{number:02d}" for number in range(51)))
    browser = sign_in(make.user(Role.AUDITOR))

    first, second = browser.get("/flags/").text, browser.get("/flags/?page=2").text

    assert first.count('<th scope="row">') == 50
    assert second.count('<th scope="row">') == 1
