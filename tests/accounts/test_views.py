"""Signing in and out, choosing a password, and the administrator's pages."""

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from npt.accounts import queries, services
from npt.accounts.views import LIBRARY_ENDPOINTS
from npt.accounts.views.security import WRONG
from npt.audit.queries import history
from npt.core.authority import Permission, Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.web.access import Open, access_of
from tests import make
from tests.accounts.signing_in import EMAIL, PASSWORD, SignIn, events, is_in, typed
from tests.conftest import NOW, post


def test_somebody_signs_in_by_email_and_password(client: FlaskClient) -> None:
    user = make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)

    outcome = typed(client, email=" SAM@force.example ")

    assert outcome == (302, "/")
    assert is_in(client)
    assert events(user) == ["user.signed_in"]
    current.expire_all()
    assert queries.user_row(user.id).last_signed_in_at is not None


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("email", [EMAIL, "nobody@force.example"])
def test_a_failed_sign_in_says_the_same_whoever_it_was(client: FlaskClient, email: str, active: bool) -> None:
    user = make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD, active=active)

    status, page = typed(client, PASSWORD + ("x" if active else ""), email)

    assert status == 200
    assert page.count(WRONG) == 1
    assert not is_in(client)
    subject = f"user:{user.id}" if email == EMAIL else services.UNKNOWN
    [line] = history(subject)
    assert (line.event, line.details) == ("user.sign_in_failed", {})


def test_a_user_without_a_password_cannot_sign_in(client: FlaskClient) -> None:
    make.user(Role.AUDITOR, email=EMAIL)

    status, page = typed(client)

    assert status == 200
    assert WRONG in page


def test_what_is_missing_is_asked_for(client: FlaskClient) -> None:
    _, page = typed(client, "", "")

    assert "Enter your email address" in page
    assert "Enter your password" in page


def test_a_password_hashed_more_weakly_than_is_usual_is_hashed_again(client: FlaskClient, app: Flask) -> None:
    user = make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)
    weak = user.password
    context = app.extensions["security"].pwd_context
    context.update(argon2__time_cost=2)

    first, second = typed(client), typed(app.test_client())

    context.update(argon2__time_cost=make.CHEAP["time_cost"])
    current.expire_all()
    assert first == second == (302, "/")
    assert queries.user(user.id).password != weak


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/users?q=sam", "/users?q=sam"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_on_within_the_site_and_nowhere_else(client: FlaskClient, wanted: str, leads_to: str) -> None:
    make.user(Role.ADMINISTRATOR, email=EMAIL, password=PASSWORD)
    path = client.application.test_request_context("/sign-in", query_string={"next": wanted}).request.full_path

    assert typed(client, path=path) == (302, leads_to)


def test_a_page_asked_for_without_signing_in_is_reached_afterwards(client: FlaskClient) -> None:
    answer = client.get("/users?q=sam")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/users?q%3Dsam")


def test_the_sixth_wrong_password_for_one_email_within_a_minute_is_not_tried(client: FlaskClient) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)
    statuses = [typed(client, "wrong", EMAIL.upper() if turn % 2 else EMAIL)[0] for turn in range(5)]

    status, page = typed(client)

    assert statuses == [200] * 5
    assert status == 429
    assert "Too many tries" in page


def test_the_eleventh_failure_from_one_address_within_a_minute_is_not_tried(client: FlaskClient) -> None:
    statuses = [typed(client, "wrong", f"user{turn}@force.example")[0] for turn in range(11)]

    assert statuses == [200] * 10 + [429]


def test_a_whole_station_may_sign_in_from_one_address_when_a_shift_begins(client: FlaskClient, app: Flask) -> None:
    users = [make.user(Role.AUDITOR, password=PASSWORD) for _ in range(12)]

    assert {typed(app.test_client(), email=user.email) for user in users} == {(302, "/")}


def test_signing_in_rightly_is_never_counted_as_a_try(client: FlaskClient, app: Flask) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)

    assert [typed(app.test_client()) for _ in range(7)] == [(302, "/")] * 7


def test_a_form_without_the_token_is_a_bad_request(client: FlaskClient) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)

    answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})

    assert answer.status_code == 400
    assert not is_in(client)


def test_a_bad_token_is_a_bad_request_to_somebody_signed_in_too(sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.ADMINISTRATOR, name="Ada King"))

    answer = browser.post("/users/new", data={"csrf_token": "old"})

    assert answer.status_code == 400
    assert "Ada King" in answer.text


def test_signing_out_ends_the_session_and_is_recorded(sign_in: SignIn) -> None:
    user = make.user(Role.AUDITOR)
    browser = sign_in(user)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/password").text)
    assert token

    answer = browser.post("/sign-out", data={"csrf_token": token[1]})

    assert answer.headers["Location"] == "/sign-in"
    assert not is_in(browser)
    assert events(user) == ["user.signed_out"]


