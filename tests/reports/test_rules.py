"""What the report says in words, in what order its lines stand, and how exact figures are written."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from npt.abstractions.rules import Assessment, Figures, ReturnState, Share, Standing, Status
from npt.core.periods import Period, month_from
from npt.people.rules import Grade
from npt.policy.rules import Definition
from npt.reports.rules import (
    AbstractionReport,
    AbstractionRow,
    By,
    CoveredTeam,
    FlagCounts,
    ForecastRow,
    MonthBefore,
    Order,
    RatioRow,
    ResourcesReport,
    ReturnLine,
    SergeantRow,
    SupervisedTeam,
    SupervisionReport,
    TeamLine,
    Unit,
    VacancyRow,
    abstraction_json,
    day_shown,
    ordered,
    sentences,
    supervision_json,
)
from npt.staffing.rules.vacancies import Band

MARCH = dt.date(2026, 3, 1)
NORTH, ELY, SOHAM = Unit("N", "Northern"), Unit("N1", "Ely"), Unit("N2", "Soham")


def assessment(
    abstracted: int, duty: int = 1000, target: str | None = None, status: Status | None = None
) -> Assessment:
    figures = Figures(duty, abstracted, 0, {"custody": abstracted}, {Grade.PC: Share(duty, abstracted)}, {})
    percent = Decimal(target) if target else None
    return Assessment(figures, percent, status or (Status.NO_TARGET if percent is None else Status.WITHIN), {})


def line(unit: Unit, judged: Assessment, **known: object) -> TeamLine:
    made = TeamLine(unit, 10, 10, 0, None, Fraction(8), False, judged, 0, 0)
    return replace(made, **known)  # type: ignore[arg-type]


def supervision(
    sergeants: tuple[SergeantRow, ...] = (), teams: tuple[SupervisedTeam, ...] = (), ratio: RatioRow | None = None
) -> SupervisionReport:
    area = ratio or RatioRow("N", 1, 8)
    return SupervisionReport(MARCH, Decimal("10.00"), sergeants, teams, (area,), area)


def month(total: TeamLine | None = None, first_day: dt.date = MARCH, **known: object) -> ResourcesReport:
    whole = total or line(NORTH, assessment(0))
    counted = AbstractionReport(
        first_day,
        first_day,
        dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        Definition.LOCAL,
        By.TEAM,
        (),
        whole.assessment.figures,
    )
    made = ResourcesReport(
        bcu=NORTH,
        month=Period(first_day, first_day),
        on=first_day,
        running=False,
        as_at_today=False,
        staffing=(),
        vacancies=(),
        forecasts=(),
        abstraction=counted,
        supervision=supervision(),
        flags=FlagCounts(0, 0, 0),
        lines=(),
        total=whole,
    )
    return replace(made, **known)  # type: ignore[arg-type]


def compared(with_: ResourcesReport) -> MonthBefore:
    """What the sentences look at of the month before."""
    return MonthBefore(
        with_.month.first_day,
        with_.total.rate,
        with_.total.establishment,
        with_.total.vacancies,
        with_.total.span,
        with_.flags,
        {line.unit.code: line.rate for line in with_.lines},
        with_.returns,
    )


FEBRUARY = month(first_day=dt.date(2026, 2, 1))


def said(this: ResourcesReport, before: ResourcesReport = FEBRUARY) -> dict[str, str]:
    return {sentence.question: sentence.text for sentence in sentences(this, compared(before))}


def test_what_rose_got_worse_and_what_fell_got_better() -> None:
    before = replace(FEBRUARY, total=line(NORTH, assessment(50), vacancies=5, span=Fraction(19, 2)))
    this = month(line(NORTH, assessment(80), vacancies=3, span=Fraction(95, 8)))

    words = said(this, before)

    assert words["What got worse"] == (
        "Since February 2026 abstraction rose from 5.0 % to 8.0 %; staff to each sergeant rose from 9.50 to 11.88."
    )
    assert words["What got better"] == "Since February 2026 vacant posts fell from 5 to 3."


def test_the_team_that_moved_most_is_named_with_the_rise() -> None:
    before = replace(FEBRUARY, total=line(NORTH, assessment(50)), lines=(line(ELY, assessment(41)),))
    this = month(line(NORTH, assessment(80)), lines=(line(ELY, assessment(124)), line(SOHAM, assessment(500))))

    worse = said(this, before)["What got worse"]

    assert worse == "Since February 2026 abstraction rose from 5.0 % to 8.0 %, most in Ely (4.1 % to 12.4 %)."


def test_a_bad_team_is_named_although_the_bcu_as_a_whole_got_better() -> None:
    before = replace(
        FEBRUARY, total=line(NORTH, assessment(80)), lines=(line(ELY, assessment(40)), line(SOHAM, assessment(120)))
    )
    this = month(line(NORTH, assessment(70)), lines=(line(ELY, assessment(60)), line(SOHAM, assessment(80))))

    words = said(this, before)

    assert words["What got worse"] == "Since February 2026 abstraction rose in Ely (4.0 % to 6.0 %)."
    assert words["What got better"] == (
        "Since February 2026 abstraction fell from 8.0 % to 7.0 %, most in Soham (12.0 % to 8.0 %)."
    )


def test_a_change_too_small_to_be_shown_is_no_change() -> None:
    before = replace(FEBRUARY, total=line(NORTH, assessment(9801, 100_000)))
    this = month(line(NORTH, assessment(9849, 100_000)))

    words = said(this, before)

    assert words["What got worse"] == words["What got better"] == "Nothing shown here since February 2026."


def test_without_a_month_before_nothing_is_compared() -> None:
    before = replace(FEBRUARY, total=line(NORTH, assessment(0, 0), establishment=0, span=None))

    words = said(month(line(NORTH, assessment(80))), before)

    assert words["What got worse"] == "There are no figures of February 2026 to compare with."


def test_everything_that_breaks_policy_is_said_the_worst_first() -> None:
    over = {"target": "8.00", "status": Status.OVER}
    this = month(
        line(NORTH, assessment(81, **over)),  # type: ignore[arg-type]
        lines=(line(ELY, assessment(90, **over)), line(SOHAM, assessment(124, **over))),  # type: ignore[arg-type]
        supervision=supervision(
            (SergeantRow(Unit("1003", "Sergeant 1003 A. Okafor"), (ELY, SOHAM), Fraction(17), True),),
            (SupervisedTeam(SOHAM, 9, 0, True),),
        ),
    )

    assert said(this)["What breaks policy"] == (
        "2 teams are over target: Soham (12.4 % against 8.0 %), Ely (9.0 % against 8.0 %). "
        "The BCU as a whole is over target (8.1 % against 8.0 %). "
        "1 sergeant supervises more than 10 people: Sergeant 1003 A. Okafor (17.00). "
        "1 team has staff and no supervisor: Soham."
    )


def a_return(team: Unit, state: ReturnState, days_late: int = 0) -> ReturnLine:
    return ReturnLine(team, Standing(state, MARCH, days_late), (), 0)


def test_a_missing_return_breaks_policy_the_longest_missing_first_also_of_the_month_before() -> None:
    before = replace(FEBRUARY, returns=(a_return(ELY, ReturnState.MISSING, 23), a_return(SOHAM, ReturnState.NIL)))
    owed = (a_return(ELY, ReturnState.DUE), a_return(SOHAM, ReturnState.REOPENED, 1))

    assert (
        "2 returns are missing: Ely for February 2026 (23 days late), Soham for March 2026 (1 day late)."
        in (said(month(returns=owed), before)["What breaks policy"])
    )
    assert "missing" not in said(month(returns=owed[:1]))["What breaks policy"]


def test_a_team_without_a_target_is_never_passed_over_in_silence() -> None:
    this = month(lines=(line(ELY, assessment(900)), line(SOHAM, assessment(10, target="8"))))

    assert said(this)["What breaks policy"] == (
        "No team with a target is over it. Every span is within the line and every team with staff has a supervisor. "
        "No target is set for 1 team: Ely."
    )


def test_the_national_definition_is_said_to_have_no_target() -> None:
    this = month(lines=(line(ELY, assessment(900)),))
    national = replace(this, abstraction=replace(this.abstraction, definition=Definition.NATIONAL))

    assert said(national)["What breaks policy"].endswith("Under the national definition there is no target.")
    assert "No target is set" not in said(national)["What breaks policy"]


def vacancy(post: str, age: int, band: Band) -> VacancyRow:
    return VacancyRow(post, ELY, Grade.PC, MARCH - dt.timedelta(days=age), age, band)


def test_what_needs_a_decision_is_named_the_gravest_first() -> None:
    this = month(
        vacancies=(
            vacancy("ELY-PC-1", 12, Band.NEW),
            vacancy("ELY-PC-2", 200, Band.SERIOUS),
            vacancy("ELY-PC-3", 400, Band.CRITICAL),
            vacancy("ELY-PC-4", 181, Band.SERIOUS),
            vacancy("ELY-PC-5", 180, Band.SERIOUS),
        ),
        forecasts=(ForecastRow("ELY-PC-6", ELY, Grade.PC, dt.date(2026, 4, 4), 30),),
        supervision=supervision(
            (
                SergeantRow(
                    Unit("1003", "Sergeant 1003 A. Okafor"),
                    (ELY, SOHAM),
                    Fraction(9),
                    False,
                    (CoveredTeam(SOHAM, MARCH, 1),),
                ),
            ),
        ),
    )

    assert said(this)["What needs a decision"] == (
        "Whether to fill 4 posts long vacant: ELY-PC-3 (critical, 400 days), ELY-PC-2 (serious, 200 days), "
        "ELY-PC-4 (serious, 181 days) and 1 more. "
        "How long cover goes on: Sergeant 1003 A. Okafor covers Soham (1 day). "
        "Who follows in 1 post soon vacant: ELY-PC-6 (from 4 April 2026)."
    )


def test_a_quiet_month_says_so() -> None:
    assert said(month())["What needs a decision"] == "Nothing shown here."


LINES = (
    line(Unit("A", "Arbury"), assessment(50, target="8", status=Status.WITHIN), vacancies=2),
    line(Unit("B", "Barnwell"), assessment(0, 0, target="8", status=Status.NO_DATA), span=None),
    line(Unit("C", "Cherry Hinton"), assessment(90, target="8", status=Status.OVER), vacancies=1),
    line(Unit("D", "Duxford"), assessment(300, status=Status.NO_TARGET)),
    line(Unit("E", "Ely"), assessment(70, target="8", status=Status.APPROACHING), vacancies=3),
    line(Unit("F", "Fulbourn"), assessment(120, target="12", status=Status.WITHIN)),
    line(Unit("G", "Girton"), assessment(85, target="5", status=Status.OVER)),
)


@pytest.mark.parametrize(
    ("order", "descending", "codes"),
    [
        (Order.WORST, False, "GCEDFAB"),
        (Order.RATE, False, "AEGCFDB"),
        (Order.RATE, True, "DFCGEAB"),
        (Order.TARGET, True, "FABCEGD"),
        (Order.VACANCIES, True, "EACBDFG"),
        (Order.TEAM, True, "GFEDCBA"),
    ],
)
def test_lines_are_sorted_by_any_column_and_those_without_the_figure_come_last(
    order: Order, descending: bool, codes: str
) -> None:
    found = ordered(tuple(reversed(LINES)), order, descending=descending)

    assert "".join(each.unit.code for each in found) == codes


def test_a_rate_is_rounded_half_up_from_its_exact_value_and_only_when_written() -> None:
    exact = assessment(1, 16000, target="0.01", status=Status.WITHIN)
    report = AbstractionReport(
        MARCH,
        MARCH,
        dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        Definition.LOCAL,
        By.TEAM,
        (AbstractionRow(ELY, exact),),
        exact.figures,
    )

    written = abstraction_json(report)

    assert written["as_at"] == "2026-03-01T08:30:00Z"
    assert written["total"] == {
        "duty_minutes": 16000,
        "abstracted_minutes": 1,
        "off_duty_minutes": 0,
        "rate_percent": "0.01",
    }


def test_a_sergeant_with_no_staff_has_a_span_of_nothing_and_a_bcu_without_sergeants_no_ratio() -> None:
    report = supervision(
        (SergeantRow(Unit("1003", "Sergeant 1003 A. Okafor"), (ELY,), Fraction(0), False),), (), RatioRow("N", 0, 8)
    )

    written = supervision_json(report)

    assert written["sergeants"] == [
        {"collar_number": "1003", "teams": ["N1"], "span": "0.00", "over_line": False, "covering": False}
    ]
    assert written["bcus"] == [{"code": "N", "sergeants": 0, "staff": 8, "ratio": None}]


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (dt.date(2026, 2, 27), dt.date(2026, 2, 27)),
        (dt.date(2026, 3, 9), dt.date(2026, 3, 9)),
        (dt.date(2026, 4, 9), dt.date(2026, 3, 31)),
    ],
)
def test_a_month_is_as_at_its_last_day_and_as_at_today_until_then(today: dt.date, shown: dt.date) -> None:
    assert day_shown(Period(MARCH, dt.date(2026, 3, 31)), today) == shown


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-3", "2026-03-01", "march", "", "0001-01", "9999-12", "٢٠٢٦-03"]
)
def test_a_month_that_is_none_is_not_read_as_one(text: str) -> None:
    assert month_from(text) is None


def test_a_month_is_read_as_its_first_day() -> None:
    assert month_from("2026-03") == MARCH
