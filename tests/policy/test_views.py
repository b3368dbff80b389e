"""The pages of policy: read by whoever may see figures, changed in two steps by those whose it is."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from npt.core.authority import Role
from npt.core.db import session, transaction
from npt.core.periods import DAY, day_in_words
from npt.edge import now
from npt.people.models import Team
from npt.policy import queries
from npt.policy.cli import start_policy
from npt.policy.queries import dated
from npt.policy.rules import Group, TargetScope
from npt.policy.rules.dated import Span
from tests import make
from tests.conftest import SignIn, token_of
from tests.staffing.test_views_units import statements


def today() -> dt.date:
    """Asked anew by each test: the pages have the real clock, and midnight may pass between two of them."""
    return now().date()


def later() -> dt.date:
    return today() + 10 * DAY


@pytest.fixture
def lead(sign_in: SignIn) -> FlaskClient:
    """The force lead, in a force of two BCUs with its first policy."""
    with transaction():
        start_policy()
    for bcu, sector, team in (("SOU", "ECA", "SOH"), ("NOR", "PET", "PT1")):
        make.team(make.sector(make.bcu(bcu, name=bcu.capitalize()), sector), team, name=team)
    return sign_in(make.user(Role.FORCE_LEAD))


def ask(browser: FlaskClient, path: str, **typed: object) -> TestResponse:
    """Send the form of a change: what it would do."""
    return browser.post(path, data={"csrf_token": token_of(browser), **typed})


def confirm(browser: FlaskClient, path: str, checked: TestResponse) -> TestResponse:
    """Press the button of the page that says what a change would do."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', checked.text)
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    return browser.post(path, data={**sent, "step": "confirm"})


def spans(scope: TargetScope, code: str = "") -> list[Span]:
    return [row.span for row in dated.target_rows([dated.Unit(scope, code, "")]) if row.key.group is Group.ALL]


def target(unit: str, percent: str = "8", first_day: dt.date | None = None) -> dict[str, object]:
    return {
        "unit": unit,
        "group": "all",
        "percent": percent,
        "first_day": (first_day or later()).isoformat(),
        "why": "Agreed",
    }


def test_a_change_says_first_what_it_would_do_and_is_made_when_confirmed(lead: FlaskClient) -> None:
    make.target("10")

    checked = ask(lead, "/policy/targets/set", **target("force:"))
    assert f"8 % applies from {day_in_words(later())}" in checked.text
    assert f"10 %, in force since 1 January 2020, ends on {day_in_words(later() - DAY)}" in checked.text
    assert len(spans(TargetScope.FORCE)) == 1
    done = confirm(lead, "/policy/targets/set", checked)

    assert done.status_code == 302
    assert [span.words for span in spans(TargetScope.FORCE)] == ["10 %", "8 %"]
    page = lead.get(done.location)
    assert "Target set" in page.text
    assert "Agreed" in page.text
    assert "Withdraw" in page.text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(lead: FlaskClient) -> None:
    page = ask(lead, "/policy/targets/set", **target("force:", "8", today() - DAY))

    assert "A new value may not start before today" in page.text
    assert 'href="#first_day"' in page.text
    assert 'value="Agreed"' in page.text
    assert spans(TargetScope.FORCE) == []


def test_a_confirmation_of_what_somebody_else_changed_meanwhile_is_refused(lead: FlaskClient) -> None:
    checked = ask(lead, "/policy/targets/set", **target("force:"))
    make.target("9")

    again = confirm(lead, "/policy/targets/set", checked)

    assert "Somebody changed this after you saw" in again.text
    assert len(spans(TargetScope.FORCE)) == 1


def test_a_bcu_manager_is_offered_own_teams_only_and_cannot_send_another(lead: FlaskClient, sign_in: SignIn) -> None:
    manager = sign_in(make.user(Role.BCU_MANAGER, "SOU"))
    page = manager.get("/policy/targets/set")
    assert re.findall(r'<option value="(\w+:\w*)"', page.text) == ["team:SOH"]

    for unit in ("force:", "bcu:SOU", "team:PT1"):
        assert "Choose one from the list" in ask(manager, "/policy/targets/set", **target(unit)).text
    confirm(manager, "/policy/targets/set", ask(manager, "/policy/targets/set", **target("team:SOH")))

    assert [span.words for span in spans(TargetScope.TEAM, "SOH")] == ["8 %"]
    for path in ("/policy/targets/force/force/all/end", "/policy/targets/team/PT1/all", "/policy/bars/NOR/course"):
        assert manager.get(path).status_code == 404
    assert manager.get("/policy/targets/force/force/all").status_code == 200


