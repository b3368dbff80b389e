"""The administrator's page of imports."""

import io
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core import db
from npt.core.authority import PEOPLE_ROLES, Role
from npt.people.models import Bcu
from tests import make
from tests.conftest import post
from tests.exchange.make import FORCE

SignIn = Callable[[User], FlaskClient]
File = tuple[io.BytesIO, str]


def chosen(*names: str, **contents: str) -> list[File]:
    files = {**{name: FORCE[name] for name in names}, **contents}
    return [(io.BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()]


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMINISTRATOR, email="admin@force.example"))


def bcus() -> int:
    return db.session.scalar(select(func.count()).select_from(Bcu)) or 0


def cells(page: str) -> list[str]:
    """The text of every cell of every table."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return [" ".join("".join(cell.itertext()).split()) for cell in tree.iter() if cell.tag in ("td", "th")]


def test_the_page_says_what_would_be_here_before_anything_was_taken_in(browser: FlaskClient) -> None:
    page = browser.get("/imports").text

    html5lib.HTMLParser(strict=True).parse(page)
    assert "Every file taken in would be here" in page
    assert 'type="file"' in page
    assert "multiple" in page


def test_files_chosen_together_are_taken_in_and_shown_with_what_became_of_them(browser: FlaskClient) -> None:
    answer = post(browser, "/imports", files=chosen("bcus", "sectors", "teams"), act="import")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/imports")
    page = browser.get("/imports").text
    assert "3 files taken in: 4 new rows, 0 changed rows" in page
    found = cells(page)
    at = found.index("teams.csv")
    assert found[at + 3 : at + 7] == ["2", "2", "0", "0"]
    assert history("file:teams.csv")[0].actor == found[at + 2] != "npt import"


def test_what_was_taken_in_and_given_out_can_be_had_as_a_file(browser: FlaskClient) -> None:
    post(browser, "/imports", files=chosen("bcus"), act="import")
    post(browser, "/imports/export", kind="bcus", ending="csv")

    assert "bcus.csv" in browser.get("/imports/taken-in.csv").text
    assert "bcus.csv" in browser.get("/imports/given-out.csv").text
    assert browser.get("/imports/taken-in.xlsx").status_code == 200


@pytest.mark.parametrize("act", ["check", "", "anything"])
def test_a_check_says_what_an_import_would_do_and_changes_nothing(browser: FlaskClient, act: str) -> None:
    answer = post(browser, "/imports", files=chosen("bcus"), act=act)

    assert answer.status_code == 200
    assert "Checked: nothing was changed" in answer.text
    assert cells(answer.text)[5:10] == ["bcus.csv", "1", "1", "0", "0"]
    assert bcus() == 0


def test_every_problem_is_in_a_table_and_nothing_was_changed(browser: FlaskClient) -> None:
    answer = post(
        browser, "/imports", files=chosen("bcus", sectors="code,name,bcu\nEC,,X\n", rota="a\nb\n"), act="import"
    )

    assert answer.status_code == 200
    assert "<title>Error: Imports" in answer.text
    assert "Nothing was changed: 3 problems in these files" in answer.text
    found = cells(answer.text)
    assert found[5:15] == [
        *("sectors.csv", "2", "name", "this is empty: enter a value", "–"),
        *("sectors.csv", "2", "bcu", "there is no BCU", "X"),
    ]
    assert found[15:18] == ["rota.csv", "–", "–"]
    assert bcus() == 0


def test_a_thousand_problems_are_counted_and_the_first_of_them_shown(browser: FlaskClient) -> None:
    rows = "".join(f"C{number},\n" for number in range(1000))

    answer = post(browser, "/imports", files=chosen(bcus=f"code,name\n{rows}"), act="import")

    assert "1,000 problems" in answer.text
    assert "the first 200 of 1000" in answer.text


def test_what_a_file_says_is_shown_and_never_run(browser: FlaskClient) -> None:
    answer = post(browser, "/imports", files=chosen(bcus="code,<b>x</b>\nS,1\n"), act="check")

    assert "<b>x</b>" not in answer.text
    assert "&lt;b&gt;x" in answer.text


def test_the_way_to_a_file_that_some_browsers_send_is_no_part_of_its_name(browser: FlaskClient) -> None:
    file = (io.BytesIO(FORCE["bcus"].encode()), "force data/bcus.csv")

    answer = post(browser, "/imports", files=[file], act="import")

    assert answer.status_code == 302
    assert bcus() == 1


def test_without_a_file_one_is_asked_for(browser: FlaskClient) -> None:
    answer = post(browser, "/imports", act="import")

    assert answer.text.count("Choose one or more files") == 2


@pytest.mark.parametrize("role", sorted(set(PEOPLE_ROLES) - {Role.ADMINISTRATOR}))
def test_nobody_else_finds_the_page(sign_in: SignIn, role: Role) -> None:
    assert sign_in(make.user(role)).get("/imports").status_code == 404


def test_files_larger_than_the_limit_are_refused_with_a_page(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(browser.application.config, "MAX_CONTENT_LENGTH", 1_000)
    file = (io.BytesIO(b"x" * 1_001), "bcus.csv")

    answer = post(browser, "/imports", files=[file], act="import")

    assert answer.status_code == 413
    assert "too large" in answer.text
