"""Another system's export, read by a saved column mapping."""

import io
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from npt.abstractions.models import Abstraction, Duty
from npt.audit.models import AuditEntry
from npt.audit.queries import history
from npt.core import db
from npt.core.authority import Role, system
from npt.core.db import transaction
from npt.core.errors import BadInput, Refused
from npt.core.spool import DateCell
from npt.exchange import queries, services
from npt.exchange.rules.cells import Clock, Untold
from npt.exchange.rules.kinds import BY_NAME, KINDS
from npt.exchange.rules.mapping import ColumnMapping, Source, Translation, as_words, faults, from_words, identity
from npt.exchange.rules.shapes import Shape, moment_as_ours
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post, token_of
from tests.exchange.make import FORCE, LONDON, load
from tests.exchange.test_cli import type_in

ROSTER = (
    "Duty No;Shoulder No;Date;Start;End;Duty State;Station\n"
    "881;1432;01/10/2026;07:00;17:00;Rostered;Ely\n"
    "882;1432;01/10/2026;2300;7:00;WORKED;Ely\n"
)
"""What a duty-management system gives: a date, two times, words of its own, and a column of no use here."""

ROSTERED = ColumnMapping(
    "Roster",
    "duties",
    (
        Source("ref", "Duty No", prefix="DMS-"),
        Source("collar_number", "Shoulder No"),
        Source("starts_at", "Date", "Start", Shape.DAY_FIRST),
        Source("ends_at", "Date", "End", Shape.DAY_FIRST, next_day=True),
        Source("status", "Duty State", words=(("rostered", "planned"), ("Worked", "worked"))),
    ),
    ("Station",),
)
PEOPLE = {kind: FORCE[kind] for kind in ("bcus", "sectors", "teams", "people", "reasons")}


def take_in(mapping: ColumnMapping, content: str, name: str = "duty export.csv") -> services.FileResult:
    with transaction():
        result = services.load(
            services.from_uploads([(name, content.encode())], mapped=True),
            actor=system("npt import"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
            mapping=mapping,
        )
    return result.files[0]


def told(mapping: ColumnMapping, content: str) -> list[str]:
    with pytest.raises(BadInput) as answer:
        take_in(mapping, content)
    return [str(problem) for problem in answer.value.problems]


def saved(mapping: ColumnMapping) -> int:
    with transaction():
        return services.save_mapping(mapping, mapping_id=None, actor=system("admin"), at=NOW, zone=LONDON)


cell = st.none() | st.text(max_size=12) | st.builds(DateCell, st.just("2026-10-01T00:00:00"))


@given(st.sampled_from(KINDS), st.data())
def test_translating_with_our_own_headers_changes_nothing(kind, data) -> None:  # type: ignore[no-untyped-def]
    columns = data.draw(st.permutations([column.name for column in kind.columns]))
    row = data.draw(st.tuples(*[cell for _ in columns]))

    translation = Translation(identity(kind, columns), "file.csv", columns)

    assert translation.columns == tuple(columns)
    assert list(translation.row(row)) == list(row)
    assert [type(one) for one in translation.row(row)] == [type(one) for one in row]


@given(st.dates(), st.times(), st.sampled_from([shape for shape in Shape if shape is not Shape.DECIMAL_COMMA]))
def test_a_date_and_time_in_any_shape_is_the_same_day_and_minute(day, time, shape) -> None:  # type: ignore[no-untyped-def]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    written = {
        Shape.DAY_FIRST: f"{day.day}/{day.month:02}/{day.year:04} {time:%H:%M}",
        Shape.MONTH_FIRST: f"{day.month}/{day.day}/{day.year:04} {time:%H:%M:%S}",
        Shape.MONTH_NAME: f"{day.day:02}-{months[day.month - 1]}-{day.year:04} {time:%H%M}",
    }.get(shape, f"{day.isoformat()} {time:%H:%M}")

    assert moment_as_ours(written, shape) == f"{day.isoformat()}T{time:%H:%M}"


