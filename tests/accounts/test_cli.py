"""Adding users from the command line."""

import pytest
from click.testing import Result
from flask import Flask

from npt.accounts import queries
from npt.accounts.cli import users
from npt.core.authority import Role
from npt.core.errors import BadInput
from tests import make

pytestmark = pytest.mark.usefixtures("session")


def run(app: Flask, *typed: str, stdin: str | bytes | None = None) -> Result:
    return app.test_cli_runner().invoke(users, typed, input=stdin)


def test_without_a_password_a_one_time_password_is_printed(app: Flask) -> None:
    team = make.team()

    done = run(app, "add", "Sam@force.example", "--name", "Sam Okafor", "--role", "sergeant", "--scope", team.code)

    assert done.exit_code == 0
    assert "One-time password: " in done.output
    [row] = queries.users()
    assert (row.email, row.role, row.scopes, row.chosen) == ("sam@force.example", Role.SERGEANT, (team.code,), False)


def test_a_password_from_standard_input_is_theirs_and_not_printed(app: Flask) -> None:
    done = run(
        app,
        "add",
        "sam@force.example",
        "--name",
        "Sam",
        "--role",
        "auditor",
        "--password-stdin",
        stdin="ouse heron lantern\n",
    )

    assert done.exit_code == 0
    assert "heron" not in done.output
    assert "One-time" not in done.output
    [row] = queries.users()
    assert row.chosen


def test_every_problem_is_said_by_the_name_it_was_typed_under(app: Flask) -> None:
    done = run(app, "add", "sam", "--name", " ", "--role", "sergeant", "--scope", "XX")

    assert isinstance(done.exception, BadInput)
    assert [str(problem).split(":")[0] for problem in done.exception.problems] == ["EMAIL", "--name", "--scope"]
    assert queries.users() == []


def test_a_password_that_somebody_would_guess_is_bad_input(app: Flask) -> None:
    typed = ("add", "sam@force.example", "--name", "Sam", "--role", "auditor", "--password-stdin")

    done = run(app, *typed, stdin="password1234\n")

    assert isinstance(done.exception, BadInput)
    assert str(done.exception).startswith("--password-stdin: ")
    assert queries.users() == []


def test_a_password_that_is_not_text_is_bad_input(app: Flask) -> None:
    typed = ("add", "sam@force.example", "--name", "Sam", "--role", "auditor", "--password-stdin")

    done = run(app, *typed, stdin=b"\xff\xfe three random words\n")

    assert isinstance(done.exception, BadInput)
    assert str(done.exception) == "--password-stdin: this is not text: enter the password in UTF-8"
    assert queries.users() == []


def test_users_are_listed_with_their_role_and_units(app: Flask) -> None:
    team = make.team()
    make.user(Role.SERGEANT, team.code, email="sam@force.example")

    done = run(app, "list")

    assert done.output == f"sam@force.example\tSam Okafor\tsergeant\t{team.code}\tactive\n"
