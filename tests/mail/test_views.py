"""The administrator's page of emails."""

import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role, system
from npt.core.db import transaction
from npt.mail import services
from npt.mail.jobs import deliver
from npt.mail.rules import LetterKind, NewLetter
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, SignIn, token_of
from tests.posting import Mailbox


@pytest.fixture
def administrator(sign_in: SignIn) -> FlaskClient:
    with transaction():
        start_policy()
    return sign_in(make.user(Role.ADMINISTRATOR))


def write(address: str) -> int:
    with transaction():
        new = NewLetter(LetterKind.SIGNATURE, "priority:Q1", address, "Sign", ["Secret words"], "/")
        return services.write(new, actor=system("test"), at=NOW).id


def test_a_force_without_a_mail_server_is_told_how_to_have_one(administrator: FlaskClient) -> None:
    page = administrator.get("/emails/").text

    assert "This installation sends no emails" in page
    assert "NPT_SMTP_URL" in page


def test_what_was_not_sent_says_why_and_can_be_tried_again(administrator: FlaskClient, mailbox: Mailbox) -> None:
    mailbox.refused = {"gone@parish.example": "550 No"}
    letter_id = write("gone@parish.example")
    with administrator.application.app_context():
        deliver()

    page = administrator.get("/emails/?show=failed").text
    file = administrator.get("/emails/?show=failed&format=csv").text

    assert "The mail server does not take this address (code 550)" in page
    assert "Secret words" not in page
    assert "gone@parish.example" in file
    mailbox.refused = {}
    token = token_of(administrator)
    answer = administrator.post(f"/emails/{letter_id}/try-again", data={"csrf_token": token}, follow_redirects=True)
    assert "is tried again now" in answer.text
    with administrator.application.app_context():
        deliver()
    assert len(mailbox.arrived) == 1
    again = administrator.post(f"/emails/{letter_id}/try-again", data={"csrf_token": token}, follow_redirects=True)
    assert "was sent meanwhile" in again.text
    assert "gone@parish.example" in administrator.get("/emails/?show=sent").text


def test_an_email_that_is_not_there_cannot_be_tried_again(administrator: FlaskClient) -> None:
    assert administrator.post("/emails/7/try-again", data={"csrf_token": token_of(administrator)}).status_code == 404


def test_a_state_nobody_knows_shows_what_waits(administrator: FlaskClient) -> None:
    write("roger@parish.example")

    assert "roger@parish.example" in administrator.get("/emails/?show=burnt").text
