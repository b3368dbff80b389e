"""The figures of a force counted by hand come out to the letter of FORMATS, on either database."""

import datetime as dt
from decimal import Decimal

import pytest

from npt.core.authority import EVERYTHING, Scope
from npt.core.periods import Window
from npt.people.queries import bcu
from npt.people.rules import Grade
from npt.policy.rules import Definition
from npt.reports import queries
from npt.reports.rules import By, RatioRow, abstraction_json, resources_json
from tests import make
from tests.reports.force import LATER, LONDON, SmallForce, october

pytestmark = pytest.mark.usefixtures("session")


def group(duty: int, abstracted: int, rate: str | None, target: str | None, status: str) -> dict[str, object]:
    return {**share(duty, abstracted, rate), "target_percent": target, "status": status}


def share(duty: int, abstracted: int, rate: str | None) -> dict[str, object]:
    return {"duty_minutes": duty, "abstracted_minutes": abstracted, "rate_percent": rate}


ZERO = share(0, 0, None)
ELY = {
    "code": "N1",
    "name": "Ely",
    "duty_minutes": 1740,
    "abstracted_minutes": 120,
    "off_duty_minutes": 0,
    "rate_percent": "6.90",
    "target_percent": "10.00",
    "status": "within",
    "by_reason": [
        {"code": "custody", "minutes": 60},
        {"code": "event", "minutes": 60},
        {"code": "response", "minutes": 0},
    ],
    "by_grade": {"sergeant": share(600, 0, "0.00"), "pc": share(660, 60, "9.09"), "pcso": share(480, 60, "12.50")},
    "by_group": {
        "officers": group(1260, 60, "4.76", "10.00", "within"),
        "pcsos": group(480, 60, "12.50", "10.00", "over"),
    },
}
SOHAM = {
    "code": "N2",
    "name": "Soham",
    "duty_minutes": 480,
    "abstracted_minutes": 60,
    "off_duty_minutes": 60,
    "rate_percent": "12.50",
    "target_percent": "8.00",
    "status": "over",
    "by_reason": [{"code": "custody", "minutes": 60}, {"code": "response", "minutes": 0}],
    "by_grade": {"sergeant": ZERO, "pc": ZERO, "pcso": share(480, 60, "12.50")},
    "by_group": {"officers": group(0, 0, None, "8.00", "no_data"), "pcsos": group(480, 60, "12.50", "5.00", "over")},
}
CHATTERIS = {
    "code": "N0",
    "name": "Chatteris",
    "duty_minutes": 420,
    "abstracted_minutes": 0,
    "off_duty_minutes": 0,
    "rate_percent": "0.00",
    "target_percent": "8.00",
    "status": "within",
    "by_reason": [{"code": "custody", "minutes": 0}, {"code": "response", "minutes": 0}],
    "by_grade": {"sergeant": ZERO, "pc": share(420, 0, "0.00"), "pcso": ZERO},
    "by_group": {"officers": group(420, 0, "0.00", "8.00", "within"), "pcsos": group(0, 0, None, "5.00", "no_data")},
}
TOTAL = {"duty_minutes": 2640, "abstracted_minutes": 180, "off_duty_minutes": 60, "rate_percent": "6.82"}
BY_TEAM = {
    "from": "2025-10-01",
    "to": "2025-10-31",
    "as_at": "2025-11-01T00:00:00Z",
    "definition": "local",
    "by": "team",
    "rows": [CHATTERIS, ELY, SOHAM],
    "total": TOTAL,
}


@pytest.mark.usefixtures("force")
def test_abstraction_by_team_with_a_night_over_month_end_an_attachment_and_a_team_that_has_closed() -> None:
    report = abstraction_json(queries.abstraction_report(october(), By.TEAM, EVERYTHING))

    assert report == BY_TEAM
    assert list(report) == list(BY_TEAM)
    assert list(report["rows"][1]) == list(ELY)  # type: ignore[index]


@pytest.mark.usefixtures("force")
def test_under_the_national_definition_court_counts_and_there_is_no_target() -> None:
    report = abstraction_json(queries.abstraction_report(october(definition=Definition.NATIONAL), By.TEAM, EVERYTHING))

    ely = report["rows"][1]  # type: ignore[index]
    assert report["definition"] == "national"
    assert (ely["rate_percent"], ely["target_percent"], ely["status"]) == ("13.79", None, "no_target")
    assert ely["by_group"]["pcsos"] == group(480, 60, "12.50", None, "no_target")
    assert {"code": "court", "minutes": 120} in ely["by_reason"]