def test_nobody_is_signed_out_by_following_a_link(sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.AUDITOR))

    assert browser.get("/sign-out").status_code == 404
    assert is_in(browser)


def test_a_disabled_user_is_out_at_the_next_request(sign_in: SignIn) -> None:
    user = make.user(Role.AUDITOR)
    browser = sign_in(user)
    was_in = is_in(browser)

    with transaction():
        services.disable_user(user.id, actor=system("test"), at=NOW)

    assert was_in
    assert not is_in(browser)


def test_a_session_lasts_twelve_hours_from_the_last_request(client: FlaskClient) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)
    typed(client)

    sent = client.get("/password").headers["Set-Cookie"]

    assert client.application.permanent_session_lifetime == dt.timedelta(hours=12)
    assert "Expires=" in sent
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent


def test_a_token_in_the_address_signs_nobody_in(client: FlaskClient, app: Flask) -> None:
    user = make.user(Role.AUDITOR)
    with app.test_request_context():
        token = user.get_auth_token()

    assert client.get("/password", query_string={"auth_token": token}).status_code == 302


def test_a_one_time_password_leads_to_choosing_ones_own_before_anything_else(client: FlaskClient) -> None:
    user = make.user(Role.ADMINISTRATOR, email=EMAIL, password="h7km-2pqx-9abc-wert", chosen=False)
    typed(client, "h7km-2pqx-9abc-wert")

    kept_away = client.get("/users").headers["Location"]
    page = client.get("/password").text
    outcome = post(client, "/password", password=PASSWORD, again=PASSWORD)

    assert kept_away == "/password"
    assert "can be used only once" in page
    assert outcome.headers["Location"] == "/"
    assert client.get("/users").status_code == 200
    assert events(user) == ["user.password_chosen", "user.signed_in"]


def test_a_one_time_password_cannot_be_kept(client: FlaskClient) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password="h7km-2pqx-9abc-wert", chosen=False)
    typed(client, "h7km-2pqx-9abc-wert")

    answer = post(client, "/password", password="h7km-2pqx-9abc-wert", again="h7km-2pqx-9abc-wert")

    assert "Choose a password other than the one you have now" in answer.text


def test_a_new_password_ends_every_other_session_and_keeps_this_one(sign_in: SignIn) -> None:
    user = make.user(Role.AUDITOR, password=PASSWORD)
    here, elsewhere = sign_in(user), sign_in(user)

    answer = post(here, "/password", current=PASSWORD, password="marsh wader bicycle", again="marsh wader bicycle")

    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"current": "not mine at all"}, "This is not the password you have now"),
        ({"current": ""}, "Enter the password you have now"),
        ({"password": "short"}, "The password must be 12 characters or more"),
        ({"password": "sam okafor 2026"}, "must not be made of the name or email address"),
        ({"again": "marsh wader tricycle"}, "Enter the same password again"),
    ],
)
def test_a_password_that_cannot_be_is_refused_in_words(sign_in: SignIn, changed: dict[str, str], words: str) -> None:
    user = make.user(Role.AUDITOR, password=PASSWORD)
    form = {"current": PASSWORD, "password": "marsh wader bicycle", "again": "marsh wader bicycle"}

    answer = post(sign_in(user), "/password", **{**form, **changed})

    assert answer.status_code == 200
    assert words in answer.text
    assert events(user) == []


def test_the_library_brings_no_view_of_its_own(app: Flask) -> None:
    ours = {e: access_of(view) for e, view in app.view_functions.items() if e.startswith("accounts.")}

    assert not LIBRARY_ENDPOINTS
    assert [e for e in app.view_functions if e.startswith(("security", "fs"))] == []
    before_signing_in = {
        ours.pop(f"accounts.{name}") for name in ("sign_in", "forgotten", "open_link", "choose_password")
    }
    assert before_signing_in == {Open.PUBLIC}
    signed_in = {ours.pop(f"accounts.{name}") for name in ("sign_out", "password", "verify")}
    assert signed_in == {Open.SIGNED_IN}
    assert set(ours.values()) == {Permission.MANAGE_USERS}


def test_the_password_is_asked_for_again_and_leads_on_within_this_site_alone(client: FlaskClient) -> None:
    make.user(Role.SERGEANT, email="again@force.example", password="lantern orchard 57 kettle")
    post(client, "/sign-in", email="again@force.example", password="lantern orchard 57 kettle")

    wrong = post(client, "/verify?next=/panels", password="no such thing")
    right = post(client, "/verify?next=/panels", password="lantern orchard 57 kettle")
    away = post(client, "/verify?next=//elsewhere.example/", password="lantern orchard 57 kettle")

    assert "This is not your password" in wrong.text
    assert (right.headers["Location"], away.headers["Location"]) == ("/panels", "/")
