"""What is wrong with a run: every problem, with its file, line and column, before anything is written."""

import datetime as dt

import pytest
from sqlalchemy import select

from npt.core import db
from npt.people.models import Bcu, Post
from tests.exchange.make import FORCE, changed, load, places, refused, rows

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def force(session: object) -> None:
    load(FORCE)


def test_every_problem_of_every_file_is_listed_in_order_of_file_and_line() -> None:
    wrong = {
        **FORCE,
        **rows("teams", "SOH,Soham,EC,,,2020-01-01,2019-12-31", "ELY,,XX,ely,,today,"),
        **rows(
            "duties",
            "D1,1432,2026-10-01T07:00,2026-10-01T07:00:30,worked",
            "D2,9999,2026-10-01,2026-10-02T07:00,done",
            ",1432,2026-10-01T07:00,2026-10-01T09:00,worked",
        ),
    }

    answer = refused(wrong)

    assert answer == [
        'teams.csv:2: last_day: the last day is before the first day ("2019-12-31")',
        "teams.csv:3: name: this is empty: enter a value",
        'teams.csv:3: sector: there is no sector ("XX")',
        'teams.csv:3: email: enter an email address such as a.rahman@example.police.uk ("ely")',
        'teams.csv:3: first_day: enter a date as YYYY-MM-DD ("today")',
        'duties.csv:2: ends_at: the end must be after the start, by a minute or more ("2026-10-01T07:00:30")',
        'duties.csv:3: collar_number: there is no person with this collar number ("9999")',
        'duties.csv:3: starts_at: enter a date and time as YYYY-MM-DDTHH:MM ("2026-10-01")',
        'duties.csv:3: status: enter one of: planned, worked, cancelled ("done")',
        "duties.csv:4: ref: this is empty: enter a value",
    ]
    assert db.session.scalars(select(Bcu)).all() == []


@pytest.mark.usefixtures("force")
def test_the_same_key_twice_in_a_file_is_bad_input_with_both_lines() -> None:
    answer = refused(
        rows(
            "duties",
            "D7,1432,2026-10-07T07:00,2026-10-07T17:00,worked",
            "D8,1432,2026-10-08T07:00,2026-10-08T17:00,worked",
            "D7,1432,2026-10-07T07:00,2026-10-07T17:00,worked",
        )
    )

    assert answer == ['duties.csv:4: ref: the same ref as in line 2 ("D7")']


@pytest.mark.usefixtures("force")
def test_the_same_key_twice_is_found_where_the_first_of_them_is_wrong_too() -> None:
    answer = refused(rows("cover", "0077,ELY,2026-02-01,never,", "0077,ELY,2026-02-01,,"))

    assert places(answer) == ["cover.csv:2: last_day", "cover.csv:3: collar_number"]


def test_columns_that_are_not_known_or_missing_are_named() -> None:
    assert refused({"bcus": "code,title,name2\nS,Southern,x\n"}) == [
        "bcus.csv:1: title: there is no such column in this file: use code, name",
        "bcus.csv:1: name2: there is no such column in this file: use code, name",
        "bcus.csv:1: name: this column is missing",
    ]


def test_a_file_that_cannot_be_read_does_not_hide_what_is_wrong_with_another_nor_is_blamed_on_it() -> None:
    answer = refused({"bcus": "code\nS\n", "sectors": "code,name,bcu\nEC,,S\n", "rota": "a\n"})

    assert places(answer) == [
        "bcus.csv:1: name",
        "sectors.csv:2: name",
        "rota.csv: a file of this name is not known",
    ]


def test_two_files_of_a_kind_are_refused() -> None:
    assert refused({"bcus": FORCE["bcus"], "BCUS": FORCE["bcus"]}) == [
        "BCUS.csv: bcus.csv is of the same kind: hand in one of them"
    ]


def test_one_faulty_row_is_not_reported_again_for_every_row_that_names_it() -> None:
    answer = refused({**FORCE, **changed("people", "Amina,Rahman,pc", "Amina,Rahman,constable")})

    assert places(answer) == ["people.csv:2: grade"]


