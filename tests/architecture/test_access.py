"""Who may open what: one table, held against every mark in the code and against what each role is really shown."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.db import transaction
from npt.policy.cli import start_policy
from npt.web.access import Open, access_of
from tests import make
from tests.architecture.access_table import ACCESS, PUBLIC, SIGNED_IN
from tests.conftest import SignIn, token_of


def allowed(endpoint: str) -> frozenset[Role]:
    """The roles the table lets in."""
    said = ACCESS[endpoint]
    return frozenset(PEOPLE_ROLES if said in (PUBLIC, SIGNED_IN) else map(Role, said.split()))


def addresses(app: Flask, method: str) -> dict[str, str]:
    """An address of every endpoint that answers a method. What it names need not exist: the gate comes first."""
    return {
        rule.endpoint: re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda found: NAMED[found[1]], rule.rule)
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint in ACCESS
    }


NAMED = {
    "action_id": "0",
    "assignment_id": "0",
    "candidate_id": "0",
    "code": "none",
    "collar": "none",
    "collar_number": "none",
    "contact_id": "0",
    "cover_id": "0",
    "ending": "csv",
    "filename": "none.js",
    "flag_id": "0",
    "group_id": "0",
    "item_id": "0",
    "letter_id": "0",
    "mapping_id": "0",
    "meeting_id": "0",
    "month": "2026-10",
    "name": "none",
    "needed_id": "0",
    "of": "duty",
    "place": "1",
    "posting_id": "0",
    "priority_id": "0",
    "signature_id": "0",
    "recommendation_id": "0",
    "ref": "none",
    "review_id": "0",
    "row_id": "0",
    "scope": "team",
    "side": "was",
    "subject": "none",
    "group": "all",
    "bcu": "none",
    "sample_id": "0",
    "seat_id": "0",
    "skill_id": "0",
    "term_id": "0",
    "token": "none",
    "member_id": "0",
    "allocation_id": "0",
    "user_id": "0",
    "what": "priorities",
}


def without_arguments(app: Flask) -> dict[str, str]:
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint in ACCESS
    }


def test_the_table_and_the_marks_of_the_code_say_the_same(app: Flask) -> None:
    words = {Open.PUBLIC: PUBLIC, Open.SIGNED_IN: SIGNED_IN}
    marked = {}
    for endpoint, view in app.view_functions.items():
        access = access_of(view)
        if isinstance(access, Permission):
            marked[endpoint] = " ".join(sorted(role for role in PEOPLE_ROLES if access in GRANTS[role]))
        elif access is not None:
            marked[endpoint] = words[access]

    table = {
        endpoint: said if said in (PUBLIC, SIGNED_IN) else " ".join(sorted(said.split()))
        for endpoint, said in ACCESS.items()
    }
    assert marked == table


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_each_role_is_shown_what_the_table_says_and_nothing_else_exists(
    app: Flask, sign_in: SignIn, role: Role
) -> None:
    with transaction():
        start_policy()
    browser = sign_in(make.user(role))

    shown = {endpoint: browser.get(path).status_code for endpoint, path in without_arguments(app).items()}

    wanted = {endpoint: "shown" if role in allowed(endpoint) else "not found" for endpoint in shown}
    words = {200: "shown", 302: "shown", 404: "not found"}
    assert {endpoint: words.get(status, status) for endpoint, status in shown.items()} == wanted


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_an_action_a_role_may_not_take_does_not_exist_for_it(app: Flask, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role))
    token = token_of(browser)
    closed = {e: path for e, path in addresses(app, "POST").items() if role not in allowed(e)}

    answers = {e: browser.post(path, data={"csrf_token": token}).status_code for e, path in closed.items()}

    assert answers
    assert set(answers.values()) == {404}


def test_nobody_signed_out_gets_further_than_the_sign_in_page(app: Flask, client: FlaskClient) -> None:
    closed = {e: path for e, path in addresses(app, "GET").items() if ACCESS[e] != PUBLIC}

    led = {endpoint: client.get(path) for endpoint, path in closed.items()}

    assert {e: answer.status_code for e, answer in led.items()} == dict.fromkeys(closed, 302)
    assert {answer.location.split("?")[0] for answer in led.values()} == {"/sign-in"}


def test_nobody_signed_out_changes_anything(app: Flask, client: FlaskClient) -> None:
    token = token_of(client, "/sign-in")
    closed = {e: path for e, path in addresses(app, "POST").items() if ACCESS[e] != PUBLIC}

    led = {endpoint: client.post(path, data={"csrf_token": token}) for endpoint, path in closed.items()}

    assert {e: answer.status_code for e, answer in led.items()} == dict.fromkeys(closed, 302)
    assert {answer.location.split("?")[0] for answer in led.values()} == {"/sign-in"}
