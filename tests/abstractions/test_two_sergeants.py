"""Two sergeants who log the same person at once, each in a browser of their own, on a server that really commits."""

import re
import threading

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from npt.abstractions.models import Abstraction
from npt.accounts.models import User
from npt.app import create_app
from npt.core import db
from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.settings import Settings
from tests import make
from tests.conftest import token_of

NEW = "/abstractions/new"


def browser_of(served: Flask, user: User) -> FlaskClient:
    browser = served.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = user.fs_uniquifier
    return browser


def test_of_two_sergeants_who_log_the_same_person_at_once_one_is_kept_and_the_other_told_why(
    app: Flask, fresh_url: str
) -> None:
    served = create_app(Settings(database_url=fresh_url, secret_key="k" * 32))
    with transaction():
        start_policy()
    soham, ely = make.team(code="SOH"), make.team(code="ELY", name="Ely")
    who = make.posted(soham, collar_number="1432", surname="Rahman")
    make.cover(make.posted(ely, Grade.SERGEANT, email="vale@force.example"), soham)
    users = make.user(Role.SERGEANT, "SOH", name="Sgt Okafor"), make.user(Role.SERGEANT, email="vale@force.example")
    browsers = [browser_of(served, user) for user in users]
    tokens = [token_of(browser, NEW) for browser in browsers]
    db.session.remove()
    answers: list[TestResponse] = []
    start = threading.Barrier(2)

    def log(browser: FlaskClient, token: str, minute: int) -> None:
        typed = {
            "csrf_token": token,
            "person_id": str(who.id),
            "reason": "custody",
            "starts_at_day": "2026-11-10",
            "starts_at_clock": f"07:{minute:02}",
            "returning": "back",
            "ends_at_day": "2026-11-10",
            "ends_at_clock": "09:00",
            "destination": f"Parkside, door {minute}",
        }
        start.wait()
        answers.append(browser.post(NEW, data=typed))

    threads = [
        threading.Thread(target=log, args=(*each, n)) for n, each in enumerate(zip(browsers, tokens, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    try:
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        [refused] = [answer.text for answer in answers if answer.status_code == 200]
        assert "PC 1432 A. Rahman is already away: Custody cover from 10 November 2026, 7:0" in refused
        door = re.search(r'name="destination"[^>]*value="Parkside, door (\d)"', refused)
        assert door
        assert f'name="starts_at_clock" type="time" value="07:0{door[1]}"' in refused
        assert re.search(rf'name="person_id" type="radio" value="{who.id}" checked', refused)
        assert db.session.scalar(select(func.count()).select_from(Abstraction)) == 1
    finally:
        db.session.remove()
        db.engine().dispose()