@pytest.mark.usefixtures("force")
@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("sectors", "EC,East,X,", "bcu"),
        ("teams", "T,T,X,,,2020-01-01,", "sector"),
        ("wards", "W,W,X,2020-01-01,", "team"),
        ("posts", "P,X,pc,,2020-01-01,,,,,", "team"),
        ("posts", "P,,inspector,,2020-01-01,,,,,X", "sector"),
        ("postings", "X,SOH-1,2024-01-01,,acting,,", "collar_number"),
        ("postings", "1432,X,2024-01-01,,acting,,", "post"),
        ("cover", "X,SOH,2024-01-01,,", "collar_number"),
        ("cover", "1432,X,2024-01-01,,", "team"),
        ("skills", "X,language,Polish,,", "collar_number"),
        ("targets", "bcu,X,all,2026-01-01,,8,,", "scope_code"),
        ("targets", "team,S,all,2026-01-01,,8,,", "scope_code"),
        ("absences", "X9,X,toil,2026-01-01T07:00,", "collar_number"),
        ("abstractions", "A9,1432,X,2026-01-01T07:00,,,,", "reason"),
        ("abstractions", "A9,1432,custody,2026-01-01T07:00,,,X,", "authorised_by"),
    ],
)
def test_a_code_that_leads_nowhere_is_refused(kind: str, row: str, column: str) -> None:
    answer = refused(rows(kind, row))

    assert places(answer) == [f"{kind}.csv:2: {column}"]
    assert "there is no" in answer[0]
    assert answer[0].endswith('("X")') or answer[0].endswith('("S")')


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("P,SOH,inspector,,2020-01-01,,,,,", ["team", "sector"]),
        ("P,SOH,inspector,,2020-01-01,,,,,EC", ["team"]),
        ("P,,pc,,2020-01-01,,,,,", ["team"]),
        ("P,SOH,pc,,2020-01-01,,,,,EC", ["sector"]),
        ("P,SOH,pc,1.2,2020-01-01,,,,,", ["fte"]),
        ("P,SOH,pc,,2020-01-02,2020-01-01,,,,", ["last_day"]),
    ],
)
def test_a_post_is_in_a_team_and_an_inspectors_in_a_sector(row: str, columns: list[str]) -> None:
    answer = refused({**FORCE, **rows("posts", row), "postings": "collar_number,post,first_day,kind\n"})

    assert places(answer) == [f"posts.csv:2: {column}" for column in columns]


@pytest.mark.usefixtures("force")
@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("SOH-1,SOH", "SOH-1,ELY", "team"),
        ("SOH-1,SOH,pc", "SOH-1,SOH,pcso", "grade"),
        ("0.6", "0.7", "fte"),
        ("0.6", "", "fte"),
    ],
)
def test_a_post_never_changes_after_its_first_day(old: str, new: str, column: str) -> None:
    answer = refused(changed("posts", old, new))

    assert [place.split(": ")[1] for place in places(answer)] == [column]
    assert "never changes after the post's first day" in answer[0]


@pytest.mark.usefixtures("force")
def test_a_post_may_change_up_to_its_first_day() -> None:
    load(changed("posts", "0.6", "0.7"), on=dt.date(2020, 1, 1))

    assert str(db.session.scalars(select(Post.fte).where(Post.ref == "SOH-2")).one()) == "0.70"


@pytest.mark.usefixtures("force")
def test_a_team_that_changes_sector_is_ended_and_opened_again_under_another_code() -> None:
    load(rows("sectors", "FEN,Fenland,S,"))

    answer = refused(changed("teams", "SOH,Soham,EC", "SOH,Soham,FEN"))

    assert places(answer) == ["teams.csv:2: sector"]


@pytest.mark.parametrize(
    ("kind", "row", "place"),
    [
        ("sectors", "S,Southern,S,", "sectors.csv:2: code"),
        ("teams", "EC,Ely,EC,,,2020-01-01,", "teams.csv:2: code"),
        ("bcus", "SOH,Somewhere", "bcus.csv:2: code"),
    ],
)
@pytest.mark.usefixtures("force")
def test_a_code_belongs_to_one_unit_of_any_kind(kind: str, row: str, place: str) -> None:
    assert places(refused(rows(kind, row))) == [place]


def test_a_code_of_two_units_is_found_in_one_run_too() -> None:
    wrong = {**FORCE, "bcus": FORCE["bcus"] + "SOH,Somewhere\n"}

    assert places(refused(wrong)) == ["teams.csv:2: code"]


@pytest.mark.usefixtures("force")
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["A9,1432,custody,2026-10-01T09:59,2026-10-01T11:00,,,"], ["abstractions.csv:2: starts_at"]),
        (["A9,1432,custody,2026-10-01T07:00,,,,"], ["abstractions.csv:2: starts_at"] * 2),
        (
            [
                "A7,0077,custody,2026-10-01T09:00,2026-10-01T11:00,,,",
                "A8,0077,custody,2026-10-01T10:00,2026-10-01T12:00,,,",
            ],
            ["abstractions.csv:3: starts_at"],
        ),
        (
            ["A7,0077,custody,2026-10-01T09:00,,,,", "A8,0077,custody,2026-12-01T10:00,2026-12-01T12:00,,,"],
            ["abstractions.csv:3: starts_at"],
        ),
    ],
)
def test_nobody_is_in_two_places_at_once(lines: list[str], expected: list[str]) -> None:
    answer = refused(rows("abstractions", *lines))

    assert places(answer) == expected
    assert "this person is away at that time already" in answer[0]


