"""Abstraction of force, BCUs, teams or people over any range of days (FORMATS, "npt report abstraction")."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from npt.abstractions.rules import Assessment, Figures, GroupAssessment, Share
from npt.policy.rules import Definition
from npt.reports.rules.units import Json, Unit, decimal_text, instant_text, percent_text

FORCE = "force"
"""The code of the one row of a report by force."""


class By(StrEnum):
    """What a row of the report is."""

    FORCE = "force"
    BCU = "bcu"
    TEAM = "team"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class AbstractionRow:
    """A unit or person, judged. A person without an individual limit is not judged: no target and no status."""

    unit: Unit
    assessment: Assessment
    judged: bool = True

    @property
    def figures(self) -> Figures:
        return self.assessment.figures


@dataclass(frozen=True, slots=True)
class AbstractionReport:
    """Rows in order of code, and sum over sum. ``as_at`` is the moment of asking (RULES section 1)."""

    first_day: dt.date
    last_day: dt.date
    as_at: dt.datetime
    definition: Definition
    by: By
    rows: tuple[AbstractionRow, ...]
    total: Figures


def abstraction_json(report: AbstractionReport) -> Json:
    """The report as FORMATS has it, ready to be written as JSON."""
    return {
        "from": report.first_day.isoformat(),
        "to": report.last_day.isoformat(),
        "as_at": instant_text(report.as_at),
        "definition": report.definition.value,
        "by": report.by.value,
        "rows": [_row(row) for row in report.rows],
        "total": _minutes(report.total),
    }


def _minutes(figures: Figures) -> Json:
    return {
        "duty_minutes": figures.duty_minutes,
        "abstracted_minutes": figures.abstracted_minutes,
        "off_duty_minutes": figures.off_duty_minutes,
        "rate_percent": percent_text(figures.rate),
    }


def _row(row: AbstractionRow) -> Json:
    assessment = row.assessment
    return {
        "code": row.unit.code,
        "name": row.unit.name,
        **_minutes(row.figures),
        "target_percent": decimal_text(assessment.target_percent) if row.judged else None,
        "status": assessment.status.value if row.judged else None,
        "by_reason": [{"code": code, "minutes": minutes} for code, minutes in row.figures.by_reason.items()],
        "by_grade": {grade.value: _share(share) for grade, share in row.figures.by_grade.items()},
        "by_group": {group.value: _group(found, row.judged) for group, found in assessment.groups.items()},
    }


def _share(share: Share) -> Json:
    return {
        "duty_minutes": share.duty_minutes,
        "abstracted_minutes": share.abstracted_minutes,
        "rate_percent": percent_text(share.rate),
    }


def _group(group: GroupAssessment, judged: bool) -> Json:
    return {
        **_share(group.share),
        "target_percent": decimal_text(group.target_percent) if judged else None,
        "status": group.status.value if judged else None,
    }
