"""``npt report``: figures for other systems to the letter, and bad input answered with what to enter."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from npt.app import create_app
from npt.core.errors import BadInput
from npt.reports.cli import report
from npt.settings import Settings
from tests import make
from tests.reports.force import small_force

pytestmark = pytest.mark.usefixtures("session")

Run = Callable[..., Result]


@pytest.fixture
def run(session: object) -> Run:
    """A report asked for at the command line."""
    application = create_app(Settings(secret_key="k" * 32), connect=False)

    def asked(*words: str) -> Result:
        with application.app_context():
            return CliRunner().invoke(report, words, catch_exceptions=False)

    return asked


@pytest.fixture
def force(session: object) -> None:
    small_force()


def problem(run: Run, *words: str) -> str:
    with pytest.raises(BadInput) as refused:
        run(*words)
    return str(refused.value)


OCTOBER = ("--from", "2025-10-01", "--to", "2025-10-31")


@pytest.mark.usefixtures("force")
def test_abstraction_is_by_team_and_local_unless_asked_otherwise(run: Run) -> None:
    figures = json.loads(run("abstraction", *OCTOBER, "--format", "json").stdout)

    assert (figures["by"], figures["definition"], figures["as_at"]) == ("team", "local", "2025-11-01T00:00:00Z")
    assert [(row["code"], row["rate_percent"]) for row in figures["rows"]] == [
        ("N0", "0.00"),
        ("N1", "6.90"),
        ("N2", "12.50"),
    ]


@pytest.mark.usefixtures("force")
def test_one_day_is_a_range_and_the_force_is_one_row(run: Run) -> None:
    words = ("abstraction", "--from", "2025-10-22", "--to", "2025-10-22", "--by", "force", "--format", "json")

    figures = json.loads(run(*words).stdout)

    assert [(row["code"], row["duty_minutes"], row["off_duty_minutes"]) for row in figures["rows"]] == [
        ("force", 480, 60)
    ]


@pytest.mark.usefixtures("force")
def test_a_csv_has_a_line_for_each_team_and_the_total_last(run: Run) -> None:
    text = run("abstraction", *OCTOBER, "--format", "csv").stdout_bytes.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["code", "name", "duty_minutes"]
    assert rows[2] == ["N1", "Ely", "1740", "120", "0", "6.90", "10.00", "within"]
    assert rows[-1] == ["total", "", "2640", "180", "60", "6.82", "", ""]


@pytest.mark.usefixtures("force")
def test_a_table_can_be_read_and_says_that_there_is_no_figure(run: Run) -> None:
    table = run("supervision", "--on", "2025-10-31").stdout

    assert "Sergeant 1003 A. Okafor" in table
    assert [line.split() for line in table.splitlines() if line.startswith("force")] == [["force", "1", "2", "2.00"]]


@pytest.mark.usefixtures("force")
def test_the_resources_of_a_month_are_written_to_a_file_as_a_workbook(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "october.xlsx"

    answer = run("resources", "--bcu", "N", "--month", "2025-10", "--format", "xlsx", "--output", str(file))

    book = openpyxl.load_workbook(file)
    assert answer.stdout == f"Written to {file}.\n"
    assert book.sheetnames[:3] == ["Teams", "Staffing", "Vacancies"]
    assert [cell.value for cell in book["Vacancies"][2]][:2] == ["N1-PCSO-1", "N1"]


@pytest.mark.usefixtures("force")
def test_the_resources_of_a_month_are_the_figures_of_the_other_two_reports_and_its_own(run: Run) -> None:
    month = json.loads(run("resources", "--bcu", "N", "--month", "2025-10", "--format", "json").stdout)
    abstraction = json.loads(run("abstraction", *OCTOBER, "--format", "json").stdout)
    supervision = json.loads(run("supervision", "--on", "2025-10-31", "--format", "json").stdout)

    assert list(month) == [
        "bcu",
        "month",
        "version",
        "sha256",
        "staffing",
        "vacancies",
        "abstraction",
        "supervision",
        "flags",
        "returns",
    ]
    assert month["abstraction"] == abstraction
    assert month["supervision"] == supervision


@pytest.mark.usefixtures("force")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("abstraction", "--from", "31/10/2025", "--to", "2025-10-31"), "--from: enter a date as YYYY-MM-DD"),
        (("abstraction", "--from", "2025-10-01", "--to", "2025-10-32"), "--to: enter a date as YYYY-MM-DD"),
        (("abstraction", "--from", "2025-10-01", "--to", "20251031"), "--to: enter a date as YYYY-MM-DD"),
        (("abstraction", "--from", "2025-10-02", "--to", "2025-10-01"), "not before --from, 2025-10-02"),
        (("abstraction", "--from", "2025-10-01", "--to", "9999-12-31"), "--to: enter a date as YYYY-MM-DD"),
        (
            ("supervision", "--on", "yesterday"),
            'for instance 2026-10-31 ("yesterday")',
        ),
        (("resources", "--bcu", "N", "--month", "2025-13"), "--month: enter a month as YYYY-MM"),
        (("resources", "--bcu", "N", "--month", "2025-10-01"), "--month: enter a month as YYYY-MM"),
        (("resources", "--bcu", "X", "--month", "2025-10"), 'no such BCU; the codes are: N ("X")'),
        (("resources", "--bcu", "N", "--month", "2025-10", "--issued", "1"), "cannot show an issued report"),
        (("resources", "--bcu", "N", "--month", "2025-10", "--format", "pdf"), "cannot write PDF"),
        (("abstraction", *OCTOBER, "--format", "xlsx"), "--output: name a file"),
    ],
)
def test_bad_input_is_answered_with_what_to_enter(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in problem(run, *words)


def test_a_day_before_there_was_any_policy_is_said_in_words(run: Run) -> None:
    make.team(make.sector(make.bcu("N")))

    said = problem(run, "supervision", "--on", dt.date(1999, 12, 31).isoformat())

    assert said.startswith("No policy is in force on 31 December 1999")