def test_a_sergeant_reads_policy_and_is_offered_no_change(lead: FlaskClient, sign_in: SignIn) -> None:
    make.target("8", TargetScope.TEAM, "PT1")
    make.target("9", TargetScope.TEAM, "SOH")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    page = sergeant.get("/policy/")

    assert "9 %" in page.text
    assert "8 %" not in page.text
    assert "Custody cover" in page.text
    for offered in ("Set a target", "Bar a reason", "Open a reason", "Change this"):
        assert offered not in page.text + sergeant.get("/policy/reasons/court").text


def test_the_target_that_applies_is_found_as_the_figures_find_it(lead: FlaskClient, sign_in: SignIn) -> None:
    make.target("10")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    assert "It is the target of</dt>" in sergeant.get("/policy/targets/applying?team=SOH").text.replace("\n", "")
    make.target("7", TargetScope.TEAM, "SOH", first_day=later())

    now_page = sergeant.get("/policy/targets/applying?team=SOH")
    then_page = sergeant.get(f"/policy/targets/applying?team=SOH&on={later().isoformat()}&group=pcsos")

    assert re.search(r"Target</dt>\s*<dd[^>]*>10 %", now_page.text)
    assert re.search(r"Target</dt>\s*<dd[^>]*>7 %", then_page.text)
    assert sergeant.get("/policy/targets/applying?team=PT1").status_code == 404
    assert "No target is set" in lead.get("/policy/targets/applying?on=2019-01-01").text


def test_a_reason_is_changed_in_a_grid_of_grades_and_definitions(lead: FlaskClient) -> None:
    form = lead.get("/policy/reasons/court/change")
    assert len(re.findall(r'name="counts_(?:local|national)" type="checkbox"', form.text)) == 6
    typed = {"label": "Court", "guidance": "", "first_day": later().isoformat(), "why": "Decided"}

    path = "/policy/reasons/court/change"
    checked = ask(lead, path, **typed, counts_local=["pc", "sergeant"], counts_national=["pc"])
    assert "Court (counts locally for sergeants, PCs, nationally for PCs) applies from" in checked.text
    confirm(lead, path, checked)

    lines = dated.reason_lines("court")
    assert [line.span.last_day for line in lines] == [later() - DAY, None]
    assert {grade.value for grade in lines[1].row.counts_local} == {"pc", "sergeant"}
    withdraw = f"/policy/reasons/court/{lines[1].span.id}/withdraw"
    assert "is withdrawn and never applies" in lead.get(withdraw).text
    confirm(lead, withdraw, lead.get(withdraw))
    assert [line.span.last_day for line in dated.reason_lines("court")] == [None]


def test_a_reason_is_opened_and_ended(lead: FlaskClient) -> None:
    typed = {"code": "ambulance", "family": "support", "label": "Ambulance watch", "guidance": "", "why": "New"}
    path = "/policy/reasons/new"
    confirm(lead, path, ask(lead, path, **typed, first_day=today().isoformat(), counts_local=["pc"]))
    assert "Ambulance watch" in lead.get("/policy/").text

    path = "/policy/reasons/ambulance/end"
    confirm(lead, path, ask(lead, path, last_day=today().isoformat(), why="Mistake"))

    assert queries.reason_book().on("ambulance", today() + DAY) is None


def test_a_figure_is_changed_with_a_reason_and_its_history_shown(lead: FlaskClient) -> None:
    path = "/policy/figures/late_hours/change"
    confirm(lead, path, ask(lead, path, value="24", first_day=today().isoformat(), why="Faster"))

    page = lead.get("/policy/figures/late_hours")
    assert queries.policy_on(today()).late_hours == 24
    assert "24 hours" in page.text
    assert "value: 48 → 24" in page.text
    assert lead.get("/policy/figures/none").status_code == 404
    assert lead.get("/policy/figures/late_hours/end").status_code == 404


