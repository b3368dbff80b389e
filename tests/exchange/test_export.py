"""What is given out comes back without changing anything, on both databases, as CSV and as Excel."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import html5lib
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, update

from npt.abstractions.models import Absence, Abstraction
from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import PEOPLE_ROLES, Role, system
from npt.core.db import session, transaction
from npt.core.errors import BadInput
from npt.demo.services import load_force
from npt.exchange import services
from npt.exchange.cli import export_command
from npt.exchange.services import ExportedFile
from npt.people.models import Skill, Team
from npt.policy.models import ReasonEntry
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.exchange.make import FORCE, LONDON, load, rows

pytestmark = pytest.mark.usefixtures("session")

SignIn = Callable[[User], FlaskClient]


def given_out(ending: str = "csv", *kinds: str) -> list[ExportedFile]:
    with transaction():
        return services.export(kinds, ending, actor=system("npt export"), at=NOW, zone=LONDON)


def text_of(kind: str) -> str:
    [file] = given_out("csv", kind)
    return file.content.decode()


def taken_back(files: list[ExportedFile]) -> dict[str, tuple[int, int]]:
    """For each file of an export that comes back, how many rows were new and how many changed."""
    with transaction():
        result = services.load(
            services.from_uploads([(file.name, file.content) for file in files]),
            actor=system("npt import"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
        )
    assert [line.read for line in result.files] == [file.rows for file in files]
    return {line.file: (line.new, line.changed) for line in result.files if (line.new, line.changed) != (0, 0)}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_kind_comes_back_and_changes_nothing(ending: str) -> None:
    load(FORCE)

    files = given_out(ending)

    assert [file.name for file in files] == [f"{kind}.{ending}" for kind in FORCE]
    assert [file.rows for file in files] == [text.count("\n") - 1 for text in FORCE.values()]
    assert taken_back(files) == {}


def test_the_whole_demonstration_force_comes_back_and_changes_nothing() -> None:
    with transaction():
        load_force(actor=system("demo"), at=NOW, on=TODAY, zone=LONDON, progress=services.silent)

    files = given_out()

    counts = {file.name: file.rows for file in files}
    assert counts["duties.csv"] > 10_000
    assert counts["abstractions.csv"] > 1_000
    assert taken_back(files) == {}


def test_the_columns_are_the_published_ones_and_instants_carry_their_offset() -> None:
    load(FORCE)

    assert text_of("duties").splitlines() == [
        "ref,collar_number,starts_at,ends_at,status",
        "D1,1432,2026-10-01T07:00+01:00,2026-10-01T17:00+01:00,worked",
        "D2,1432,2026-10-01T23:30+01:00,2026-10-02T07:00+01:00,planned",
    ]
    assert text_of("patterns").splitlines() == FORCE["patterns"].splitlines()
    assert text_of("pattern_people").splitlines() == FORCE["pattern_people"].splitlines()
    assert text_of("needed_languages").splitlines() == FORCE["needed_languages"].splitlines()
    assert text_of("wards").splitlines()[1:] == [
        "E1,Soham North,ELY,2026-01-01,",
        "E1,Soham North,SOH,2020-01-01,2025-12-31",
    ]


def test_a_duty_in_the_hour_that_happens_twice_comes_back_as_it_was() -> None:
    load(FORCE)
    load(rows("duties", "D8,0077,2026-10-25T01:30+01:00,2026-10-25T01:30+00:00,worked"))

    files = given_out("csv", "duties")

    assert "D8,0077,2026-10-25T01:30+01:00,2026-10-25T01:30+00:00,worked" in files[0].content.decode()
    assert taken_back(files) == {}


def test_who_logged_authorised_and_cancelled_an_entry_and_when_goes_along() -> None:
    load(FORCE)
    with transaction():
        session.execute(
            update(Abstraction)
            .where(Abstraction.ref == "A2")
            .values(
                logged_at=make.at("2026-10-01 13:05"),
                logged_by="fisk@example.org",
                authorised_at=make.at("2026-10-02 09:00"),
                cancelled_at=make.at("2026-10-03 09:00"),
                cancel_reason="Logged twice",
                note='He said "now",\nand went',
            )
        )

    files = given_out("csv", "abstractions")

    line = files[0].content.decode()
    assert "2026-10-01T14:05+01:00,fisk@example.org,2026-10-02T10:00+01:00,2026-10-03T10:00+01:00,Logged twice" in line
    assert taken_back(files) == {}


def test_an_absence_that_was_cancelled_is_not_given_out_and_stays_cancelled_when_the_rest_comes_back() -> None:
    load(FORCE)
    with transaction():
        session.execute(update(Absence).values(cancelled_at=NOW))

    files = given_out("csv", "absences")
    load({"absences": FORCE["absences"]})

    assert files[0].rows == 0
    assert session.scalars(select(Absence.cancelled_at)).one() == NOW


def test_a_skill_that_has_ended_is_not_given_out_and_is_recorded_anew_when_a_file_names_it() -> None:
    load(FORCE)
    with transaction():
        session.execute(update(Skill).values(ended_on=TODAY))

    assert text_of("skills").splitlines() == ["collar_number,kind,name,level,verified_on"]
    again = load({"skills": FORCE["skills"]})["skills"]
    assert (again.new, again.changed, again.unchanged) == (1, 0, 0)
    assert session.scalars(select(Skill.ended_on).order_by(Skill.id)).all() == [TODAY, None]
    assert load({"skills": FORCE["skills"]})["skills"].unchanged == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "name",
    [
        "=2+5",
        "'=2+5",
        "@home",
        "-",
        "+44 1353 720000",
        "007",
        "'tis",
        "yes",
        "Ely; March",
        "Ely_x0041_",
        "Ely\r\nMarch",
    ],
)
def test_a_text_that_a_spreadsheet_would_change_comes_back_as_it_was(name: str, ending: str) -> None:
    load(FORCE)
    with transaction():
        session.execute(update(Team).where(Team.code == "SOH").values(name=name, telephone=name))

    assert taken_back(given_out(ending, "teams")) == {}


def test_a_csv_holds_nothing_a_spreadsheet_would_run() -> None:
    load(FORCE)
    with transaction():
        session.execute(update(ReasonEntry).values(label="=HYPERLINK(1)", guidance="+44 1353 720000"))

    assert ",'=HYPERLINK(1),custody," in text_of("reasons")
    assert ",+44 1353 720000" in text_of("reasons")


def test_a_workbook_prints_its_marking() -> None:
    load(FORCE)

    [file] = given_out("xlsx", "bcus")

    book = load_workbook(io.BytesIO(file.content))
    header = book.worksheets[0].oddHeader
    assert header is not None
    assert header.center.text == "OFFICIAL"


def test_each_export_is_in_the_record_with_its_files_and_their_digests() -> None:
    load(FORCE)

    [file] = given_out("csv", "skills")

    [entry] = history("export:skills")
    assert (entry.event, entry.actor) == ("data.exported", "npt export")
    assert entry.details == {"files": [{"name": "skills.csv", "rows": 1, "sha256": file.sha256}]}


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(BadInput, match="no such kind of file"):
        given_out("csv", "rotas")


def type_in(*words: str) -> Result:
    app = Flask(__name__)
    app.extensions["npt.zone"] = ZoneInfo("Europe/London")
    with app.app_context():
        return CliRunner().invoke(export_command, list(words))


def test_the_command_writes_a_file_for_each_kind_and_overwrites_none(tmp_path: Path) -> None:
    load(FORCE)
    folder = tmp_path / "out"

    answer = type_in(str(folder))
    again = type_in(str(folder), "--kind", "bcus")

    assert answer.exit_code == 0
    assert sorted(path.stem for path in folder.iterdir()) == sorted(FORCE)
    assert answer.stdout.splitlines()[1].split() == ["bcus.csv", "1"]
    assert isinstance(again.exception, BadInput)
    assert "this is there already" in str(again.exception)
    assert len(history("export:bcus")) == 0


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMINISTRATOR, email="admin@force.example"))


def test_an_administrator_is_given_one_file_that_comes_back_under_its_own_name(browser: FlaskClient) -> None:
    load(FORCE)

    answer = post(browser, "/imports/export", kind="pattern_people", ending="csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="OFFICIAL-pattern_people.csv"'
    assert taken_back([ExportedFile("OFFICIAL-pattern_people.csv", 1, answer.data)]) == {}
    page = browser.get("/imports/export").text
    html5lib.HTMLParser(strict=True).parse(page)
    assert "pattern_people.csv" in page


def test_an_administrator_is_given_everything_as_one_zip_in_a_marked_folder(browser: FlaskClient) -> None:
    load(FORCE)

    answer = post(browser, "/imports/export", kind="", ending="xlsx")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
    folder = names[0].split("/")[0]
    assert folder.startswith("OFFICIAL-npt-")
    assert names == [f"{folder}/{kind}.xlsx" for kind in FORCE]


def test_the_page_says_when_nothing_was_exported_yet(browser: FlaskClient) -> None:
    assert "Nothing has been exported yet" in browser.get("/imports/export").text


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if role is not Role.ADMINISTRATOR])
def test_nobody_else_is_given_anything(sign_in: SignIn, role: Role) -> None:
    assert sign_in(make.user(role)).get("/imports/export").status_code == 404


def test_the_moment_of_an_export_is_nowhere_in_its_files() -> None:
    load(FORCE)
    first = given_out()

    with transaction():
        later = services.export([], "csv", actor=system("x"), at=NOW + dt.timedelta(days=9), zone=LONDON)

    assert [file.sha256 for file in later] == [file.sha256 for file in first]