@pytest.mark.parametrize(
    ("written", "shape", "why"),
    [
        ("31/02/2026 07:00", Shape.DAY_FIRST, "there is no such day"),
        ("10/01/26 07:00", Shape.DAY_FIRST, "enter a date and time as DD/MM/YYYY HH:MM"),
        ("01/10/2026", Shape.DAY_FIRST, "there is no time"),
        ("01/10/2026 25:00", Shape.DAY_FIRST, "there is no such time"),
        ("01-Ju-2026 07:00", Shape.MONTH_NAME, "enter a date and time"),
        ("01-Xxx-2026 07:00", Shape.MONTH_NAME, "there is no such day"),
        ("13/13/2026 07:00", Shape.MONTH_FIRST, "there is no such day"),
    ],
)
def test_what_cannot_be_a_date_says_what_to_enter(written: str, shape: Shape, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        moment_as_ours(written, shape)


def translated(source: Source, kind: str = "duties", **cells: str | None) -> str | None:
    mapping = ColumnMapping("M", kind, (source,), ("Other",))
    headers = list(cells)
    return Translation(mapping, "f.csv", headers).row(list(cells.values()))[0]


def test_a_cell_is_translated_by_what_the_mapping_says_of_it() -> None:
    start = Source("starts_at", "Day", "At", Shape.DAY_FIRST)

    assert translated(start, Day="01/10/2026", At="7:05am") == "2026-10-01T07:05"
    assert translated(start, Day=DateCell("2026-10-01T00:00:00"), At="07:05:00") == "2026-10-01T07:05"
    assert translated(start, Day="2026-10-25T01:30+01:00", At="01:30") == "2026-10-25T01:30+01:00"
    assert (
        translated(Source("reason", "R", words=(("CUST  1", "custody"), ("NONE", ""))), "abstractions", R="cust 1")
        == "custody"
    )
    assert translated(Source("reason", "R", words=(("NONE", ""),)), "abstractions", R="none") is None
    assert translated(Source("reason", "R", words=(("NONE", ""),)), "abstractions", R="court") == "court"
    assert translated(Source("status", fixed="worked"), Other="x") == "worked"
    assert translated(Source("status", "S", fixed="worked"), S=None) == "worked"
    assert translated(Source("ref", "No", prefix="D-"), No="7") == "D-7"
    assert translated(Source("fte", "FTE", shape=Shape.DECIMAL_COMMA), "posts", FTE="1.000,50") == "1000.50"
    assert translated(Source("first_day", "F", shape=Shape.DAY_FIRST), "posts", F="01/10/2026 00:00:00") == "2026-10-01"


def test_a_date_whose_time_is_missing_is_told_and_never_guessed() -> None:
    alone = translated(Source("ends_at", "Day", "At", Shape.DAY_FIRST), Day="01/10/2026", At=None)
    without = translated(Source("ends_at", "Day", "At", Shape.DAY_FIRST), Day=None, At="07:00")

    assert isinstance(alone, Untold)
    assert alone.why == "there is a date and no time"
    assert isinstance(without, Untold)
    assert without.why == "there is a time and no date"


def test_a_mapping_is_kept_as_it_was_said() -> None:
    assert from_words("Roster", "duties", as_words(ROSTERED)) == ROSTERED


def test_a_mapping_that_cannot_work_says_why_before_it_is_saved() -> None:
    mapping = ColumnMapping(
        "M",
        "duties",
        (
            Source("ref", fixed="ALWAYS"),
            Source("starts_at", None, "At"),
            Source("ends_at", "End"),
            Source("status", "State", words=(("Done", "finished"),)),
        ),
        ("End",),
    )

    said = {reason.message for reason in faults(mapping, Clock(LONDON))}

    assert said == {
        "Every row would have the same ref: choose a column of theirs",
        "Choose their column for collar_number, or enter what it always is",
        "Choose their column for starts_at, or enter what it always is",
        "Choose their column for the date of starts_at too",
        "finished cannot be a status: enter one of: planned, worked, cancelled",
        "End is mapped and left out: do one of the two",
    }


@pytest.mark.usefixtures("session")
def test_a_foreign_duty_export_is_taken_in_and_again_without_changing_anything() -> None:
    load(PEOPLE)

    first, again = take_in(ROSTERED, ROSTER), take_in(ROSTERED, ROSTER)

    assert (first.file, first.read, first.new) == ("duty export.csv", 2, 2)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    night = db.session.scalars(select(Duty).where(Duty.ref == "DMS-882")).one()
    assert (night.starts_at.isoformat(), night.ends_at.isoformat()) == (
        "2026-10-01T22:00:00+00:00",
        "2026-10-02T06:00:00+00:00",
    )
    assert night.status == "worked"
    assert history("file:duty export.csv")[-1].details["new_rows"] == ["DMS-881", "DMS-882"]


@pytest.mark.usefixtures("session")
def test_every_problem_names_their_header_and_what_stands_in_their_cell() -> None:
    load(PEOPLE)
    content = ROSTER + "883;9999;31/09/2026;07:00;08:00;Sick;Ely\n881;1432;02/10/2026;07:00;;Rostered;Ely\n"

    assert told(ROSTERED, content) == [
        'duty export.csv:4: Shoulder No: there is no person with this collar number ("9999")',
        'duty export.csv:4: Date and Start: there is no such day: enter a date as DD/MM/YYYY ("31/09/2026 07:00")',
        'duty export.csv:4: Date and End: there is no such day: enter a date as DD/MM/YYYY ("31/09/2026 08:00")',
        'duty export.csv:4: Duty State: enter one of: planned, worked, cancelled ("Sick")',
        'duty export.csv:5: Date and End: this is empty: enter a value ("02/10/2026")',
        'duty export.csv:5: Duty No: the same ref as in line 2 ("881")',
    ]
    assert told(ROSTERED, ROSTER.replace("Station", "Depot").replace("Start", "From")) == [
        "duty export.csv:1: From: the mapping Roster does not know this column: map it or leave it out",
        "duty export.csv:1: Depot: the mapping Roster does not know this column: map it or leave it out",
        "duty export.csv:1: Start: the mapping Roster needs this column and it is missing",
    ]


@pytest.mark.usefixtures("session")
def test_somebody_in_two_places_is_told_in_their_words_too() -> None:
    load(PEOPLE)
    mapping = ColumnMapping(
        "Away",
        "abstractions",
        (
            Source("ref", "No"),
            Source("collar_number", "Who"),
            Source("reason", "Code", words=(("CUST", "custody"),)),
            Source("starts_at", "From", shape=Shape.DAY_FIRST),
            Source("ends_at", "To", shape=Shape.DAY_FIRST),
        ),
    )
    rows = "No,Who,Code,From,To\n1,1432,CUST,01/10/2026 08:00,01/10/2026 10:00\n"

    clash = told(mapping, rows + "2,1432,CUST,01/10/2026 09:00,\n")
    take_in(mapping, rows)

    assert clash == [
        'duty export.csv:3: From: this person is away at that time already (1, line 2) ("01/10/2026 09:00")'
    ]
    assert db.session.scalars(select(Abstraction)).one().reason == "custody"


@pytest.mark.usefixtures("session")
def test_two_mappings_in_use_never_share_a_name_and_an_ended_one_is_left_alone() -> None:
    first = saved(ROSTERED)

    with pytest.raises(Refused, match="There is a mapping of this name"):
        saved(ROSTERED)
    with transaction():
        services.end_mapping(first, actor=system("admin"), at=NOW)
    second = saved(ROSTERED)

    assert queries.mapping_named("Roster") == ROSTERED
    with pytest.raises(Refused, match="ended"), transaction():
        services.end_mapping(first, actor=system("admin"), at=NOW)
    assert [page.id for page in queries.mappings()] == [second, first]
    assert [line.event for line in history(f"mapping:{first}")] == ["mapping.ended", "mapping.saved"]


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMINISTRATOR, email="admin@force.example"))