def test_a_figure_a_force_may_do_without_is_found_before_it_has_a_value(lead: FlaskClient) -> None:
    path = "/policy/figures/person_limit_percent"
    unset = lead.get("/policy/").text

    assert re.search(rf'href="{path}">Limit for one person</a></th>\s*<td data-label="Value">None set<', unset)
    change = {"value": "15", "first_day": today().isoformat(), "why": "Agreed"}
    confirm(lead, f"{path}/change", ask(lead, f"{path}/change", **change))
    assert "None set" not in lead.get("/policy/").text
    assert ">15 %<" in lead.get("/policy/").text


def test_every_dated_row_is_given_out_with_the_columns_an_import_takes(lead: FlaskClient) -> None:
    make.target("10", first_day=dt.date(2025, 1, 1))

    files = {
        name: lead.get(f"/policy/?format=csv&list={name}").text.removeprefix("\ufeff").splitlines()
        for name in ("targets", "reasons", "policy", "bars")
    }

    assert files["targets"][:2] == [
        "scope,scope_code,grades,first_day,last_day,percent,set_by,reason",
        "force,,all,2025-01-01,,10.00,,",
    ]
    assert files["reasons"][0] == "code,first_day,last_day,label,family,counts_local,counts_national,guidance"
    assert files["policy"][0] == "name,first_day,last_day,value,reason"
    assert lead.get("/policy/?format=xlsx&list=reasons").status_code == 200


def test_the_page_of_one_thing_gives_out_its_own_dated_rows_alone(lead: FlaskClient) -> None:
    make.target("10", first_day=dt.date(2025, 1, 1))
    make.target("8", TargetScope.TEAM, "SOH")
    confirm(
        lead,
        "/policy/bars/set",
        ask(
            lead,
            "/policy/bars/set",
            bcu="SOU",
            reason="course",
            strength="block",
            first_day=today().isoformat(),
            why="No",
        ),
    )

    files = {
        path: lead.get(f"/policy/{path}format=csv").text.removeprefix("\ufeff").splitlines()
        for path in (
            "targets/force/force/all?",
            "figures/late_hours?",
            "reasons/custody?",
            "reasons/custody?list=bars&",
            "reasons/course?list=bars&",
            "bars/SOU/course?",
        )
    }

    columns = {path: (lines[0].split(",")[0], len(lines) - 1) for path, lines in files.items()}
    assert columns == {
        "targets/force/force/all?": ("scope", 1),
        "figures/late_hours?": ("name", 1),
        "reasons/custody?": ("code", 1),
        "reasons/custody?list=bars&": ("bcu", 0),
        "reasons/course?list=bars&": ("bcu", 1),
        "bars/SOU/course?": ("bcu", 1),
    }


def test_the_statements_of_the_page_do_not_grow_with_what_is_set(lead: FlaskClient) -> None:
    with statements() as few:
        assert lead.get("/policy/").status_code == 200
    for number in range(5):
        make.target("8", first_day=make.LONG_AGO + number * DAY, group=list(Group)[number % 3], code="SOH") if (
            number < 3
        ) else make.reason(f"reason{number}")
    with statements() as many:
        assert lead.get("/policy/").status_code == 200

    assert len(many) == len(few) <= 12


def test_a_target_on_a_page_leads_to_who_set_it_since_when_and_why(lead: FlaskClient, sign_in: SignIn) -> None:
    make.target("8", TargetScope.TEAM, "SOH")
    make.posted(session.scalars(select(Team).where(Team.code == "SOH")).one())
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    manager = sign_in(make.user(Role.BCU_MANAGER, "SOU"))

    for browser, path in (
        (sergeant, "/"),
        (sergeant, "/abstractions/week"),
        (manager, f"/bcu-month/SOU/{today():%Y-%m}"),
    ):
        [address, *_] = re.findall(r'href="(/policy/targets/applying[^"]*)">8.0 %', browser.get(path).text)
        assert re.search(r"Target</dt>\s*<dd[^>]*>8 %", browser.get(address.replace("&amp;", "&")).text)
