"""A run of an import, on both databases: all of it or nothing, as often as one likes, and the record of it."""

import datetime as dt
import hashlib
import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from npt.abstractions.models import Absence, Abstraction, Duty
from npt.audit.models import AuditEntry
from npt.audit.queries import history, verdict
from npt.core import sheets
from npt.core.authority import system
from npt.core.db import Base, session, transaction
from npt.core.errors import BadInput
from npt.exchange import services
from npt.exchange.queries import MODELS
from npt.exchange.services import FileResult
from npt.people.models import Person, Post, Posting, Team, Ward, WardMembership
from npt.people.rules import Grade
from npt.policy.models import ReasonEntry, TargetEntry
from tests import make as rows_of
from tests.conftest import NOW, TODAY
from tests.exchange.make import FORCE, LONDON, changed, load, refused, rows, write

pytestmark = pytest.mark.usefixtures("session")


def utc(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).replace(tzinfo=dt.UTC)


def count(model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_folder_is_taken_in_whole() -> None:
    result = load(FORCE)

    assert list(result) == list(FORCE)
    for kind, line in result.items():
        there = FORCE[kind].count("\n") - 1
        assert line == FileResult(f"{kind}.csv", read=there, new=there, changed=0, unchanged=0)
        assert count(MODELS[kind]) == there
    assert verdict().fault is None


def test_what_is_taken_in_is_what_the_files_say() -> None:
    load(FORCE)

    amina = session.scalars(select(Person).where(Person.collar_number == "1432")).one()
    assert (amina.email, amina.weekly_hours, amina.grade) == ("a.rahman@example.org", Decimal("40.00"), Grade.PC)
    posts = {post.ref: post for post in session.scalars(select(Post))}
    assert [posts[ref].fte for ref in ("SOH-S", "SOH-2", "SOH-X")] == [Decimal("1.00"), Decimal("0.60"), None]
    inspector = posts["EC-I"]
    assert (inspector.team, inspector.sector and inspector.sector.code) == (None, "EC")
    assert [posting.fte for posting in session.scalars(select(Posting))] == [None, None, None]
    reason = session.scalars(select(ReasonEntry)).one()
    assert reason.counts_local == "inspector;sergeant;pc;pcso;special"
    assert (reason.counts_national, reason.guidance) == ("sergeant;pc", "")
    targets = session.scalars(select(TargetEntry).order_by(TargetEntry.percent)).all()
    assert [(target.scope_code, target.percent) for target in targets] == [("SOH", Decimal("2.50")), ("", Decimal(8))]
    entry = session.scalars(select(Abstraction).where(Abstraction.ref == "A1")).one()
    assert entry.authorised_by is not None
    assert (entry.authorised_by.collar_number, entry.logged_at) == ("0077", None)
    assert session.scalars(select(Absence.ends_at)).one() is None


def test_a_duty_belongs_to_the_london_day_on_which_it_starts_and_loses_its_seconds() -> None:
    load(FORCE)

    night = session.scalars(select(Duty).where(Duty.ref == "D2")).one()
    assert night.duty_date == dt.date(2026, 10, 1)
    assert (night.starts_at, night.ends_at) == (utc("2026-10-01T22:30"), utc("2026-10-02T06:00"))


def test_a_second_run_changes_nothing_and_says_so() -> None:
    load(FORCE)
    entries = count(AuditEntry)

    result = load(FORCE)

    assert all((line.new, line.changed, line.unchanged) == (0, 0, line.read) for line in result.values())
    assert count(AuditEntry) == entries + len(FORCE)


def test_the_record_names_each_file_its_digest_and_its_new_rows() -> None:
    load(FORCE)

    entry = history("file:duties.csv")[0]
    assert entry.event == "file.imported"
    assert entry.actor == "npt import"
    assert entry.details == {
        "name": "duties.csv",
        "sha256": hashlib.sha256(FORCE["duties"].encode()).hexdigest(),
        "read": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "new_rows": ["D1", "D2"],
    }
    assert history("file:postings.csv")[0].details["new_rows"][0] == "1432/SOH-1/2024-01-01"


def test_a_known_key_changes_its_row_and_the_record_keeps_before_and_after() -> None:
    load(FORCE)

    result = load(changed("duties", "2026-10-01T17:00,worked", "2026-10-01T16:00,cancelled"))

    assert result["duties"] == FileResult("duties.csv", read=2, new=0, changed=1, unchanged=1)
    duty = session.scalars(select(Duty).where(Duty.ref == "D1")).one()
    assert (duty.ends_at, duty.status.value) == (utc("2026-10-01T15:00"), "cancelled")
    entry = history("duty:D1")[0]
    assert entry.event == "duty.changed"
    assert entry.details["before"] == {"ends_at": "2026-10-01T16:00:00Z", "status": "worked"}
    assert entry.details["after"] == {"ends_at": "2026-10-01T15:00:00Z", "status": "cancelled"}
    assert history("duty:D2") == []


@pytest.mark.parametrize(
    ("kind", "old", "new", "subject"),
    [
        ("bcus", "Southern", "South", "bcu:S"),
        ("sectors", ",East Cambridgeshire\n", ",\n", "sector:EC"),
        ("teams", "101", "01353 1", "team:SOH"),
        ("wards", "ELY,2026-01-01,", "ELY,2026-01-01,2026-12-31", "ward:E1/ELY/2026-01-01"),
        ("posts", "core", "grant", "post:SOH-1"),
        ("people", "Fisk", "Fiske", "person:0077"),
        ("postings", "SOH-1,2024-01-01,,", "SOH-1,2024-01-01,2026-12-31,", "posting:1432/SOH-1/2024-01-01"),
        ("cover", "no sergeant", "none", "cover:0077/ELY/2026-01-01"),
        ("skills", "fluent", "basic", "skill:1432/language/Polish"),
        ("reasons", "Custody cover", "Custody", "reason:custody/2020-01-01"),
        ("targets", ",8,", ",7.5,", "target:force//all/2026-01-01"),
        ("absences", "sickness", "toil", "absence:X1"),
        ("abstractions", "10:00,Parkside,0077", "11:00,Parkside,", "abstraction:A1"),
        ("policy", ",10,", ",12,", "policy_value:span_line/2026-01-01"),
        ("contacts", "2026-01-01,", "2026-01-01,2026-06-30", "contact:E1/1432/2026-01-01"),
        ("patterns", "07:00,16:00", "07:30,16:30", "pattern:EN/0/pc"),
        ("pattern_people", ",EN,1", ",EN,", "pattern_person:1432/2026-12-01"),
        ("panels", "Soham and Villages", "Soham", "panel:SV"),
        ("chairs", "Ray Dunn,chair,council", "Ray Dunn,chair,cdrp", "chair:SV/r.dunn@example.org/2025-05-01"),
        ("meetings", "yes,held,41", "yes,held,42", "meeting:M1"),
        ("priorities", "raised,,", "declined,,", "priority:P2"),
        ("needed_languages", "School census", "Survey", "needed_language:SOH/Polish/2026-01-01"),
    ],
)
def test_a_row_of_every_kind_can_be_changed(kind: str, old: str, new: str, subject: str) -> None:
    load(FORCE)

    result = load(changed(kind, old, new))

    assert (result[kind].new, result[kind].changed) == (0, 1)
    assert len(history(subject)) == 1
    assert load(changed(kind, old, new))[kind].changed == 0


def test_a_ward_is_renamed_on_every_line_it_has() -> None:
    load(FORCE)

    load(changed("wards", "Soham North", "Soham and Isleham"))

    assert session.scalars(select(Ward.name)).all() == ["Soham and Isleham"]
    assert count(WardMembership) == 2


def test_an_empty_cell_clears_and_a_missing_column_leaves_as_it_was() -> None:
    load(FORCE)

    load({"teams": "code,name,sector,email,first_day\nSOH,Soham,EC,,2020-01-01\n"})

    team = session.scalars(select(Team).where(Team.code == "SOH")).one()
    assert (team.email, team.telephone) == (None, "101")


def test_a_row_that_is_not_in_the_file_stays() -> None:
    load(FORCE)

    load(rows("duties", "D9,1432,2026-10-09T07:00,2026-10-09T17:00,worked"))

    assert sorted(session.scalars(select(Duty.ref))) == ["D1", "D2", "D9"]


def test_nothing_of_a_run_is_kept_when_one_row_of_it_is_wrong() -> None:
    wrong = {**FORCE, **changed("policy", ",10,", ",ten,")}

    assert refused(wrong) == ['policy.csv:2: value: enter a number ("ten")']
    assert all(count(model) == 0 for model in MODELS.values())
    assert count(AuditEntry) == 0


def test_a_dry_run_judges_everything_reports_the_same_and_changes_nothing() -> None:
    with pytest.raises(services.Rehearsed) as rehearsed:
        load(FORCE, dry_run=True)

    assert [line.new for line in rehearsed.value.result.files] == [text.count("\n") - 1 for text in FORCE.values()]
    assert all(count(model) == 0 for model in MODELS.values())
    assert count(AuditEntry) == 0
    assert all(line.new == line.read for line in load(FORCE).values())


def test_two_abstractions_that_swap_places_in_one_run_do_not_trip_over_each_other() -> None:
    load(FORCE)

    result = load(
        rows(
            "abstractions",
            "A1,1432,custody,2026-10-01T12:00,2026-10-01T14:00,Parkside,0077,",
            "A2,1432,custody,2026-10-01T08:00,2026-10-01T10:00,Parkside,,",
        )
    )

    assert result["abstractions"].changed == 2
    starts = dict(session.execute(select(Abstraction.ref, Abstraction.starts_at)).all())
    assert starts == {"A1": utc("2026-10-01T11:00"), "A2": utc("2026-10-01T07:00")}


def test_two_people_may_swap_addresses_in_one_run() -> None:
    load(FORCE)
    people = "collar_number,forename,surname,grade,email\n"
    load({"people": people + "0077,Tom,Fisk,sergeant,fisk@example.org\n"})

    load(
        {
            "people": people
            + "0077,Tom,Fisk,sergeant,a.rahman@example.org\n1432,Amina,Rahman,pc,fisk@example.org\n"
            + "9100,Max,Orr,pc,\n"
        }
    )

    emails = dict(session.execute(select(Person.collar_number, Person.email)).all())
    assert emails == {"0077": "a.rahman@example.org", "1432": "fisk@example.org", "9001": None, "9100": None}


def test_the_database_has_the_last_word_and_the_files_of_the_run_are_named() -> None:
    load(FORCE)
    stray = session.scalars(select(Person).where(Person.collar_number == "9001")).one()
    judged = rows("abstractions", "A9,9001,custody,2026-11-01T08:00,2026-11-01T10:00,,,")

    def log_another(file: str, done: int, total: int) -> None:
        # The file after it: by now every rule has been asked of the entries, and only the database can notice.
        if file != "policy.csv" or done == total:
            return
        session.add(Abstraction(ref="Z", person_id=stray.id, reason="custody", starts_at=utc("2026-11-01T09:00")))
        session.flush()

    with pytest.raises(BadInput) as answer, transaction():
        services.load(
            services.from_uploads(
                [
                    ("abstractions.csv", judged["abstractions"].encode()),
                    ("policy.csv", changed("policy", "10", "11")["policy"].encode()),
                ]
            ),
            actor=system("npt import"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
            progress=log_another,
        )

    assert [str(problem) for problem in answer.value.problems] == [
        "abstractions.csv, policy.csv: person_id: This person is already logged as away in that time. "
        "Nobody is in two places at once."
    ]
    assert count(Abstraction) == 2


def test_a_page_that_holds_a_row_sees_it_as_the_import_left_it() -> None:
    load(FORCE)
    amina = session.scalars(select(Person).where(Person.collar_number == "1432")).one()

    load(changed("people", "Amina", "Aminah"))

    assert amina.forename == "Aminah"


def test_entries_made_in_the_application_are_known_to_a_run() -> None:
    officer = rows_of.person("5555")
    rows_of.reason("custody")
    rows_of.abstraction(officer, "2026-11-01 09:00", None, ref="open")

    answer = refused(rows("abstractions", "A1,5555,custody,2026-11-02T08:00,2026-11-02T10:00,,,"))

    assert "(open, on record)" in answer[0]


def test_a_workbook_is_taken_in_with_its_dates_and_numbers() -> None:
    load(FORCE)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["ref", "collar_number", "starts_at", "ends_at", "status"])
    sheet.append([17.0, 1432, dt.datetime(2026, 7, 1, 7, 0), "2026-07-01T17:00", "worked"])  # noqa: DTZ001
    kept = io.BytesIO()
    book.save(kept)

    load({"duties": kept.getvalue()})

    duty = session.scalars(select(Duty).where(Duty.ref == "17")).one()
    assert (duty.starts_at, duty.person.collar_number) == (utc("2026-07-01T06:00"), "1432")


def test_a_workbooks_problem_is_reported_by_its_row() -> None:
    load(FORCE)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["code", "name", "team", "first_day", "last_day"])
    sheet["A4"], sheet["B4"], sheet["C4"] = "E7", "Isleham", "SOH"
    sheet["D4"], sheet["E4"] = dt.date(2026, 1, 2), dt.date(2026, 1, 1)
    kept = io.BytesIO()
    book.save(kept)

    assert refused({"wards": kept.getvalue()}) == [
        'wards.xlsx:4: last_day: the last day is before the first day ("2026-01-01")'
    ]


