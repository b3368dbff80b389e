"""Reports as sheets of rows, for CSV, spreadsheets and plain text. Figures stay exact; whoever writes them rounds."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.reports.rules.abstraction import AbstractionReport
from npt.reports.rules.resources import ResourcesReport, TeamLine
from npt.reports.rules.supervision import SupervisionReport

Cell = str | int | bool | Decimal | Fraction | dt.date | None
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A title, a header, and rows as long as it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _percent(rate: Fraction | None) -> Fraction | None:
    return None if rate is None else rate * 100


def abstraction_sheet(report: AbstractionReport) -> Sheet:
    """The rows of the report and, last, its total."""
    total = report.total
    return Sheet(
        "Abstraction",
        (
            "code",
            "name",
            "duty_minutes",
            "abstracted_minutes",
            "off_duty_minutes",
            "rate_percent",
            "target_percent",
            "status",
        ),
        (
            *(
                (
                    row.unit.code,
                    row.unit.name,
                    row.figures.duty_minutes,
                    row.figures.abstracted_minutes,
                    row.figures.off_duty_minutes,
                    _percent(row.figures.rate),
                    row.assessment.target_percent if row.judged else None,
                    row.assessment.status.value if row.judged else None,
                )
                for row in report.rows
            ),
            (
                TOTAL,
                None,
                total.duty_minutes,
                total.abstracted_minutes,
                total.off_duty_minutes,
                _percent(total.rate),
                None,
                None,
            ),
        ),
    )


def reasons_sheet(report: AbstractionReport) -> Sheet:
    """The counted minutes of each row by reason, custody and response at zero too."""
    return Sheet(
        "By reason",
        ("code", "reason", "minutes"),
        tuple(
            (row.unit.code, reason, minutes) for row in report.rows for reason, minutes in row.figures.by_reason.items()
        ),
    )


def supervision_sheets(report: SupervisionReport) -> tuple[Sheet, ...]:
    """Sergeants with their spans, teams, and the ratios of BCUs, and of the force where it is reported."""
    rows = report.bcus if report.force is None else (*report.bcus, report.force)
    return (
        Sheet(
            "Sergeants",
            ("collar_number", "name", "teams", "span", "over_line", "covering"),
            tuple(
                (
                    row.sergeant.code,
                    row.sergeant.name,
                    ";".join(team.code for team in row.teams),
                    row.span,
                    row.over_line,
                    row.covering,
                )
                for row in report.sergeants
            ),
        ),
        Sheet(
            "Teams supervised",
            ("code", "name", "staff", "supervisors", "no_supervisor"),
            tuple(
                (row.team.code, row.team.name, row.staff, row.supervisors, row.no_supervisor) for row in report.teams
            ),
        ),
        Sheet(
            "Ratios",
            ("code", "sergeants", "staff", "ratio"),
            tuple((row.code, row.sergeants, row.staff, row.ratio) for row in rows),
        ),
    )


def teams_sheet(report: ResourcesReport, lines: tuple[TeamLine, ...] | None = None) -> Sheet:
    """The teams' table, in the order given, and last the BCU's line: inspectors' posts are in that one only."""
    return Sheet(
        "Teams",
        (
            "code",
            "name",
            "strength",
            "establishment",
            "vacancies",
            "oldest_vacancy_days",
            "span",
            "no_supervisor",
            "duty_minutes",
            "abstracted_minutes",
            "rate_percent",
            "target_percent",
            "status",
            "open_flags",
            "open_priorities",
        ),
        tuple(_line(line) for line in (*(report.lines if lines is None else lines), report.total)),
    )


def _line(line: TeamLine) -> tuple[Cell, ...]:
    figures = line.assessment.figures
    return (
        line.unit.code,
        line.unit.name,
        line.strength,
        line.establishment,
        line.vacancies,
        line.oldest_days,
        line.span,
        line.no_supervisor,
        figures.duty_minutes,
        figures.abstracted_minutes,
        _percent(figures.rate),
        line.assessment.target_percent,
        line.assessment.status.value,
        line.open_flags,
        line.open_priorities,
    )


def returns_sheet(report: ResourcesReport) -> Sheet:
    """How the return of each team stands, whether it was opened again, and how much was changed after it."""
    return Sheet(
        "Returns",
        ("team", "state", "due_on", "days_late", "confirmed_on", "confirmed_by", "reopened_because", "changed_after"),
        tuple(
            (
                line.team.code,
                line.standing.state.value,
                line.standing.due_on,
                line.standing.days_late,
                line.newest.at.date() if line.newest else None,
                line.newest.by if line.newest else None,
                "; ".join(each.reopen_reason or "" for each in line.reopened) or None,
                line.changed_after,
            )
            for line in report.returns
        ),
    )


def month_sheets(report: ResourcesReport) -> tuple[Sheet, ...]:
    """Everything of the month, the teams' table first."""
    return (
        teams_sheet(report),
        Sheet(
            "Staffing",
            ("team", "grade", "establishment", "strength", "vacancies", "establishment_fte", "strength_fte"),
            tuple(
                (
                    row.team.code if row.team else None,
                    row.grade.value,
                    row.establishment,
                    row.strength,
                    row.vacancies,
                    row.establishment_fte,
                    row.strength_fte,
                )
                for row in report.staffing
            ),
        ),
        Sheet(
            "Vacancies",
            ("post", "team", "grade", "vacant_since", "age_days", "band"),
            tuple(
                (
                    row.post,
                    row.team.code if row.team else None,
                    row.grade.value,
                    row.vacant_since,
                    row.age_days,
                    row.band.value,
                )
                for row in report.vacancies
            ),
        ),
        Sheet(
            "Forecast vacancies",
            ("post", "team", "grade", "vacant_from", "days_left"),
            tuple(
                (row.post, row.team.code if row.team else None, row.grade.value, row.vacant_from, row.days_left)
                for row in report.forecasts
            ),
        ),
        returns_sheet(report),
        abstraction_sheet(report.abstraction),
        reasons_sheet(report.abstraction),
        *supervision_sheets(report.supervision),
    )
