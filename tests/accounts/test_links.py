"""A password chosen under a link from an email: by whoever is new, and by whoever has forgotten theirs."""

import re

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from npt.accounts import queries, services
from npt.accounts.cli import users
from npt.accounts.models import PasswordLink, User
from npt.audit.queries import history
from npt.core.authority import Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.mail.jobs import deliver
from npt.mail.models import Letter
from npt.policy.cli import start_policy
from tests import make
from tests.accounts.signing_in import EMAIL, PASSWORD, SignIn, events, is_in, typed
from tests.conftest import NOW, post
from tests.posting import BASE_URL, Mailbox, links_in, text_of

CHOSEN = "harbour violet 91 basket"
OVER = "This link works no longer"


@pytest.fixture(autouse=True)
def policy(session: object) -> None:
    with transaction():
        start_policy()


def sent(app: Flask) -> None:
    with app.app_context():
        deliver()


def add_by_page(sign_in: SignIn, role: Role, code: str = "") -> str:
    """Have an administrator add somebody. Returns the page that follows."""
    administrator = sign_in(make.user(Role.ADMINISTRATOR, name="Ada Minns", email="ada@force.example"))
    post(administrator, "/users/new", name="Sam Okafor", email=EMAIL, role=role.value, scopes=code)
    user = queries.user_by_email(EMAIL)
    assert user is not None
    return administrator.get(f"/users/{user.id}").text


def link_of(app: Flask, mailbox: Mailbox) -> str:
    """The link in the newest email, as a path."""
    sent(app)
    [link] = links_in(mailbox.arrived[-1])
    assert link.startswith(f"{BASE_URL}/link/")
    return link.removeprefix(BASE_URL)


def choose(client: FlaskClient, link: str, password: str = CHOSEN) -> int:
    """Open a link and choose a password: the status of the last answer."""
    client.get(link)
    page = client.get("/choose-password")
    if page.status_code != 200:
        return page.status_code
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    typed = {"csrf_token": token[1], "password": password, "again": password}
    return client.post("/choose-password", data=typed).status_code


def user() -> User:
    current.expire_all()
    found = queries.user_by_email(EMAIL)
    assert found is not None
    return found


def test_a_new_chair_is_told_who_asks_what_for_and_what_comes_first_and_gets_in_by_the_link(
    app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox
) -> None:
    panel = make.panel(make.team(), code="SOHV", name="Soham and Villages")

    page = add_by_page(sign_in, Role.CHAIR, panel.code)
    link = link_of(app, mailbox)

    assert "is on its way to sam@force.example" in page
    assert "One-time password" not in page
    [message] = mailbox.arrived
    words = text_of(message)
    assert message["Subject"] == "Fenland Police: choose your password for NPT"
    for said in (
        "Ada Minns of Fenland Police",
        "Panel chair, for Soham and Villages",
        "once, for 7 days",
        "your panel's page",
    ):
        assert said in words
    assert choose(client, link) == 302
    assert is_in(client)
    assert client.get("/").location == "/panels/SOHV"
    assert events(user())[:2] == ["user.signed_in", "user.password_chosen"]


