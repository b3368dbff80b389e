"""The page of vacancies: what is vacant since when, who answers, what is planned, and how even the burden is."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core import db
from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role, system
from npt.people.models import Person, Posting
from npt.people.rules import Grade
from npt.policy.queries import policy_on
from npt.staffing import services
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import table

SignIn = Callable[[User], FlaskClient]
PATH = f"/staffing/vacancies?on={TODAY}"


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))


def test_vacancies_stand_oldest_first_with_raised_band_and_cover(lead: FlaskClient) -> None:
    page = lead.get(PATH).text

    html5lib.HTMLParser(strict=True).parse(page)
    rows = table(page, "vacant")
    assert [row[0] for row in rows] == ["SOH-SGT-1, Sergeant", "ELY-PC-2, PC"]
    # Since 12 February: 273 days are serious, and a sergeant's post is one band higher.
    assert rows[0][1:7] == [
        "Soham",
        "273 days",
        "Critical",
        "12 February 2026",
        "Never filled",
        "Sergeant 21201 A. Okafor since 12 September 2026",
    ]
    assert rows[1][6] == "–"


def test_the_owner_of_the_flag_answers_for_the_vacancy(lead: FlaskClient) -> None:
    with db.transaction():
        services.flag_vacancies(TODAY, policy_on(TODAY), actor=system("vacancies"), at=NOW)

    rows = table(lead.get(PATH).text, "vacant")

    assert [row[7] for row in rows] == ["NPT sergeant", "NPT sergeant"]


def test_a_vacancy_says_who_left_and_why(force: Force, lead: FlaskClient) -> None:
    with db.transaction():
        db.session.query(Posting).filter_by(person_id=force.constable.id).update(
            {"last_day": dt.date(2026, 10, 31), "end_reason": "promotion"}
        )

    page = lead.get(PATH).text

    assert ["ELY-PC-1, PC", "PC 21432 A. Rahman, promotion"] in [[row[0], row[5]] for row in table(page, "vacant")]


def test_a_leaver_is_forecast_with_the_reason_of_leaving(force: Force, lead: FlaskClient) -> None:
    with db.transaction():
        leaver = db.session.get_one(Person, force.pcso.id)
        leaver.leaving_on, leaver.leaving_reason = TODAY + dt.timedelta(42), "joined regulars elsewhere"

    page = lead.get(PATH).text

    assert [row[:6] for row in table(page, "forecast")] == [
        [
            "SOH-PCSO-1, PCSO",
            "Soham",
            "25 December 2026",
            "42",
            "PCSO 27002 A. Nowak",
            "Joined regulars elsewhere",
        ]
    ]


def test_the_rate_of_each_bcu_and_grade_shows_an_uneven_burden(force: Force, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.FORCE_LEAD))

    rows = table(browser.get(PATH).text, "rates")

    assert rows == [
        ["Northern", "0.0 % (0 of 1)", "50.0 % (1 of 2)", "50.0 % (1 of 2)", "0.0 % (0 of 1)", "33.3 % (2 of 6)"],
        ["Southern", "–", "–", "0.0 % (0 of 1)", "–", "0.0 % (0 of 1)"],
        ["Together", "0.0 % (0 of 1)", "50.0 % (1 of 2)", "33.3 % (1 of 3)", "0.0 % (0 of 1)", "28.6 % (2 of 7)"],
    ]


@pytest.mark.parametrize(
    ("narrowed", "posts"),
    [
        ("team=ELY", ["ELY-PC-2, PC"]),
        ("grade=sergeant", ["SOH-SGT-1, Sergeant"]),
        ("sector=FEN&grade=pc", ["ELY-PC-2, PC"]),
        ("bcu=NOR", ["SOH-SGT-1, Sergeant", "ELY-PC-2, PC"]),
    ],
)
def test_a_figure_of_the_structure_leads_to_the_vacancies_it_counts(
    lead: FlaskClient, narrowed: str, posts: list[str]
) -> None:
    assert [row[0] for row in table(lead.get(f"{PATH}&{narrowed}").text, "vacant")] == posts


def test_a_vacant_specials_post_is_counted_apart_and_listed_when_asked_for(force: Force, lead: FlaskClient) -> None:
    make.post(force.ely, Grade.SPECIAL, ref="ELY-SPC-1")

    plain, asked = lead.get(PATH).text, lead.get(f"{PATH}&grade=special").text

    assert "ELY-SPC-1" not in plain
    assert "counted apart" in plain
    assert [row[0] for row in table(asked, "vacant")] == ["ELY-SPC-1, Special constable"]


def test_the_resources_lead_says_by_when_a_post_is_filled_and_the_record_keeps_it(lead: FlaskClient) -> None:
    answer = post(lead, "/staffing/vacancies/ELY-PC-2/plan", planned_fill_on="2127-02-01", note="February intake")
    anew = lead.get("/staffing/vacancies/ELY-PC-2/plan").text
    page = lead.get("/staffing/vacancies").text

    assert answer.status_code == 302
    assert "Vacancy planned" in anew
    assert ["ELY-PC-2, PC", "1 February 2127, February intake Change the fill date of ELY-PC-2"] in [
        [row[0], row[8]] for row in table(page, "vacant")
    ]


def test_a_fill_date_sent_twice_is_kept_once_and_another_takes_its_place(lead: FlaskClient) -> None:
    path, typed = "/staffing/vacancies/ELY-PC-2/plan", {"planned_fill_on": "2127-02-01", "note": "February intake"}
    for _ in range(2):
        assert post(lead, path, **typed).status_code == 302

    assert lead.get(path).text.count("Vacancy planned") == 1

    post(lead, path, **{**typed, "planned_fill_on": "2127-03-01"})
    post(lead, path, **typed)

    assert lead.get(path).text.count("Vacancy planned") == 3
    assert "1 February 2127, February intake" in lead.get("/staffing/vacancies").text


def test_a_fill_date_in_the_past_is_refused_in_words(lead: FlaskClient) -> None:
    page = post(lead, "/staffing/vacancies/ELY-PC-2/plan", planned_fill_on="2020-02-01")

    assert page.status_code == 200
    assert "Enter today or a later day" in page.text
    assert 'value="2020-02-01"' in page.text


def test_a_filled_post_cannot_be_planned_for(lead: FlaskClient) -> None:
    page = post(lead, "/staffing/vacancies/ELY-PC-1/plan", planned_fill_on="2127-02-01")

    assert "is filled and nobody is known to leave it" in page.text


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_who_changes_staffing_sets_a_fill_date(force: Force, sign_in: SignIn, role: Role) -> None:
    scope = {Role.RESOURCES_LEAD: ("NOR",), Role.BCU_MANAGER: ("NOR",)}.get(role, ())
    browser = sign_in(make.user(role, *scope))

    form = browser.get("/staffing/vacancies/ELY-PC-2/plan")
    page = browser.get(PATH)

    assert form.status_code == (200 if Permission.CHANGE_STAFFING in GRANTS[role] else 404)
    assert page.status_code == (200 if Permission.VIEW_STAFFING in GRANTS[role] else 404)
    assert ("/vacancies/ELY-PC-2/plan" in page.text) == (role is Role.RESOURCES_LEAD)


def test_a_post_of_another_bcu_is_not_found(force: Force, lead: FlaskClient) -> None:
    make.post(force.linton, ref="LIN-PC-9")

    assert lead.get("/staffing/vacancies/LIN-PC-9/plan").status_code == 404
    assert "LIN-PC-9" not in lead.get(PATH).text


def test_vacancies_forecast_and_rates_are_files(lead: FlaskClient) -> None:
    read = [
        list(csv.reader(io.StringIO(lead.get(f"{PATH}&format=csv&list={name}").text.removeprefix("﻿"))))
        for name in ("vacancies", "forecast", "rates")
    ]

    assert [row[0] for row in read[0][1:]] == ["SOH-SGT-1", "ELY-PC-2"]
    assert len(read[1]) == 1
    assert read[2][1] == ["NOR", "1", "0", "2", "1", "2", "1", "1", "0", "6", "2"]
    assert lead.get(f"{PATH}&format=xlsx").data.startswith(b"PK")
