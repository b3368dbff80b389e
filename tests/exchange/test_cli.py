"""``npt import`` as somebody types it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from npt.core import db
from npt.core.errors import BadInput
from npt.exchange.cli import import_command
from npt.people.models import Bcu
from tests.exchange.make import FORCE, write

pytestmark = pytest.mark.usefixtures("session")


def type_in(*words: str) -> Result:
    app = Flask(__name__)
    app.extensions["npt.zone"] = ZoneInfo("Europe/London")
    with app.app_context():
        return CliRunner().invoke(import_command, list(words))


def bcus() -> int:
    return db.session.scalar(select(func.count()).select_from(Bcu)) or 0


def test_a_folder_is_taken_in_and_a_line_printed_for_each_file(tmp_path: Path) -> None:
    answer = type_in(str(write(tmp_path, **FORCE)))

    lines = [line.split() for line in answer.stdout.splitlines()]
    assert answer.exit_code == 0
    assert lines[0] == ["file", "read", "new", "changed", "unchanged"]
    assert lines[1] == ["bcus.csv", "1", "1", "0", "0"]
    assert len(lines) == 1 + len(FORCE)
    assert answer.stderr == ""
    assert bcus() == 1


def test_a_dry_run_prints_the_same_and_says_that_nothing_was_changed(tmp_path: Path) -> None:
    folder = str(write(tmp_path, **FORCE))

    rehearsal = type_in(folder, "--dry-run")
    real = type_in(folder)

    assert rehearsal.exit_code == 0
    assert rehearsal.stdout == real.stdout + "dry run: nothing was changed\n"


def test_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    type_in(str(write(tmp_path, **FORCE)), "--dry-run")

    assert bcus() == 0


def test_one_file_whose_name_says_its_kind_is_enough(tmp_path: Path) -> None:
    write(tmp_path, **FORCE)

    answer = type_in(str(tmp_path / "bcus.csv"))

    assert answer.stdout.splitlines()[1].split() == ["bcus.csv", "1", "1", "0", "0"]


def test_bad_input_is_raised_with_every_problem_for_the_command_to_print(tmp_path: Path) -> None:
    answer = type_in(str(write(tmp_path, bcus="code,name\nS,\nS,\n")))

    assert isinstance(answer.exception, BadInput)
    assert [str(problem) for problem in answer.exception.problems] == [
        "bcus.csv:2: name: this is empty: enter a value",
        "bcus.csv:3: name: this is empty: enter a value",
        'bcus.csv:3: code: the same code as in line 2 ("S")',
    ]
    assert bcus() == 0
