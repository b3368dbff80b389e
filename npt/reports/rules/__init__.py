"""Reports as frozen dataclasses, put together from the typed results of lower reads, and their renderings."""

from npt.reports.rules.abstraction import FORCE, AbstractionReport, AbstractionRow, By, abstraction_json
from npt.reports.rules.resources import (
    FlagCounts,
    ForecastRow,
    Order,
    ResourcesReport,
    ReturnLine,
    Sharing,
    StaffingRow,
    TeamLine,
    VacancyRow,
    day_shown,
    ordered,
    resources_json,
    sharing,
)
from npt.reports.rules.sentences import MonthBefore, Sentence, sentences
from npt.reports.rules.sheets import (
    Cell,
    Sheet,
    abstraction_sheet,
    month_sheets,
    supervision_sheets,
    teams_sheet,
)
from npt.reports.rules.supervision import (
    CoveredTeam,
    RatioRow,
    SergeantRow,
    SupervisedTeam,
    SupervisionReport,
    assemble_supervision,
    supervision_json,
)
from npt.reports.rules.units import Json, Unit
from npt.reports.rules.words import Behind, Part

__all__ = [
    "FORCE",
    "AbstractionReport",
    "AbstractionRow",
    "Behind",
    "By",
    "Cell",
    "CoveredTeam",
    "FlagCounts",
    "ForecastRow",
    "Json",
    "MonthBefore",
    "Order",
    "Part",
    "RatioRow",
    "ResourcesReport",
    "ReturnLine",
    "Sentence",
    "SergeantRow",
    "Sharing",
    "Sheet",
    "StaffingRow",
    "SupervisedTeam",
    "SupervisionReport",
    "TeamLine",
    "Unit",
    "VacancyRow",
    "abstraction_json",
    "abstraction_sheet",
    "assemble_supervision",
    "day_shown",
    "month_sheets",
    "ordered",
    "resources_json",
    "sentences",
    "sharing",
    "supervision_json",
    "supervision_sheets",
    "teams_sheet",
]