@pytest.mark.usefixtures("force")
def test_the_force_and_the_bcu_are_sums_over_sums_judged_by_their_own_target() -> None:
    by_force = abstraction_json(queries.abstraction_report(october(), By.FORCE, EVERYTHING))
    by_bcu = abstraction_json(queries.abstraction_report(october(), By.BCU, EVERYTHING))

    whole, north = by_force["rows"][0], by_bcu["rows"][0]  # type: ignore[index]
    assert (whole["code"], whole["rate_percent"], whole["target_percent"], whole["status"]) == (
        "force",
        "6.82",
        "8.00",
        "approaching",
    )
    assert {**whole, "code": "N", "name": "Northern"} == north
    assert by_force["total"] == by_bcu["total"] == TOTAL


@pytest.mark.usefixtures("force")
def test_a_person_has_their_collar_number_and_neither_target_nor_status_without_an_individual_limit() -> None:
    report = abstraction_json(queries.abstraction_report(october(), By.PERSON, EVERYTHING))

    rows = {row["code"]: row for row in report["rows"]}  # type: ignore[attr-defined]
    assert list(rows) == ["1001", "1003", "1004", "7002"]
    assert (rows["7002"]["duty_minutes"], rows["7002"]["rate_percent"]) == (960, "12.50")
    assert rows["7002"]["name"] == "PCSO 7002 A. Rahman"
    assert (rows["7002"]["target_percent"], rows["7002"]["status"]) == (None, None)
    assert rows["7002"]["by_group"]["pcsos"]["status"] is None


@pytest.mark.usefixtures("force")
def test_a_person_is_judged_by_the_individual_limit_where_a_force_has_set_one() -> None:
    make.policy_value("person_limit_percent", "12")

    local = queries.abstraction_report(october(), By.PERSON, EVERYTHING)
    national = queries.abstraction_report(october(definition=Definition.NATIONAL), By.PERSON, EVERYTHING)

    assert {row["code"]: (row["target_percent"], row["status"]) for row in abstraction_json(local)["rows"]} == {  # type: ignore[attr-defined]
        "1001": ("12.00", "within"),
        "1003": ("12.00", "within"),
        "1004": ("12.00", "within"),
        "7002": ("12.00", "over"),
    }
    assert {row["status"] for row in abstraction_json(national)["rows"]} == {None}  # type: ignore[attr-defined]


@pytest.mark.usefixtures("force")
def test_a_window_wholly_to_come_is_no_data_as_at_now() -> None:
    december = Window(dt.date(2025, 12, 1), dt.date(2025, 12, 31), LONDON)

    report = abstraction_json(queries.abstraction_report(october(window=december), By.TEAM, EVERYTHING))

    assert report["as_at"] == "2025-11-12T12:12:00Z"
    assert [(row["code"], row["rate_percent"], row["status"]) for row in report["rows"]] == [  # type: ignore[attr-defined]
        ("N1", None, "no_data"),
        ("N2", None, "no_data"),
    ]
    assert report["total"] == {**dict.fromkeys(TOTAL, 0), "rate_percent": None}


def test_somebody_with_one_team_sees_the_figures_of_that_team_alone(force: SmallForce) -> None:
    report = queries.abstraction_report(october(), By.TEAM, Scope(team_ids=frozenset({force.soham.id})))

    assert [row.unit.code for row in report.rows] == ["N2"]
    assert report.total.duty_minutes == 480


SUPERVISION = {
    "on": "2025-10-31",
    "sergeants": [
        {"collar_number": "1003", "teams": ["N1"], "span": "1.00", "over_line": False, "covering": False},
    ],
    "teams": [
        {"code": "N1", "staff": 1, "supervisors": 1, "no_supervisor": False},
        {"code": "N2", "staff": 1, "supervisors": 0, "no_supervisor": True},
    ],
    "bcus": [{"code": "N", "sergeants": 1, "staff": 2, "ratio": "2.00"}],
    "force": {"sergeants": 1, "staff": 2, "ratio": "2.00"},
}


def post_row(team: str, grade: str, posts: int, people: int, posts_fte: str, people_fte: str) -> dict[str, object]:
    return {
        "team": team,
        "grade": grade,
        "establishment": posts,
        "strength": people,
        "vacancies": posts - people,
        "establishment_fte": posts_fte,
        "strength_fte": people_fte,
    }


@pytest.mark.usefixtures("force")
def test_the_resources_report_of_a_month_is_as_formats_has_it() -> None:
    report = queries.resources_report(bcu("N", EVERYTHING), october(), LATER.date(), EVERYTHING)

    assert resources_json(report) == {
        "bcu": "N",
        "month": "2025-10",
        "version": None,
        "sha256": None,
        "staffing": [
            post_row("N1", "sergeant", 1, 1, "1.00", "1.00"),
            post_row("N1", "pc", 1, 1, "1.00", "1.00"),
            post_row("N1", "pcso", 1, 0, "1.00", "0.00"),
            post_row("N2", "pcso", 1, 1, "0.80", "0.80"),
        ],
        "vacancies": [
            {
                "post": "N1-PCSO-1",
                "team": "N1",
                "grade": "pcso",
                "vacant_since": "2025-07-01",
                "age_days": 122,
                "band": "prolonged",
            }
        ],
        "abstraction": BY_TEAM,
        "supervision": SUPERVISION,
        "flags": {"open": 2, "opened": 2, "closed": 1},
        "returns": [
            {
                "team": code,
                "state": "missing",
                "due_on": "2025-11-05",
                "days_late": 7,
                "confirmed_at": None,
                "reopened": [],
                "changed_after": 0,
            }
            for code in ("N1", "N2")
        ],
    }