def test_generated_rows_need_no_file() -> None:
    load(FORCE)
    columns = ("ref", "collar_number", "starts_at", "ends_at", "status")
    made = (
        {
            "ref": f"G{day}",
            "collar_number": "1432",
            "starts_at": f"2026-08-{day:02}T07:00",
            "ends_at": f"2026-08-{day:02}T17:00",
            "status": "planned",
        }
        for day in range(1, 32)
    )

    with transaction():
        result = services.load(
            [sheets.from_rows("duties.csv", columns, made)],
            actor=system("npt demo"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
        )

    assert result.files[0].new == 31


@pytest.mark.parametrize("before", [{}, FORCE], ids=["new rows", "unchanged rows"])
def test_whoever_watches_sees_every_file_come_to_its_end(before: dict[str, str | bytes]) -> None:
    load(before)
    seen: dict[str, list[tuple[int, int]]] = {}
    with transaction():
        services.load(
            services.from_uploads([(f"{name}.csv", text.encode()) for name, text in FORCE.items()]),
            actor=system("npt import"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
            progress=lambda file, done, total: seen.setdefault(file, []).append((done, total)),
        )

    assert {file: steps[-1] for file, steps in seen.items()} == {
        f"{name}.csv": (2 * (text.count("\n") - 1),) * 2 for name, text in FORCE.items()
    }


def test_a_folder_passes_over_hidden_files_and_those_of_an_open_workbook(tmp_path: Path) -> None:
    write(tmp_path, bcus=FORCE["bcus"])
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "~$bcus.xlsx").write_bytes(b"\0")

    assert [sheet.name for sheet in services.at_path(tmp_path)] == ["bcus.csv"]
    assert [sheet.name for sheet in services.at_path(tmp_path / "bcus.csv")] == ["bcus.csv"]


def test_a_path_with_nothing_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file or folder"):
        services.at_path(tmp_path / "none")
    with pytest.raises(BadInput, match="there is no file in this folder"):
        services.at_path(tmp_path)