@pytest.mark.usefixtures("force")
def test_entries_that_only_touch_or_are_cancelled_do_not_overlap() -> None:
    header = "ref,collar_number,reason,starts_at,ends_at,cancelled_at\n"

    result = load(
        {
            "abstractions": header
            + "A9,1432,custody,2026-10-01T10:00,2026-10-01T12:00,\n"
            + "A8,1432,custody,2026-10-01T08:30,2026-10-01T13:00,2026-10-01T09:00\n"
        }
    )

    assert result["abstractions"].new == 2


@pytest.mark.usefixtures("force")
@pytest.mark.parametrize(
    ("kind", "lines", "place"),
    [
        ("wards", ["E1,Soham North,SOH,2026-05-01,"], "wards.csv:2: first_day"),
        ("wards", ["E1,Soham North,SOH,2025-12-31,2025-12-31"], "wards.csv:2: first_day"),
        ("wards", ["E9,Isleham,SOH,2026-01-01,2026-02-01", "E9,Isleham,ELY,2026-02-01,"], "wards.csv:3: first_day"),
        ("wards", ["E9,Isleham,SOH,2026-01-01,2026-01-31", "E9,Islam,ELY,2026-02-01,"], "wards.csv:3: name"),
        ("targets", ["force,,all,2026-06-01,,7,,"], "targets.csv:2: first_day"),
        ("policy", ["span_line,2025-01-01,2026-01-01,9,"], "policy.csv:2: first_day"),
        ("policy", ["span_lines,2025-01-01,2025-12-31,9,"], "policy.csv:2: name"),
        ("policy", ["vacancy_open_days,2025-01-01,2025-12-31,2.5,"], "policy.csv:2: value"),
        ("targets", ["force,SOH,officers,2026-06-01,,7,,"], "targets.csv:2: scope_code"),
        ("targets", ["team,,officers,2026-06-01,,7,,"], "targets.csv:2: scope_code"),
        ("targets", ["force,,all,2027-01-01,,101,,"], "targets.csv:2: percent"),
        ("people", ["5000,Ann,Lee,pc,,,,,a.rahman@EXAMPLE.org"], "people.csv:2: email"),
        ("skills", ["1432,faith,any,,"], "skills.csv:2: kind"),
    ],
)
def test_what_may_not_stand_together_is_refused(kind: str, lines: list[str], place: str) -> None:
    assert places(refused(rows(kind, *lines))) == [place]


@pytest.mark.usefixtures("force")
def test_a_target_is_followed_by_another_when_the_first_is_ended_in_the_same_run() -> None:
    result = load(rows("targets", "force,,all,2027-01-01,,7,,", "force,,all,2026-01-01,2026-12-31,8,Chief Constable,"))

    assert (result["targets"].new, result["targets"].changed) == (1, 1)


@pytest.mark.usefixtures("force")
def test_reasons_of_one_code_may_overlap_because_the_latest_applies() -> None:
    assert load(rows("reasons", "custody,2026-01-01,,Custody,custody,pc,,"))["reasons"].new == 1


@pytest.mark.parametrize(
    ("kind", "line", "where", "said"),
    [
        ("patterns", "EN,4,pc,07:00,16:00", "patterns.csv:2: day", "day 3 of this pattern is missing for this grade"),
        ("patterns", "EN,3,pc,07:00,", "patterns.csv:2: ends", "enter both times, or neither for a rest day"),
        ("patterns", "EN,3,pc,7am,16:00", "patterns.csv:2: starts", "enter a time as HH:MM"),
        ("patterns", "EN,-1,pc,,", "patterns.csv:2: day", "enter a whole number from 0 to 365"),
        ("pattern_people", "1432,2026-12-05,,XX,0", "pattern_people.csv:2: pattern", "there is no pattern"),
        ("pattern_people", "1432,2026-12-05,2026-12-04,EN,0", "pattern_people.csv:2: last_day", "before the first day"),
        ("pattern_people", "1432,2026-12-05,,EN,a", "pattern_people.csv:2: offset", "enter a whole number"),
        ("needed_languages", "XXX,Urdu,2026-12-05,,", "needed_languages.csv:2: team", "there is no team"),
        ("needed_languages", "SOH,Urdu,2026-12-05,2026-12-04,", "needed_languages.csv:2: last_day", "before the first"),
        ("needed_languages", "SOH,Polish,2026-12-05,,", "needed_languages.csv:2: first_day", "needs this language"),
    ],
)
def test_a_pattern_or_assignment_that_cannot_be_is_refused_where_it_stands(
    kind: str, line: str, where: str, said: str
) -> None:
    load(FORCE)

    [problem] = refused(rows(kind, line))

    assert problem.startswith(where)
    assert said in problem
