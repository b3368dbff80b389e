"""Another system's export, read by a saved column mapping."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from npt.abstractions.models import Abstraction, Duty
from npt.audit.models import AuditEntry
from npt.audit.queries import history
from npt.core import db
from npt.core.authority import system
from npt.core.db import transaction
from npt.core.errors import BadInput, Refused
from npt.core.spool import DateCell
from npt.exchange import queries, services
from npt.exchange.rules.cells import Clock, Untold
from npt.exchange.rules.kinds import KINDS
from npt.exchange.rules.mapping import ColumnMapping, Source, Translation, as_words, faults, from_words, identity
from npt.exchange.rules.shapes import Shape, moment_as_ours
from tests.conftest import NOW, TODAY
from tests.exchange.make import LONDON, load
from tests.exchange.rosters import PEOPLE, ROSTER, ROSTERED, saved
from tests.exchange.test_cli import type_in


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
