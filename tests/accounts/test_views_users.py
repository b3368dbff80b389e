"""The pages of the users: whose they are, and what an administrator does there."""

import re

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.accounts import queries
from npt.accounts.views.security import WRONG
from npt.core.authority import PEOPLE_ROLES, Role
from npt.people.rules import Grade
from tests import make
from tests.accounts.signing_in import EMAIL, PASSWORD, SignIn, events, is_in, typed
from tests.conftest import post

PAGES = (
    "/users",
    "/users.csv",
    "/users.xlsx",
    "/users/new",
    "/users/{id}",
    "/users/{id}/edit",
    "/users/{id}/disable",
    "/users/{id}/enable",
    "/users/{id}/reset-password",
)


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_users_are_the_administrators_and_nobody_elses(sign_in: SignIn, role: Role) -> None:
    user = make.user(role)
    browser = sign_in(user)

    statuses = {browser.get(page.format(id=user.id)).status_code for page in PAGES}

    assert statuses == ({200} if role is Role.ADMINISTRATOR else {404})


def test_every_page_is_sound_html_with_one_heading(sign_in: SignIn, client: FlaskClient) -> None:
    team = make.team()
    administrator = make.user(Role.ADMINISTRATOR, password=PASSWORD)
    user = make.user(Role.SERGEANT, team.code, "GONE", email=EMAIL, active=False)
    browser = sign_in(administrator)
    post(browser, f"/users/{user.id}/edit", name="Sam Okafor", role="sergeant", scopes=team.code)
    pages = [browser.get(page.format(id=user.id)) for page in PAGES if "." not in page]
    pages += [browser.get("/users?q=xyz"), browser.get("/password"), client.get("/sign-in")]
    pages += [post(browser, "/users/new", name="", email="x", role="", scopes="GONE")]
    pages += [post(browser, f"/users/{user.id}/reset-password"), post(client, "/sign-in", email="", password="")]

    for page in pages:
        html5lib.HTMLParser(strict=True).parse(page.text)
        heading = re.findall(r"<h1[^>]*>(.*?)</h1>", page.text)
        title = re.search(r"<title>(?:Error: )?(.*?) – NPT</title>", page.text)
        assert title
        assert heading == [title[1]]


def test_users_are_listed_searched_and_taken_away_as_files(sign_in: SignIn) -> None:
    make.user(Role.FORCE_LEAD, name="Amina Rahman", email="ar@force.example")
    browser = sign_in(make.user(Role.ADMINISTRATOR, name="Ada King", email="ak@force.example"))

    everybody, found, nobody = (browser.get(f"/users{q}").text for q in ("", "?q=rahman", "?q=xyz"))
    file = browser.get("/users.csv?q=rahman").text

    assert "ar@force.example" in everybody
    assert "ak@force.example" in everybody
    assert "ak@force.example" not in found
    assert "No user has “xyz”" in nobody
    assert file.splitlines()[1] == ("ar@force.example,Amina Rahman,force_lead,,active,2026-01-05T09:00+00:00,")


def test_the_list_comes_fifty_at_a_time(sign_in: SignIn) -> None:
    for number in range(50):
        make.user(Role.AUDITOR, name=f"Auditor {number:02}")
    browser = sign_in(make.user(Role.ADMINISTRATOR, name="Zoe Last"))

    first, second = browser.get("/users").text, browser.get("/users?page=2").text

    assert "Auditor 49" in first
    assert '<a class="govuk-link" href="/users/' in second
    assert "Auditor 49" not in second
    assert "51 users" in second


def test_an_added_user_signs_in_with_the_password_shown_once(sign_in: SignIn, client: FlaskClient) -> None:
    team = make.team()
    browser = sign_in(make.user(Role.ADMINISTRATOR))

    answer = post(browser, "/users/new", name="Amina", email=EMAIL, role="sergeant", scopes=f"{team.code},")
    shown = re.search(r"<code>([a-z0-9-]+)</code>", answer.text)

    assert shown
    added = queries.user_by_email(EMAIL)
    assert added
    assert queries.user_row(added.id).scopes == (team.code,)
    assert shown[1] not in browser.get(f"/users/{added.id}").text
    assert typed(client, shown[1]) == (302, "/")


def test_a_refusal_keeps_what_was_typed_and_stands_beside_its_field(sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.ADMINISTRATOR))

    answer = post(browser, "/users/new", name="Amina", email=EMAIL, role="sergeant", scopes="NOWHERE")

    assert answer.status_code == 200
    assert (
        '<a href="#scopes">There is no team, sector, BCU, panel or organisation with the code NOWHERE</a>'
        in answer.text
    )
    assert 'value="Amina"' in answer.text
    assert queries.user_by_email(EMAIL) is None


def test_a_change_shows_in_the_history(sign_in: SignIn) -> None:
    team = make.team(name="Soham")
    make.posted(team, Grade.SERGEANT, email=EMAIL, surname="Okafor")
    user = make.user(Role.AUDITOR, email=EMAIL)
    browser = sign_in(make.user(Role.ADMINISTRATOR, name="Ada King"))

    answer = post(browser, f"/users/{user.id}/edit", name="Sam Okafor", role="sergeant", scopes=team.code)
    page = browser.get(answer.headers["Location"]).text

    assert f"Soham ({team.code})" in page
    assert "A. Okafor" in page
    assert "Ada King, changed the user" in page
    assert "Role: auditor → sergeant" in page
    assert f"Units: none → {team.code}" in page


def test_the_only_administrator_is_told_why_the_role_stays(sign_in: SignIn) -> None:
    only = make.user(Role.ADMINISTRATOR)
    browser = sign_in(only)

    answer = post(browser, f"/users/{only.id}/edit", name=only.name, role="auditor", scopes="")

    assert '<a href="#role">' in answer.text
    assert "only administrator" in answer.text


def test_a_user_is_disabled_and_enabled_after_asking(sign_in: SignIn) -> None:
    user = make.user(Role.AUDITOR)
    browser = sign_in(make.user(Role.ADMINISTRATOR))

    asked = browser.get(f"/users/{user.id}/disable").text
    post(browser, f"/users/{user.id}/disable")
    disabled = browser.get("/users").text
    post(browser, f"/users/{user.id}/enable")

    assert "is signed out at once" in asked
    assert ">disabled</strong>" in disabled
    assert events(user) == ["user.enabled", "user.disabled"]


def test_an_administrator_cannot_disable_themselves(sign_in: SignIn) -> None:
    make.user(Role.ADMINISTRATOR)
    user = make.user(Role.ADMINISTRATOR)

    answer = post(sign_in(user), f"/users/{user.id}/disable")

    assert "You cannot disable yourself" in answer.text


def test_a_reset_password_is_shown_once_and_ends_what_is_open(sign_in: SignIn, client: FlaskClient) -> None:
    user = make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)
    theirs, browser = sign_in(user), sign_in(make.user(Role.ADMINISTRATOR))

    answer = post(browser, f"/users/{user.id}/reset-password")
    shown = re.search(r"<code>([a-z0-9-]+)</code>", answer.text)

    assert shown
    assert answer.headers["Cache-Control"] == "no-store"
    assert not is_in(theirs)
    assert WRONG in typed(client)[1]
    assert typed(client, shown[1]) == (302, "/")


def test_there_is_no_page_of_nobody(sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.ADMINISTRATOR))

    assert {browser.get(page.format(id=999999)).status_code for page in PAGES if "{id}" in page} == {404}
