"""Read plans: a list of them, one whole, and what is needed to change one."""

from npt.problem_solving.queries.lists import Narrowing, PlanLine, how_many, listed
from npt.problem_solving.queries.one import (
    ActionLine,
    MeasureRow,
    MoveLine,
    PlanPage,
    UpdateLine,
    people_of,
    plan_page,
    reader_ids,
    sergeants_of,
    ward_ids,
    wards_of,
)
from npt.problem_solving.queries.seeing import lock_plan, plan_to_change, visible
from npt.problem_solving.queries.summaries import PlanSummary, SummaryAction, SummaryUpdate, free_plans, plan_summaries

__all__ = [
    "ActionLine",
    "MeasureRow",
    "MoveLine",
    "Narrowing",
    "PlanLine",
    "PlanPage",
    "PlanSummary",
    "SummaryAction",
    "SummaryUpdate",
    "UpdateLine",
    "free_plans",
    "how_many",
    "listed",
    "lock_plan",
    "people_of",
    "plan_page",
    "plan_summaries",
    "plan_to_change",
    "reader_ids",
    "sergeants_of",
    "visible",
    "ward_ids",
    "wards_of",
]