def roster(content: str = ROSTER) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content.encode()), "C:\\exports\\duty export.csv"


def typed(page: str) -> dict[str, list[str]]:
    """Everything the form of a page would send, as it stands."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    sent: dict[str, list[str]] = {}
    for field in tree.iter():
        if field.tag not in ("input", "select", "textarea"):
            continue
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind in ("file", "submit") or (kind == "checkbox" and field.get("checked") is None):
            continue
        value = field.get("value", "") if field.tag == "input" else "".join(_values(field))
        sent.setdefault(name, []).append(value)
    return sent


def _values(field) -> Iterator[str]:  # type: ignore[no-untyped-def]
    if field.tag == "textarea":
        yield "".join(field.itertext()).removeprefix("\n")
    for option in field.iter("option"):
        if option.get("selected") is not None:
            yield option.get("value") or ""


ANSWERS = {
    "name": "Roster",
    "ref_header": "Duty No",
    "ref_prefix": "DMS-",
    "collar_number_header": "Shoulder No",
    "starts_at_header": "Date",
    "starts_at_time_header": "Start",
    "starts_at_shape": "day_first",
    "ends_at_header": "Date",
    "ends_at_time_header": "End",
    "ends_at_shape": "day_first",
    "ends_at_next_day": "y",
    "status_header": "Duty State",
    "status_words": "rostered = planned\nWorked = worked",
    "ignored": "Station",
}


def test_an_administrator_maps_a_foreign_export_tries_it_saves_it_and_imports_with_it(browser: FlaskClient) -> None:
    load(PEOPLE)
    assert "Every mapping would be here" in browser.get("/imports/mappings").text

    asked = post(browser, "/imports/mappings/new", kind="duties", sample=roster())
    html5lib.HTMLParser(strict=True).parse(asked.text)
    sent = {**typed(asked.text), **ANSWERS}
    wrong = browser.post("/imports/mappings/new", data={**sent, "status_words": "rostered=planned", "act": "preview"})
    left = browser.post("/imports/mappings/new", data={**sent, "ignored": [], "act": "save"})
    kept = browser.post("/imports/mappings/new", data={**typed(left.text), "ignored": "Station", "act": "save"})

    assert "1 of these 2 rows could not be imported" in wrong.text
    assert "Duty State: enter one of: planned, worked, cancelled (“WORKED”)" in wrong.text
    assert "2026-10-02T07:00" in wrong.text
    assert "Station: this is neither mapped nor left out, so map it or leave it out" in left.text
    assert kept.status_code == 302
    assert queries.mapping_named("Roster") == ROSTERED
    shown = browser.get(kept.location).text
    html5lib.HTMLParser(strict=True).parse(shown)
    assert typed(shown)["status_words"] == ["rostered = planned\nWorked = worked"]
    assert "Roster" in browser.get("/imports/mappings").text
    assert "Duty No" in browser.get("/imports/mappings.csv").text

    imported = post(browser, "/imports", files=[roster()], mapping="Roster", act="import")
    assert 'value="Roster"' in browser.get("/imports").text
    assert imported.status_code == 302
    assert {duty.ref for duty in db.session.scalars(select(Duty))} == {"DMS-881", "DMS-882"}
    unmapped = post(browser, "/imports", files=[roster()], act="import")
    assert "a file of this name is not known" in unmapped.text


def test_a_mapping_is_changed_and_ended_and_its_history_says_so(browser: FlaskClient) -> None:
    mapping_id = saved(ROSTERED)
    path = f"/imports/mappings/{mapping_id}"

    sent = typed(browser.get(path).text)
    nothing = browser.post(path, data={**sent, "act": "save"})
    changed = browser.post(path, data={**sent, "ref_prefix": "R-", "act": "save"})
    page = browser.get(path).text
    ended = post(browser, f"{path}/end")
    after = browser.get(path).text
    too_late = browser.post(path, data={**sent, "csrf_token": token_of(browser), "act": "save"})

    assert (nothing.status_code, changed.status_code, ended.status_code) == (302, 302, 302)
    assert len(history(f"mapping:{mapping_id}")) == 3
    assert "Mapping changed" in page
    assert "Nothing can be imported with it" in after
    assert too_late.status_code == 200
    assert queries.live_mappings() == {}


@pytest.mark.parametrize("carried", ["", "x", "[]", '["n",["a"],[[1,"x","y"]]]', '["n",["a"],[["z",{}]]]', "7"])
def test_a_sample_that_was_meddled_with_begins_again(browser: FlaskClient, carried: str) -> None:
    answer = post(browser, "/imports/mappings/new", kind="duties", packed=carried, act="save")

    assert answer.status_code == 200
    assert "Choose a file of the other system" in answer.text


@pytest.mark.usefixtures("session")
def test_the_command_imports_one_file_with_a_mapping_and_says_which_there_are(tmp_path: Path) -> None:
    load(PEOPLE)
    export = tmp_path / "export of duties.csv"
    export.write_text(ROSTER)

    none_yet = type_in(str(export), "--mapping", "Roster")
    saved(ROSTERED)
    rehearsed = type_in(str(export), "--mapping", "Roster", "--dry-run")
    done = type_in(str(export), "--mapping", "Roster")
    folder = type_in(str(tmp_path), "--mapping", "Roster")

    assert "there are: none yet" in str(none_yet.exception)
    assert rehearsed.stdout.splitlines()[-1] == "dry run: nothing was changed"
    assert done.stdout.splitlines()[1].split() == ["export", "of", "duties.csv", "2", "2", "0", "0"]
    assert "a mapping is for one file and this is a folder" in str(folder.exception)


@pytest.mark.usefixtures("session")
def test_what_is_kept_of_a_mapping_is_in_the_record() -> None:
    saved(ROSTERED)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "mapping.saved")).one()
    assert '"Duty No"' in entry.details


def test_every_kind_of_file_can_be_mapped(browser: FlaskClient) -> None:
    for kind in KINDS:
        header = ",".join(column.name for column in BY_NAME[kind.name].columns)
        answer = post(browser, "/imports/mappings/new", kind=kind.name, sample=(io.BytesIO(header.encode()), "x.csv"))

        html5lib.HTMLParser(strict=True).parse(answer.text)
        sent = typed(answer.text)
        assert [sent[f"{column.name}_header"] for column in kind.columns] == [[column.name] for column in kind.columns]
