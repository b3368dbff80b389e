"""The administrator's page of jobs."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Role
from npt.core.db import transaction
from npt.flags import queries as flags
from npt.flags.rules import JOBS as CHECKS
from npt.policy.cli import start_policy
from npt.scheduler import JOBS
from tests import make
from tests.conftest import TODAY, post

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def administrator(sign_in: SignIn) -> FlaskClient:
    with transaction():
        start_policy()
    make.post(make.team(), ref="SOH-PC-3")
    return sign_in(make.user(Role.ADMINISTRATOR, name="Ada Minns"))


def test_a_job_that_never_ran_is_late_and_one_that_ran_is_not(administrator: FlaskClient) -> None:
    before = administrator.get("/jobs/").text
    post(administrator, "/jobs/vacancies", on=TODAY)

    after = administrator.get("/jobs/").text

    assert before.count("Late") == len(JOBS)
    assert before.count("Never") == len(JOBS)
    assert after.count("Late") == len(JOBS) - 1
    assert "1 found: 1 opened" in after


def test_a_run_by_hand_shows_its_outcome_and_keeps_who_asked(administrator: FlaskClient) -> None:
    page = post(administrator, "/jobs/vacancies", on=TODAY).text

    assert "2026-11-12: 1 found: 1 opened" in page
    assert [flag.subject for flag in flags.open_for(EVERYTHING)] == ["SOH-PC-3"]
    [line] = history("job:vacancies")
    assert line.details["by"] == "Ada Minns"
    [run] = administrator.get("/jobs/vacancies?format=csv").text.splitlines()[1:]
    assert run.split(",")[1:3] == ["2026-11-12", "yes"]
    assert run.endswith(",Ada Minns")
    jobs = administrator.get("/jobs/?format=csv").text
    assert "1 found: 1 opened" in jobs
    assert "supervision," in jobs


def test_a_run_for_an_earlier_day_lists_what_it_would_find(administrator: FlaskClient) -> None:
    post(administrator, "/jobs/vacancies", on=TODAY)

    page = post(administrator, "/jobs/vacancies", on="2026-11-10").text

    assert "would find 1; nothing changed" in page
    assert "<li>vacancy SOH-PC-3 critical: PC post SOH-PC-3 vacant" in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2199-01-01", "Enter today or an earlier day"),
        ("1999-01-01", "No policy is in force on 1 January 1999"),
        ("", "Enter the day to judge"),
    ],
)
def test_a_day_that_cannot_be_judged_is_refused_in_words(administrator: FlaskClient, day: str, said: str) -> None:
    page = post(administrator, "/jobs/vacancies", on=day)

    assert page.status_code == 200
    assert said in page.text
    assert flags.open_for(EVERYTHING) == []


def test_a_job_says_what_it_does_and_a_check_what_running_it_again_does(administrator: FlaskClient) -> None:
    says = {name: administrator.get(f"/jobs/{name}").text for name in JOBS}

    judging = {name for name, page in says.items() if "it says what it would find and changes nothing" in page}
    assert judging == set(CHECKS) & set(JOBS)
    assert "adds up what the days that are over come to" in says["minutes"]
    assert all("It may be run again at any time" in says[name] for name in set(JOBS) - judging)
    assert {name for name, page in says.items() if "Day to judge" in page} == judging


def test_a_job_that_does_not_exist_is_not_found(administrator: FlaskClient) -> None:
    assert administrator.get("/jobs/meals").status_code == 404


@pytest.mark.parametrize("role", [Role.SERGEANT, Role.AUDITOR, Role.FORCE_LEAD])
def test_only_an_administrator_has_the_page(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role))

    assert browser.get("/jobs/").status_code == 404
    assert browser.get("/jobs/vacancies").status_code == 404