def test_a_link_works_once(app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    link = link_of(app, mailbox)
    choose(client, link)

    again = app.test_client()

    assert choose(again, link, "another lantern 7 river") == 410
    assert not is_in(again)
    assert typed(app.test_client(), CHOSEN) == (302, "/")


def test_opening_a_link_uses_up_nothing_and_leaves_the_secret_in_no_address(
    app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox
) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    link = link_of(app, mailbox)

    for _ in range(3):
        answer = app.test_client().get(link)

    assert answer.location == "/choose-password"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert choose(client, link) == 302


def test_a_link_ends_with_its_time(app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    link = link_of(app, mailbox)
    with transaction():
        [kept] = current.query(PasswordLink)
        kept.works_until = NOW

    client.get(link)
    answer = client.get("/choose-password")

    assert (answer.status_code, OVER in answer.text) == (410, True)


@pytest.mark.parametrize("ended", ["disabled", "reset", "chosen"])
def test_a_link_ends_when_its_user_is_shut_out_or_has_another_password(
    app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox, ended: str
) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    link = link_of(app, mailbox)
    by = system("test")
    with transaction():
        match ended:
            case "disabled":
                services.disable_user(user().id, actor=by, at=NOW)
            case "reset":
                services.reset_password(user().id, password_hash="x", actor=by, at=NOW)
            case _:
                services.choose_password(user().id, password_hash="x", actor=by, at=NOW)

    assert choose(client, link) == 410


def test_no_secret_is_kept_anywhere(app: Flask, sign_in: SignIn, mailbox: Mailbox) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    before = [letter.words for letter in current.query(Letter)]
    secret = link_of(app, mailbox).rsplit("/", 1)[1]

    [kept] = current.query(PasswordLink)
    assert secret not in kept.token_hash
    assert all(secret not in (words or "") for words in before)
    said = [str(line.details) for line in history(f"user:{user().id}", "email:1")]
    assert not [line for line in said if secret in line]


def test_a_letter_that_still_waits_is_not_sent_to_somebody_who_was_shut_out(
    app: Flask, sign_in: SignIn, mailbox: Mailbox
) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    with transaction():
        services.disable_user(user().id, actor=system("test"), at=NOW)

    sent(app)

    assert mailbox.arrived == []


def test_a_password_that_is_refused_leaves_the_link_as_it_was(
    app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox
) -> None:
    add_by_page(sign_in, Role.AUDITOR)
    link = link_of(app, mailbox)

    assert choose(client, link, "short") == 200
    assert choose(client, link) == 302


@pytest.mark.parametrize("email", [EMAIL, "nobody@force.example"])
def test_whoever_asks_for_a_new_password_learns_nothing(
    app: Flask, client: FlaskClient, mailbox: Mailbox, email: str
) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)

    page = post(client, "/forgotten-password", email=email)
    sent(app)

    assert page.status_code == 200
    assert f"If <strong>{email}</strong> is the address of somebody who signs in here" in page.text
    assert len(mailbox.arrived) == (1 if email == EMAIL else 0)
    subject = f"user:{user().id}" if email == EMAIL else services.UNKNOWN
    assert [line.event for line in history(subject)] == ["user.new_password_asked"]


def test_a_new_password_is_chosen_by_link_and_the_old_one_works_until_then(
    app: Flask, client: FlaskClient, mailbox: Mailbox
) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)
    post(client, "/forgotten-password", email=EMAIL)
    link = link_of(app, mailbox)

    assert "once, for 1 hour" in text_of(mailbox.arrived[0])
    assert typed(app.test_client()) == (302, "/")
    elsewhere = app.test_client()
    typed(elsewhere)
    assert choose(client, link) == 302
    assert not is_in(elsewhere)
    assert typed(app.test_client())[0] == 200
    assert typed(app.test_client(), CHOSEN) == (302, "/")


def test_asking_again_and_again_fills_nobodys_mailbox(app: Flask, client: FlaskClient, mailbox: Mailbox) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)

    statuses = [post(client, "/forgotten-password", email=EMAIL).status_code for _ in range(12)]
    sent(app)

    assert len(mailbox.arrived) == 1
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_nobody_who_is_disabled_is_written_to(app: Flask, client: FlaskClient, mailbox: Mailbox) -> None:
    make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD, active=False)

    post(client, "/forgotten-password", email=EMAIL)
    sent(app)

    assert mailbox.arrived == []


def test_without_a_mail_server_the_sign_in_page_names_the_administrator_and_a_one_time_password_is_shown(
    client: FlaskClient, sign_in: SignIn
) -> None:
    administrator = sign_in(make.user(Role.ADMINISTRATOR))

    page = post(administrator, "/users/new", name="Sam Okafor", email=EMAIL, role="auditor", scopes="")

    assert "One-time password" in page.text
    assert "ask your administrator for a new one" in client.get("/sign-in").text
    assert "No emails are sent here" in client.get("/forgotten-password").text
    assert current.query(Letter).count() == 0


def test_an_administrator_chooses_between_a_link_and_a_one_time_password(
    app: Flask, client: FlaskClient, sign_in: SignIn, mailbox: Mailbox
) -> None:
    made = make.user(Role.AUDITOR, email=EMAIL, password=PASSWORD)
    administrator = sign_in(make.user(Role.ADMINISTRATOR))
    path = f"/users/{made.id}/reset-password"

    shown = post(administrator, path, do="password")
    sent(app)
    assert "One-time password" in shown.text
    assert mailbox.arrived == []

    assert post(administrator, path, do="email").status_code == 302
    assert choose(client, link_of(app, mailbox)) == 302


def run(app: Flask) -> Result:
    typed = ("add", EMAIL, "--name", "Sam Okafor", "--role", "auditor")
    return app.test_cli_runner().invoke(users, typed)


def test_the_command_sends_a_link_too_and_says_so(app: Flask, client: FlaskClient, mailbox: Mailbox) -> None:
    done = run(app)

    assert "One-time password: " in done.output
    assert "An email with a link to choose a password was sent." in done.output
    assert text_of(mailbox.arrived[0]).count("Fenland Police asks you to use NPT") == 1
    assert choose(client, links_in(mailbox.arrived[0])[0].removeprefix(BASE_URL)) == 302


def test_the_command_says_when_the_email_could_not_be_sent_yet(app: Flask, mailbox: Mailbox) -> None:
    mailbox.refused = {EMAIL: "451 Later"}

    assert "waits to be sent" in run(app).output