def test_an_inspectors_posts_are_in_no_team_and_a_specials_have_no_fte(force: SmallForce) -> None:
    make.posted(force.ely.sector, Grade.INSPECTOR)
    make.posted(force.ely, Grade.SPECIAL)

    report = queries.resources_report(bcu("N", EVERYTHING), october(), LATER.date(), EVERYTHING)

    staffing = resources_json(report)["staffing"]
    assert [(row["team"], row["grade"], row["strength"], row["strength_fte"]) for row in staffing] == [  # type: ignore[attr-defined]
        ("N1", "sergeant", 1, "1.00"),
        ("N1", "pc", 1, "1.00"),
        ("N1", "pcso", 0, "0.00"),
        ("N1", "special", 1, None),
        ("N2", "pcso", 1, "0.80"),
        (None, "inspector", 1, "1.00"),
    ]
    assert (report.total.establishment, report.total.strength, report.total.vacancies) == (6, 5, 1)


@pytest.mark.usefixtures("force")
def test_a_month_that_runs_is_as_at_today_and_counts_to_now() -> None:
    noon = dt.datetime(2025, 10, 12, 11, 0, tzinfo=dt.UTC)

    report = queries.resources_report(bcu("N", EVERYTHING), october(noon), noon.date(), EVERYTHING)

    shown = resources_json(report)
    assert report.running
    assert shown["abstraction"]["as_at"] == "2025-10-12T11:00:00Z"  # type: ignore[index]
    assert shown["supervision"]["on"] == "2025-10-12"  # type: ignore[index]
    assert [(row.post, row.age_days) for row in report.vacancies] == [("N1-PCSO-1", 103)]
    assert report.abstraction.rows[1].figures.duty_minutes == 540 + 600 + 240
    assert report.flags.open == 1


@pytest.mark.usefixtures("force")
def test_the_teams_lines_carry_what_their_table_shows_and_the_bcus_line_its_ratio() -> None:
    report = queries.resources_report(bcu("N", EVERYTHING), october(), LATER.date(), EVERYTHING)

    assert [
        (
            line.unit.code,
            line.strength,
            line.establishment,
            line.vacancies,
            line.oldest_days,
            line.span,
            line.open_flags,
        )
        for line in (*report.lines, report.total)
    ] == [
        ("N0", 0, 0, 0, None, None, 0),
        ("N1", 2, 3, 1, 122, 1, 0),
        ("N2", 1, 1, 0, None, None, 2),
        ("N", 3, 4, 1, 122, 2, 2),
    ]
    assert [line.no_supervisor for line in report.lines] == [False, False, True]
    assert report.total.assessment.target_percent == Decimal(8)


def test_a_cover_is_shown_with_its_days_and_the_vacant_post_that_causes_it(force: SmallForce) -> None:
    other = make.team(make.sector(make.bcu("S")), "S1", "Sawston")
    sergeant = make.posted(other, Grade.SERGEANT, collar_number="1050")
    make.cover(sergeant, force.soham, dt.date(2025, 10, 1))
    make.post(force.soham, Grade.SERGEANT, ref="N2-SGT-1", first_day=dt.date(2025, 9, 1))

    report = queries.resources_report(bcu("N", EVERYTHING), october(), LATER.date(), EVERYTHING)

    [_, covering] = report.supervision.sergeants
    [cover] = covering.covered
    assert (covering.sergeant.code, [team.code for team in covering.teams]) == ("1050", ["N2", "S1"])
    assert (cover.team.code, cover.days) == ("N2", 30)
    assert cover.vacancy is not None
    assert (cover.vacancy.post.ref, cover.vacancy.age_days) == ("N2-SGT-1", 60)
    assert [row.code for row in report.supervision.bcus] == ["N"]
    assert report.supervision.force == RatioRow("force", 2, 2)


@pytest.mark.usefixtures("force")
def test_the_month_compares_itself_with_the_month_before_and_puts_the_worst_team_first() -> None:
    month = queries.bcu_month("N", october(), LATER.date(), EVERYTHING)

    assert [line.unit.code for line in month.lines] == ["N2", "N1", "N0"]
    assert [sentence.question for sentence in month.sentences] == [
        "What got worse",
        "What got better",
        "What breaks policy",
        "What needs a decision",
    ]
    assert "abstraction rose from 0.0 % to 6.8 %" in month.sentences[0].text
